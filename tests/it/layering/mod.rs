//! The arrow rule: which room may use which room, and which outside crate.

mod lex;
mod paths;
mod planted;
mod rules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use paths::{Reach, reaches};
use rules::{RULES, Rule};

/// What a file reaches that it may not, as sentences.
fn breaches(room: &str, file: &Path, text: &str) -> Vec<String> {
    let Some(rule) = Rule::of(room) else {
        return vec![format!("{}: no rule for room {room}", file.display())];
    };
    let module = module_of(file);
    let dependencies = dependencies();
    let mut found = Vec::new();
    for reach in reaches(text, &module, &dependencies.names) {
        let (line, what) = match &reach {
            Reach::Room(line, other) if other != room && !rule.rooms().any(|may| may == other) => {
                (line, format!("room {other}"))
            }
            // a test may also use what only tests use
            Reach::Crate(line, name)
                if !rule.crates().any(|may| may == name) && !dependencies.dev.contains(name) =>
            {
                (line, format!("crate {name}"))
            }
            Reach::Everything(line) => (line, "the whole of the crate".to_owned()),
            Reach::Room(..) | Reach::Crate(..) => continue,
        };
        found.push(format!("{}:{line}: {room} uses {what}", file.display()));
    }
    found
}

/// `src/dav/xml/mod.rs` is `["dav", "xml"]`.
fn module_of(file: &Path) -> Vec<String> {
    let plain = file.with_extension("");
    let parts = plain
        .iter()
        .skip(1)
        .map(|part| part.to_string_lossy().into_owned());
    let mut parts: Vec<_> = parts.collect();
    if parts
        .last()
        .is_some_and(|last| ["mod", "lib"].contains(&last.as_str()))
    {
        parts.pop();
    }
    parts
}

struct Dependencies {
    names: BTreeSet<String>,
    /// Only of tests.
    dev: BTreeSet<String>,
}

fn dependencies() -> Dependencies {
    let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let of = |table: &str| -> BTreeSet<String> {
        let table = manifest[table].as_table().unwrap();
        table.keys().map(|name| name.replace('-', "_")).collect()
    };
    let (normal, dev) = (of("dependencies"), of("dev-dependencies"));
    Dependencies {
        names: normal.union(&dev).cloned().collect(),
        dev: dev.difference(&normal).cloned().collect(),
    }
}

/// All files of a folder, with paths beginning with `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    files
}

fn room_of(file: &Path) -> String {
    file.with_extension("")
        .iter()
        .nth(1)
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

#[test]
fn every_room_uses_only_what_it_may() {
    let mut found = Vec::new();
    let mut rooms = BTreeSet::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        // the map names all rooms, and nothing else is in it
        if room != "lib" {
            found.extend(breaches(&room, &file, &text));
            rooms.insert(room);
        }
    }
    assert!(
        found.is_empty(),
        "breaches of the arrow rule:\n{}",
        found.join("\n")
    );
    let known: BTreeSet<_> = RULES.iter().map(|rule| rule.room.to_owned()).collect();
    assert_eq!(rooms, known, "rooms with files, and rooms with a rule");
}

#[test]
fn the_map_only_names_rooms() {
    let text = include_str!("../../../src/lib.rs");
    for line in lex::blank(text)
        .lines()
        .filter(|line| !line.trim().is_empty())
    {
        let name = line
            .strip_prefix("pub mod ")
            .and_then(|rest| rest.strip_suffix(';'));
        assert!(name.is_some_and(|name| Rule::of(name).is_some()), "{line}");
    }
}

#[test]
fn no_room_is_in_a_circle() {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    while settled.len() < RULES.len() {
        let next = RULES.iter().find(|rule| {
            !settled.contains(rule.room) && rule.rooms().all(|other| settled.contains(other))
        });
        settled.insert(next.expect("the rules allow a circle").room);
    }
}

#[test]
fn rules_name_only_crates_that_there_are() {
    let dependencies = dependencies();
    for rule in RULES {
        for name in rule.crates() {
            assert!(dependencies.names.contains(name), "{}: {name}", rule.room);
        }
    }
}

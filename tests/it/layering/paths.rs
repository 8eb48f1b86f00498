//! The paths in a file: where each leads.

use std::collections::BTreeSet;

use super::lex::{Token, blank, is_word, tokens};

/// What a path reaches, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// A room of ours.
    Room(usize, String),
    /// An outside crate.
    Crate(usize, String),
    /// `crate::*`, or `crate` under another name: nobody could tell what is used.
    Everything(usize),
}

/// All that a file reaches outside its own module path.
pub(super) fn reaches(text: &str, module: &[String], crates: &BTreeSet<String>) -> Vec<Reach> {
    let tokens = tokens(&blank(text));
    let mut scan = Scan {
        tokens: &tokens,
        crates,
        modules: module.to_vec(),
        opened: Vec::new(),
        found: Vec::new(),
    };
    scan.all();
    scan.found
}

struct Scan<'a> {
    tokens: &'a [Token],
    crates: &'a BTreeSet<String>,
    /// The module the scan is in.
    modules: Vec<String>,
    /// For each open brace, whether it opened a module.
    opened: Vec<bool>,
    found: Vec<Reach>,
}

impl Scan<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn all(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at);
        }
    }

    fn step(&mut self, at: usize) -> usize {
        match self.text(at) {
            "mod" if self.text(at + 2) == "{" => {
                self.modules.push(self.text(at + 1).to_owned());
                self.opened.push(true);
                at + 3
            }
            "{" => {
                self.opened.push(false);
                at + 1
            }
            "}" => {
                if self.opened.pop() == Some(true) {
                    self.modules.pop();
                }
                at + 1
            }
            "use" => self.tree(at + 1, &[], true),
            "extern" if self.text(at + 1) == "crate" => self.tree(at + 2, &[], true),
            word if word.starts_with(is_word) && self.text(at + 1) == "::" => {
                let after = at > 0 && ["::", "."].contains(&self.text(at - 1));
                // a path that begins with `::` begins with a crate
                let rooted = after && (at < 2 || !self.text(at - 2).starts_with(is_word));
                if after && !rooted {
                    at + 1
                } else {
                    self.tree(at, &[], false)
                }
            }
            _ => at + 1,
        }
    }

    /// Reads one path from `at`, with what stands before it, and each branch of its groups.
    fn tree(&mut self, mut at: usize, before: &[String], is_use: bool) -> usize {
        let mut path = before.to_vec();
        let line = self.tokens.get(at).map_or(0, |token| token.line);
        loop {
            match self.text(at) {
                "::" => at += 1,
                "{" if is_use => return self.group(at + 1, &path),
                "*" => {
                    path.push("*".to_owned());
                    at += 1;
                }
                word if word.starts_with(is_word) && word != "as" => {
                    path.push(word.to_owned());
                    at += 1;
                    if self.text(at) != "::" {
                        break;
                    }
                }
                _ => break,
            }
        }
        self.note(line, &path, is_use);
        at
    }

    fn group(&mut self, mut at: usize, before: &[String]) -> usize {
        loop {
            match self.text(at) {
                "}" | "" => return at + 1,
                "," => at += 1,
                "as" => at += 2,
                _ => {
                    let next = self.tree(at, before, true);
                    at = next.max(at + 1);
                }
            }
        }
    }

    fn note(&mut self, line: usize, path: &[String], is_use: bool) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut module: Vec<&str> = self.modules.iter().map(String::as_str).collect();
        let rest = match path.as_slice() {
            ["crate" | "davbridge", rest @ ..] => {
                module.clear();
                rest
            }
            ["self", rest @ ..] => rest,
            ["super", ..] => path.as_slice(),
            [name, ..] => {
                let names_crate = path.len() > 1 || is_use;
                if names_crate && self.crates.contains(*name) {
                    self.found.push(Reach::Crate(line, (*name).to_owned()));
                }
                return;
            }
            [] => return,
        };
        let ups = rest.iter().take_while(|part| **part == "super").count();
        let rest = &rest[ups..];
        module.truncate(module.len().saturating_sub(ups));
        module.extend(rest);
        match module.first() {
            None | Some(&("*" | "self")) => self.found.push(Reach::Everything(line)),
            Some(room) => self.found.push(Reach::Room(line, (*room).to_owned())),
        }
    }
}

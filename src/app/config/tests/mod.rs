//! Layers, errors that name their source, and the list of keys.

mod oidc;
mod values;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret;

use super::keys::keys;
use super::reader::Reader;
use super::*;
use crate::mirror;
use crate::server::Limits;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

fn parsed(toml: &str) -> Result<Settings> {
    let written = file::parse(Path::new("/etc/davbridge.toml"), toml)?;
    Settings::read(&written, &[])
}

fn refusal(toml: &str) -> String {
    parsed(toml).expect_err("must be refused").chain()
}

#[test]
fn every_key_is_read_and_every_read_key_is_listed() {
    let written = Written::default();
    let reader = Reader::new(&written);
    Settings::read_with(&reader, &[]).expect("defaults");
    let read = reader.read.into_inner();
    let listed: BTreeSet<_> = keys().map(|key| key.name.to_owned()).collect();
    assert_eq!(read, listed);
}

#[test]
fn defaults_are_those_of_the_rooms() {
    let settings = Settings::default();
    assert_eq!(settings.mirror, mirror::Settings::default());
    assert_eq!(settings.sign_in, crate::accounts::Settings::default());
    assert_eq!(
        format!("{:?}", settings.limits),
        format!("{:?}", Limits::default())
    );
    assert_eq!(
        format!("{:?}", settings.providers),
        format!("{:?}", crate::providers::Settings::default())
    );
}

#[test]
fn layers() {
    let folder = tempfile::tempdir().expect("folder");
    let file = "listen = [\"127.0.0.1:1\", \"[::1]:1\"]\n[limits]\nconnections = 7\nstreams = 7\nbody = \"1KiB\"\n";
    std::fs::write(folder.path().join("davbridge.toml"), file).expect("file");
    let dir = folder.path().to_str().expect("utf-8");
    let sources = Sources {
        file: None,
        environment: variables(&[
            ("DAVBRIDGE_DATA_DIR", dir),
            ("DAVBRIDGE_LIMITS_STREAMS", "8"),
            ("DAVBRIDGE_LIMITS_BODY", "2KiB"),
            ("DAVBRIDGE_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("DAVBRIDGE_PORT", "tcp://10.0.0.1:80"),
            ("DAVBRIDGE_LOG_LEVEL", ""),
        ]),
        flags: vec![("limits.body", vec!["3KiB".to_owned()])],
    };
    let (settings, written) = load(&sources).expect("good");
    assert_eq!(settings.listen.len(), 2);
    assert_eq!(settings.limits.connections, 7);
    assert_eq!(settings.limits.streams, 8);
    assert_eq!(settings.limits.body_bytes, 3 * 1024);
    assert_eq!(settings.trusted_proxies.len(), 2);
    assert_eq!(settings.data_dir, folder.path());
    let source = |key: &str| written.get(key).expect("written").source.to_string();
    assert!(source("limits.connections").ends_with("davbridge.toml line 3"));
    assert_eq!(
        source("limits.streams"),
        "variable DAVBRIDGE_LIMITS_STREAMS"
    );
    assert_eq!(source("limits.body"), "flag --limits-body");
}

#[test]
fn a_named_file_must_be_there() {
    let sources = Sources {
        environment: variables(&[("DAVBRIDGE_CONFIG", "/nowhere/d.toml")]),
        ..Sources::default()
    };
    let error = load(&sources).expect_err("not there").chain();
    assert!(error.contains("/nowhere/d.toml"), "{error}");
}

#[test]
fn errors_name_source_key_and_what_is_allowed() {
    for (toml, wanted) in [
        (
            "\nlisten = \"8080\"",
            "/etc/davbridge.toml line 2: listen: \"8080\" must be an address and a port",
        ),
        (
            "[log]\nlevel = \"loud\"",
            "line 2: log.level: \"loud\" must be one of error, warn, info",
        ),
        (
            "[limits]\nconnections = 0",
            "line 2: limits.connections: \"0\" must be a whole number from 1",
        ),
        (
            "[limits]\nheaders = \"1KiB\"",
            "must be between 8KiB and 64KiB",
        ),
        (
            "[limits]\nconnections = true",
            "line 2: limits.connections: must be a text, not a boolean",
        ),
        ("colour = 1", "line 1: colour: there is no such setting"),
        (
            "[limits]\n\ncolour = 1",
            "line 3: limits.colour: there is no such setting",
        ),
        (
            "[shapes]\nround = 1",
            "line 1: shapes: there is no such setting",
        ),
        ("limits = 1", "line 1: limits: must be a table"),
        ("listen = [", "/etc/davbridge.toml line 1: "),
        ("listen = []", "must name at least one address"),
        (
            "public_url = \"example.org\"",
            "public_url: \"example.org\" not an address",
        ),
        (
            "[tls]\nkey = \"k\"",
            "tls.key: \"k\" needs tls.certificate as well",
        ),
        (
            "[freshness]\nfolder = \"soon\"",
            "freshness.folder: \"soon\" must be a duration",
        ),
        (
            "trusted_proxies = [\"home\"]",
            "trusted_proxies: \"home\" must be an address or a network",
        ),
        (
            "[upstream]\nproxy = \"gopher://me:secret@h\"",
            "\"gopher://***@h\" must be an address",
        ),
    ] {
        let error = refusal(toml);
        assert!(error.contains(wanted), "{toml}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn unknown_variables_are_refused() {
    let environment = variables(&[("DAVBRIDGE_LISTENN", "x")]);
    let error = environment::read(&environment)
        .expect_err("unknown")
        .chain();
    assert_eq!(
        error,
        "variable DAVBRIDGE_LISTENN: there is no such setting"
    );
}

#[test]
fn table_names_every_key() {
    let table = markdown_table();
    for key in keys() {
        assert!(
            table.contains(&format!("| `{}` |", key.name)),
            "{}",
            key.name
        );
    }
}

//! Planted breaches: the test of the test.

use std::path::Path;

use super::breaches;

/// What is found in a file of a room.
fn found(file: &str, text: &str) -> Vec<String> {
    let room = super::room_of(Path::new(file));
    breaches(&room, Path::new(file), text)
}

#[track_caller]
fn caught(file: &str, text: &str, wanted: &str) {
    let found = found(file, text);
    assert!(
        found.iter().any(|breach| breach.ends_with(wanted)),
        "{text}: {found:?}"
    );
}

#[track_caller]
fn clean(file: &str, text: &str) {
    assert_eq!(found(file, text), Vec::<String>::new(), "{text}");
}

#[test]
fn rooms() {
    let file = "src/dav/xml/mod.rs";
    for text in [
        "use crate::store::Store;",
        "use crate::{domain::Call, store};",
        "use crate::{\n    domain::{self, Call},\n    store::{Store as S, *},\n};",
        "fn f() { let s = crate::store::Store::new(); }",
        "fn f(s: &crate::store::Store) {}",
        "use super::super::store;",
        "use super::{super::store::Store, x};",
        "fn f() { super::super::store::open() }",
        "mod tests { use super::super::super::store; }",
        "mod a { mod b { fn f() { super::super::super::super::store::open() } } }",
        "#[cfg(test)]\nmod tests {\n    use crate::store::Store;\n}",
        "macro_rules! m { () => { $crate::store::open() } }",
        "pub(in crate::store) fn f() {}",
        "use self::super::super::store;",
        "fn f<'a>(c: char) { if c == '\"' { crate::store::open() } }",
        "/* a /* nested */ comment */ use crate::store::Store;",
        "const S: &str = r#\"a\"b\"#; use crate::store::Store;",
    ] {
        caught(file, text, "dav uses room store");
    }
    caught(
        "src/dav/mod.rs",
        "use super::store::Store;",
        "dav uses room store",
    );
    caught(
        "src/domain/mod.rs",
        "use crate::dav::Dav;",
        "domain uses room dav",
    );
    caught(
        "src/main.rs",
        "use davbridge::store::Store;",
        "main uses room store",
    );
    caught(file, "use crate::attic::Box;", "dav uses room attic");
    caught("src/attic/mod.rs", "", "no rule for room attic");
    caught(file, "use crate::*;", "dav uses the whole of the crate");
    caught(file, "use crate as all;", "dav uses the whole of the crate");
    caught(
        "src/dav/mod.rs",
        "use super::*;",
        "dav uses the whole of the crate",
    );
}

#[test]
fn crates() {
    for (file, text, wanted) in [
        (
            "src/dav/a.rs",
            "use reqwest::Client;",
            "dav uses crate reqwest",
        ),
        (
            "src/dav/a.rs",
            "use {reqwest, http};",
            "dav uses crate reqwest",
        ),
        ("src/dav/a.rs", "use reqwest;", "dav uses crate reqwest"),
        (
            "src/dav/a.rs",
            "extern crate reqwest;",
            "dav uses crate reqwest",
        ),
        (
            "src/dav/a.rs",
            "fn f() -> ::reqwest::Result<()> {}",
            "dav uses crate reqwest",
        ),
        (
            "src/dav/a.rs",
            "fn f() { sqlx::query(\"\") }",
            "dav uses crate sqlx",
        ),
        (
            "src/accounts/a.rs",
            "use sqlx::SqlitePool;",
            "accounts uses crate sqlx",
        ),
        (
            "src/mirror/a.rs",
            "use hyper::Request;",
            "mirror uses crate hyper",
        ),
        (
            "src/providers/a.rs",
            "use quick_xml::Reader;",
            "providers uses crate quick_xml",
        ),
        (
            "src/server/a.rs",
            "use dav_server::DavHandler;",
            "server uses crate dav_server",
        ),
        (
            "src/app/a.rs",
            "use tokio_rustls::TlsAcceptor;",
            "app uses crate tokio_rustls",
        ),
        (
            "src/server/a.rs",
            "#[derive(clap::Parser)] struct A;",
            "server uses crate clap",
        ),
        (
            "src/domain/a.rs",
            "use serde_json::Value;",
            "domain uses crate serde_json",
        ),
        ("src/main.rs", "use tokio::main;", "main uses crate tokio"),
    ] {
        caught(file, text, wanted);
    }
}

#[test]
fn innocent_text() {
    for text in [
        "// use crate::store::Store;",
        "/// [`crate::store::Store`]\nfn f() {}",
        "/* crate::store /* crate::app */ crate::store */",
        "const S: &str = \"crate::store \\\" crate::store\";",
        "const S: &str = r##\"crate::store \"# crate::store\"##;",
        "const S: &[u8] = br#\"crate::store\"#;",
        "use crate::domain::{self, Call};",
        "use crate::mirror::store;",
        "use super::store::Store;",
        "mod tests { use super::*; use super::super::xml; }",
        "fn f() { domain::store::open(); http::Request::new(()) }",
        "fn f(r#type: u8) { x.sqlx::<u8>() }",
        "use crate::dav::xml::{a, b as reqwest};",
        "#[cfg(test)]\nmod tests { use proptest::prelude::*; }",
    ] {
        clean("src/dav/xml/mod.rs", text);
    }
}

#[test]
fn breaches_name_file_and_line() {
    let found = found("src/dav/a.rs", "\n\nuse crate::store::Store;");
    assert_eq!(found, ["src/dav/a.rs:3: dav uses room store"]);
}

//! Roles, links, the audit log, and keys.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::program::{Home, Serving};
use crate::server::wire::ask;

/// An answer comes only after all that `serve` does first.
async fn healthy(serving: &Serving) {
    let answer = ask(serving.address, "GET", "/healthz", &[]).await;
    assert_eq!(answer.status, 200);
}

#[test]
fn roles_and_links() {
    let home = Home::new();
    home.good(&["user", "add", "anna", "--role", "admin"]);
    home.good(&["user", "add", "bert"]);
    let roles = || {
        let list = home.good(&["user", "list"]);
        let rows = list.rows();
        [rows[0][4].to_owned(), rows[1][4].to_owned()]
    };
    assert_eq!(roles(), ["admin", "editor"]);
    home.good(&["user", "role", "bert", "viewer"]);
    assert_eq!(roles(), ["admin", "viewer"]);
    home.bad(&["user", "role", "anna", "editor"], 1, &["last admin"]);
    home.bad(&["user", "disable", "anna"], 1, &["last admin"]);
    home.bad(&["user", "remove", "anna"], 1, &["last admin"]);
    home.bad(&["user", "role", "bert", "owner"], 2, &["owner", "viewer"]);
    let link = home.good(&["user", "invite", "bert"]);
    let secret = link.out.trim_end();
    let secret = secret.strip_prefix("http://127.0.0.1:8080/welcome/");
    let secret = secret.expect("a link");
    assert_eq!(secret.len(), 43, "{secret}");
    let phone = ["password", "add", "bert", "--label", "phone"];
    home.good(&[&phone[..], &["--services", "calendars"]].concat());
    let list = home.good(&["password", "list", "bert"]);
    assert_eq!(list.rows()[0][6], "calendars");

    let log = home.good(&["audit"]);
    let rows = log.rows();
    let about: Vec<_> = rows
        .iter()
        .map(|row| (row[1], row[2], row[3], row[4], row[5]))
        .collect();
    assert_eq!(
        about,
        [
            ("-", "user added", "anna", "admin", "command"),
            ("-", "user added", "bert", "editor", "command"),
            ("-", "role changed", "bert", "viewer", "command"),
            ("-", "invited", "bert", "", "command"),
            ("-", "app password made", "bert", "1 phone", "command"),
        ]
    );
    home.good(&["password", "revoke", "bert", "1"]);
    let copy = home.beside("copy");
    home.good(&["backup", &copy]);
    home.good(&["restore", &copy]);
    let newest = home.good(&["audit", "--lines", "3"]);
    let newest = newest.rows();
    let about: Vec<_> = newest.iter().map(|row| (row[2], row[4])).collect();
    assert_eq!(
        about,
        [
            ("app password revoked", "1 phone"),
            ("backed up", &copy),
            ("restored", &copy),
        ]
    );
    assert!(!log.out.contains(secret));
}

#[tokio::test]
async fn the_owner_is_asked_in_while_there_is_none() {
    let home = Home::new();
    let link = |log: &str| {
        let line = log.lines().find(|line| line.contains("/welcome/"))?;
        Some(line.to_owned())
    };
    let mut seen = Vec::new();
    for _ in 0..2 {
        let serving = home.serve(&[]);
        let address = serving.address;
        // answered after the link was made
        healthy(&serving).await;
        serving.signal("-TERM");
        let (code, log) = serving.end();
        assert_eq!(code, Some(0), "{log}");
        let link = link(&log).expect("a link");
        assert!(
            link.starts_with(&format!("http://{address}/welcome/")),
            "{link}"
        );
        seen.push(link);
    }
    assert_ne!(seen[0], seen[1]);
    home.good(&["user", "add", "anna", "--role", "admin"]);
    let serving = home.serve(&[]);
    healthy(&serving).await;
    serving.signal("-TERM");
    assert_eq!(link(&serving.end().1), None);
}

#[tokio::test]
async fn keys_rotate_under_a_running_server() {
    let home = Home::new();
    home.good(&["user", "add", "anna"]);
    let made = home.good(&["password", "add", "anna"]);
    let password = made.out.trim_end();
    let serving = home.serve(&[]);
    let credentials = BASE64_STANDARD.encode(format!("anna:{password}"));
    let header = format!("authorization: Basic {credentials}");
    let comes_in = async |serving: &Serving| {
        let headers = [&*header, "depth: 0"];
        let answer = ask(serving.address, "PROPFIND", "/dav/", &headers).await;
        answer.status == 207
    };
    let old = home.good(&["key", "list"]).rows()[0][0].to_owned();
    home.good(&["key", "rotate"]);
    let none = home.good(&["key", "prune"]);
    assert_eq!(none.out, "", "the app password needs it");
    assert!(none.err.contains("still needed"), "{}", none.err);
    assert!(comes_in(&serving).await);
    serving.signal("-TERM");
    serving.end();
    // it was used, so it has moved
    let pruned = home.good(&["key", "prune"]);
    assert_eq!(pruned.out.trim_end(), old);
    let keys = home.good(&["key", "list"]);
    let rows = keys.rows();
    assert_eq!((rows.len(), rows[0][1], rows[0][3]), (1, "current", "1"));
    let log = home.good(&["audit"]);
    assert!(log.out.contains("key rotated") && log.out.contains("keys pruned"));
    let serving = home.serve(&[]);
    assert!(comes_in(&serving).await);
    serving.signal("-TERM");
    serving.end();
}

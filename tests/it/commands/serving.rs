//! `serve`, and commands beside it.

use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::program::{Home, Serving, cloud};
use crate::server::wire::{Wire, ask};

async fn status(serving: &Serving, password: &str, path: &str) -> (u16, String) {
    let credentials = BASE64_STANDARD.encode(format!("anna:{password}"));
    let header = format!("authorization: Basic {credentials}");
    let answer = ask(serving.address, "PROPFIND", path, &[&header, "depth: 1"]).await;
    (answer.status, answer.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_take_effect_at_once() {
    let cloud = cloud().await;
    let home = Home::with(&cloud);
    let serving = home.serve(&[]);
    let key = std::fs::metadata(home.data().join("davbridge.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert_eq!(
        ask(serving.address, "GET", "/healthz", &[]).await.status,
        200
    );

    home.good(&["user", "add", "anna"]);
    let password = home
        .good(&["password", "add", "anna"])
        .out
        .trim_end()
        .to_owned();
    assert_eq!(status(&serving, &password, "/dav/files/anna/").await.0, 207);
    let line = ["connect", "infomaniak", "anna", "--token-file", "-"];
    let slug = home.feed(&line, cloud.token()).out.trim_end().to_owned();
    let (code, body) = status(&serving, &password, "/dav/files/anna/").await;
    assert_eq!(code, 207);
    assert!(body.contains(&format!("/dav/files/anna/{slug}/")), "{body}");
    let (code, body) = status(&serving, &password, &format!("/dav/files/anna/{slug}/")).await;
    assert_eq!(code, 207, "{body}");
    home.good(&["disconnect", "anna", &slug]);
    let (code, body) = status(&serving, &password, "/dav/files/anna/").await;
    assert!(code == 207 && !body.contains(&slug), "{body}");

    home.good(&["user", "disable", "anna"]);
    assert_eq!(status(&serving, &password, "/dav/files/anna/").await.0, 401);
    home.good(&["user", "enable", "anna"]);
    assert_eq!(status(&serving, &password, "/dav/files/anna/").await.0, 207);
    home.good(&["password", "revoke", "anna", "1"]);
    assert_eq!(status(&serving, &password, "/dav/files/anna/").await.0, 401);

    home.good(&["backup", &home.beside("backup.db")]);
    serving.signal("-TERM");
    let (code, log) = serving.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(
        log.contains("\"status\":401") && log.contains("\"user\":\"anna\""),
        "{log}"
    );
    for secret in [password.as_str(), cloud.token(), "YW5uYT"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_refused_is_named_and_the_others_go_on() {
    let cloud = cloud().await;
    let home = Home::with(&cloud);
    let serving = home.serve(&[]);
    home.good(&["user", "add", "anna"]);
    let made = home.good(&["password", "add", "anna"]);
    let password = made.out.trim_end();
    let line = ["connect", "infomaniak", "anna", "--token-file", "-"];
    let slug = home.feed(&line, cloud.token()).out.trim_end().to_owned();
    let files = format!("/dav/files/anna/{slug}/");
    let (calendar, book) = (
        "/dav/calendars/anna/anna-muster/",
        "/dav/addressbooks/anna/anna/",
    );
    for path in [&files, calendar, book] {
        assert_eq!(status(&serving, password, path).await.0, 207, "{path}");
    }
    let scopes = ["accounts", "drive", "workspace:contact"];
    cloud.set_token(cloud.token(), Some(&scopes));
    home.good(&["refresh", "anna", &slug]);
    let (code, why) = status(&serving, password, calendar).await;
    assert!(code == 503 && why.contains("not good for this"), "{why}");
    for path in [&files, book, "/dav/calendars/anna/"] {
        assert_eq!(status(&serving, password, path).await.0, 207, "{path}");
    }
    let list = home.good(&["connections"]);
    let rows = list.rows();
    assert_eq!(rows[0][3], "active");
    let (named, why) = ("calendar 1379001", "the token lacks a scope");
    assert!(
        rows[0][8].contains(named) && rows[0][8].contains(why),
        "{rows:?}"
    );
    assert!(rows[0][7].contains("calendars with"), "{rows:?}");
    home.good(&["disconnect", "anna", &slug]);
    let list = home.good(&["connections"]);
    let rows = list.rows();
    assert_eq!((rows[0][3], rows[0][7]), ("disconnected", ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn terminate_finishes_what_runs_and_a_second_signal_does_not_wait() {
    let home = Home::new();
    let serving = home.serve(&[]);
    // a request that is not complete keeps its connection until the end timeout
    let mut wire = Wire::to(serving.address).await;
    wire.send("PUT /x HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\n")
        .await;
    serving.signal("-INT");
    serving.signal("-TERM");
    assert_eq!(serving.end().0, Some(0));
}

#[test]
fn a_taken_address_is_an_error() {
    let home = Home::new();
    let serving = home.serve(&[]);
    let taken = serving.address.to_string();
    home.bad(
        &["serve", "--listen", &taken],
        1,
        &["error: cannot listen on", &taken],
    );
    drop(serving);
    let line = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--tls-certificate",
        "/no/c",
        "--tls-key",
        "/no/k",
    ];
    home.bad(&line, 1, &["certificate file /no/c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_have_an_address_of_their_own() {
    let home = Home::new();
    let serving = home.serve(&["--metrics-listen", "127.0.0.1:0"]);
    let address = serving.metrics.unwrap();
    assert_eq!(
        ask(serving.address, "GET", "/metrics", &[]).await.status,
        404
    );
    let text = ask(address, "GET", "/metrics", &[]).await.body;
    let wanted = "http_requests_total{method=\"GET\",status=\"4xx\"} 1";
    assert!(text.contains(wanted), "{text}");
    assert!(
        text.contains("http_request_duration_seconds_bucket"),
        "{text}"
    );
}

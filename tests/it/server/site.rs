//! What goes to the page, and what to the protocol.

use davbridge::server::{PublicUrl, Settings};

use super::fake::{RIGHT, start};
use super::wire::{ask, with};

#[tokio::test]
async fn the_page_has_its_addresses_and_a_browsers_root() {
    let server = start(Settings::default());
    for (method, path) in [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/oauth/google?code=c"),
        ("GET", "/assets/style.css"),
        ("POST", "/index.php/login/v2"),
        ("GET", "/nope"),
        ("HEAD", "/favicon.ico"),
        ("GET", "/sign-inn"),
        ("GET", "/davx"),
    ] {
        let answer = ask(server.address, method, path, &[]).await;
        assert_eq!(answer.status, 200, "{method} {path}");
        let body = format!("page http://h.example{path} \"\"");
        assert!(method == "HEAD" || answer.body == body, "{}", answer.body);
        assert!(answer.header("x-request-id").is_some());
    }
    // no credentials of the protocol are looked at there
    let right = with(RIGHT);
    let answer = ask(server.address, "GET", "/passwords", &[&right]).await;
    assert_eq!(answer.status, 200);
    assert!(server.door.peers.lock().unwrap().is_empty());
    for (method, path) in [
        ("PROPFIND", "/"),
        ("POST", "/"),
        ("GET", "/dav/"),
        ("GET", "/dav"),
        ("GET", "//dav/files/"),
        ("GET", "/remote.php/webdav/"),
        ("PROPFIND", "/principals/"),
        ("PROPFIND", "/calendar/dav/anna/user/"),
        ("REPORT", "/nope"),
        ("PUT", "/nope"),
    ] {
        assert_eq!(
            ask(server.address, method, path, &[]).await.status,
            401,
            "{method} {path}"
        );
    }
    assert_eq!(ask(server.address, "GET", "/", &[&right]).await.status, 207);
    assert_eq!(
        ask(server.address, "OPTIONS", "/", &[]).await.header("dav"),
        Some("1, 3")
    );
}

#[tokio::test]
async fn the_page_is_told_the_public_address() {
    for prefix in ["/bridge", "/sign-in", "/dav"] {
        let public = format!("https://dav.example{prefix}");
        let server = start(Settings {
            public_url: Some(PublicUrl::parse(&public).unwrap()),
            ..Settings::default()
        });
        let wanted = format!("page https://dav.example/passwords {prefix:?}");
        for path in [format!("{prefix}/passwords"), "/passwords".to_owned()] {
            let answer = ask(server.address, "GET", &path, &[]).await;
            assert_eq!(answer.body, wanted, "{path}");
        }
    }
}

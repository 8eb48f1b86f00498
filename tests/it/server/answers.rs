//! What the server answers by itself.

use std::sync::atomic::Ordering;

use davbridge::server::{PublicUrl, Settings};

use super::fake::{GUESSED, LOCKED, RIGHT, WRONG, start};
use super::wire::{Wire, ask, with};

const CHALLENGE: &str = r#"Basic realm="davbridge", charset="UTF-8""#;

#[tokio::test]
async fn no_and_wrong_credentials_are_asked_for_alike() {
    let server = start(Settings::default());
    let wrong = with(WRONG);
    let twice = format!("{}\r\n{}", with(RIGHT), with(WRONG));
    for (method, headers) in [
        ("PROPFIND", vec![]),
        ("GET", vec![]),
        ("PUT", vec![]),
        ("PROPFIND", vec![wrong.as_str()]),
        ("OPTIONS", vec![wrong.as_str()]),
        ("GET", vec!["authorization: Bearer x"]),
        ("GET", vec!["authorization:"]),
        ("GET", vec![twice.as_str()]),
    ] {
        let answer = ask(server.address, method, "/dav/", &headers).await;
        assert_eq!(answer.status, 401, "{method} {headers:?}");
        assert_eq!(answer.header("www-authenticate"), Some(CHALLENGE));
        assert!(answer.header("x-request-id").is_some());
        assert!(answer.header("set-cookie").is_none());
    }
}

#[tokio::test]
async fn bearer_is_offered_after_basic_where_it_is_taken() {
    let server = start(Settings::default());
    server.door.bearer.store(true, Ordering::SeqCst);
    for header in [vec![], vec!["authorization: Bearer x"]] {
        let answer = ask(server.address, "PROPFIND", "/dav/", &header).await;
        let challenges = answer.all("www-authenticate");
        assert_eq!(answer.status, 401);
        assert_eq!(challenges, [CHALLENGE, r#"Bearer realm="davbridge""#]);
    }
}

#[tokio::test]
async fn options_need_no_credentials() {
    let server = start(Settings::default());
    for path in ["/", "/dav/files/anna/", "*"] {
        let answer = ask(server.address, "OPTIONS", path, &[]).await;
        assert_eq!(
            (answer.status, answer.header("dav")),
            (200, Some("1, 3")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn guessing_is_slowed_and_trouble_is_no_refusal() {
    let server = start(Settings::default());
    let slow = ask(server.address, "GET", "/", &[&with(GUESSED)]).await;
    assert_eq!((slow.status, slow.header("retry-after")), (429, Some("7")));
    let down = ask(server.address, "PROPFIND", "/", &[&with(LOCKED)]).await;
    assert_eq!((down.status, down.header("retry-after")), (503, Some("30")));
    assert!(down.header("www-authenticate").is_none());
    assert!(!down.body.contains("locked"), "{}", down.body);
}

#[tokio::test]
async fn well_known_leads_to_dav() {
    let plain = start(Settings::default());
    let prefixed = start(Settings {
        public_url: Some(PublicUrl::parse("https://h.example/bridge/").unwrap()),
        ..Settings::default()
    });
    for method in ["GET", "HEAD", "PROPFIND", "OPTIONS", "REPORT"] {
        for name in ["caldav", "carddav", "caldav/"] {
            let path = format!("/.well-known/{name}");
            let answer = ask(plain.address, method, &path, &[]).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (301, Some("/dav/"))
            );
            for path in [path.clone(), format!("/bridge{path}")] {
                let answer = ask(prefixed.address, method, &path, &[]).await;
                let wanted = (301, Some("/bridge/dav/"));
                assert_eq!((answer.status, answer.header("location")), wanted, "{path}");
            }
        }
    }
    let other = ask(plain.address, "PROPFIND", "/.well-known/acme", &[]).await;
    assert_eq!(other.status, 401);
}

#[tokio::test]
async fn by_https_every_answer_says_so() {
    let secure = start(Settings {
        public_url: Some(PublicUrl::parse("https://h.example/").unwrap()),
        ..Settings::default()
    });
    let proxied = start(Settings {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    let plain = start(Settings::default());
    let (right, forwarded) = (with(RIGHT), "x-forwarded-proto: https");
    for (method, path) in [
        ("PROPFIND", "/dav/"),
        ("GET", "/.well-known/caldav"),
        ("GET", "/healthz"),
        ("GET", "/sign-in"),
        ("OPTIONS", "/"),
        ("GET", "/panic"),
    ] {
        for headers in [vec![], vec![right.as_str()]] {
            let forwarded = [headers.as_slice(), &[forwarded]].concat();
            for (server, headers, told) in [
                (&secure, &headers, Some("max-age=31536000")),
                (&proxied, &forwarded, Some("max-age=31536000")),
                (&plain, &forwarded, None),
            ] {
                let answer = ask(server.address, method, path, headers).await;
                let hsts = answer.header("strict-transport-security");
                assert_eq!(hsts, told, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn health_is_the_stores() {
    let server = start(Settings::default());
    let answer = ask(server.address, "GET", "/healthz", &[]).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
    assert_eq!(
        ask(server.address, "HEAD", "/healthz", &[]).await.status,
        200
    );
    let answer = ask(server.address, "POST", "/healthz", &[]).await;
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, Some("GET, HEAD"))
    );
    *server.door.down.lock().unwrap() = true;
    let answer = ask(server.address, "GET", "/healthz", &[]).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, Some("30"))
    );
    assert!(!answer.body.contains("locked"), "{}", answer.body);
}

#[tokio::test]
async fn a_panic_is_a_500_and_the_connection_goes_on() {
    let server = start(Settings::default());
    let mut wire = Wire::to(server.address).await;
    let right = with(RIGHT);
    let answer = wire.ask("GET", "/panic", &[&right]).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (500, "Internal error.\n")
    );
    assert_eq!(wire.ask("GET", "/", &[&right]).await.status, 207);
}

#[tokio::test]
async fn a_panic_in_a_body_breaks_it_off_and_the_server_goes_on() {
    let server = start(Settings::default());
    let mut wire = Wire::to(server.address).await;
    let answer = wire.ask("GET", "/panic/late", &[&with(RIGHT)]).await;
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    let text = wire.rest().await;
    assert!(text.starts_with(b"5\r\nbegun"));
    assert!(!text.ends_with(b"0\r\n\r\n"));
    assert_eq!(
        ask(server.address, "GET", "/", &[&with(RIGHT)])
            .await
            .status,
        207
    );
}

#[tokio::test]
async fn request_ids_are_ours_and_differ() {
    let server = start(Settings::default());
    let mut wire = Wire::to(server.address).await;
    let forged = ["x-request-id: mine"];
    let one = wire.ask("GET", "/", &forged).await;
    let two = wire.ask("GET", "/", &forged).await;
    let ids = [one.header("x-request-id"), two.header("x-request-id")];
    assert!(
        ids[0] != ids[1] && !ids.contains(&Some("mine")) && !ids.contains(&None),
        "{ids:?}"
    );
}

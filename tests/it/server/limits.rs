//! Clients that send too much, too slowly, or take nothing.

use std::time::Duration;

use davbridge::server::{Limits, Settings};
use tokio::io::AsyncWriteExt;

use super::fake::{RIGHT, WRONG, start, start_on};
use super::wire::{Wire, ask, with};

fn limited(limits: Limits) -> Settings {
    Settings {
        limits,
        ..Settings::default()
    }
}

const SOON: Duration = Duration::from_millis(150);

#[tokio::test]
async fn huge_headers_are_refused() {
    let server = start(Settings::default());
    for size in [33 * 1024, 100 * 1024, 400 * 1024] {
        let header = format!("x-filler: {}", "x".repeat(size));
        let mut wire = Wire::to(server.address).await;
        // the server may close before it has read all
        let request = format!("GET / HTTP/1.1\r\nhost: h\r\n{header}\r\n\r\n");
        let _ = wire.tcp.write_all(request.as_bytes()).await;
        assert_eq!(wire.answer(false).await.status, 431, "{size}");
    }
    let many = vec!["x-many: 1"; 101];
    assert_eq!(ask(server.address, "GET", "/", &many).await.status, 431);
    let long = format!("/{}", "a".repeat(70_000));
    assert_eq!(ask(server.address, "GET", &long, &[]).await.status, 414);
}

#[tokio::test]
async fn nonsense_is_a_400() {
    let server = start(Settings::default());
    for text in [
        "\r\n\r\nnonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let mut wire = Wire::to(server.address).await;
        wire.send(text).await;
        assert_eq!(wire.answer(false).await.status, 400, "{text:?}");
    }
    assert_eq!(
        ask(server.address, "CONNECT", "h.example:443", &[])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn slow_heads_are_cut_off() {
    let server = start(limited(Limits {
        header_timeout: SOON,
        ..Limits::default()
    }));
    for begin in [
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
        "GET / HTTP/1.1\r\nhost: h\r\n",
    ] {
        let mut wire = Wire::to(server.address).await;
        wire.send(begin).await;
        assert!(wire.is_closed().await, "{begin:?}");
    }
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let server = start(limited(Limits {
        header_timeout: SOON,
        ..Limits::default()
    }));
    let mut wire = Wire::to(server.address).await;
    assert_eq!(wire.ask("GET", "/dav/", &[]).await.status, 401);
    assert!(wire.is_closed().await);
}

#[tokio::test]
async fn a_silent_body_is_an_error() {
    let server = start(limited(Limits {
        body_timeout: SOON,
        ..Limits::default()
    }));
    let mut wire = Wire::to(server.address).await;
    let length = "content-length: 10";
    wire.send(format!(
        "PUT /read HTTP/1.1\r\nhost: h\r\n{}\r\n{length}\r\n\r\nabc",
        with(RIGHT)
    ))
    .await;
    let answer = wire.answer(false).await;
    let wanted = (400, "the request body stopped coming");
    assert_eq!((answer.status, answer.body.as_str()), wanted);
    assert_eq!(answer.header("connection"), Some("close"));
}

#[tokio::test]
async fn large_bodies_are_refused_unless_put() {
    let server = start(limited(Limits {
        body_bytes: 1000,
        ..Limits::default()
    }));
    let right = with(RIGHT);
    let told = ask(
        server.address,
        "PROPFIND",
        "/read",
        &[&right, "content-length: 1001"],
    )
    .await;
    assert_eq!(
        (told.status, told.header("connection")),
        (413, Some("close"))
    );
    let mut wire = Wire::to(server.address).await;
    let chunked = "transfer-encoding: chunked";
    let body = format!("3e9\r\n{}\r\n0\r\n\r\n", "x".repeat(1001));
    wire.send(format!(
        "PROPFIND /read HTTP/1.1\r\nhost: h\r\n{right}\r\n{chunked}\r\n\r\n{body}"
    ))
    .await;
    assert_eq!(
        wire.answer(false).await.body,
        "the request body is too large"
    );
    let mut wire = Wire::to(server.address).await;
    wire.send(format!(
        "PUT /read HTTP/1.1\r\nhost: h\r\n{right}\r\n{chunked}\r\n\r\n{body}"
    ))
    .await;
    assert_eq!(wire.answer(false).await.body, "1001 bytes");
}

#[tokio::test]
async fn a_small_unread_body_leaves_the_connection_open() {
    let server = start(Settings::default());
    let mut wire = Wire::to(server.address).await;
    for _ in 0..2 {
        wire.send("PROPFIND / HTTP/1.1\r\nhost: h\r\ncontent-length: 30000\r\n\r\n")
            .await;
        wire.send("x".repeat(30_000)).await;
        let answer = wire.answer(false).await;
        assert_eq!((answer.status, answer.header("connection")), (401, None));
    }
}

/// Finder and Windows send the whole body before they read the answer.
#[tokio::test]
async fn a_large_refused_body_does_not_destroy_the_answer() {
    let server = start(Settings::default());
    for credentials in [String::new(), format!("{}\r\n", with(WRONG))] {
        let mut wire = Wire::to(server.address).await;
        let size = 24 * 1024 * 1024;
        let head =
            format!("PUT /big HTTP/1.1\r\nhost: h\r\n{credentials}content-length: {size}\r\n\r\n");
        wire.send(head).await;
        wire.send(vec![b'x'; size]).await;
        let answer = wire.answer(false).await;
        assert_eq!(
            (answer.status, answer.header("connection")),
            (401, Some("close"))
        );
        assert!(wire.is_closed().await);
    }
}

#[tokio::test]
async fn a_client_that_waits_for_continue_gets_its_answer_instead() {
    let server = start(Settings::default());
    let mut wire = Wire::to(server.address).await;
    let headers = ["expect: 100-continue", "content-length: 5"];
    let answer = wire.ask("PUT", "/read", &headers).await;
    assert_eq!(answer.status, 401);
    let right = with(RIGHT);
    let mut wire = Wire::to(server.address).await;
    let answer = wire
        .ask("PUT", "/read", &[&[right.as_str()][..], &headers].concat())
        .await;
    assert_eq!(answer.status, 100);
    wire.send("12345").await;
    assert_eq!(wire.answer(false).await.body, "5 bytes");
}

#[tokio::test]
async fn connections_over_the_limit_wait() {
    let server = start(limited(Limits {
        connections: 1,
        ..Limits::default()
    }));
    let mut first = Wire::to(server.address).await;
    assert_eq!(first.ask("GET", "/dav/", &[]).await.status, 401);
    let mut second = Wire::to(server.address).await;
    second.send("GET /dav/ HTTP/1.1\r\nhost: h\r\n\r\n").await;
    let early = tokio::time::timeout(SOON, second.more()).await;
    assert!(early.is_err(), "the second was served beside the first");
    drop(first);
    assert_eq!(second.answer(false).await.status, 401);
}

#[tokio::test]
async fn listeners_share_the_places_and_hold_none() {
    let settings = limited(Limits {
        connections: 1,
        ..Limits::default()
    });
    let server = start_on(&["127.0.0.1:0", "[::1]:0"], settings);
    let [four, six] = server.addresses[..] else {
        panic!("two listeners")
    };
    for address in [four, four, six, six] {
        let close = ["connection: close"];
        assert_eq!(ask(address, "GET", "/dav/", &close).await.status, 401);
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_dropped() {
    let server = start(limited(Limits {
        connections: 1,
        write_timeout: SOON,
        ..Limits::default()
    }));
    let mut stalled = Wire::to(server.address).await;
    let right = with(RIGHT);
    stalled
        .send(format!(
            "GET /endless HTTP/1.1\r\nhost: h\r\n{right}\r\n\r\n"
        ))
        .await;
    // there is only one place: this is served once the other is gone
    assert_eq!(ask(server.address, "GET", "/dav/", &[]).await.status, 401);
}

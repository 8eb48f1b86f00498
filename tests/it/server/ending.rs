//! The end: what runs is finished, within limits.

use std::time::Duration;

use davbridge::server::{Limits, Settings};
use tokio::net::TcpStream;

use super::fake::{RIGHT, start};
use super::wire::{Wire, with};

async fn begin(server: &super::fake::Server) -> Wire {
    let mut wire = Wire::to(server.address).await;
    let right = with(RIGHT);
    wire.send(format!("GET /wait HTTP/1.1\r\nhost: h\r\n{right}\r\n\r\n"))
        .await;
    server.front.began.notified().await;
    wire
}

#[tokio::test]
async fn running_requests_are_finished_and_new_ones_refused() {
    let server = start(Settings::default());
    let mut idle = Wire::to(server.address).await;
    assert_eq!(idle.ask("GET", "/dav/", &[]).await.status, 401);
    let mut fresh = Wire::to(server.address).await;
    let mut running = begin(&server).await;
    server.shutdown.stop.cancel();
    assert!(idle.is_closed().await);
    assert!(fresh.is_closed().await);
    assert!(TcpStream::connect(server.address).await.is_err());
    assert!(!server.ended.is_finished());
    server.front.go.notify_one();
    let answer = running.answer(false).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "waited"));
    assert!(running.is_closed().await);
    assert!(server.ended.await.unwrap(), "everything was finished");
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let server = start(Settings {
        limits: Limits {
            end_timeout: Duration::from_millis(100),
            ..Limits::default()
        },
        ..Settings::default()
    });
    let mut running = begin(&server).await;
    server.shutdown.stop.cancel();
    assert!(!server.ended.await.unwrap(), "something was cut off");
    assert!(running.is_closed().await);
}

#[tokio::test]
async fn a_second_word_ends_at_once() {
    let server = start(Settings::default());
    let mut running = begin(&server).await;
    server.shutdown.stop.cancel();
    server.shutdown.now.cancel();
    assert!(!server.ended.await.unwrap());
    assert!(running.is_closed().await);
}

//! The log line and the figures of a request.

use std::io;
use std::sync::{Arc, Mutex};

use davbridge::server::{Settings, serve_metrics};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt;

use super::fake::{PIECE, RIGHT, start};
use super::wire::{Wire, ask, with};

/// The log of this thread, which is where a test's tasks run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn json() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = fmt()
            .json()
            .flatten_event(true)
            .with_writer(move || writer.clone());
        (log, tracing::subscriber::set_default(subscriber.finish()))
    }

    /// The line that holds `part`, once it is there.
    async fn line(&self, part: &str) -> String {
        for _ in 0..100_000 {
            let all = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            if let Some(line) = all.lines().find(|line| line.contains(part)) {
                return line.to_owned();
            }
            tokio::task::yield_now().await;
        }
        panic!("no line with {part}");
    }
}

#[tokio::test]
async fn one_line_tells_everything_but_secrets() {
    let (log, _guard) = Log::text();
    let server = start(Settings::default());
    let right = with(RIGHT);
    let headers = [
        right.as_str(),
        "user-agent: Explorer\t\u{9b}31m\"/1.0",
        "cookie: s=secret",
    ];
    let answer = ask(
        server.address,
        "PROPFIND",
        "/dav/a%0Ab?token=secret",
        &headers,
    )
    .await;
    let line = log.line("PROPFIND").await;
    let id = format!("id=\"{}\"", answer.header("x-request-id").unwrap());
    let bytes = format!("bytes={}", answer.body.len());
    for part in [
        "INFO",
        id.as_str(),
        "user=\"anna\"",
        "client=127.0.0.1",
        "path=\"/dav/a%0Ab\"",
        "status=207",
        "ms=",
        bytes.as_str(),
        "upstream=1",
        "outcome=\"sent\"",
        r#"agent="Explorer??31m\"/1.0""#,
    ] {
        assert!(line.contains(part), "{part} is missing: {line}");
    }
    let all = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for secret in ["secret", "token", "YW5u", "Basic", "\u{9b}"] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    assert_eq!(
        all.lines().filter(|line| line.contains("status=")).count(),
        1
    );
}

#[tokio::test]
async fn the_pages_lines_name_its_user_and_no_link() {
    let (log, _guard) = Log::text();
    let server = start(Settings::default());
    ask(server.address, "GET", "/welcome/s3cret", &[]).await;
    ask(server.address, "GET", "/passwords", &[]).await;
    let line = log.line("/welcome").await;
    assert!(
        line.contains("path=\"/welcome/…\"") && line.contains("user=\"-\""),
        "{line}"
    );
    let line = log.line("/passwords").await;
    assert!(
        line.contains("user=\"anna\"") && line.contains("status=200"),
        "{line}"
    );
    let all = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!all.contains("s3cret"), "{all}");
}

#[tokio::test]
async fn json_lines_are_json() {
    let (log, _guard) = Log::json();
    let server = start(Settings::default());
    let agent = "user-agent: \"quoted\\\"";
    ask(server.address, "GET", "/dav/", &[agent]).await;
    let line: serde_json::Value = serde_json::from_str(&log.line("\"GET\"").await).unwrap();
    assert_eq!(
        (line["status"].as_u64(), line["user"].as_str()),
        (Some(401), Some("-"))
    );
    assert_eq!(line["agent"].as_str(), Some("\"quoted\\\""));
}

#[tokio::test]
async fn long_agents_and_paths_are_cut() {
    let (log, _guard) = Log::text();
    let server = start(Settings::default());
    let agent = format!("user-agent: {}", "a".repeat(5000));
    ask(
        server.address,
        "GET",
        &format!("/{}", "p".repeat(5000)),
        &[&agent],
    )
    .await;
    let line = log.line("GET").await;
    assert!(line.len() < 1500, "{}", line.len());
}

#[tokio::test]
async fn a_line_is_written_when_the_client_hangs_up() {
    let (log, _guard) = Log::text();
    let server = start(Settings::default());
    let mut wire = Wire::to(server.address).await;
    wire.send(format!(
        "GET /endless HTTP/1.1\r\nhost: h\r\n{}\r\n\r\n",
        with(RIGHT)
    ))
    .await;
    wire.answer(true).await;
    while wire.more().await < PIECE / 2 {}
    drop(wire);
    let line = log.line("/endless").await;
    assert!(
        line.contains("status=200") && line.contains("outcome=\"hung up\""),
        "{line}"
    );
    assert!(!line.contains("bytes=0 "), "{line}");

    let mut wire = Wire::to(server.address).await;
    wire.send(format!(
        "GET /wait HTTP/1.1\r\nhost: h\r\n{}\r\n\r\n",
        with(RIGHT)
    ))
    .await;
    server.front.began.notified().await;
    drop(wire);
    let line = log.line("/wait").await;
    assert!(
        line.contains("status=0") && line.contains("outcome=\"hung up\""),
        "{line}"
    );
}

#[tokio::test]
async fn panics_are_logged_with_the_request_id() {
    let (log, _guard) = Log::text();
    let server = start(Settings::default());
    let answer = ask(server.address, "GET", "/panic", &[&with(RIGHT)]).await;
    let line = log.line("panic while answering").await;
    assert!(
        line.contains(answer.header("x-request-id").unwrap()),
        "{line}"
    );
    let line = log.line("status=500").await;
    assert!(line.contains("outcome=\"sent\""), "{line}");
    ask(server.address, "GET", "/panic/late", &[&with(RIGHT)]).await;
    let line = log.line("path=\"/panic/late\"").await;
    assert!(
        line.contains("outcome=\"broken off\"") && line.contains("bytes=5 "),
        "{line}"
    );
}

#[tokio::test]
async fn good_health_is_no_news() {
    let (log, _guard) = Log::text();
    let server = start(Settings::default());
    ask(server.address, "GET", "/healthz", &[]).await;
    *server.door.down.lock().unwrap() = true;
    ask(server.address, "GET", "/healthz", &[]).await;
    let line = log.line("path=\"/healthz\"").await;
    assert!(line.contains("status=503"), "{line}");
}

#[tokio::test]
async fn figures() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let server = start(Settings::default());
    let right = with(RIGHT);
    ask(server.address, "PROPFIND", "/", &[&right]).await;
    ask(server.address, "PROPFIND", "/", &[]).await;
    ask(server.address, "INVENTED", "/", &[]).await;
    let metrics = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = metrics.local_addr().unwrap();
    let stop = CancellationToken::new();
    let render = Arc::new(move || handle.render());
    let serving = tokio::spawn(serve_metrics(metrics, render, stop.clone()));
    let text = ask(address, "GET", "/metrics", &[]).await.body;
    for part in [
        "http_requests_total{method=\"PROPFIND\",status=\"2xx\"} 1",
        "http_requests_total{method=\"PROPFIND\",status=\"4xx\"} 1",
        "http_requests_total{method=\"other\",status=\"4xx\"} 1",
        "http_requests_in_flight 0",
        "http_request_duration_seconds_count{method=\"PROPFIND\"} 2",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    assert!(!text.contains("INVENTED"));
    assert_eq!(ask(address, "GET", "/", &[]).await.status, 404);
    assert_eq!(ask(address, "POST", "/metrics", &[]).await.status, 405);
    stop.cancel();
    serving.await.unwrap();
}

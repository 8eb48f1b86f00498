//! JSON calls against a server that answers as told.

use bytes::Bytes;
use secrecy::SecretString;

use super::*;
use crate::domain::{Error, Kind};
use crate::upstream::testing::{JumpClock, Reply, Seen, Server};
use crate::upstream::{PaceSettings, json};

const TEST: ProviderName = ProviderName("test");
const SECRET: &str = "token-that-must-not-show";

struct Rig {
    clock: Arc<JumpClock>,
    client: Client,
    pacer: Arc<Pacer>,
    call: Call,
    token: SecretString,
}

impl Rig {
    fn new(change: impl FnOnce(&mut ClientSettings)) -> Self {
        let mut settings = ClientSettings {
            read_timeout: std::time::Duration::from_millis(300),
            ..ClientSettings::default()
        };
        change(&mut settings);
        let clock = JumpClock::new();
        let pace = PaceSettings {
            per_minute: 0,
            burst: 1,
            concurrent: 4,
        };
        Self {
            client: Client::new(TEST, settings, clock.clone()).expect("a client"),
            pacer: Pacer::new(pace, clock.clone()),
            clock,
            call: Call::interactive(),
            token: SECRET.to_owned().into(),
        }
    }

    async fn get(&self, server: &Server) -> Result<String> {
        self.send(&Request::get(server.url("/x?signed=query"), &self.token))
            .await
    }

    async fn send(&self, request: &Request<'_>) -> Result<String> {
        let judge = |answer: Answer| match answer.status() {
            200 => {
                let text = |value: serde_json::Value| Ok(value["data"].to_string());
                Verdict::Done(json(answer.body()).and_then(text))
            }
            500.. => Verdict::Again(Error::cloud(Kind::Down, "server error")),
            status => Error::cloud(Kind::Broken, format!("status {status}")).into(),
        };
        self.client
            .send(&self.call, &self.pacer, request, judge)
            .await
    }
}

fn good() -> Reply {
    Reply::json(200, r#"{"data":7}"#)
}

fn assert_discreet(error: &Error) {
    let chain = format!("{} {error:?}", error.chain());
    for secret in [SECRET, "signed", "query", "127.0.0.1"] {
        assert!(!chain.contains(secret), "{chain}");
    }
}

#[tokio::test]
async fn a_call_carries_what_it_must() {
    let server = Server::with(vec![good()]).await;
    let rig = Rig::new(|_| {});
    assert_eq!(rig.get(&server).await.expect("an answer"), "7");
    let [seen]: [Seen; 1] = server.seen().try_into().expect("one request");
    assert_eq!(seen.line, "GET /x?signed=query");
    assert_eq!(
        seen.header("authorization"),
        Some(&*format!("Bearer {SECRET}"))
    );
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert!(
        seen.header("user-agent")
            .expect("an agent")
            .starts_with("davbridge/")
    );
    assert_eq!(rig.call.upstream_calls(), 1);
}

#[tokio::test]
async fn json_may_come_zipped() {
    let zipped: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 73, 44, 73, 84, 178, 82, 170, 202, 44, 40,
        72, 77, 81, 170, 5, 0, 174, 197, 44, 142, 17, 0, 0, 0,
    ];
    let server = Server::with(vec![Reply::new(
        200,
        &[("content-encoding", "gzip")],
        zipped,
    )])
    .await;
    let rig = Rig::new(|_| {});
    assert_eq!(rig.get(&server).await.expect("an answer"), "\"zipped\"");
    assert_eq!(server.seen()[0].header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = Server::with(vec![Reply::redirect("/elsewhere")]).await;
    let error = Rig::new(|_| {}).get(&server).await.expect_err("a redirect");
    assert_eq!(error.message(), "status 302");
}

#[tokio::test]
async fn server_errors_are_tried_again_a_few_times() {
    let bad = || Reply::new(502, &[], "<html>");
    let server = Server::with(vec![bad(), bad(), good()]).await;
    let rig = Rig::new(|_| {});
    assert_eq!(rig.get(&server).await.expect("the third"), "7");
    assert_eq!(rig.call.upstream_calls(), 3);
    let waited = rig.clock.slept().as_millis();
    assert!((375..=1125).contains(&waited), "{waited}");
    let server = Server::with(vec![bad(), bad(), bad()]).await;
    let error = rig.get(&server).await.expect_err("all bad");
    assert_eq!(error.kind(), Kind::Down);
}

#[tokio::test]
async fn what_is_not_repeatable_is_sent_once() {
    let server = Server::with(vec![Reply::new(503, &[], "")]).await;
    let rig = Rig::new(|_| {});
    let post = Request::post(server.url("/x"), &rig.token, Bytes::from_static(b"{}"));
    assert_eq!(rig.send(&post).await.expect_err("bad").kind(), Kind::Down);
    assert_eq!(rig.call.upstream_calls(), 1);
}

#[tokio::test]
async fn an_empty_post_tells_its_length() {
    let server = Server::with(vec![good()]).await;
    let rig = Rig::new(|_| {});
    rig.send(&Request::post(server.url("/x"), &rig.token, Bytes::new()))
        .await
        .expect("good");
    assert_eq!(server.seen()[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn too_many_requests_wait_as_asked() {
    for (header, asked) in [
        ("retry-after", "7"),
        ("retry-after", "Thu, 09 Oct 2025 08:53:27 GMT"),
        ("x-ratelimit-reset", "1760000007"),
    ] {
        let server = Server::with(vec![Reply::new(429, &[(header, asked)], ""), good()]).await;
        let rig = Rig::new(|_| {});
        rig.get(&server).await.expect("the second");
        let waited = rig.clock.slept().as_secs_f64();
        assert!((7.0..=8.0).contains(&waited), "{header} {asked}: {waited}");
    }
    let server = Server::with(vec![Reply::new(429, &[], ""), good()]).await;
    let rig = Rig::new(|_| {});
    rig.get(&server).await.expect("the second");
    assert!((1.0..=1.2).contains(&rig.clock.slept().as_secs_f64()));
}

#[tokio::test]
async fn a_long_wait_is_passed_on_at_once() {
    let server = Server::with(vec![Reply::new(429, &[("retry-after", "300")], "")]).await;
    let rig = Rig::new(|_| {});
    let error = rig.get(&server).await.expect_err("busy");
    let asked = |seconds| Some(std::time::Duration::from_secs(seconds));
    assert_eq!(
        error.kind(),
        Kind::Busy {
            retry_after: asked(300)
        }
    );
    // the next call does not even ask
    let error = rig.get(&server).await.expect_err("still busy");
    let Kind::Busy { retry_after } = error.kind() else {
        panic!("{error:?}")
    };
    assert!(
        retry_after >= asked(300) && retry_after <= asked(331),
        "{retry_after:?}"
    );
    assert_eq!(rig.call.upstream_calls(), 1);
    assert_eq!(rig.clock.slept(), std::time::Duration::ZERO);
}

#[tokio::test]
async fn nobody_listening_is_down_and_tried_again() {
    let rig = Rig::new(|_| {});
    let gone = Server::with(Vec::new()).await;
    let url = gone.url("/x?signed=query");
    drop(gone);
    let error = rig
        .send(&Request::get(url, &rig.token))
        .await
        .expect_err("nobody");
    assert_eq!(
        (error.kind(), error.message()),
        (Kind::Down, "the cloud cannot be reached")
    );
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(rig.call.upstream_calls(), 3);
    let chain = format!("{} {error:?}", error.chain());
    assert!(
        !chain.contains("signed") && !chain.contains(SECRET),
        "{chain}"
    );
}

#[tokio::test]
async fn silence_ends_by_time() {
    let server = Server::with(vec![good().stalled()]).await;
    assert!(
        Rig::new(|_| {}).get(&server).await.is_ok(),
        "complete before the silence"
    );
    let cut = Reply::raw(200, &[("content-length", "100")], r#"{"data":"#).stalled();
    let server = Server::with(vec![cut]).await;
    let error = Rig::new(|_| {}).get(&server).await.expect_err("silence");
    assert_eq!(error.kind(), Kind::Down);
    assert_discreet(&error);
}

#[tokio::test]
async fn a_json_call_ends_in_time_although_bytes_trickle() {
    let change = |settings: &mut ClientSettings| {
        settings.read_timeout = std::time::Duration::from_secs(60);
        settings.json_timeout = std::time::Duration::from_millis(200);
    };
    let cut = Reply::raw(200, &[("content-length", "100")], r#"{"data":"#).stalled();
    let server = Server::with(vec![cut]).await;
    let error = Rig::new(change).get(&server).await.expect_err("too slow");
    assert_eq!(error.kind(), Kind::Down);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error() {
    let server = Server::with(vec![Reply::raw(
        200,
        &[("content-length", "100")],
        r#"{"data":7}"#,
    )])
    .await;
    let error = Rig::new(|_| {}).get(&server).await.expect_err("short");
    assert_eq!(error.kind(), Kind::Down);
    assert_discreet(&error);
}

#[tokio::test]
async fn an_endless_answer_is_refused() {
    let long = format!(r#"{{"data":"{}"}}"#, "x".repeat(2000));
    let server = Server::with(vec![Reply::json(200, &long)]).await;
    let rig = Rig::new(|settings| settings.max_json_bytes = 1000);
    assert_eq!(
        rig.get(&server).await.expect_err("long").kind(),
        Kind::Broken
    );
}

#[tokio::test]
async fn a_token_with_line_breaks_is_never_sent() {
    let server = Server::with(Vec::new()).await;
    let rig = Rig::new(|_| {});
    let token = format!("{SECRET}\r\nx: y").into();
    let error = rig
        .send(&Request::get(server.url("/x"), &token))
        .await
        .expect_err("bad token");
    assert_eq!(error.kind(), Kind::SignedOut);
    assert_discreet(&error);
    assert_eq!(rig.call.upstream_calls(), 0);
}

#[tokio::test]
async fn attempts_are_counted_by_outcome() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let bad = Reply::new(500, &[], "");
    let server = Server::with(vec![bad, Reply::new(429, &[], ""), good()]).await;
    Rig::new(|_| {}).get(&server).await.expect("the third");
    let text = handle.render();
    for outcome in ["ok", "server_error", "rate_limited"] {
        let line = format!(r#"upstream_requests_total{{provider="test",outcome="{outcome}"}} 1"#);
        assert!(text.contains(&line), "{line} in {text}");
    }
}

#[test]
fn bad_settings_are_named() {
    let build = |settings| Client::new(TEST, settings, JumpClock::new()).err();
    let bundle = Some("/nonexistent/ca.pem".into());
    let error = build(ClientSettings {
        ca_bundle: bundle,
        ..ClientSettings::default()
    });
    let error = error.expect("no such file");
    assert_eq!(
        (error.kind(), error.fault()),
        (Kind::Invalid, crate::domain::Fault::Bridge)
    );
    assert!(error.message().contains("/nonexistent/ca.pem"));
    let proxy = Some("no address".to_owned());
    assert!(
        build(ClientSettings {
            proxy,
            ..ClientSettings::default()
        })
        .is_some()
    );
}

#[tokio::test]
async fn calls_go_through_the_proxy() {
    let proxy = Server::with(vec![good()]).await;
    let address = proxy.base.to_string();
    let rig = Rig::new(|settings| settings.proxy = Some(address));
    let url = url::Url::parse("http://cloud.test/x").expect("an address");
    let answer = rig.send(&Request::get(url, &rig.token)).await;
    assert_eq!(answer.expect("an answer"), "7");
    assert_eq!(proxy.seen()[0].line, "GET http://cloud.test/x");
}

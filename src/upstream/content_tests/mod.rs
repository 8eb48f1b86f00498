//! Downloads against servers that answer as told.

mod signed;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use secrecy::SecretString;

use super::*;
use crate::domain::{Call, Priority, ProviderName};
use crate::upstream::testing::{JumpClock, Reply, Seen, Server};
use crate::upstream::{
    Answer, Client, ClientSettings, Hosts, PaceSettings, Pacer, Request, Verdict,
};

const BODY: &[u8] = b"0123456789";

/// An API and the CDN it may redirect to.
struct Rig {
    api: Server,
    cdn: Server,
    client: Client,
    pacer: Arc<Pacer>,
    call: Call,
}

impl Rig {
    async fn new(api: Vec<Reply>, cdn: Vec<Reply>) -> Self {
        let settings = ClientSettings {
            read_timeout: Duration::from_millis(300),
            max_skip_bytes: 5,
            ..ClientSettings::default()
        };
        let pace = PaceSettings {
            per_minute: 0,
            burst: 1,
            concurrent: 1,
        };
        Self {
            api: Server::with(api).await,
            cdn: Server::with(cdn).await,
            client: Client::new(ProviderName("test"), settings, JumpClock::new()).expect("client"),
            pacer: Pacer::new(pace, JumpClock::new()),
            call: Call::interactive(),
        }
    }

    /// The API redirects to the CDN as often as the CDN answers.
    async fn signed(cdn: Vec<Reply>) -> Self {
        let mut rig = Self::new(Vec::new(), cdn).await;
        let target = rig.cdn.url("/signed?key=secret").to_string();
        rig.api = Server::start(move |_| Reply::redirect(&target)).await;
        rig
    }

    async fn open(&self, range: Option<ByteRange>) -> Result<Content> {
        let token: SecretString = "token".to_owned().into();
        let request = Request::get(self.api.url("/download"), &token);
        let hosts = Hosts::parse(&[self.cdn.host()]).expect("a host");
        let judge = |answer: Answer| match (answer.status(), answer.body().as_ref()) {
            (200, b"{\"error\"}") => Error::cloud(Kind::Locked, "an error on 200").into(),
            (200 | 206, _) => Verdict::Done(Ok(answer)),
            (500.., _) => Verdict::Again(Error::cloud(Kind::Down, "server error")),
            (status, _) => Error::cloud(Kind::Broken, format!("judged {status}")).into(),
        };
        self.client
            .open(&self.call, &self.pacer, &request, range, &hosts, judge)
            .await
    }

    /// What the client of a content gets.
    async fn bytes(&self, range: Option<ByteRange>) -> Result<Vec<u8>> {
        all(self.open(range).await?).await
    }
}

async fn all(mut content: Content) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(part) = content.stream.next().await {
        match part {
            Ok(part) => bytes.extend_from_slice(&part),
            Err(error) => {
                assert!(
                    content.stream.next().await.is_none(),
                    "an error ends the stream"
                );
                return Err(error);
            }
        }
    }
    Ok(bytes)
}

fn range(first: u64, last: u64) -> Option<ByteRange> {
    ByteRange::new(first, last)
}

fn part(range: &str, body: &[u8]) -> Reply {
    Reply::new(206, &[("content-range", range)], body)
}

fn whole() -> Reply {
    Reply::new(200, &[], BODY)
}

#[tokio::test]
async fn a_whole_file_is_cut_to_the_range() {
    for (first, last) in [(0, 0), (2, 5), (5, 9), (0, 9)] {
        let rig = Rig::signed(vec![whole()]).await;
        let content = rig.open(range(first, last)).await.expect("content");
        assert_eq!(content.total, Some(10));
        let bounds = usize::try_from(first).expect("small")..=usize::try_from(last).expect("small");
        assert_eq!(
            all(content).await.expect("bytes"),
            &BODY[bounds],
            "{first}-{last}"
        );
    }
    let rig = Rig::signed(vec![whole()]).await;
    assert_eq!(
        rig.open(range(6, 7)).await.expect_err("too far").kind(),
        Kind::Broken
    );
    let chunked = || {
        Reply::raw(
            200,
            &[("transfer-encoding", "chunked")],
            "4\r\n0123\r\n0\r\n\r\n",
        )
    };
    let rig = Rig::signed(vec![chunked()]).await;
    assert_eq!(rig.bytes(range(2, 3)).await.expect("bytes"), b"23");
    let rig = Rig::signed(vec![chunked()]).await;
    assert_eq!(
        rig.bytes(range(2, 5)).await.expect_err("short").kind(),
        Kind::Down
    );
}

#[tokio::test]
async fn a_file_that_became_shorter_changed() {
    let replies = [
        Reply::new(416, &[("content-range", "bytes */3")], ""),
        part("bytes 2-4/5", b"234"),
        Reply::new(200, &[], "0123"),
    ];
    for reply in replies {
        let rig = Rig::signed(vec![reply]).await;
        assert_eq!(
            rig.open(range(2, 8)).await.expect_err("shorter").kind(),
            Kind::Changed
        );
    }
    let rig = Rig::new(vec![Reply::new(416, &[], "")], Vec::new()).await;
    assert_eq!(
        rig.open(range(2, 8)).await.expect_err("shorter").kind(),
        Kind::Changed
    );
}

#[tokio::test]
async fn a_wrong_part_is_broken() {
    let wrong = [
        part("bytes 3-6/10", b"3456"),
        part("bytes 2-6/10", b"23456"),
        part("bytes 2-5/10", b"234"),
        part("items 2-5/10", b"2345"),
        Reply::new(206, &[], "2345"),
        Reply::new(
            206,
            &[("content-type", "multipart/byteranges; boundary=x")],
            "--x",
        ),
        Reply::new(
            206,
            &[
                ("content-range", "bytes 2-5/10"),
                ("content-encoding", "gzip"),
            ],
            "2345",
        ),
    ];
    for (index, reply) in wrong.into_iter().enumerate() {
        let rig = Rig::signed(vec![reply]).await;
        let error = rig.open(range(2, 5)).await.expect_err("wrong");
        assert_eq!(error.kind(), Kind::Broken, "{index}");
    }
    let rig = Rig::signed(vec![part("bytes 0-9/10", BODY)]).await;
    assert_eq!(
        rig.open(None).await.expect_err("not asked").kind(),
        Kind::Broken
    );
}

#[tokio::test]
async fn a_body_that_is_not_as_long_as_told_is_an_error() {
    let short = || Reply::raw(200, &[("content-length", "11")], BODY);
    let rig = Rig::signed(vec![short()]).await;
    assert_eq!(rig.bytes(None).await.expect_err("short").kind(), Kind::Down);
    let headers = [
        ("content-range", "bytes 2-5/10"),
        ("transfer-encoding", "chunked"),
    ];
    let rig = Rig::signed(vec![Reply::raw(206, &headers, "3\r\n234\r\n0\r\n\r\n")]).await;
    assert_eq!(
        rig.bytes(range(2, 5)).await.expect_err("short").kind(),
        Kind::Down
    );
    for long in [
        "3\r\n234\r\n3\r\n567\r\n0\r\n\r\n",
        "4\r\n2345\r\n1\r\n6\r\n0\r\n\r\n",
    ] {
        let rig = Rig::signed(vec![Reply::raw(206, &headers, long)]).await;
        assert_eq!(
            rig.bytes(range(2, 5)).await.expect_err("long").kind(),
            Kind::Broken
        );
    }
    // neither length nor chunks: the end proves nothing
    let rig = Rig::signed(vec![Reply::raw(200, &[], BODY)]).await;
    assert_eq!(
        rig.open(None).await.expect_err("endless").kind(),
        Kind::Broken
    );
    // unknown length, broken off in the middle of a chunk
    let headers = [("transfer-encoding", "chunked")];
    let rig = Rig::signed(vec![Reply::raw(200, &headers, "5\r\n012")]).await;
    assert_eq!(
        rig.bytes(None).await.expect_err("broken off").kind(),
        Kind::Down
    );
}

#[tokio::test]
async fn a_stalled_body_is_an_error() {
    let reply = Reply::raw(200, &[("content-length", "20")], BODY).stalled();
    let rig = Rig::signed(vec![reply]).await;
    let error = rig.bytes(None).await.expect_err("silence");
    assert_eq!(error.kind(), Kind::Down);
    assert!(!error.chain().contains("secret"), "{}", error.chain());
}

#[tokio::test]
async fn an_error_that_rides_on_200_is_no_content() {
    let json = |body: &str| Reply::new(200, &[("content-type", "application/json")], body);
    let rig = Rig::new(vec![json("{\"error\"}")], Vec::new()).await;
    assert_eq!(
        rig.open(None).await.expect_err("an error").kind(),
        Kind::Locked
    );
    let rig = Rig::new(vec![json("{}")], Vec::new()).await;
    assert_eq!(rig.bytes(None).await.expect("a JSON file"), b"{}");
    let rig = Rig::new(vec![json("{\"a\":1}")], Vec::new()).await;
    assert_eq!(
        rig.bytes(range(1, 3)).await.expect("part of a JSON file"),
        b"\"a\""
    );
    let long = format!("\"{}\"", "x".repeat(40_000));
    let headers = [
        ("content-type", "application/json"),
        ("transfer-encoding", "chunked"),
    ];
    let chunked = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let rig = Rig::new(vec![Reply::raw(200, &headers, chunked)], Vec::new()).await;
    assert_eq!(
        rig.bytes(None).await.expect("a long JSON file"),
        long.as_bytes()
    );
}

#[tokio::test]
async fn server_errors_of_the_api_are_tried_again() {
    let bad = || Reply::new(502, &[], "<html>");
    let rig = Rig::new(vec![bad(), whole()], Vec::new()).await;
    assert_eq!(rig.bytes(None).await.expect("the second"), BODY);
}

#[tokio::test]
async fn running_downloads_leave_the_account_free() {
    let stalled = || Reply::raw(200, &[("content-length", "20")], BODY).stalled();
    let rig = Rig::new(vec![stalled(), stalled(), stalled()], Vec::new()).await;
    // one place at a time, and three bodies under way
    let mut running = Vec::new();
    for _ in 0..3 {
        running.push(rig.open(None).await.expect("headers"));
    }
}

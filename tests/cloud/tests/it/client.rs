//! A plain HTTP client over TCP: one request a connection, bytes as they come.

use std::net::SocketAddr;
use std::time::Duration;

use cloud::{Cloud, Options};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sample id of Anna's first drive.
pub(crate) const DRIVE: u64 = 598_431;

/// A simulation and how to ask it.
pub(crate) struct Rig {
    pub(crate) cloud: Cloud,
    pub(crate) token: String,
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|header| header.0 == name);
        found.map(|header| header.1.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// `error.code`, after checking the envelope around it.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        assert_eq!(json["result"], "error");
        assert!(json["error"]["description"].is_string());
        json["error"]["code"].as_str().expect("a code").to_owned()
    }

    /// `data`, after checking the envelope around it.
    pub(crate) fn data(&self) -> Value {
        let json = self.json();
        assert_eq!(
            (self.status, &json["result"]),
            (200, &Value::from("success")),
            "{json}"
        );
        json["data"].clone()
    }
}

pub(crate) async fn rig() -> Rig {
    rig_with(Options::default()).await
}

pub(crate) async fn rig_with(options: Options) -> Rig {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let cloud = Cloud::start(listen, options).await.expect("a free port");
    let token = cloud.token().to_owned();
    Rig { cloud, token }
}

impl Rig {
    /// A request with the token, to a path below the base address or to a whole address.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        send(
            &format!("{}{path}", self.cloud.base_url()),
            method,
            &all,
            body,
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let text = body.to_string();
        let kind = ("content-type", "application/json");
        self.ask("POST", path, &[kind], text.as_bytes()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &[], b"").await
    }

    /// Id of what lies at a path of the first drive.
    pub(crate) fn id(&self, path: &str) -> u64 {
        self.cloud.drive().info(path).expect("it exists").id
    }
}

/// A request without the token of a rig.
pub(crate) async fn send(url: &str, method: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    try_send(url, method, headers, body)
        .await
        .expect("an answer")
}

/// A request that may get no answer.
pub(crate) async fn try_send(
    url: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Answer> {
    let rest = url.strip_prefix("http://").expect("an http address");
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    let mut has_length = false;
    for (name, value) in headers {
        has_length |= *name == "transfer-encoding";
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !has_length {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(host).await.ok()?;
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    parse(&bytes)
}

/// Reads for at most `wait`, for answers that never end.
pub(crate) async fn read_for(url: &str, bearer: &str, wait: Duration) -> Vec<u8> {
    let rest = url.strip_prefix("http://").expect("an http address");
    let (host, path) = rest.split_at(rest.find('/').expect("a path"));
    let mut stream = TcpStream::connect(host).await.expect("it listens");
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {bearer}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("it reads");
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    assert!(
        tokio::time::timeout(wait, reading).await.is_err(),
        "the connection stays open"
    );
    bytes
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    Some(Answer {
        status,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: bytes[end + 4..].to_vec(),
    })
}

/// The names of the fields of a JSON object.
pub(crate) fn fields(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

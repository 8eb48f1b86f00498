//! Raw HTTP/1.1, so that a test sees every byte.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Nothing here takes so long unless it hangs.
const HANGS: Duration = Duration::from_secs(20);

pub struct Wire {
    pub tcp: TcpStream,
    read: Vec<u8>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// All values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1);
        let lines = lines.filter_map(|line| line.split_once(": "));
        let found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).collect()
    }

    /// A header's value; headers that are there twice are a mistake.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value);
        assert!(
            found.next().is_none(),
            "{name} is there twice:\n{}",
            self.head
        );
        value
    }
}

impl Wire {
    pub async fn to(address: SocketAddr) -> Self {
        let tcp = TcpStream::connect(address).await.unwrap();
        Self {
            tcp,
            read: Vec::new(),
        }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.tcp.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a request with these header lines and no body, and reads the answer.
    pub async fn ask(&mut self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        self.send(format!(
            "{method} {path} HTTP/1.1\r\nhost: h.example\r\n{headers}\r\n"
        ))
        .await;
        self.answer(method == "HEAD").await
    }

    /// The next answer, with its body by Content-Length.
    pub async fn answer(&mut self, bodiless: bool) -> Answer {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            assert!(self.more().await > 0, "closed before an answer");
        };
        let head = String::from_utf8(self.read[..end].to_vec()).unwrap();
        self.read.drain(..end + 4);
        let mut answer = Answer {
            status: head[9..12].parse().unwrap(),
            head,
            body: String::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        let length = if bodiless { 0 } else { length };
        while self.read.len() < length {
            assert!(self.more().await > 0, "closed in the middle of a body");
        }
        answer.body = String::from_utf8(self.read.drain(..length).collect()).unwrap();
        answer
    }

    /// Reads what comes next; 0 at the end.
    pub async fn more(&mut self) -> usize {
        let read = self.tcp.read_buf(&mut self.read);
        timeout(HANGS, read)
            .await
            .expect("the server hangs")
            .unwrap_or(0)
    }

    /// All there is until the server closes.
    pub async fn rest(&mut self) -> Vec<u8> {
        while self.more().await > 0 {}
        std::mem::take(&mut self.read)
    }

    /// Whether the server closes without a further byte.
    pub async fn is_closed(&mut self) -> bool {
        self.read.is_empty() && self.more().await == 0
    }
}

/// One request on a connection of its own.
pub async fn ask(address: SocketAddr, method: &str, path: &str, headers: &[&str]) -> Answer {
    Wire::to(address).await.ask(method, path, headers).await
}

/// `authorization: …`
pub fn with(credentials: &str) -> String {
    format!("authorization: {credentials}")
}

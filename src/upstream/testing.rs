//! For tests: a server that answers byte by byte what it is told, and a clock without waiting.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

use crate::domain::Clock;

/// What a request said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Method and target, e.g. `GET /a?b=c`.
    pub(crate) line: String,
    headers: BTreeMap<String, String>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What to write before the connection ends.
pub(crate) struct Reply {
    bytes: Vec<u8>,
    stall: bool,
}

impl Reply {
    /// An answer with its length, after which the connection closes.
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let length = body.as_ref().len().to_string();
        let mut all = headers.to_vec();
        all.push(("content-length", &length));
        Self::raw(status, &all, body)
    }

    /// An answer with only the named headers.
    pub(crate) fn raw(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut bytes = format!("{head}\r\n").into_bytes();
        bytes.extend_from_slice(body.as_ref());
        Self {
            bytes,
            stall: false,
        }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, &[("content-type", "application/json")], body)
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::new(302, &[("location", to)], "")
    }

    /// Nothing at all; the connection stays open.
    pub(crate) fn silence() -> Self {
        Self {
            bytes: Vec::new(),
            stall: true,
        }
    }

    /// The same, but the connection stays open and silent.
    pub(crate) fn stalled(mut self) -> Self {
        self.stall = true;
        self
    }
}

/// A server; ends when dropped.
pub(crate) struct Server {
    pub(crate) base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    pub(crate) async fn start(handler: impl FnMut(&Seen) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let handler = Arc::new(Mutex::new(handler));
        let mut tasks = JoinSet::new();
        let log = Arc::clone(&seen);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                connections.spawn(async move {
                    let answer = |seen: &Seen| {
                        log.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push(seen.clone());
                        handler.lock().unwrap_or_else(PoisonError::into_inner)(seen)
                    };
                    let _ = serve(stream, answer).await;
                });
            }
        });
        let base = Url::parse(&format!("http://{address}")).expect("an address");
        Self {
            base,
            seen,
            _tasks: tasks,
        }
    }

    /// Answers given one after the other.
    pub(crate) async fn with(replies: Vec<Reply>) -> Self {
        let mut replies = replies.into_iter();
        Self::start(move |_| replies.next().expect("no more requests than answers")).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.base.join(path).expect("a path")
    }

    /// `host:port`.
    pub(crate) fn host(&self) -> String {
        self.base.authority().to_owned()
    }
}

async fn serve(stream: TcpStream, answer: impl FnOnce(&Seen) -> Reply) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|value| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let reply = answer(&Seen { line, headers });
    stream.write_all(&reply.bytes).await?;
    stream.flush().await?;
    if reply.stall {
        std::future::pending::<()>().await;
    }
    stream.shutdown().await
}

/// A clock that jumps instead of waiting.
pub(crate) struct JumpClock {
    start: Instant,
    wall: DateTime<Utc>,
    slept: Mutex<Duration>,
}

impl JumpClock {
    pub(crate) fn new() -> Arc<Self> {
        let wall = DateTime::from_timestamp(1_760_000_000, 0).expect("a date");
        Arc::new(Self {
            start: Instant::now(),
            wall,
            slept: Mutex::default(),
        })
    }

    pub(crate) fn slept(&self) -> Duration {
        *self.slept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for JumpClock {
    fn now(&self) -> DateTime<Utc> {
        self.wall + self.slept()
    }

    fn instant(&self) -> Instant {
        self.start + self.slept()
    }

    async fn sleep(&self, duration: Duration) {
        *self.slept.lock().unwrap_or_else(PoisonError::into_inner) += duration;
        tokio::task::yield_now().await;
    }
}

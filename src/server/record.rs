//! One log line and one set of figures per request, when it is over.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use http::header::USER_AGENT;
use http::{Method, Request, StatusCode};
use metrics::{counter, gauge, histogram};

use crate::domain::{Call, UserName};
use crate::web::without_secrets;

/// Longest user agent in the log, in characters.
const AGENT: usize = 80;

/// Longest path in the log, in characters.
const PATH: usize = 1024;

/// Makes request ids: unique within a run, and hard to mistake for those of another.
#[derive(Debug)]
pub(super) struct Ids {
    run: u32,
    next: AtomicU64,
}

impl Ids {
    pub(super) fn new() -> Self {
        let mut bytes = [0; 4];
        // without random bytes the ids of two runs may meet; nothing depends on it
        let _ = getrandom::fill(&mut bytes);
        Self {
            run: u32::from_be_bytes(bytes),
            next: AtomicU64::new(1),
        }
    }

    pub(super) fn next(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}-{number:06x}", self.run)
    }
}

/// How the answer went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Wholly.
    Sent,
    /// The client went away first.
    HungUp,
    /// Its body broke off with an error.
    Broken,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::HungUp => "hung up",
            Self::Broken => "broken off",
        }
    }
}

/// What is noted of a request; dropping it writes the line and counts the request.
#[derive(Debug)]
pub(super) struct Record {
    started: Instant,
    /// Request id.
    pub(super) id: String,
    method: Method,
    path: String,
    agent: String,
    client: IpAddr,
    quiet: bool,
    /// Who asked, once known.
    pub(super) user: Option<UserName>,
    /// Status of the answer, once there is one.
    pub(super) status: Option<StatusCode>,
    /// Bytes of the answer's body handed out.
    pub(super) bytes: u64,
    /// How it went.
    pub(super) outcome: Outcome,
    /// Counts calls to clouds.
    pub(super) call: Call,
}

impl Record {
    /// Starts the record of a request whose own path is `path`.
    pub(super) fn start<B>(id: String, request: &Request<B>, path: &str, client: IpAddr) -> Self {
        gauge!("http_requests_in_flight").increment(1.0);
        let agent = request.headers().get(USER_AGENT);
        let agent = agent.map(|value| String::from_utf8_lossy(value.as_bytes()));
        Self {
            started: Instant::now(),
            id,
            method: request.method().clone(),
            path: short(&without_secrets(path), PATH),
            agent: short(&agent.unwrap_or_default(), AGENT),
            client,
            quiet: false,
            user: None,
            status: None,
            bytes: 0,
            outcome: Outcome::HungUp,
            call: Call::interactive(),
        }
    }

    /// A health check that went well: counted, not worth a line.
    pub(super) fn hush(&mut self) {
        self.quiet = true;
    }

    fn count(&self, seconds: f64) {
        let method = method_label(&self.method);
        let class = match self.status.map(|status| status.as_u16() / 100) {
            Some(1) => "1xx",
            Some(2) => "2xx",
            Some(3) => "3xx",
            Some(4) => "4xx",
            Some(_) => "5xx",
            None => "none",
        };
        gauge!("http_requests_in_flight").decrement(1.0);
        counter!("http_requests_total", "method" => method, "status" => class).increment(1);
        histogram!("http_request_duration_seconds", "method" => method).record(seconds);
        counter!("http_response_bytes_total").increment(self.bytes);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let elapsed = self.started.elapsed();
        self.count(elapsed.as_secs_f64());
        let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        // values are given as strings: the text format quotes and escapes them, JSON too
        let status = self.status.map_or(0, |status| status.as_u16());
        if self.quiet {
            tracing::debug!(target: "davbridge::request", id = self.id, path = self.path, status);
            return;
        }
        tracing::info!(
            target: "davbridge::request",
            id = self.id,
            user = self.user.as_ref().map_or("-", UserName::as_str),
            client = %self.client,
            method = self.method.as_str(),
            path = self.path,
            status,
            ms,
            bytes = self.bytes,
            upstream = self.call.upstream_calls(),
            outcome = self.outcome.name(),
            agent = self.agent,
        );
    }
}

/// The beginning of a text from outside. The formats of the log escape what they must; controls
/// beyond ASCII, which JSON lets through, are for no terminal either.
fn short(text: &str, length: usize) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    text.chars().take(length).map(plain).collect()
}

/// The method as a label: a fixed set, so that nobody can fill the memory with invented ones.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: [&str; 15] = [
        "GET",
        "HEAD",
        "OPTIONS",
        "PUT",
        "POST",
        "DELETE",
        "PROPFIND",
        "PROPPATCH",
        "REPORT",
        "MKCOL",
        "MKCALENDAR",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
    ];
    let known = KNOWN.iter().find(|name| **name == method.as_str());
    known.copied().unwrap_or("other")
}

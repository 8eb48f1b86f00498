//! Settings of the outgoing client.

use std::path::PathBuf;
use std::time::Duration;

/// How a [`super::Client`] talks.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest wait for the next bytes: headers, and between the parts of a body.
    pub read_timeout: Duration,
    /// Longest time of one JSON call from sending to the last byte.
    pub json_timeout: Duration,
    /// Longest wait of a call that a client waits for until the pacer lets it go.
    pub interactive_wait: Duration,
    /// The same for background calls.
    pub background_wait: Duration,
    /// Most attempts of one call, the first included.
    pub attempts: u32,
    /// First pause between attempts; doubles, with jitter.
    pub backoff: Duration,
    /// No new attempt begins later than this after the call.
    pub retry_within: Duration,
    /// Largest JSON answer, in bytes after decompression.
    pub max_json_bytes: usize,
    /// Most bytes read and thrown away where a range was asked and the whole file came.
    pub max_skip_bytes: u64,
    /// PEM file of further certificate authorities.
    pub ca_bundle: Option<PathBuf>,
    /// `http://`, `https://` or `socks5://` address that all calls go through.
    pub proxy: Option<String>,
    /// `User-Agent`.
    pub user_agent: String,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            json_timeout: Duration::from_secs(60),
            interactive_wait: Duration::from_secs(20),
            background_wait: Duration::from_secs(5 * 60),
            attempts: 3,
            backoff: Duration::from_millis(250),
            retry_within: Duration::from_secs(30),
            max_json_bytes: 16 * 1024 * 1024,
            max_skip_bytes: 256 * 1024 * 1024,
            ca_bundle: None,
            proxy: None,
            user_agent: concat!("davbridge/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// How fast an account may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceSettings {
    /// Calls a minute in the long run; 0 = no limit.
    pub per_minute: u32,
    /// Calls that may go at once after a rest; at least 1.
    pub burst: u32,
    /// Calls under way at once; at least 1. Running downloads do not count.
    pub concurrent: usize,
}

/// kDrive: 60 calls a minute.
impl Default for PaceSettings {
    fn default() -> Self {
        Self {
            per_minute: 60,
            burst: 60,
            concurrent: 8,
        }
    }
}

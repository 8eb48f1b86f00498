//! What the server is told.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use super::{PublicUrl, Tls};

/// Settings of [`super::run`].
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address under which clients reach the bridge; the only source of links when given.
    pub public_url: Option<PublicUrl>,
    /// Whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Certificate and key; without them the listeners speak plain HTTP.
    pub tls: Option<Arc<Tls>>,
    /// Limits.
    pub limits: Limits,
}

/// Limits that keep one client from taking everything.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time, over all listeners; further ones wait.
    pub connections: usize,
    /// Bytes of a request's headers.
    pub header_bytes: u32,
    /// Requests at a time on one HTTP/2 connection.
    pub streams: u32,
    /// Bytes of a request's body, PUT excepted.
    pub body_bytes: u64,
    /// TLS handshake, first byte, and each whole request head; also how long a connection may
    /// be idle between requests.
    pub header_timeout: Duration,
    /// Silence in the middle of a request's body.
    pub body_timeout: Duration,
    /// A client that takes no more bytes of an answer.
    pub write_timeout: Duration,
    /// How long running requests may go on after the end was asked for.
    pub end_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            header_bytes: 32 * 1024,
            streams: 128,
            body_bytes: 16 * 1024 * 1024,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_mins(5),
            end_timeout: Duration::from_secs(30),
        }
    }
}

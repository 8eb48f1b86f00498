//! The two rooms behind the server, as it sees them.

use std::error::Error as StdError;
use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;

use super::RequestBody;
use crate::domain::{Call, Caller, Result};

/// Any error of a body.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Body of an answer.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// What the server knows of a signed-in request.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The user.
    pub caller: Caller,
    /// Counts calls to clouds made for this request.
    pub call: Call,
    /// Path of the public address without a slash at the end: `""` or `"/bridge"`. The path of
    /// the request comes without it, hrefs begin with it.
    pub prefix: String,
}

/// The protocol behind the server.
#[async_trait]
pub trait Front: Send + Sync + 'static {
    /// Answers a request of a signed-in user. Its URI is the public one: scheme and authority
    /// where known, the path without [`Visit::prefix`].
    async fn handle(&self, visit: Visit, request: Request<RequestBody>) -> Response<Body>;

    /// Answers OPTIONS without credentials: what the bridge can do, nothing about anybody.
    fn options(&self) -> Response<Body>;
}

/// What came of the credentials of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// They are good.
    In(Caller),
    /// There are none.
    Missing,
    /// They are not good, or the user is disabled.
    Refused,
    /// Too many wrong ones came from there lately.
    Slow {
        /// When to try again.
        retry_after: Duration,
    },
}

/// Who may come in.
#[async_trait]
pub trait Door: Send + Sync + 'static {
    /// Judges the value of the Authorization header that came from `peer`. An error is trouble
    /// of the bridge's own and says nothing about the credentials.
    async fn sign_in(&self, authorization: Option<&str>, peer: IpAddr) -> Result<SignIn>;

    /// Whether the store answers.
    async fn check(&self) -> Result<()>;
}

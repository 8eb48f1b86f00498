//! The two rooms behind the server, as it sees them.

use std::net::IpAddr;

use async_trait::async_trait;
use http::{Request, Response};

use super::RequestBody;
use crate::accounts::SignIn;
use crate::dav::{Body, Dav, Visit};
use crate::domain::Result;

/// The protocol behind the server.
#[async_trait]
pub trait Front: Send + Sync + 'static {
    /// Answers a request of a signed-in user. Its URI is the public one: scheme and authority
    /// where known, the path without [`Visit::prefix`].
    async fn handle(&self, visit: Visit, request: Request<RequestBody>) -> Response<Body>;

    /// Answers OPTIONS without credentials: what the bridge can do, nothing about anybody.
    fn options(&self) -> Response<Body>;
}

/// Who may come in.
#[async_trait]
pub trait Door: Send + Sync + 'static {
    /// Judges the value of the Authorization header that came from `peer`. An error is trouble
    /// of the bridge's own and says nothing about the credentials.
    async fn sign_in(&self, authorization: Option<&str>, peer: IpAddr) -> Result<SignIn>;

    /// Whether access tokens are credentials here, which a challenge then says.
    fn takes_bearer(&self) -> bool;

    /// Whether the store answers.
    async fn check(&self) -> Result<()>;
}

#[async_trait]
impl Front for Dav {
    async fn handle(&self, visit: Visit, request: Request<RequestBody>) -> Response<Body> {
        Self::handle(self, visit, request).await
    }

    fn options(&self) -> Response<Body> {
        Self::options(self)
    }
}

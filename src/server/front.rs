//! The rooms behind the server, as it sees them.

use std::net::IpAddr;

use async_trait::async_trait;
use http::{Request, Response};

use super::RequestBody;
use crate::accounts::SignIn;
use crate::dav::{Body, Dav, Visit};
use crate::domain::Result;
use crate::web::{self, Web};

/// The protocol behind the server.
#[async_trait]
pub trait Front: Send + Sync + 'static {
    /// Answers a request of a signed-in user. Its URI is the public one: scheme and authority
    /// where known, the path without [`Visit::prefix`].
    async fn handle(&self, visit: Visit, request: Request<RequestBody>) -> Response<Body>;

    /// Answers OPTIONS without credentials: what the bridge can do, nothing about anybody.
    fn options(&self) -> Response<Body>;
}

/// The page behind the server.
#[async_trait]
pub trait Site: Send + Sync + 'static {
    /// Answers a request for the page, whoever asks. Its URI is the public one, as for
    /// [`Front::handle`].
    async fn handle(&self, visit: web::Visit, request: Request<RequestBody>) -> web::Answer;
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

#[async_trait]
impl Site for Web {
    async fn handle(&self, visit: web::Visit, request: Request<RequestBody>) -> web::Answer {
        Self::handle(self, visit, request).await
    }
}

//! The protocol: requests to values, one property engine, answers to bytes.
//!
//! Files are read-only so far: writing methods are refused with the privilege they need.

mod body;
mod condition;
mod get;
mod onefile;
mod page;
mod place;
mod propfind;
mod props;
mod refuse;
mod status;
mod target;
mod types;
mod xml;

use std::sync::Arc;

use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::domain::{Call, Caller, Clock, Error, Result};
use crate::mirror::Mirror;

pub use body::{Body, BoxError};

/// Compliance classes told: no locks, so no class 2 (RFC 4918 §18).
const CLASSES: &str = "1, 3";

/// Methods that work.
const ALLOWED: &str = "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH";

/// One signed-in request's company.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who asks.
    pub caller: Caller,
    /// Counts calls to the cloud.
    pub call: Call,
    /// Path of the public address without a slash at its end: prefix of every href.
    pub prefix: String,
}

/// The DAV half of the bridge.
pub struct Dav {
    mirror: Arc<Mirror>,
    clock: Arc<dyn Clock>,
}

impl Dav {
    /// Serves from this copy.
    #[must_use]
    pub fn new(mirror: Arc<Mirror>, clock: Arc<dyn Clock>) -> Self {
        Self { mirror, clock }
    }

    /// Answers a signed-in request; its path has the prefix already stripped.
    pub async fn handle<B>(&self, visit: Visit, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let outcome = self.answer(&visit, &parts, body).await;
        let mut response = outcome.unwrap_or_else(|error| status::error_response(&error));
        tell_classes(&mut response);
        response
    }

    async fn answer<B>(&self, visit: &Visit, parts: &Parts, body: B) -> Result<Response<Body>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<BoxError>,
    {
        let method = parts.method.as_str();
        match method {
            "OPTIONS" => Ok(self.options()),
            "GET" | "HEAD" => self.get(visit, parts).await,
            "PROPFIND" => self.propfind(visit, parts, body).await,
            "PROPPATCH" => self.proppatch(visit, parts, body).await,
            "REPORT" => {
                let report = "<D:supported-report/>";
                Ok(refuse::precondition(StatusCode::FORBIDDEN, report))
            }
            _ => {
                let segments = place::segments(parts.uri.path())?;
                let href = place::href(&visit.prefix, segments.iter().map(String::as_str), false);
                let needed = refuse::privilege(method);
                Ok(needed.map_or_else(refuse::not_allowed, |needed| {
                    refuse::need_privileges(&href, needed)
                }))
            }
        }
    }

    /// The answer to OPTIONS, the same for every address and also without credentials.
    #[must_use]
    pub fn options(&self) -> Response<Body> {
        let mut response = body::text(StatusCode::OK, "", "");
        let headers = response.headers_mut();
        headers.insert(ALLOW, HeaderValue::from_static(ALLOWED));
        headers.insert("ms-author-via", HeaderValue::from_static("DAV"));
        tell_classes(&mut response);
        response
    }

    /// The answer for an error, by the only table from error to HTTP.
    #[must_use]
    pub fn error_response(error: &Error) -> Response<Body> {
        status::error_response(error)
    }
}

fn tell_classes(response: &mut Response<Body>) {
    response
        .headers_mut()
        .insert("dav", HeaderValue::from_static(CLASSES));
}

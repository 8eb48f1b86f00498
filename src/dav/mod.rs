//! The protocol: requests to values, one property engine, answers to bytes.
//!
//! Files are read-only so far: writing methods are refused with the privilege they need.

mod asked;
mod body;
mod condition;
mod extras;
mod get;
mod headers;
mod item;
mod members;
mod multistatus;
mod onefile;
mod page;
mod place;
mod propfind;
mod props;
mod refuse;
mod report;
mod scene;
mod status;
mod target;
mod types;
mod verdict;
mod whole;
mod xml;

use std::sync::Arc;

use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::domain::{Call, Caller, Clock, Error, Result, Services};
use crate::mirror::{Mirror, Turns};

pub use body::{Body, BoxError};

/// Compliance classes told of files: no locks, so no class 2 (RFC 4918 §18).
const FILE_CLASSES: &str = "1, 3";
/// Methods that work on files.
const FILE_METHODS: &str = "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH";

/// Compliance classes told everywhere else, parents of calendars and `/` too: clients look for
/// them at any of these (RFC 3744 §7.2, RFC 4791 §5.1, RFC 6352 §6.1).
fn classes(services: Services) -> &'static str {
    match services {
        Services::All | Services::CalendarsAndContacts => {
            "1, 3, access-control, calendar-access, addressbook"
        }
        Services::Calendars => "1, 3, access-control, calendar-access",
        Services::Contacts => "1, 3, access-control, addressbook",
        Services::Files => "1, 3, access-control",
    }
}

/// Methods that work there.
const METHODS: &str = "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT";

/// So many pieces of answers are worked out at once.
const HEAVY: usize = 2;

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
    /// At what has to be worked out.
    turns: Arc<Turns>,
}

impl Dav {
    /// Serves from this copy.
    #[must_use]
    pub fn new(mirror: Arc<Mirror>, clock: Arc<dyn Clock>) -> Self {
        let turns = Arc::new(Turns::new(HEAVY, clock.clone()));
        Self {
            mirror,
            clock,
            turns,
        }
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
        let files = place::is_file(parts.uri.path());
        tell_classes(&mut response, files, visit.caller.services);
        response
    }

    async fn answer<B>(&self, visit: &Visit, parts: &Parts, body: B) -> Result<Response<Body>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<BoxError>,
    {
        let path = parts.uri.path();
        match parts.method.as_str() {
            "OPTIONS" => Ok(options_of(place::is_file(path), visit.caller.services)),
            "GET" | "HEAD" => self.get(visit, parts).await,
            "PROPFIND" => self.propfind(visit, parts, body).await,
            "PROPPATCH" => self.proppatch(visit, parts, body).await,
            "REPORT" => self.report(visit, parts, body).await,
            method => {
                let segments = place::segments(path)?;
                let segments = segments.iter().map(String::as_str);
                let href = place::href(&visit.prefix, segments, path.ends_with('/'));
                let Some(needed) = refuse::privilege(method) else {
                    return Ok(refuse::not_allowed(allowed(place::is_file(path))));
                };
                Ok(refuse::need_privileges(&href, needed))
            }
        }
    }

    /// The answer to OPTIONS without credentials, the same for every address.
    #[must_use]
    pub fn options(&self) -> Response<Body> {
        options_of(false, Services::All)
    }

    /// The answer for an error, by the only table from error to HTTP.
    #[must_use]
    pub fn error_response(error: &Error) -> Response<Body> {
        status::error_response(error)
    }
}

fn options_of(files: bool, services: Services) -> Response<Body> {
    let mut response = body::text(StatusCode::OK, "", "");
    let headers = response.headers_mut();
    headers.insert(ALLOW, allowed(files));
    headers.insert("ms-author-via", HeaderValue::from_static("DAV"));
    tell_classes(&mut response, files, services);
    response
}

/// The methods that work.
fn allowed(files: bool) -> HeaderValue {
    HeaderValue::from_static(if files { FILE_METHODS } else { METHODS })
}

fn tell_classes(response: &mut Response<Body>, files: bool, services: Services) {
    let classes = if files {
        FILE_CLASSES
    } else {
        classes(services)
    };
    response
        .headers_mut()
        .insert("dav", HeaderValue::from_static(classes));
}

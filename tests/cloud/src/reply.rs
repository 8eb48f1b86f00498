//! Answers.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::payload::Payload;

/// An answer before it is sent.
pub(crate) type Reply = Response<Payload>;

/// An answer with a body of one kind.
pub(crate) fn typed(status: u16, kind: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = bare(status);
    *reply.body_mut() = Payload::from(body.into());
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// An answer without body.
pub(crate) fn bare(status: u16) -> Reply {
    let mut reply = Response::new(Payload::default());
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply
}

/// A value as JSON.
pub(crate) fn json(status: u16, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(text) => typed(status, "application/json", text),
        Err(error) => typed(500, "text/plain", error.to_string()),
    }
}

/// Sets a header whose value is made of characters that headers may have.
pub(crate) fn set(reply: &mut Reply, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// A redirect.
pub(crate) fn redirect(location: &str) -> Reply {
    let mut reply = bare(302);
    set(&mut reply, "location", location);
    reply
}

//! GET and HEAD of items: they are in memory and small.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::domain::ItemKind;
use crate::mirror::Member;

use super::body::{Body, full};
use super::props::http_date;
use super::types::item_type;
use super::verdict::{Verdict, judge};

/// The answer to GET and HEAD of an item. Ranges are not served: RFC 9110 §14.2 lets a server
/// ignore them.
pub(super) fn get_item(parts: &Parts, kind: ItemKind, item: &Member) -> Response<Body> {
    let row = &item.row;
    let text = Bytes::copy_from_slice(item.text.as_bytes());
    let verdict = judge(&parts.headers, &row.etag, Some(row.modified));
    let mut response = conditional(verdict, text, parts.method == Method::HEAD);
    let ok = response.status() == StatusCode::OK;
    let headers = response.headers_mut();
    if ok {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(item_type(kind)));
    }
    put(headers, ETAG, &format!("\"{}\"", row.etag));
    if let Some(date) = http_date(row.modified) {
        put(headers, LAST_MODIFIED, &date);
    }
    response
}

/// What a condition lets through.
pub(super) fn conditional(verdict: Verdict, content: Bytes, head: bool) -> Response<Body> {
    let length = HeaderValue::from(content.len());
    let (status, content) = match verdict {
        Verdict::Serve if head => (StatusCode::OK, Bytes::new()),
        Verdict::Serve => (StatusCode::OK, content),
        Verdict::NotModified => (StatusCode::NOT_MODIFIED, Bytes::new()),
        Verdict::Failed => (StatusCode::PRECONDITION_FAILED, Bytes::new()),
    };
    let mut response = Response::new(full(content));
    *response.status_mut() = status;
    if status == StatusCode::OK {
        response.headers_mut().insert(CONTENT_LENGTH, length);
    }
    response
}

/// Sets a header, if it can hold the value.
pub(super) fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

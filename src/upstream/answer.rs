//! What a cloud answered, and what that means.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use url::Url;

use super::wait;
use crate::domain::{Error, Result};

/// A complete answer. Its `Debug` leaves out headers and body.
#[derive(Clone)]
pub struct Answer {
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, at most [`super::ClientSettings::max_json_bytes`].
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether the body calls itself JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_json(&self.headers)
    }

    /// Where a redirect points.
    #[must_use]
    pub fn location(&self) -> Option<Url> {
        location(&self.url, self.status, &self.headers)
    }

    /// How long the cloud asks to wait, from `now` on.
    #[must_use]
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<Duration> {
        wait::asked(&self.headers, now)
    }
}

#[cfg(test)]
impl Answer {
    /// An answer without headers.
    pub(crate) fn plain(status: u16, body: &str) -> Self {
        Self {
            url: Url::parse("http://cloud.test/").expect("an address"),
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What an answer means to the provider.
#[derive(Debug)]
pub enum Verdict<T> {
    /// That is it.
    Done(Result<T>),
    /// Trouble that may pass: ask again if attempts are left, else this is the error.
    Again(Error),
}

impl<T> From<Error> for Verdict<T> {
    fn from(error: Error) -> Self {
        Self::Done(Err(error))
    }
}

/// Whether a body calls itself JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The absolute address a redirect from `url` points to.
pub(super) fn location(url: &Url, status: StatusCode, headers: &HeaderMap) -> Option<Url> {
    if !status.is_redirection() {
        return None;
    }
    let target = headers.get(LOCATION)?.to_str().ok()?;
    url.join(target).ok()
}

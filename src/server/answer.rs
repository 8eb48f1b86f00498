//! Answers of the server's own, and the last wrapper around every answer's body.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::{BodyExt, Full};

use super::record::{Outcome, Record};
use crate::dav::{Body, BoxError};
use crate::domain::{Error, Fault};

/// Constant, so that clients keep one password for all addresses (`charset`: RFC 7617).
const CHALLENGE: HeaderValue =
    HeaderValue::from_static(r#"Basic realm="davbridge", charset="UTF-8""#);

/// On a line of its own, after Basic: there are clients that look at the first one only.
const BEARER: HeaderValue = HeaderValue::from_static(r#"Bearer realm="davbridge""#);

/// When to come back after trouble of the bridge's own, in seconds.
const TROUBLE: HeaderValue = HeaderValue::from_static("30");

/// A body that is there already.
pub(super) fn whole(body: Full<Bytes>) -> Body {
    body.map_err(|never| match never {}).boxed_unsync()
}

/// A short text.
pub(super) fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(whole(Full::new(Bytes::from_static(text.as_bytes()))));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// 401 with the constant challenge, for no credentials and for wrong ones alike.
pub(super) fn challenge(bearer: bool) -> Response<Body> {
    let mut response = text(
        StatusCode::UNAUTHORIZED,
        "Sign in with your user name and an app password.\n",
    );
    response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
    if bearer {
        response.headers_mut().append(WWW_AUTHENTICATE, BEARER);
    }
    response
}

/// 429 for those who guess.
pub(super) fn slow(retry_after: Duration) -> Response<Body> {
    let mut response = text(
        StatusCode::TOO_MANY_REQUESTS,
        "Too many wrong passwords. Try again later.\n",
    );
    let seconds = retry_after.as_secs_f64().ceil().max(1.0);
    let value = HeaderValue::from_str(&format!("{seconds:.0}"));
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, value.unwrap_or(TROUBLE));
    response
}

/// 503: trouble of the bridge's own, or of the identity provider, that says nothing about the
/// request.
pub(super) fn trouble(error: &Error) -> Response<Body> {
    let mut response = text(
        StatusCode::SERVICE_UNAVAILABLE,
        match error.fault() {
            Fault::Cloud => "The identity provider cannot be asked. Try again later.\n",
            Fault::Bridge | Fault::Client => {
                "The bridge's own store is in trouble. Try again later.\n"
            }
        },
    );
    response.headers_mut().insert(RETRY_AFTER, TROUBLE);
    response
}

/// 301 to an absolute path.
pub(super) fn moved(path: &str) -> Response<Body> {
    let mut response = text(StatusCode::MOVED_PERMANENTLY, "");
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    response
}

/// 405 with the methods that work.
pub(super) fn only(methods: &'static str) -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "");
    let methods = HeaderValue::from_static(methods);
    response.headers_mut().insert(ALLOW, methods);
    response
}

/// From now on by HTTPS only, for a year (RFC 6797); said where HTTPS was used.
pub(super) fn only_https(headers: &mut HeaderMap) {
    let year = HeaderValue::from_static("max-age=31536000");
    headers.insert(STRICT_TRANSPORT_SECURITY, year);
}

/// The body of every answer: counts what goes out and writes the record when it is over.
pub(super) struct Sent {
    body: Body,
    record: Record,
    /// `Content-Length`: at so many bytes nobody asks the body for its end any more.
    length: Option<u64>,
}

impl Sent {
    /// Wraps an answer. `bodiless`: nothing of the body goes out (HEAD).
    pub(super) fn wrap(
        response: Response<Body>,
        mut record: Record,
        bodiless: bool,
    ) -> Response<Self> {
        record.status = Some(response.status());
        let length = response.headers().get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        response.map(|body| {
            if bodiless || body.is_end_stream() {
                record.outcome = Outcome::Sent;
            }
            Self {
                body,
                record,
                length,
            }
        })
    }

    fn note(&mut self, frame: Option<&Result<Frame<Bytes>, BoxError>>) {
        match frame {
            None => self.record.outcome = Outcome::Sent,
            Some(Ok(frame)) => {
                self.record.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                let whole = self.length == Some(self.record.bytes);
                if whole || self.body.is_end_stream() || self.body.size_hint().exact() == Some(0) {
                    self.record.outcome = Outcome::Sent;
                }
            }
            Some(Err(error)) => {
                self.record.outcome = Outcome::Broken;
                tracing::warn!(id = self.record.id, error = %error, "answer broken off");
            }
        }
    }
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let polled = AssertUnwindSafe(|| Pin::new(&mut this.body).poll_frame(cx));
        let frame = match catch_unwind(polled) {
            Ok(poll) => ready!(poll),
            Err(_) => Some(Err("panic in an answer's body".into())),
        };
        this.note(frame.as_ref());
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

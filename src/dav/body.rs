//! Bodies in and out.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};

use crate::domain::{Clock, Error, Kind, Result};

/// Error of a body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Body of an answer.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// Longest request body that is parsed.
const MAX_REQUEST: usize = 4 << 20;
/// Longest time for it to arrive.
const REQUEST_TIME: Duration = Duration::from_secs(60);

/// A body that is there already.
pub(super) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// An answer with a short body.
pub(super) fn text(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Body> {
    let body = body.into();
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(full(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_LENGTH, length);
    if !content_type.is_empty() {
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

/// The whole body of a request. `TooLarge` beyond the limit, `Invalid` when it breaks off or
/// takes too long.
pub(super) async fn read<B>(clock: &dyn Clock, body: B) -> Result<Bytes>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let whole = Box::pin(Limited::new(body, MAX_REQUEST).collect());
    tokio::select! {
        // What is there is taken, however late it is.
        biased;
        outcome = whole => match outcome {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                Err(Error::client(Kind::TooLarge, "the body is too large"))
            }
            Err(error) => Err(Error::client(Kind::Invalid, "the body broke off").because(error)),
        },
        () = clock.sleep(REQUEST_TIME) => Err(Error::client(Kind::Invalid, "the body took too long")),
    }
}

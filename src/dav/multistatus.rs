//! Answers of many parts (RFC 4918 §13), written piece by piece.

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt, StreamBody};

use crate::domain::Result;

use super::body::{Body, BoxError, full};
use super::xml::{Prefixes, Writer};

/// Root of every answer.
const ROOT: &str = "D:multistatus";

/// The inside of an answer.
#[async_trait]
pub(super) trait Pieces: Send + 'static {
    /// Writes the next piece; whether more is to come.
    async fn next(&mut self, writer: &mut Writer) -> Result<bool>;
}

/// The answer made of these pieces. An error of the first is an error of the request; a later
/// one breaks the body off. An answer of one piece is not streamed.
pub(super) async fn respond(
    mut pieces: impl Pieces,
    prefixes: &Prefixes,
    minimal: bool,
) -> Result<Response<Body>> {
    let mut writer = Writer::new();
    writer.begin(ROOT, prefixes);
    let more = pieces.next(&mut writer).await?;
    let body = if more {
        let first = Ok(http_body::Frame::data(Bytes::from(writer.finish())));
        let rest = stream::unfold(Some(pieces), following);
        let frames = stream::iter([first]).chain(rest);
        StreamBody::new(frames).boxed_unsync()
    } else {
        writer.close(ROOT);
        full(writer.finish())
    };
    Ok(head(body, minimal))
}

type Frame = Result<http_body::Frame<Bytes>, BoxError>;

async fn following<P: Pieces>(pieces: Option<P>) -> Option<(Frame, Option<P>)> {
    let mut pieces = pieces?;
    // Other requests have their turn between two pieces.
    tokio::task::yield_now().await;
    let mut writer = Writer::new();
    Some(match pieces.next(&mut writer).await {
        Ok(more) => {
            if !more {
                writer.close(ROOT);
            }
            let frame = http_body::Frame::data(Bytes::from(writer.finish()));
            (Ok(frame), more.then_some(pieces))
        }
        Err(error) => {
            tracing::warn!(error = %error.chain(), "an answer broke off");
            (Err(error.into()), None)
        }
    })
}

fn head(body: Body, minimal: bool) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::MULTI_STATUS;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/xml; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if minimal {
        headers.insert(
            "preference-applied",
            HeaderValue::from_static("return=minimal"),
        );
    }
    response
}

//! The one table from errors to HTTP.

use std::time::Duration;

use http::header::{CACHE_CONTROL, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};

use crate::domain::{Error, Fault, Kind};

use super::body::{Body, text};

/// Told to clients where the cloud does not say how long.
const COME_BACK: Duration = Duration::from_secs(30);

/// The status of an error. Trouble of the cloud or of the bridge is never a 4xx: clients take
/// those for statements about their data.
pub(super) fn status(error: &Error) -> StatusCode {
    match (error.kind(), error.fault()) {
        (Kind::NotFound, Fault::Client) => StatusCode::NOT_FOUND,
        (Kind::Forbidden, _) => StatusCode::FORBIDDEN,
        (Kind::Changed, Fault::Client) => StatusCode::PRECONDITION_FAILED,
        (Kind::Invalid, Fault::Client) => StatusCode::BAD_REQUEST,
        (Kind::TooLarge, Fault::Client) => StatusCode::PAYLOAD_TOO_LARGE,
        (Kind::Unsupported, Fault::Client) => StatusCode::METHOD_NOT_ALLOWED,
        (Kind::Locked, Fault::Client) => StatusCode::LOCKED,
        (Kind::Broken, Fault::Bridge) => StatusCode::INTERNAL_SERVER_ERROR,
        (
            Kind::NotFound
            | Kind::Changed
            | Kind::Locked
            | Kind::SignedOut
            | Kind::NotGranted
            | Kind::Busy { .. }
            | Kind::Down
            | Kind::StaleCursor
            | Kind::Unsupported
            | Kind::Invalid
            | Kind::Full
            | Kind::TooLarge
            | Kind::Broken,
            _,
        ) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The answer for an error: its sentence without causes, and when to come back.
pub(super) fn error_response(error: &Error) -> Response<Body> {
    let status = status(error);
    if status.is_server_error() {
        tracing::warn!(%status, error = %error.chain(), "request failed");
    }
    let mut response = text(
        status,
        "text/plain; charset=utf-8",
        capital(&format!("{error}\n")),
    );
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let wait = match error.kind() {
            Kind::Busy {
                retry_after: Some(wait),
            } => wait.clamp(Duration::from_secs(1), Duration::from_hours(1)),
            _ => COME_BACK,
        };
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    if status == StatusCode::NOT_FOUND {
        // Windows keeps a 404 for a minute, whatever the case of the name.
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// A sentence as people read it.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_never_a_statement_about_data() {
        let kinds = [
            Kind::NotFound,
            Kind::Locked,
            Kind::Changed,
            Kind::SignedOut,
            Kind::NotGranted,
            Kind::Busy { retry_after: None },
            Kind::Down,
            Kind::StaleCursor,
            Kind::Unsupported,
            Kind::Invalid,
            Kind::Full,
            Kind::TooLarge,
            Kind::Broken,
        ];
        for kind in kinds {
            for fault in [Fault::Cloud, Fault::Bridge] {
                let status = status(&Error::new(kind, fault, "x"));
                assert!(
                    status.is_server_error(),
                    "{kind:?} {fault:?} gives {status}"
                );
            }
        }
    }

    #[test]
    fn the_cloud_says_when_to_come_back() {
        let busy = |seconds| Kind::Busy {
            retry_after: Some(Duration::from_secs(seconds)),
        };
        let header = |kind| {
            let response = error_response(&Error::cloud(kind, "x"));
            response.headers()[RETRY_AFTER].to_str().unwrap().to_owned()
        };
        assert_eq!(header(busy(7)), "7");
        assert_eq!(header(busy(0)), "1");
        assert_eq!(header(Kind::Down), "30");
    }
}

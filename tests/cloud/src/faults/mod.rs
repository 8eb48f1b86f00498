//! Faults: what goes wrong, on which calls.
//!
//! [`spec`] is what tests write, [`book`] finds the faults of a call, [`mangle`] spoils answers.

mod book;
mod mangle;
mod spec;

pub(crate) use book::{Book, Seen};
pub(crate) use mangle::spoil;
pub use spec::{Bad, Fault, Kind};

use crate::infomaniak::envelope::Failure;
use crate::reply::{self, Reply};
use crate::vendors::Style;

/// The answer a fault gives in place of the handler's.
pub(crate) fn instead(kind: &Kind, style: Style) -> Option<Reply> {
    match kind {
        Kind::Status {
            status,
            code,
            description,
        } => Some(style.error(*status, code, description)),
        Kind::ErrorOn200 { code } => Some(Failure::new(200, code, "An error occurred").reply()),
        Kind::TooMany {
            retry_after,
            reset_after,
        } => Some(limited(style, *retry_after, *reset_after)),
        Kind::Html { status } => {
            let text = format!(
                "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
                 <center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n\
                 </body>\r\n</html>\r\n"
            );
            Some(reply::typed(*status, "text/html", text))
        }
        Kind::Empty { status } => Some(reply::bare(*status)),
        _ => None,
    }
}

/// 429, with what it tells about the time to wait, seconds from now.
pub(crate) fn too_many(retry_after: Option<u64>, reset_after: Option<u64>) -> Reply {
    limited(Style::Infomaniak, retry_after, reset_after)
}

fn limited(style: Style, retry_after: Option<u64>, reset_after: Option<u64>) -> Reply {
    let mut reply = style.error(429, "too_many_requests", "Too many requests");
    if let Some(seconds) = retry_after {
        reply::set(&mut reply, "retry-after", &seconds.to_string());
    }
    if let Some(seconds) = reset_after {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0, |now| now.as_secs());
        let at = now + seconds;
        reply::set(&mut reply, "x-ratelimit-reset", &at.to_string());
    }
    reply
}

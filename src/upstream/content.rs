//! The content of a file, checked while it streams.

use bytes::{Buf, Bytes};
use futures::stream;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, TRANSFER_ENCODING};
use http::{HeaderMap, StatusCode, Version};
use reqwest::Response;

use super::content_range::{ContentRange, digits};
use super::trouble::Trouble;
use crate::domain::{ByteRange, Content, ContentStream, Error, Kind, Result};

/// Where bytes come from: those read already, then the rest of the answer.
pub(super) struct Source {
    pub(super) head: Option<Bytes>,
    pub(super) rest: Option<Response>,
}

impl Source {
    /// Whether the protocol tells the end by itself, as HTTP/2 does.
    fn is_framed(&self) -> bool {
        let rest = self.rest.as_ref();
        rest.is_none_or(|rest| rest.version() >= Version::HTTP_2)
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let Some(rest) = self.rest.as_mut() else {
            return Ok(None);
        };
        rest.chunk()
            .await
            .map_err(|error| Trouble::from(error).error)
    }
}

/// The content of a 200 or 206 answer to a request for `range`.
///
/// # Errors
/// `Changed` when the file no longer covers the range, `Broken` when the answer does not fit the
/// request.
pub(super) fn content(
    status: StatusCode,
    headers: &HeaderMap,
    range: Option<ByteRange>,
    max_skip: u64,
    source: Source,
) -> Result<Content> {
    if is_encoded(headers) {
        return Err(broken(
            "the content came encoded although that was not asked for",
        ));
    }
    let length = length(headers)?;
    let (total, reader) = match (status, range) {
        (StatusCode::OK, None) => {
            if !source.is_framed() && length.is_none() && !headers.contains_key(TRANSFER_ENCODING) {
                // an end of the connection in the middle would look like the end of the file
                return Err(broken("the answer does not tell where it ends"));
            }
            (length, Reader::whole(length, source))
        }
        (StatusCode::OK, Some(range)) => {
            covers(length, range)?;
            if range.first() > max_skip {
                return Err(broken("the cloud ignored the range, which begins too late"));
            }
            (length, Reader::cut(range, source))
        }
        (StatusCode::PARTIAL_CONTENT, Some(range)) => {
            let total = partial(headers, length, range)?;
            (total, Reader::whole(Some(range.count()), source))
        }
        _ => {
            return Err(broken(
                "part of the content came although the whole was asked for",
            ));
        }
    };
    Ok(Content {
        total,
        version: None,
        stream: reader.stream(),
    })
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let encoding = headers.get(CONTENT_ENCODING);
    encoding.is_some_and(|encoding| encoding.as_bytes() != b"identity")
}

/// Checks a 206 against the request; gives the size of the whole file.
fn partial(headers: &HeaderMap, length: Option<u64>, range: ByteRange) -> Result<Option<u64>> {
    let told = headers
        .get(CONTENT_RANGE)
        .and_then(|value| value.to_str().ok());
    let told = told.and_then(ContentRange::parse);
    let told = told.ok_or_else(|| broken("the answer does not tell which part it is"))?;
    covers(told.total, range)?;
    let fits = told.first == range.first() && told.last == range.last();
    if !fits || length.is_some_and(|length| length != range.count()) {
        return Err(broken(
            "another part of the content came than was asked for",
        ));
    }
    Ok(told.total)
}

fn covers(total: Option<u64>, range: ByteRange) -> Result<()> {
    if total.is_some_and(|total| total <= range.last()) {
        return Err(changed());
    }
    Ok(())
}

/// The file no longer has the range that was asked for.
pub(super) fn changed() -> Error {
    Error::cloud(Kind::Changed, "the file became shorter")
}

fn length(headers: &HeaderMap) -> Result<Option<u64>> {
    let Some(value) = headers.get(CONTENT_LENGTH) else {
        return Ok(None);
    };
    let length = value.to_str().ok().and_then(digits);
    length
        .map(Some)
        .ok_or_else(|| broken("the answer's length is no number"))
}

fn broken(message: &'static str) -> Error {
    Error::cloud(Kind::Broken, message)
}

/// Gives the asked bytes, no more and no less.
struct Reader {
    source: Source,
    /// Bytes to throw away first.
    skip: u64,
    /// Bytes to give; `None` until the end, wherever that is.
    left: Option<u64>,
    /// Whether nothing may follow.
    to_end: bool,
}

impl Reader {
    fn whole(left: Option<u64>, source: Source) -> Self {
        Self {
            source,
            skip: 0,
            left,
            to_end: true,
        }
    }

    fn cut(range: ByteRange, source: Source) -> Self {
        let left = Some(range.count());
        Self {
            source,
            skip: range.first(),
            left,
            to_end: false,
        }
    }

    fn stream(self) -> ContentStream {
        Box::pin(stream::try_unfold(self, |mut reader| async {
            Ok(reader.next().await?.map(|part| (part, reader)))
        }))
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if self.left == Some(0) && !self.to_end {
                return Ok(None);
            }
            let Some(mut part) = self.source.next().await? else {
                let complete = self.skip == 0 && self.left.is_none_or(|left| left == 0);
                let early = || Error::cloud(Kind::Down, "the content ended early");
                return if complete { Ok(None) } else { Err(early()) };
            };
            let size = u64::try_from(part.len()).unwrap_or(u64::MAX);
            let skipped = self.skip.min(size);
            self.skip -= skipped;
            part.advance(usize::try_from(skipped).unwrap_or(part.len()));
            if part.is_empty() {
                continue;
            }
            self.count(&mut part)?;
            return Ok(Some(part));
        }
    }

    /// Takes the part off what is left to give.
    fn count(&mut self, part: &mut Bytes) -> Result<()> {
        let Some(left) = self.left.as_mut() else {
            return Ok(());
        };
        let size = u64::try_from(part.len()).unwrap_or(u64::MAX);
        if size > *left {
            if self.to_end {
                return Err(broken("the content is longer than told"));
            }
            part.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
        }
        *left = left.saturating_sub(size);
        Ok(())
    }
}

#[cfg(test)]
#[path = "content_tests/mod.rs"]
mod tests;

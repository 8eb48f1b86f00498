//! One byte range of a file.

use hyper::HeaderMap;

use super::node::Content;
use crate::payload::Payload;
use crate::reply::{self, Reply};

/// What a Range header asks of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Everything,
    /// From the first to the last byte, both included.
    Part(u64, u64),
    Nothing,
}

/// The content as 200, 206 or 416; `ranges` off answers 200 whatever is asked.
pub(crate) fn serve(
    content: &Content,
    mime: Option<&str>,
    headers: &HeaderMap,
    ranges: bool,
) -> Reply {
    let size = content.size();
    let header = headers.get("range").and_then(|value| value.to_str().ok());
    let wanted = header
        .filter(|_| ranges)
        .map_or(Wanted::Everything, |text| read(text, size));
    let (status, place) = match wanted {
        Wanted::Everything => (200, None),
        Wanted::Part(first, last) => (206, Some(format!("bytes {first}-{last}/{size}"))),
        Wanted::Nothing => (416, Some(format!("bytes */{size}"))),
    };
    let mut reply = reply::bare(status);
    *reply.body_mut() = match wanted {
        Wanted::Everything => content.body(0, size),
        Wanted::Part(first, last) => content.body(first, last + 1 - first),
        Wanted::Nothing => Payload::default(),
    };
    if let Some(place) = place {
        reply::set(&mut reply, "content-range", &place);
    }
    if ranges {
        reply::set(&mut reply, "accept-ranges", "bytes");
    }
    reply::set(
        &mut reply,
        "content-type",
        mime.unwrap_or("application/octet-stream"),
    );
    reply
}

/// Reads a Range header; what is not one range of bytes asks for everything.
fn read(text: &str, size: u64) -> Wanted {
    let Some((first, last)) = text
        .strip_prefix("bytes=")
        .and_then(|text| text.split_once('-'))
    else {
        return Wanted::Everything;
    };
    let end = size.saturating_sub(1);
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.min(end)),
        (Ok(first), Err(_)) if last.trim().is_empty() => (first, end),
        (Err(_), Ok(0)) if first.trim().is_empty() => return Wanted::Nothing,
        (Err(_), Ok(tail)) if first.trim().is_empty() => (size.saturating_sub(tail), end),
        _ => return Wanted::Everything,
    };
    if range.0 >= size {
        return Wanted::Nothing;
    }
    Wanted::Part(range.0, range.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        assert_eq!(read("bytes=0-9", 100), Wanted::Part(0, 9));
        assert_eq!(read("bytes=90-", 100), Wanted::Part(90, 99));
        assert_eq!(read("bytes=-10", 100), Wanted::Part(90, 99));
        assert_eq!(read("bytes=-1000", 100), Wanted::Part(0, 99));
        assert_eq!(read("bytes=90-1000", 100), Wanted::Part(90, 99));
        assert_eq!(read("bytes=100-", 100), Wanted::Nothing);
        assert_eq!(read("bytes=0-0", 0), Wanted::Nothing);
        assert_eq!(read("bytes=-0", 100), Wanted::Nothing);
        assert_eq!(read("bytes=9-0", 100), Wanted::Everything);
        assert_eq!(read("bytes=0-1,5-6", 100), Wanted::Everything);
        assert_eq!(read("lines=0-1", 100), Wanted::Everything);
    }
}

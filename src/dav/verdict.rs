//! Conditions of GET and HEAD on what is answered here, without `dav-server`.

use chrono::{DateTime, Utc};
use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
use http::{HeaderMap, HeaderName};

use super::condition::{self, Wanted};

/// What the conditions of a GET or HEAD come to (RFC 9110 §13.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The content.
    Serve,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

/// Judges the conditions against a strong entity tag, given without quotes.
pub(super) fn judge(headers: &HeaderMap, etag: &str, modified: Option<DateTime<Utc>>) -> Verdict {
    let headers = condition::judged(headers, Wanted::Whole, 0);
    let names = |name: HeaderName| {
        let value = headers.get(name)?.to_str().ok()?;
        let mut tags = value.split(',').map(str::trim);
        Some(tags.any(|tag| tag == "*" || tag.trim_matches('"') == etag))
    };
    let since = |name: HeaderName| {
        let date = headers.get(name)?.to_str().ok()?;
        let date = DateTime::<Utc>::from(httpdate::parse_http_date(date).ok()?);
        Some(modified?.timestamp() > date.timestamp())
    };
    if names(IF_MATCH) == Some(false) || since(IF_UNMODIFIED_SINCE) == Some(true) {
        Verdict::Failed
    } else if names(IF_NONE_MATCH) == Some(true) || since(IF_MODIFIED_SINCE) == Some(false) {
        Verdict::NotModified
    } else {
        Verdict::Serve
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let modified = DateTime::from_timestamp(1_513_720_956, 500_000_000);
        let judge = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            super::judge(&headers, "abc", modified)
        };
        assert_eq!(judge("if-match", "\"abc\""), Verdict::Serve);
        assert_eq!(judge("if-match", "\"x\", \"abc\""), Verdict::Serve);
        assert_eq!(judge("if-match", "\"x\""), Verdict::Failed);
        assert_eq!(judge("if-match", "\""), Verdict::Failed);
        assert_eq!(judge("if-match", "W/\"abc\""), Verdict::Failed);
        assert_eq!(judge("if-none-match", "W/\"abc\""), Verdict::NotModified);
        assert_eq!(judge("if-none-match", "*"), Verdict::NotModified);
        assert_eq!(judge("if-none-match", "\"x\""), Verdict::Serve);
        let (same, before) = (
            "Tue, 19 Dec 2017 22:02:36 GMT",
            "Tue, 19 Dec 2017 22:02:35 GMT",
        );
        assert_eq!(judge("if-modified-since", same), Verdict::NotModified);
        assert_eq!(judge("if-modified-since", before), Verdict::Serve);
        assert_eq!(judge("if-modified-since", "yesterday"), Verdict::Serve);
        assert_eq!(judge("if-unmodified-since", same), Verdict::Serve);
        assert_eq!(judge("if-unmodified-since", before), Verdict::Failed);
    }
}

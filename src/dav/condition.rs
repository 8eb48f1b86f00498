//! Conditions and ranges of GET and HEAD, made safe for `dav-server`: it panics on a lone quote
//! as an entity tag and answers a range beyond the end as if none had been asked for.

use http::header::{
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::domain::ByteRange;

/// Whether Windows Explorer or Office asks.
pub(super) fn is_microsoft(headers: &HeaderMap) -> bool {
    agent(headers).is_some_and(|agent| agent.contains("Microsoft"))
}

fn is_office(headers: &HeaderMap) -> bool {
    agent(headers).is_some_and(|agent| agent.contains("Microsoft Office"))
}

fn agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(USER_AGENT)?.to_str().ok()
}

/// The range that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it, also where the range is malformed or there are several (RFC 9110 §14.2 lets a
    /// server ignore them).
    Whole,
    /// These bytes.
    Part(ByteRange),
    /// A range beyond the end.
    Nothing,
}

/// Whether a part is asked for on condition that the file is still the one that the client has
/// the other parts of.
pub(super) fn continues(headers: &HeaderMap) -> bool {
    let conditions = [IF_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE];
    headers.contains_key(RANGE) && conditions.iter().any(|name| headers.contains_key(name))
}

/// The range asked of a file of `size` bytes.
pub(super) fn wanted(headers: &HeaderMap, size: u64) -> Wanted {
    let mut values = headers.get_all(RANGE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Wanted::Whole;
    };
    let spec = value
        .to_str()
        .ok()
        .and_then(|value| value.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.trim().split_once('-')) else {
        return Wanted::Whole;
    };
    if size == 0 {
        return Wanted::Whole;
    }
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        plain.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let end = size - 1;
    match (
        first.is_empty(),
        number(first),
        last.is_empty(),
        number(last),
    ) {
        (true, _, false, Some(0)) => Wanted::Nothing,
        (true, _, false, Some(count)) => part(size.saturating_sub(count), end),
        (false, Some(first), true, _) if first > end => Wanted::Nothing,
        (false, Some(first), true, _) => part(first, end),
        (false, Some(first), false, Some(last)) if first <= last && first > end => Wanted::Nothing,
        (false, Some(first), false, Some(last)) if first <= last => part(first, last.min(end)),
        _ => Wanted::Whole,
    }
}

fn part(first: u64, last: u64) -> Wanted {
    ByteRange::new(first, last).map_or(Wanted::Whole, Wanted::Part)
}

/// The headers that `dav-server` may judge, in a form it judges rightly.
pub(super) fn judged(headers: &HeaderMap, wanted: Wanted, size: u64) -> HeaderMap {
    let mut out = HeaderMap::new();
    let office = is_office(headers);
    let copy = |out: &mut HeaderMap, name: HeaderName| {
        if let Some(value) = headers.get(&name) {
            out.insert(name, value.clone());
        }
    };
    if let Some(tags) = tags(headers, &IF_MATCH) {
        // A tag that cannot be one matches nothing; the condition stands.
        out.insert(IF_MATCH, tags.unwrap_or(HeaderValue::from_static("\"\"")));
    } else {
        copy(&mut out, IF_UNMODIFIED_SINCE);
    }
    // Office opens a file read-only after a 304.
    if !office {
        match tags(headers, &IF_NONE_MATCH) {
            Some(Some(tags)) => drop(out.insert(IF_NONE_MATCH, tags)),
            Some(None) => {}
            None => copy(&mut out, IF_MODIFIED_SINCE),
        }
    }
    let range = match wanted {
        Wanted::Whole => return out,
        Wanted::Part(range) => format!("bytes={}-{}", range.first(), range.last()),
        Wanted::Nothing => format!("bytes={size}-{size}"),
    };
    if let Some(condition) = headers.get(IF_RANGE) {
        out.insert(IF_RANGE, if_range(condition));
    }
    let range = HeaderValue::from_str(&range).expect("digits can stand in a header");
    out.insert(RANGE, range);
    out
}

/// A tag that cannot be one matches nothing.
fn if_range(condition: &HeaderValue) -> HeaderValue {
    let readable = |text: &str| !text.contains('"') || is_tag(text.trim());
    if condition.to_str().is_ok_and(readable) {
        condition.clone()
    } else {
        HeaderValue::from_static("\"\"")
    }
}

/// A header of entity tags: absent, with no usable tag, or its usable tags. Weak comparison for
/// `If-None-Match` (RFC 9110 §13.1.2): our tags are strong, so `W/` is dropped there.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Option<HeaderValue>> {
    let mut present = false;
    let mut good = Vec::new();
    for value in headers.get_all(name) {
        present = true;
        let Ok(text) = value.to_str() else { continue };
        if text.trim() == "*" {
            return Some(Some(HeaderValue::from_static("*")));
        }
        for tag in text.split(',').map(str::trim) {
            let tag = if *name == IF_NONE_MATCH {
                tag.strip_prefix("W/").unwrap_or(tag)
            } else {
                tag
            };
            if is_tag(tag) && good.len() < 100 {
                good.push(tag.to_owned());
            }
        }
    }
    let joined = (!good.is_empty()).then(|| good.join(", "));
    present.then(|| joined.and_then(|joined| HeaderValue::from_str(&joined).ok()))
}

/// `"…"` or `W/"…"`.
fn is_tag(text: &str) -> bool {
    let text = text.strip_prefix("W/").unwrap_or(text);
    text.len() >= 2
        && text.starts_with('"')
        && text.ends_with('"')
        && !text[1..text.len() - 1].contains('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn ranges() {
        let ask = |range: &str| wanted(&headers(&[("range", range)]), 100);
        assert_eq!(ask("bytes=0-0"), part(0, 0));
        assert_eq!(ask("bytes=10-"), part(10, 99));
        assert_eq!(ask("bytes=-10"), part(90, 99));
        assert_eq!(ask("bytes=-1000"), part(0, 99));
        assert_eq!(ask("bytes=90-1000"), part(90, 99));
        assert_eq!(ask("bytes=0-99999999999999999999999"), part(0, 99));
        assert_eq!(ask("bytes=100-"), Wanted::Nothing);
        assert_eq!(ask("bytes=-0"), Wanted::Nothing);
        for odd in [
            "bytes=5-2",
            "bytes=a-b",
            "bytes=",
            "bytes=-",
            "items=0-1",
            "bytes=0-1,5-6",
            "bytes=+1-2",
        ] {
            assert_eq!(ask(odd), Wanted::Whole, "{odd}");
        }
        assert_eq!(wanted(&headers(&[("range", "bytes=0-")]), 0), Wanted::Whole);
    }

    #[test]
    fn a_lone_quote_never_reaches_the_crate() {
        let odd = headers(&[
            ("if-none-match", "\""),
            ("if-match", "\""),
            ("if-range", "\""),
        ]);
        let judged = judged(&odd, part(0, 1), 10);
        assert_eq!(judged.get(IF_NONE_MATCH), None);
        assert_eq!(judged[IF_MATCH], "\"\"");
        assert_eq!(judged[IF_RANGE], "\"\"");
    }

    #[test]
    fn junk_if_none_match_is_dropped_and_weak_compares() {
        let judge = |value: &str| judged(&headers(&[("if-none-match", value)]), Wanted::Whole, 10);
        assert_eq!(judge("JoplinIgnore-1").get(IF_NONE_MATCH), None);
        assert_eq!(judge("W/\"a\", \"b\"")[IF_NONE_MATCH], "\"a\", \"b\"");
    }

    #[test]
    fn office_gets_no_304() {
        let asks = headers(&[
            ("if-none-match", "\"a\""),
            ("user-agent", "Microsoft Office Word 2014"),
        ]);
        assert!(judged(&asks, Wanted::Whole, 10).is_empty());
    }

    proptest! {
        #[test]
        fn any_range_stays_inside(text in "(bytes=)?[0-9,\\-]{0,30}", size in any::<u64>()) {
            if let Wanted::Part(range) = wanted(&headers(&[("range", &text)]), size) {
                prop_assert!(range.last() < size);
            }
        }
    }
}

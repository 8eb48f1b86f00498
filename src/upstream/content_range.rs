//! `Content-Range` of a partial answer.

/// `bytes first-last/total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) first: u64,
    pub(super) last: u64,
    /// `None` for `*`.
    pub(super) total: Option<u64>,
}

impl ContentRange {
    /// Reads the header's value; `None` where it is malformed or contradicts itself.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.trim().split_once(' ')?;
        let (span, total) = rest.trim().split_once('/')?;
        let (first, last) = span.split_once('-')?;
        let total = match total.trim() {
            "*" => None,
            number => Some(digits(number)?),
        };
        let (first, last) = (digits(first.trim())?, digits(last.trim())?);
        let sane = first <= last && total.is_none_or(|total| last < total);
        (unit.eq_ignore_ascii_case("bytes") && sane).then_some(Self { first, last, total })
    }
}

/// A number without sign.
pub(super) fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let range = ContentRange::parse("bytes 2-5/10").expect("a range");
        assert_eq!((range.first, range.last, range.total), (2, 5, Some(10)));
        let range = ContentRange::parse("Bytes 0-0/*").expect("a range");
        assert_eq!((range.first, range.last, range.total), (0, 0, None));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "bytes",
            "bytes 5-2/10",
            "bytes 2-10/10",
            "bytes */10",
            "items 2-5/10",
            "bytes 2-5",
            "bytes +2-5/10",
            "bytes 2-5/x",
            "bytes 2-99999999999999999999/*",
        ] {
            assert_eq!(ContentRange::parse(bad), None, "{bad}");
        }
    }
}

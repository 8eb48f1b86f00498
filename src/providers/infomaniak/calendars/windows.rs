//! The windows in which events are listed (fact sheet §4.3).
//!
//! One call covers less than three months; the shortest three months have 89 days. The zone in
//! which the cloud reads the asked times is not documented, so each window is asked a day wider
//! at both ends: whatever the zone, nothing falls between two of them.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::domain::{Error, Kind, Result, Span};

/// Longest window, before it is asked wider.
pub(super) const LONGEST: TimeDelta = TimeDelta::days(80);
/// By how much a window is asked wider, at each end.
const WIDER: TimeDelta = TimeDelta::days(1);
/// Most windows of one look: more than 40 years.
const MOST: i64 = 200;

/// Windows of at most `longest` that cover a span, the earliest first.
///
/// # Errors
/// `Invalid` when they would be too many.
pub(super) fn of(span: Span, longest: TimeDelta) -> Result<VecDeque<Span>> {
    if (span.to - span.from).num_seconds() > longest.num_seconds().saturating_mul(MOST) {
        return Err(Error::bridge(
            Kind::Invalid,
            "the calendar's time is too long to be listed in windows",
        ));
    }
    let mut windows = VecDeque::new();
    let mut from = span.from;
    while from < span.to {
        let to = from.checked_add_signed(longest).unwrap_or(span.to);
        let to = to.min(span.to);
        windows.push_back(Span { from, to });
        from = to;
    }
    Ok(windows)
}

/// What a window is asked as: the digits of UTC, from and to.
pub(super) fn asked(window: Span) -> (String, String) {
    let from = window.from.checked_sub_signed(WIDER);
    let to = window.to.checked_add_signed(WIDER + TimeDelta::seconds(1));
    (
        digits(from.unwrap_or(window.from)),
        digits(to.unwrap_or(window.to)),
    )
}

fn digits(at: DateTime<Utc>) -> String {
    let at = at.with_nanosecond(0).unwrap_or(at);
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn span(from: &str, to: &str) -> Span {
        Span {
            from: at(from),
            to: at(to),
        }
    }

    #[test]
    fn three_years_are_fourteen_windows_without_a_gap() {
        for year in 2019..2030 {
            let from = at(&format!("{}-03-01T12:34:56.789Z", year - 1));
            let to = at(&format!("{}-03-01T12:34:56.789Z", year + 2));
            let windows = of(Span { from, to }, LONGEST).expect("windows");
            assert_eq!(windows.len(), 14, "{year}");
            let mut end = from;
            for window in &windows {
                assert_eq!(window.from, end);
                assert!(window.to > window.from && window.to - window.from <= LONGEST);
                end = window.to;
            }
            assert_eq!(end, to);
        }
    }

    #[test]
    fn windows_are_asked_wider_and_stay_below_three_months() {
        let one = span("2026-02-01T10:00:00.5Z", "2026-04-22T10:00:00.5Z");
        assert_eq!(one.to - one.from, LONGEST);
        let asked = asked(one);
        let digits = (
            "2026-01-31 10:00:00".to_owned(),
            "2026-04-23 10:00:01".to_owned(),
        );
        assert_eq!(asked, digits);
        assert!(LONGEST + WIDER + WIDER + TimeDelta::days(1) < TimeDelta::days(89));
    }

    #[test]
    fn odd_spans_are_bounded() {
        let none = of(
            span("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            LONGEST,
        );
        assert_eq!(none.expect("none").len(), 0);
        let backwards = of(
            span("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
            LONGEST,
        );
        assert_eq!(backwards.expect("none").len(), 0);
        let ever = Span {
            from: DateTime::<Utc>::MIN_UTC,
            to: DateTime::<Utc>::MAX_UTC,
        };
        assert_eq!(
            of(ever, LONGEST).expect_err("endless").kind(),
            Kind::Invalid
        );
        let last = Span {
            from: DateTime::<Utc>::MAX_UTC - TimeDelta::days(100),
            to: DateTime::<Utc>::MAX_UTC,
        };
        let windows = of(last, LONGEST).expect("windows");
        assert_eq!(windows.len(), 2);
        assert!(
            windows
                .into_iter()
                .all(|window| !asked(window).0.is_empty())
        );
    }
}

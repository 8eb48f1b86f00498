//! How long an instance is.

use chrono::{Days, TimeDelta};

use crate::text::when::{When, sane};

/// Longest length that is believed, in seconds: some 270 years.
const LONGEST: i64 = 100_000 * 86_400;

/// A length: whole days go by the calendar, the rest by the clock (RFC 5545 §3.3.6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::text) struct Length {
    days: u64,
    exact: TimeDelta,
}

impl Length {
    /// Between two moments; nothing where the end is before the begin.
    pub(super) fn between(start: &When, end: &When) -> Self {
        let exact = match (start, end.like_end(start)) {
            (
                When::Utc(at) | When::Zoned { at, .. },
                When::Utc(end) | When::Zoned { at: end, .. },
            ) => end - *at,
            (start, end) => end.digits() - start.digits(),
        };
        if start.is_date() {
            return Self {
                days: u64::try_from(exact.num_days()).unwrap_or(0),
                exact: TimeDelta::zero(),
            };
        }
        Self {
            days: 0,
            exact: exact.max(TimeDelta::zero()),
        }
    }

    /// Of the value of a `DURATION`.
    pub(in crate::text) fn parse(text: &str) -> Option<Self> {
        let (days, rest) = parts(text)?;
        if days < 0 || rest < 0 {
            return None;
        }
        Some(Self {
            days: u64::try_from(days).ok()?,
            exact: TimeDelta::try_seconds(rest)?,
        })
    }

    /// One day.
    pub(super) fn day() -> Self {
        Self {
            days: 1,
            exact: TimeDelta::zero(),
        }
    }

    /// Whether it is none.
    pub(super) fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// The moment this long after another.
    pub(in crate::text) fn after(&self, start: &When) -> When {
        let days = |at: &When| {
            let digits = at.digits().checked_add_days(Days::new(self.days));
            at.at_digits(sane(digits.unwrap_or(at.digits())))
        };
        let begin = if self.days > 0 {
            days(start)
        } else {
            start.clone()
        };
        let later =
            |at: chrono::NaiveDateTime| sane(at.checked_add_signed(self.exact).unwrap_or(at));
        match &begin {
            When::Utc(at) => When::Utc(later(at.naive_utc()).and_utc()),
            When::Zoned { at, place } => When::Zoned {
                at: later(at.naive_utc()).and_utc(),
                place: place.clone(),
            },
            When::Date(_) | When::Local(_) => begin.at_digits(later(begin.digits())),
        }
    }

    /// An upper bound of it.
    pub(super) fn most(&self) -> TimeDelta {
        let days = i64::try_from(self.days).unwrap_or(0) + 1;
        TimeDelta::days(days) + self.exact
    }
}

/// A duration's value in seconds, with its sign.
#[must_use]
pub fn duration_seconds(text: &str) -> Option<i64> {
    parts(text).map(|(days, rest)| days * 86_400 + rest)
}

/// Days and seconds of a duration's value.
fn parts(text: &str) -> Option<(i64, i64)> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, text) = match text.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => (1, text.as_str()),
    };
    let text = text.strip_prefix('P')?;
    let (mut days, mut rest, mut number) = (0_i64, 0_i64, String::new());
    for c in text.chars() {
        let unit = match c {
            '0'..='9' if number.len() < 12 => {
                number.push(c);
                continue;
            }
            'T' if number.is_empty() => continue,
            'W' => 7 * 86_400,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        let value = number.parse::<i64>().ok()?.checked_mul(unit)?;
        number.clear();
        if unit >= 86_400 {
            days = days.checked_add(value / 86_400)?;
        } else {
            rest = rest.checked_add(value)?;
        }
    }
    let sane = number.is_empty() && days.checked_mul(86_400)?.checked_add(rest)? <= LONGEST;
    // nothing but a `T` says no length
    let told = text.contains(|c: char| c.is_ascii_digit());
    (sane && told).then_some((sign * days, sign * rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_seconds() {
        for (text, wanted) in [
            ("PT15M", Some(900)),
            ("-PT15M", Some(-900)),
            ("+P1W", Some(604_800)),
            ("P1DT2H3M4S", Some(93_784)),
            ("pt1m", Some(60)),
            ("P", None),
            ("", None),
            ("PT", None),
            ("P1", None),
            ("15M", None),
            ("P1X", None),
            ("P99999999999999999999D", None),
            ("P999999D", None),
            ("é", None),
        ] {
            assert_eq!(duration_seconds(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_adds_up_to_too_much_is_none() {
        for unit in ["W", "H"] {
            let text = format!("P{}", format!("999999999999{unit}").repeat(1_400_000));
            assert_eq!(duration_seconds(&text), None, "{unit}");
        }
    }
}

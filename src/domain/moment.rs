//! Points in time as calendars have them.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Furthest that a local time without zone can be from the same digits in UTC.
const WIDEST_OFFSET: TimeDelta = TimeDelta::hours(14);

/// A point in time of an event: a day, a time on every clock, or an instant (RFC 5545 §3.3.4,
/// §3.3.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Moment {
    /// A day, in no zone.
    Date(NaiveDate),
    /// A time on the clock, wherever the reader is.
    Floating(NaiveDateTime),
    /// An instant that belongs to no zone.
    Utc(DateTime<Utc>),
    /// An instant that recurs by the clock of a zone.
    Zoned {
        /// The instant, with the offset that its source told or that the zone had.
        at: DateTime<FixedOffset>,
        /// The zone as its source names it; not always an IANA name.
        zone: String,
    },
    /// A time on the clock of a zone, told without the offset that the zone has then.
    Local {
        /// What the clock shows.
        at: NaiveDateTime,
        /// The zone as its source names it; where nobody knows it, the time is on every clock.
        zone: String,
    },
}

impl Moment {
    /// Whether it is a day without a time.
    #[must_use]
    pub fn is_date(&self) -> bool {
        matches!(self, Self::Date(_))
    }

    /// The earliest instant that it can mean anywhere.
    #[must_use]
    pub fn earliest(&self) -> DateTime<Utc> {
        match self {
            Self::Date(day) => widened(day.and_time(chrono::NaiveTime::MIN), -WIDEST_OFFSET),
            Self::Floating(local) | Self::Local { at: local, .. } => {
                widened(*local, -WIDEST_OFFSET)
            }
            Self::Utc(instant) => *instant,
            Self::Zoned { at, .. } => at.to_utc(),
        }
    }

    /// The latest instant that it can mean anywhere; for a day, of its begin.
    #[must_use]
    pub fn latest(&self) -> DateTime<Utc> {
        match self {
            Self::Date(day) => widened(day.and_time(chrono::NaiveTime::MIN), WIDEST_OFFSET),
            Self::Floating(local) | Self::Local { at: local, .. } => widened(*local, WIDEST_OFFSET),
            Self::Utc(instant) => *instant,
            Self::Zoned { at, .. } => at.to_utc(),
        }
    }

    /// The next day of a day; every other moment unchanged.
    #[must_use]
    pub fn next_day(&self) -> Self {
        match self {
            Self::Date(day) => Self::Date(day.checked_add_days(Days::new(1)).unwrap_or(*day)),
            other => other.clone(),
        }
    }
}

fn widened(local: NaiveDateTime, by: TimeDelta) -> DateTime<Utc> {
    local.checked_add_signed(by).unwrap_or(local).and_utc()
}

/// A span of time, from `from` to before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub to: DateTime<Utc>,
}

impl Span {
    /// Whether `other` lies inside.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hour * 3600, 0).unwrap()
    }

    #[test]
    fn a_span_lies_inside_itself_and_no_shorter_one() {
        let span = |from, to| Span {
            from: at(from),
            to: at(to),
        };
        assert!(span(1, 3).contains(&span(1, 3)));
        assert!(!span(1, 3).contains(&span(0, 3)));
    }

    #[test]
    fn a_day_is_somewhere_within_two() {
        let day = Moment::Date(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
        assert_eq!(day.latest() - day.earliest(), TimeDelta::hours(28));
        let Moment::Date(next) = day.next_day() else {
            unreachable!("the next day of a day is a day")
        };
        assert_eq!(next.to_string(), "2026-03-02");
    }
}

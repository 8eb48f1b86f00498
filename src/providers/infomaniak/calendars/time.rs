//! Times of events (fact sheet §4.4).
//!
//! - With an offset: an instant, in the zone that is named beside it; without a name UTC where
//!   the offset is none, else a zone named after the offset.
//! - Without an offset: the time on the clock of the zone that is named beside it; without a name
//!   the time of any clock.
//! - Whole days have no zone. Where they are told with times, it is the day in the told offset.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::super::fields;
use super::super::wire::{self, Record};
use crate::domain::Moment;

/// Names of UTC, lower case.
const UTC: [&str; 9] = [
    "utc", "etc/utc", "gmt", "etc/gmt", "z", "zulu", "etc/zulu", "uct", "etc/uct",
];
/// Longest name of a zone, bytes.
const LONGEST_ZONE: usize = 200;

/// Begin and end of an event. The end is left out where it is not after the begin, or of another
/// type.
pub(super) fn of(record: &Record) -> (Option<Moment>, Option<Moment>) {
    let whole_day = fields::truth(record, "fullday");
    let read = |name| wire::text(record, name).and_then(Told::read);
    let zone = |name| zone(wire::text(record, name)?);
    let Some(told) = read("start") else {
        return (None, None);
    };
    let begin_zone = zone("timezone_start");
    let end_zone = zone("timezone_end").or_else(|| begin_zone.clone());
    let days = whole_day || matches!(told, Told::Day(_));
    let end = read("end");
    if days {
        let begin = told.day();
        let end = end.map(Told::last_day).filter(|end| *end > begin);
        return (Some(Moment::Date(begin)), end.map(Moment::Date));
    }
    let begin = told.moment(begin_zone);
    let end = end.map(|end| end.moment(end_zone));
    let end = end.filter(|end| is_after(end, &begin));
    (Some(begin), end)
}

fn is_after(end: &Moment, begin: &Moment) -> bool {
    match (begin, end) {
        (Moment::Floating(begin), Moment::Floating(end)) => end > begin,
        (Moment::Utc(_) | Moment::Zoned { .. }, Moment::Utc(_) | Moment::Zoned { .. }) => {
            end.earliest() > begin.earliest()
        }
        (
            Moment::Local { at: begin, zone },
            Moment::Local {
                at: end,
                zone: same,
            },
        ) if zone == same => end > begin,
        // the zones' rules are not known here: any end that can be after the begin may be
        (Moment::Local { .. }, Moment::Utc(_) | Moment::Zoned { .. } | Moment::Local { .. })
        | (Moment::Utc(_) | Moment::Zoned { .. }, Moment::Local { .. }) => {
            end.latest() > begin.earliest()
        }
        _ => false,
    }
}

/// A time as it is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Day(NaiveDate),
    Local(NaiveDateTime),
    Instant(DateTime<FixedOffset>),
}

impl Told {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // four digits of the year, and no more
        let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
        if !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let rest = text.get(10..)?;
        if rest.is_empty() {
            return Some(Self::Day(day));
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?.trim();
        let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let local = day.and_time(clock(time)?);
        let offset = match offset {
            "" => return Some(Self::Local(local)),
            "Z" | "z" => FixedOffset::east_opt(0)?,
            other => offset_of(other)?,
        };
        let instant = local.and_local_timezone(offset).single()?;
        Some(Self::Instant(instant))
    }

    fn moment(self, zone: Option<Zone>) -> Moment {
        match (self, zone) {
            (Self::Day(day), _) => Moment::Date(day),
            (Self::Local(local), Some(Zone::Utc)) => Moment::Utc(local.and_utc()),
            (Self::Local(at), Some(Zone::Named(zone))) => Moment::Local { at, zone },
            (Self::Local(local), None) => Moment::Floating(local),
            (Self::Instant(at), Some(Zone::Utc)) => Moment::Utc(at.to_utc()),
            (Self::Instant(at), Some(Zone::Named(zone))) => Moment::Zoned { at, zone },
            (Self::Instant(at), None) if at.offset().local_minus_utc() == 0 => {
                Moment::Utc(at.to_utc())
            }
            (Self::Instant(at), None) => Moment::Zoned {
                zone: format!("UTC{}", at.offset()),
                at,
            },
        }
    }

    fn local(self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Local(local) => local,
            Self::Instant(at) => at.naive_local(),
        }
    }

    fn day(self) -> NaiveDate {
        self.local().date()
    }

    /// The first day after the end: some write the last minute of the last day.
    fn last_day(self) -> NaiveDate {
        let end = self.local();
        let day = end.date();
        let last_minute = (end.hour(), end.minute()) == (23, 59);
        match last_minute {
            true => day.checked_add_days(Days::new(1)).unwrap_or(day),
            false => day,
        }
    }
}

/// `HH:MM`, with or without seconds and what is smaller, which is dropped.
fn clock(text: &str) -> Option<NaiveTime> {
    let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f");
    let time = time.or_else(|_| NaiveTime::parse_from_str(text, "%H:%M"));
    time.ok()?.with_nanosecond(0)
}

/// `+02:00`, `+0200` or `+02`.
fn offset_of(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|&digit| digit != ':').collect();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i32>().ok();
    let minutes = match digits.len() {
        2 => number(0..2)? * 60,
        4 => number(0..2)? * 60 + number(2..4)?,
        _ => return None,
    };
    FixedOffset::east_opt(sign * minutes * 60)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Zone {
    Utc,
    Named(String),
}

fn zone(name: &str) -> Option<Zone> {
    let name = name.trim();
    if name.is_empty() || name.len() > LONGEST_ZONE || name.contains(char::is_control) {
        return None;
    }
    Some(match UTC.contains(&&*name.to_ascii_lowercase()) {
        true => Zone::Utc,
        false => Zone::Named(name.to_owned()),
    })
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;

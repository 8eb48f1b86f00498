//! The changes of a zone's offset, read off the IANA rules.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// First and last year looked at; changes after it are told by the rules that then hold.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1850..=2060;
/// No two changes lie closer together.
const STEP: i64 = 2 * 86_400;

/// What a clock shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observance {
    /// Seconds east of UTC.
    pub(super) offset: i32,
    /// Whether it is summer time.
    pub(super) daylight: bool,
    /// Abbreviation.
    pub(super) name: Option<String>,
}

/// A change of what the clock shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Transition {
    /// When, seconds since 1970.
    pub(super) at: i64,
    /// Offset before, seconds.
    pub(super) from: i32,
    /// What it shows from then on.
    pub(super) to: Observance,
}

impl Transition {
    /// The time on the clock just before it is changed.
    pub(super) fn onset(&self) -> NaiveDateTime {
        utc(self.at + i64::from(self.from))
    }

    pub(super) fn year(&self) -> i32 {
        self.onset().year()
    }
}

/// The UTC digits of seconds since 1970.
pub(super) fn utc(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0)
        .expect("the years are within what chrono can tell")
        .naive_utc()
}

/// What the clock of a zone shows at an instant.
pub(super) fn observed(zone: Tz, at: i64) -> Observance {
    let offset = zone.offset_from_utc_datetime(&utc(at));
    Observance {
        offset: offset.fix().local_minus_utc(),
        daylight: offset.dst_offset() > TimeDelta::zero(),
        name: offset.abbreviation().map(str::to_owned),
    }
}

/// Begin of a year, seconds since 1970.
pub(super) fn year_begin(year: i32) -> i64 {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).expect("each year has a first day");
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}

/// All changes of a zone, in order.
pub(super) fn transitions(zone: Tz) -> Vec<Transition> {
    let end = year_begin(*YEARS.end() + 1);
    let mut found = Vec::new();
    let mut at = year_begin(*YEARS.start());
    let mut before = observed(zone, at);
    while at < end {
        let next = at + STEP;
        let after = observed(zone, next);
        if after != before {
            found.push(Transition {
                at: first_of(zone, at, next, &before),
                from: before.offset,
                to: after.clone(),
            });
            before = after;
        }
        at = next;
    }
    found
}

/// The first second between two instants at which the clock no longer shows `before`.
fn first_of(zone: Tz, mut low: i64, mut high: i64, before: &Observance) -> i64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if observed(zone, middle) == *before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

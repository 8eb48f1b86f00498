//! Moments as iCalendar writes them.

use std::ops::RangeInclusive;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};

use super::Property;
use super::zone::{Zone, Zones, digits, instant, is_utc};

/// A moment with the time on the clock that its text shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// A day.
    Date(NaiveDate),
    /// A time on every clock.
    Local(NaiveDateTime),
    /// An instant, told in UTC.
    Utc(DateTime<Utc>),
    /// An instant, told by the clock of a zone.
    Zoned { at: DateTime<Utc>, place: Place },
}

/// A zone and the name by which an object defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) zone: Zone,
    pub(super) tzid: String,
}

impl When {
    /// The digits it shows; of a day its midnight.
    pub(super) fn digits(&self) -> NaiveDateTime {
        match self {
            Self::Date(day) => day.and_time(NaiveTime::MIN),
            Self::Local(local) => *local,
            Self::Utc(at) => at.naive_utc(),
            Self::Zoned { at, place } => digits(&place.zone, *at),
        }
    }

    /// Whether it is a day.
    pub(super) fn is_date(&self) -> bool {
        matches!(self, Self::Date(_))
    }

    /// The instant, days and local times taken by the clock of `zone`.
    pub(super) fn instant(&self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Utc(at) | Self::Zoned { at, .. } => *at,
            Self::Date(_) | Self::Local(_) => instant(zone, self.digits()),
        }
    }

    /// The instant that a time on the clock of the same kind is.
    pub(super) fn at_digits(&self, local: NaiveDateTime) -> Self {
        match self {
            Self::Date(_) => Self::Date(local.date()),
            Self::Local(_) => Self::Local(local),
            Self::Utc(_) => Self::Utc(local.and_utc()),
            Self::Zoned { place, .. } => Self::Zoned {
                at: instant(&place.zone, local),
                place: place.clone(),
            },
        }
    }

    /// The same moment as a start of this kind is told: the form that `RDATE`, `EXDATE` and
    /// `RECURRENCE-ID` have to share with `DTSTART`. A day stands for its instance at the start's
    /// time.
    pub(super) fn like(&self, start: &Self) -> Self {
        match (self, start) {
            (Self::Date(day), _) => start.at_digits(day.and_time(start.digits().time())),
            (Self::Utc(at) | Self::Zoned { at, .. }, Self::Utc(_)) => Self::Utc(*at),
            (Self::Utc(at) | Self::Zoned { at, .. }, Self::Zoned { place, .. }) => Self::Zoned {
                at: *at,
                place: place.clone(),
            },
            _ => start.at_digits(self.digits()),
        }
    }

    /// The same moment as the end of something that begins at `start`. A day is over at its begin,
    /// as exclusive ends are; a time ends a day that it lies in.
    pub(super) fn like_end(&self, start: &Self) -> Self {
        match (self, start) {
            (Self::Zoned { .. }, Self::Zoned { .. }) => self.clone(),
            (Self::Date(day), Self::Local(_) | Self::Utc(_) | Self::Zoned { .. }) => {
                start.at_digits(day.and_time(NaiveTime::MIN))
            }
            (Self::Local(_) | Self::Utc(_) | Self::Zoned { .. }, Self::Date(_)) => {
                let local = self.digits();
                let days = Days::new(u64::from(local.time() > NaiveTime::MIN));
                Self::Date(local.date().checked_add_days(days).unwrap_or(local.date()))
            }
            _ => self.like(start),
        }
    }

    /// Told in UTC where its clock shows the same digits twice and it is the second time.
    pub(super) fn exact(self) -> Self {
        match &self {
            Self::Zoned { at, place } if instant(&place.zone, self.digits()) != *at => {
                Self::Utc(*at)
            }
            _ => self,
        }
    }

    /// Whether it is after another of the same kind.
    pub(super) fn is_after(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Utc(at) | Self::Zoned { at, .. },
                Self::Utc(other) | Self::Zoned { at: other, .. },
            ) => at > other,
            _ => self.digits() > other.digits(),
        }
    }

    /// The earliest instant that it can mean anywhere.
    pub(super) fn earliest(&self) -> DateTime<Utc> {
        self.instant(&Zone::UTC) - self.doubt()
    }

    /// The latest instant that it can mean anywhere; for a day, of its begin.
    pub(super) fn latest(&self) -> DateTime<Utc> {
        self.instant(&Zone::UTC) + self.doubt()
    }

    /// How far its digits can be from the same digits in UTC.
    fn doubt(&self) -> TimeDelta {
        match self {
            Self::Date(_) | Self::Local(_) => TimeDelta::hours(14),
            Self::Utc(_) | Self::Zoned { .. } => TimeDelta::zero(),
        }
    }

    /// As the value of a property.
    pub(super) fn property(&self, name: &str) -> Property {
        const TIME: &str = "%Y%m%dT%H%M%S";
        let digits = self.digits();
        match self {
            Self::Date(_) => {
                Property::new(name, digits.format("%Y%m%d").to_string()).with("VALUE", "DATE")
            }
            Self::Local(_) => Property::new(name, digits.format(TIME).to_string()),
            Self::Utc(at) => utc(name, *at),
            Self::Zoned { place, .. } => {
                Property::new(name, digits.format(TIME).to_string()).with("TZID", &place.tzid)
            }
        }
    }
}

/// Years that every reader can tell, and turn into UTC and back.
const YEARS: RangeInclusive<i32> = 2..=9998;

/// The nearest time in a year that every reader can tell, without parts of a second.
pub(super) fn sane(time: NaiveDateTime) -> NaiveDateTime {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let nearest = match time.year() {
        year if year < *YEARS.start() => day(*YEARS.start(), 1, 1),
        year if year > *YEARS.end() => day(*YEARS.end(), 12, 31),
        _ => None,
    };
    let time = nearest.map_or(time, |day| day.and_time(time.time()));
    time.with_nanosecond(0).unwrap_or(time)
}

/// A property whose value is an instant in UTC.
pub(super) fn utc(name: &str, at: DateTime<Utc>) -> Property {
    let at = sane(at.naive_utc());
    Property::new(name, at.format("%Y%m%dT%H%M%SZ").to_string())
}

/// A date or time as iCalendar writes it, and whether it is in UTC; a day is its midnight.
pub(super) fn parsed(text: &str) -> Option<(NaiveDateTime, Form)> {
    let text = text.trim();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    // some write `2026-01-02`
    let date = date.replace('-', "");
    if date.len() != 8 || !digits(&date) {
        return None;
    }
    let day = NaiveDate::parse_from_str(&date, "%Y%m%d").ok()?;
    let Some(time) = time else {
        return Some((sane(day.and_time(NaiveTime::MIN)), Form::Date));
    };
    let (time, form) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, Form::Utc),
        None => (time, Form::Local),
    };
    let time = time.replace(':', "");
    if !digits(&time) || (time.len() != 6 && time.len() != 4) {
        return None;
    }
    let part = |from: usize| {
        time.get(from..from + 2)
            .and_then(|part| part.parse::<u32>().ok())
    };
    // a leap second is the one before it here
    let second = part(4).unwrap_or(0).min(59);
    let time = NaiveTime::from_hms_opt(part(0)?, part(2)?, second)?;
    Some((sane(day.and_time(time)), form))
}

/// How the text of a moment tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Date,
    Local,
    Utc,
}

/// A time without zone.
pub(super) fn local_time(text: &str) -> Option<NaiveDateTime> {
    parsed(text).map(|(local, _)| local)
}

impl When {
    /// One value of a property such as `DTSTART` or `RDATE`.
    pub(super) fn read(value: &str, property: &Property, zones: &Zones) -> Option<Self> {
        let (local, form) = parsed(value)?;
        if form == Form::Date {
            return Some(Self::Date(local.date()));
        }
        if form == Form::Utc {
            return Some(Self::Utc(local.and_utc()));
        }
        // what nobody defines is read by the clock of the reader
        let place = property.param("TZID").and_then(|tzid| zones.place(tzid));
        Some(match place {
            Some(place) if is_utc(&place.zone) => Self::Utc(local.and_utc()),
            Some(place) => Self::Zoned {
                at: instant(&place.zone, local),
                place,
            },
            None => Self::Local(local),
        })
    }
}

//! When something begins and ends, read from the vendor's texts and written again (§4.4).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::zone::{PROFILE, Zone};

/// A day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Point {
    Day(NaiveDate),
    At(DateTime<Utc>),
}

/// How the vendor's text of a time ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    /// `+02:00`
    Offset,
    /// `Z`
    Zulu,
    /// Nothing.
    Bare,
}

/// Beginning and end; days or instants both. The end of days is exclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) start: Point,
    pub(crate) end: Point,
    /// In which it begins and repeats.
    pub(crate) zone: Zone,
    /// In which its end is told.
    pub(crate) end_zone: Zone,
    style: Style,
}

/// A text of the vendor's as it stands there.
#[derive(Clone, Copy, Debug)]
enum Raw {
    Day(NaiveDate),
    At(DateTime<FixedOffset>, Style),
    Wall(NaiveDateTime),
}

impl Raw {
    fn read(text: &str) -> Option<Raw> {
        if let Ok(day) = text.parse() {
            return plain(day).map(Raw::Day);
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            plain(at.date_naive())?;
            let zulu = text.ends_with('Z');
            return Some(Raw::At(at, if zulu { Style::Zulu } else { Style::Offset }));
        }
        let wall = text.replacen(' ', "T", 1).parse::<NaiveDateTime>().ok()?;
        plain(wall.date())?;
        Some(Raw::Wall(wall))
    }

    fn day(self) -> NaiveDate {
        match self {
            Raw::Day(day) => day,
            Raw::At(at, _) => at.date_naive(),
            Raw::Wall(wall) => wall.date(),
        }
    }

    fn instant(self, zone: Zone) -> DateTime<Utc> {
        match self {
            Raw::Day(day) => zone.instant(day.and_time(NaiveTime::MIN)),
            Raw::At(at, _) => at.to_utc(),
            Raw::Wall(wall) => zone.instant(wall),
        }
    }
}

/// Days whose neighbours exist too.
fn plain(day: NaiveDate) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1, 1, 3)?;
    let last = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    (first..=last).contains(&day).then_some(day)
}

fn text<'a>(json: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    json.get(name)?.as_str()
}

impl Span {
    /// Of an event; `None` when its beginning cannot be read.
    ///
    /// An end that is missing or too early becomes the start, or the next day.
    pub(crate) fn read(json: &Map<String, Value>) -> Option<Span> {
        let start = Raw::read(text(json, "start")?)?;
        let end = text(json, "end").and_then(Raw::read);
        let named = |name| text(json, name).and_then(Zone::named);
        let zone = named("timezone_start").unwrap_or(match start {
            Raw::At(at, _) => Zone::Fixed(*at.offset()),
            Raw::Day(_) | Raw::Wall(_) => PROFILE,
        });
        let end_zone = named("timezone_end").unwrap_or(zone);
        let style = match start {
            Raw::At(_, style) => style,
            Raw::Day(_) => Style::Offset,
            Raw::Wall(_) => Style::Bare,
        };
        let fullday = json.get("fullday") == Some(&Value::Bool(true));
        let (start, end) = if fullday || matches!(start, Raw::Day(_)) {
            let (first, last) = (start.day(), end.map(Raw::day));
            let next = first.succ_opt()?;
            (
                Point::Day(first),
                Point::Day(next.max(last.unwrap_or(next))),
            )
        } else {
            let first = start.instant(zone);
            let last = end.map_or(first, |end| end.instant(end_zone));
            (Point::At(first), Point::At(last.max(first)))
        };
        Some(Span {
            start,
            end,
            zone,
            end_zone,
            style,
        })
    }

    pub(crate) fn all_day(&self) -> bool {
        matches!(self.start, Point::Day(_))
    }

    /// What a clock on the wall shows at the beginning; midnight for days.
    pub(crate) fn wall(&self) -> NaiveDateTime {
        match self.start {
            Point::Day(day) => day.and_time(NaiveTime::MIN),
            Point::At(at) => self.zone.wall(at),
        }
    }

    /// How long: days for days, else exactly so many seconds (RFC 5545 §3.8.5.3).
    pub(crate) fn length(&self) -> TimeDelta {
        match (self.start, self.end) {
            (Point::Day(start), Point::Day(end)) => end - start,
            (Point::At(start), Point::At(end)) => end - start,
            _ => TimeDelta::zero(),
        }
    }

    /// The same at another time; `None` beyond the year 9999.
    pub(crate) fn moved(&self, wall: NaiveDateTime) -> Option<Span> {
        if wall == self.wall() {
            return Some(*self);
        }
        plain(wall.date())?;
        let start = match self.start {
            Point::Day(_) => Point::Day(wall.date()),
            Point::At(_) => Point::At(self.zone.instant(wall)),
        };
        let end = match start {
            Point::Day(day) => Point::Day(day.checked_add_signed(self.length())?),
            Point::At(at) => Point::At(at.checked_add_signed(self.length())?),
        };
        Some(Span {
            start,
            end,
            ..*self
        })
    }

    /// A text that names an instance, as the wall shows it.
    pub(crate) fn instance(&self, text: &str) -> Option<NaiveDateTime> {
        let raw = Raw::read(text)?;
        Some(match (self.start, raw) {
            (Point::Day(_), _) => raw.day().and_time(NaiveTime::MIN),
            (Point::At(_), Raw::Day(day)) => day.and_time(self.wall().time()),
            (Point::At(_), Raw::Wall(wall)) => wall,
            (Point::At(_), Raw::At(at, _)) => self.zone.wall(at.to_utc()),
        })
    }

    /// `start` and `end` as the vendor tells them.
    pub(crate) fn texts(&self) -> (String, String) {
        (
            self.told(self.start, self.zone),
            self.told(self.end, self.end_zone),
        )
    }

    fn told(&self, point: Point, zone: Zone) -> String {
        let at = match point {
            Point::Day(day) => return day.to_string(),
            Point::At(at) => at,
        };
        let form = match self.style {
            Style::Zulu => return at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Style::Bare => return zone.wall(at).format("%Y-%m-%dT%H:%M:%S").to_string(),
            Style::Offset => "%Y-%m-%dT%H:%M:%S%:z",
        };
        at.with_timezone(&zone.offset(at)).format(form).to_string()
    }
}

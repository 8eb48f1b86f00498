//! Time zones by the names that events carry.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The zone of all profiles (§2).
pub(crate) const PROFILE: Zone = Zone::Named(Tz::Europe__Zurich);

/// A zone with rules, or a plain offset where a name says nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Zone {
    /// Of the IANA list.
    Named(Tz),
    /// What stands after the time.
    Fixed(FixedOffset),
}

/// Windows names that people's calendars bring along, and what they mean.
const WINDOWS: &[(&str, Tz)] = &[
    ("W. Europe Standard Time", Tz::Europe__Berlin),
    ("Romance Standard Time", Tz::Europe__Paris),
    ("GMT Standard Time", Tz::Europe__London),
    ("Eastern Standard Time", Tz::America__New_York),
    ("Pacific Standard Time", Tz::America__Los_Angeles),
    ("Tokyo Standard Time", Tz::Asia__Tokyo),
    ("Nepal Standard Time", Tz::Asia__Kathmandu),
    ("Newfoundland Standard Time", Tz::America__St_Johns),
];

impl Zone {
    /// An IANA or a Windows name.
    pub(crate) fn named(name: &str) -> Option<Zone> {
        let windows = || WINDOWS.iter().find(|known| known.0 == name);
        let zone = name.parse().ok().or_else(|| Some(windows()?.1));
        zone.map(Zone::Named)
    }

    /// Coordinated universal time.
    pub(crate) const fn utc() -> Zone {
        Zone::Named(Tz::UTC)
    }

    /// When a clock on the wall shows this: the first time where it does twice, and with the
    /// offset from before where it never does (RFC 5545 §3.3.5).
    pub(crate) fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Zone::Named(zone) => instant(&zone, wall),
            Zone::Fixed(offset) => instant(&offset, wall),
        }
    }

    /// What a clock on the wall shows.
    pub(crate) fn wall(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + self.offset(at)
    }

    /// Ahead of UTC by so much.
    pub(crate) fn offset(self, at: DateTime<Utc>) -> FixedOffset {
        match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&at.naive_utc()).fix(),
            Zone::Fixed(offset) => offset,
        }
    }
}

fn instant<Z: TimeZone>(zone: &Z, wall: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => {
            let before = zone.offset_from_utc_datetime(&(wall - TimeDelta::days(1)));
            (wall - before.fix()).and_utc()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(zone: &str, wall: &str) -> String {
        let zone = Zone::named(zone).expect("a zone");
        let at = zone.instant(wall.parse().expect("a time"));
        at.format("%m-%dT%H:%M").to_string()
    }

    #[test]
    fn gaps_and_overlaps_follow_rfc_5545() {
        // spring: 02:30 is not there; autumn: 02:30 is there twice
        assert_eq!(utc("Europe/Zurich", "2026-03-29T02:30:00"), "03-29T01:30");
        assert_eq!(utc("Europe/Zurich", "2026-10-25T02:30:00"), "10-25T00:30");
        assert_eq!(
            utc("W. Europe Standard Time", "2026-07-01T12:00:00"),
            "07-01T10:00"
        );
        assert_eq!(
            utc("Pacific/Kiritimati", "2026-07-02T01:00:00"),
            "07-01T11:00"
        );
        assert!(Zone::named("Mars/Olympus").is_none());
    }
}

//! From local time to instant and back.

use chrono::offset::LocalResult;
use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A zone whose rules are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::text) enum Zone {
    /// A zone of the IANA database.
    Iana(Tz),
    /// An offset that never changes.
    Fixed(FixedOffset),
}

/// The digits on the clock of a zone at an instant.
pub(in crate::text) fn digits(zone: Zone, at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc()
        .checked_add_signed(offset(zone, at))
        .unwrap_or(at.naive_utc())
}

fn offset(zone: Zone, at: DateTime<Utc>) -> TimeDelta {
    let fixed = match zone {
        Zone::Iana(zone) => zone.offset_from_utc_datetime(&at.naive_utc()).fix(),
        Zone::Fixed(offset) => offset,
    };
    TimeDelta::seconds(i64::from(fixed.local_minus_utc()))
}

/// The instant of a local time: of two the first, in a gap by the offset before it
/// (RFC 5545 §3.3.5).
pub(in crate::text) fn instant(zone: Zone, local: NaiveDateTime) -> DateTime<Utc> {
    let found = match zone {
        Zone::Fixed(offset) => offset.from_local_datetime(&local).map(|at| at.to_utc()),
        Zone::Iana(zone) => zone.from_local_datetime(&local).map(|at| at.to_utc()),
    };
    match found {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
        LocalResult::None => {
            // no gap is a day long, apart from days that islands skipped
            let before = local.checked_sub_signed(TimeDelta::hours(25));
            let before = before.unwrap_or(local).and_utc();
            let at = local.checked_sub_signed(offset(zone, before));
            at.unwrap_or(local).and_utc()
        }
    }
}

//! From local time to instant and back.

use std::sync::Arc;

use chrono::offset::LocalResult;
use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::resolve;

/// A zone whose rules are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// A zone of the IANA database.
    Iana(Tz),
    /// An offset that never changes.
    Fixed(FixedOffset),
    /// What a `VTIMEZONE` defines.
    Defined(Arc<Definition>),
}

/// When the clock of a defined zone changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Seconds east of UTC before the first change.
    pub(super) before: i32,
    /// Instants, and the seconds east of UTC from then on; in order.
    pub(super) changes: Vec<(DateTime<Utc>, i32)>,
}

impl Zone {
    /// UTC.
    pub const UTC: Self = Self::Iana(Tz::UTC);

    /// The zone of a name: an IANA name, a Windows name, or one of the forms in which calendar
    /// programs wrap them.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        resolve(name).map(Self::Iana)
    }
}

impl Definition {
    /// Seconds east of UTC at an instant.
    fn offset(&self, at: DateTime<Utc>) -> i32 {
        let after = self.changes.partition_point(|(change, _)| *change <= at);
        let newest = after
            .checked_sub(1)
            .and_then(|index| self.changes.get(index));
        newest.map_or(self.before, |(_, offset)| *offset)
    }

    /// The instants at which the clock shows a time.
    fn instants(&self, local: NaiveDateTime) -> LocalResult<DateTime<Utc>> {
        let around = [-26, 26].map(|hours| {
            let near = local
                .checked_add_signed(TimeDelta::hours(hours))
                .unwrap_or(local);
            self.offset(near.and_utc())
        });
        let mut found: Vec<_> = around
            .iter()
            .filter_map(|offset| {
                let at = local
                    .checked_sub_signed(TimeDelta::seconds(i64::from(*offset)))?
                    .and_utc();
                (self.offset(at) == *offset).then_some(at)
            })
            .collect();
        found.sort_unstable();
        match found[..] {
            [] => LocalResult::None,
            [first, .., last] if first != last => LocalResult::Ambiguous(first, last),
            [first, ..] => LocalResult::Single(first),
        }
    }
}

/// The digits on the clock of a zone at an instant.
pub(in crate::text) fn digits(zone: &Zone, at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc()
        .checked_add_signed(offset(zone, at))
        .unwrap_or(at.naive_utc())
}

/// How far the clock of a zone is before UTC at an instant.
pub(in crate::text) fn offset(zone: &Zone, at: DateTime<Utc>) -> TimeDelta {
    let seconds = match zone {
        Zone::Iana(zone) => zone
            .offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc(),
        Zone::Fixed(offset) => offset.local_minus_utc(),
        Zone::Defined(definition) => definition.offset(at),
    };
    TimeDelta::seconds(i64::from(seconds))
}

/// The instant of a local time: of two the first, in a gap by the offset before it
/// (RFC 5545 §3.3.5).
pub(in crate::text) fn instant(zone: &Zone, local: NaiveDateTime) -> DateTime<Utc> {
    let found = match zone {
        Zone::Fixed(offset) => offset.from_local_datetime(&local).map(|at| at.to_utc()),
        Zone::Iana(zone) => zone.from_local_datetime(&local).map(|at| at.to_utc()),
        Zone::Defined(definition) => definition.instants(local),
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

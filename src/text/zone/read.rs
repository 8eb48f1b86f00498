//! The zones that a calendar's text names and defines.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::local::Definition;
use super::{Zone, resolve};
use crate::text::recur::{Budget, Instances, last_local};
use crate::text::rule::Rule;
use crate::text::when::{Place, local_time};
use crate::text::{Component, Property};

/// Changes of an observance that are looked at.
const MOST: usize = 600;
/// Definitions of a text that are looked at.
const MOST_ZONES: usize = 100;

/// The zones of a calendar.
#[derive(Debug, Default)]
pub(in crate::text) struct Zones {
    defined: BTreeMap<String, Zone>,
}

impl Zones {
    /// The zones that a calendar defines. A name that is known means what is known of it.
    pub(in crate::text) fn of(calendar: &Component) -> Self {
        let mut budget = Budget::default();
        let zones = calendar.inside("VTIMEZONE").take(MOST_ZONES);
        let named = zones.filter_map(|zone| {
            let tzid = zone.property("TZID")?.text();
            let known =
                resolve(&tzid).or_else(|| resolve(&zone.property("X-LIC-LOCATION")?.text()));
            let zone = known
                .map(Zone::Iana)
                .or_else(|| defined(zone, &mut budget))?;
            Some((tzid, zone))
        });
        Self {
            defined: named.collect(),
        }
    }

    /// The zone of a `TZID`.
    pub(in crate::text) fn place(&self, tzid: &str) -> Option<Place> {
        let zone = self.defined.get(tzid).cloned();
        let zone = zone.or_else(|| Zone::named(tzid))?;
        let tzid = tzid.to_owned();
        Some(Place { zone, tzid })
    }
}

impl Zone {
    /// The zone of a text that holds a `VTIMEZONE`, such as a `calendar-timezone` property.
    #[must_use]
    pub fn of_calendar(text: &str) -> Option<Self> {
        let all = crate::text::parse_all(text).ok()?;
        let zones = all.iter().map(Zones::of);
        zones
            .into_iter()
            .find_map(|zones| zones.defined.into_values().next())
    }
}

/// What a definition says, where its name is not known.
fn defined(zone: &Component, budget: &mut Budget) -> Option<Zone> {
    let mut changes = Vec::new();
    for observance in &zone.components {
        let from = offset(observance.property("TZOFFSETFROM")?)?;
        let to = offset(observance.property("TZOFFSETTO")?)?;
        for onset in onsets(observance, from, budget) {
            changes.push((at(onset, from), (from, to)));
        }
    }
    changes.sort_unstable();
    let (_, (before, _)) = *changes.first()?;
    if changes
        .iter()
        .all(|(_, (from, to))| *from == before && *to == before)
    {
        return chrono::FixedOffset::east_opt(before).map(Zone::Fixed);
    }
    let changes = changes.into_iter().map(|(at, (_, to))| (at, to)).collect();
    Some(Zone::Defined(Arc::new(Definition { before, changes })))
}

fn at(local: NaiveDateTime, offset: i32) -> DateTime<Utc> {
    let utc = local.checked_sub_signed(TimeDelta::seconds(i64::from(offset)));
    utc.unwrap_or(local).and_utc()
}

/// The times on the clock at which an observance begins.
fn onsets(observance: &Component, from: i32, budget: &mut Budget) -> Vec<NaiveDateTime> {
    let Some(start) = observance
        .property("DTSTART")
        .and_then(|one| local_time(&one.value))
    else {
        return Vec::new();
    };
    let mut onsets = vec![start];
    let dates = observance
        .all("RDATE")
        .flat_map(|dates| dates.value.split(','));
    onsets.extend(dates.filter_map(local_time).take(MOST));
    // a rule from 1601 on has to reach our days
    let begin = NaiveDate::from_ymd_opt(1900, 1, 1).map_or(start, |day| day.and_time(start.time()));
    for rule in observance
        .all("RRULE")
        .filter_map(|rule| Rule::parse(&rule.value))
    {
        let last = last_local(rule.end, |utc| utc + TimeDelta::seconds(i64::from(from)));
        let mut instances = Instances::new(&rule, start, begin).until(last);
        let all = std::iter::from_fn(|| instances.next(budget));
        onsets.extend(all.take(MOST));
    }
    onsets
}

/// `+0100`, `-053015`; also without leading zero, as some write it.
fn offset(property: &Property) -> Option<i32> {
    let value = property.value.trim();
    let (sign, digits) = match value.split_at_checked(1)? {
        ("-", digits) => (-1, digits),
        ("+", digits) => (1, digits),
        _ => (1, value),
    };
    if digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let padded = match digits.len() {
        1 | 2 => format!("{digits:0>2}0000"),
        3 | 4 => format!("{digits:0>4}00"),
        _ => format!("{digits:0>6}"),
    };
    let part = |range: std::ops::Range<usize>| padded.get(range)?.parse::<i32>().ok();
    let seconds = part(0..2)? * 3600 + part(2..4)? * 60 + part(4..6)?;
    (seconds < 86_400).then_some(sign * seconds)
}

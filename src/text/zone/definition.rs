//! `VTIMEZONE` components. They depend on nothing but the zone and the first instant: no two days
//! give different bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, Utc};
use chrono_tz::Tz;

use super::runs::{Others, Run, runs};
use super::transitions::{Observance, Transition, YEARS, observed, transitions, utc, year_begin};
use crate::text::{Component, Property};

/// Begin of a definition that has no earlier change to begin with.
const FIRST: &str = "16010101T000000";

/// What is known of a zone.
#[derive(Debug)]
struct Known {
    /// When its clock changes, seconds since 1970.
    changes: Vec<i64>,
    runs: Vec<Run>,
}

/// A zone's changes, worked out once in the life of the process.
fn known(zone: Tz) -> Arc<Known> {
    static ALL: Mutex<BTreeMap<&str, Arc<Known>>> = Mutex::new(BTreeMap::new());
    let all = || ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all().get(zone.name()) {
        return Arc::clone(known);
    }
    let transitions = transitions(zone);
    let known = Arc::new(Known {
        changes: transitions.iter().map(|one| one.at).collect(),
        runs: runs(&transitions),
    });
    all().insert(zone.name(), Arc::clone(&known));
    known
}

/// The definition of a zone under a name, good from `from` on. All definitions of a zone are the
/// end of the longest one.
pub(in crate::text) fn iana(zone: Tz, tzid: &str, from: DateTime<Utc>) -> Component {
    let known = known(zone);
    let from = from.timestamp().max(year_begin(*YEARS.start()));
    // the change that made the clock show what it does at `from`
    let begin = known.changes.iter().rfind(|&&at| at <= from);
    let first = begin.is_none().then(|| observed(zone, from));
    let runs = known.runs.iter();
    let needed = runs.filter_map(|run| run.from(*begin.unwrap_or(&i64::MIN)));
    component(tzid, first, needed)
}

/// The definition of an offset that never changes.
pub(in crate::text) fn fixed(offset: FixedOffset, tzid: &str) -> Component {
    let always = Observance {
        offset: offset.local_minus_utc(),
        daylight: false,
        name: None,
    };
    component(tzid, Some(always), std::iter::empty())
}

fn component(tzid: &str, first: Option<Observance>, runs: impl Iterator<Item = Run>) -> Component {
    let mut zone = Component::new("VTIMEZONE");
    zone.push(Property::of_text("TZID", tzid));
    zone.components.extend(first.map(|observance| {
        let mut component = observance_of(&observance, observance.offset);
        component
            .properties
            .insert(0, Property::new("DTSTART", FIRST));
        component
    }));
    zone.components.extend(runs.map(|run| observance(&run)));
    zone
}

fn observance(run: &Run) -> Component {
    let Transition { from, to, .. } = &run.first;
    let mut component = observance_of(to, *from);
    let onset = run.first.onset().format("%Y%m%dT%H%M%S").to_string();
    component
        .properties
        .insert(0, Property::new("DTSTART", onset));
    match &run.others {
        Others::Yearly(day) => {
            // a day later: some readers compare it with the time on the clock
            let until = run.last.map(|last| utc(last + 86_400));
            let until = until.map(|until| until.format(";UNTIL=%Y%m%dT%H%M%SZ").to_string());
            let until = until.unwrap_or_default();
            let rule = format!("FREQ=YEARLY{until};{}", day.rule());
            component.properties.insert(1, Property::new("RRULE", rule));
        }
        Others::Each(all) => {
            let onsets = all.iter().skip(1).map(Transition::onset);
            let dates = onsets.map(|onset| onset.format("%Y%m%dT%H%M%S").to_string());
            let dates = dates.map(|date| Property::new("RDATE", date));
            component.properties.splice(1..1, dates);
        }
    }
    component
}

fn observance_of(observance: &Observance, from: i32) -> Component {
    let daylight = observance.daylight;
    let mut component = Component::new(if daylight { "DAYLIGHT" } else { "STANDARD" });
    component.push(Property::new("TZOFFSETFROM", offset(from)));
    component.push(Property::new("TZOFFSETTO", offset(observance.offset)));
    component.push_text("TZNAME", observance.name.as_deref());
    component
}

/// An offset as RFC 5545 §3.3.14 writes it.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, rest) = (seconds.abs() / 3600, seconds.abs() % 3600);
    let mut text = format!("{sign}{hours:02}{:02}", rest / 60);
    if rest % 60 != 0 {
        text.push_str(&format!("{:02}", rest % 60));
    }
    text
}

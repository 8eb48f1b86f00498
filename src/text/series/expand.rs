//! Recurrences told one by one (RFC 4791 §9.6.5).

use super::instances::{Instance, Search, groups};
use crate::domain::{Error, Kind, Result, Span};
use crate::text::recur::Budget;
use crate::text::when::When;
use crate::text::zone::Zones;
use crate::text::{Component, Property, Zone};

/// Instances that are told; more is refused.
const MOST: usize = 10_000;
/// Properties that tell of the series, not of an instance.
const OF_SERIES: [&str; 4] = ["RRULE", "RDATE", "EXDATE", "EXRULE"];
/// Properties that are told anew.
const OF_TIME: [&str; 4] = ["DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"];

/// The calendar with each instance in a span as an event of its own, in UTC: no rules, no zones.
/// Days stay days, and times without zone stay so.
///
/// # Errors
/// `TooLarge` where the span holds more than 10 000 instances, or working them out takes too long.
pub fn expand(calendar: &Component, span: Span, zone: &Zone) -> Result<Component> {
    let mut search = Search {
        span,
        zone,
        most: MOST,
        budget: Budget::default(),
    };
    let groups = groups(calendar);
    let mut found: Vec<_> = groups
        .iter()
        .flat_map(|events| search.instances(events))
        .collect();
    if found.len() >= MOST || search.budget.is_spent() {
        return Err(Error::client(
            Kind::TooLarge,
            "the span holds too many instances",
        ));
    }
    found.sort_by_key(|one| (one.start.instant(zone), one.component));
    let zones = Zones::of(calendar);
    let mut expanded = Component {
        name: calendar.name.clone(),
        properties: calendar.properties.clone(),
        components: Vec::new(),
    };
    for instance in found {
        let event = &calendar.components[instance.component];
        expanded.components.push(told(event, &instance, &zones));
    }
    Ok(expanded)
}

/// The event of one instance.
fn told(event: &Component, instance: &Instance, zones: &Zones) -> Component {
    let named = |names: &[&str], property: &Property| names.iter().any(|name| property.is(name));
    let mut told = Component {
        name: event.name.clone(),
        properties: Vec::new(),
        components: event.components.clone(),
    };
    for property in &event.properties {
        if property.is("DTSTART") || (named(&["RECURRENCE-ID"], property) && !has_start(event)) {
            told.properties.extend(times(event, instance));
        } else if !named(&OF_SERIES, property) && !named(&OF_TIME, property) {
            told.properties.push(in_utc(property, zones));
        }
    }
    told
}

fn has_start(event: &Component) -> bool {
    event.property("DTSTART").is_some()
}

fn times(event: &Component, instance: &Instance) -> Vec<Property> {
    let id = instance.id.as_ref().map(|id| utc(id, "RECURRENCE-ID"));
    let mut times: Vec<_> = id.into_iter().collect();
    times.push(utc(&instance.start, "DTSTART"));
    // an event without length stays without
    let ends = ["DTEND", "DURATION"]
        .iter()
        .any(|name| event.property(name).is_some());
    if ends && instance.end != instance.start {
        times.push(utc(&instance.end, "DTEND"));
    }
    times
}

fn utc(when: &When, name: &str) -> Property {
    match when {
        When::Zoned { at, .. } => When::Utc(*at).property(name),
        When::Date(_) | When::Local(_) | When::Utc(_) => when.property(name),
    }
}

/// Another property that tells a time of a zone, without the zone.
fn in_utc(property: &Property, zones: &Zones) -> Property {
    let zoned = property.param("TZID").is_some();
    match When::read(&property.value, property, zones) {
        Some(when @ When::Zoned { .. }) if zoned => utc(&when, &property.name),
        _ => property.clone(),
    }
}

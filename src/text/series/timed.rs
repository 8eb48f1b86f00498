//! What a `VEVENT` says of its time.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::length::Length;
use super::older::by_rule;
use crate::text::rule::Rule;
use crate::text::when::When;
use crate::text::zone::{Zone, Zones};
use crate::text::{Component, Property};

/// Dates of one event that are looked at.
const MOST_DATES: usize = 20_000;

/// The time of one event component.
#[derive(Debug)]
pub(super) struct Timed {
    /// Its place among the components of the calendar.
    pub(super) component: usize,
    pub(super) start: When,
    pub(super) length: Length,
    /// The instance it changes.
    pub(super) id: Option<When>,
    /// Whether it changes all later instances too.
    pub(super) and_later: bool,
    pub(super) rules: Vec<Rule>,
    /// Further begins, with lengths of their own where they have one; in order.
    pub(super) dates: Vec<(When, Option<Length>)>,
    /// Instants of begins that do not take place.
    pub(super) excluded: BTreeSet<DateTime<Utc>>,
}

/// What begins are compared by: digits for days and local times, instants for others.
pub(super) fn key(when: &When) -> DateTime<Utc> {
    when.instant(&Zone::UTC)
}

impl Timed {
    /// Of a component; `None` where it has no begin.
    pub(super) fn of(component: usize, event: &Component, zones: &Zones) -> Option<Self> {
        let one = |name: &str| {
            let property = event.property(name)?;
            When::read(&property.value, property, zones)
        };
        let id = one("RECURRENCE-ID");
        let start = one("DTSTART").or_else(|| id.clone())?;
        let length = length(event, &start, one("DTEND"));
        let range = event
            .property("RECURRENCE-ID")
            .and_then(|id| id.param("RANGE"));
        let rules = event
            .all("RRULE")
            .filter_map(|rule| Rule::parse(&rule.value)?.fit(&start));
        let mut dates: Vec<_> = values(event, "RDATE")
            .filter_map(|(property, value)| date(property, value, &start, zones))
            .collect();
        dates.sort_by_key(|(date, _)| key(date));
        let excluded = values(event, "EXDATE")
            .filter_map(|(property, value)| When::read(value, property, zones))
            .map(|date| key(&date.like(&start)));
        let mut timed = Self {
            component,
            id: id.map(|id| {
                if start.is_date() == id.is_date() {
                    id
                } else {
                    id.like(&start)
                }
            }),
            and_later: range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE")),
            rules: rules.collect(),
            dates,
            excluded: excluded.collect(),
            length,
            start,
        };
        if event.property("EXRULE").is_some() {
            timed
                .excluded
                .extend(by_rule(&timed, event).iter().map(key));
        }
        Some(timed)
    }

    /// Whether it has more than one instance.
    pub(super) fn repeats(&self) -> bool {
        !self.rules.is_empty() || !self.dates.is_empty()
    }

    /// How far all later instances are moved.
    pub(super) fn shift(&self) -> TimeDelta {
        let id = self.id.as_ref().unwrap_or(&self.start);
        self.start.digits() - id.like(&self.start).digits()
    }
}

/// The values of all properties of a name, as many as are looked at.
fn values<'e>(
    event: &'e Component,
    name: &'e str,
) -> impl Iterator<Item = (&'e Property, &'e str)> {
    let all = event.all(name);
    let values = all.flat_map(|dates| dates.value.split(',').map(move |value| (dates, value)));
    values.take(MOST_DATES)
}

/// The length of RFC 4791 §9.9: by end, by duration, one day for a day, else none.
fn length(event: &Component, start: &When, end: Option<When>) -> Length {
    if let Some(end) = end {
        let length = Length::between(start, &end);
        // a day that ends with its begin is meant to be one
        if !(start.is_date() && length.is_zero()) {
            return length;
        }
    }
    let duration = event
        .property("DURATION")
        .and_then(|one| Length::parse(&one.value));
    match duration {
        Some(duration) if !(start.is_date() && duration.is_zero()) => duration,
        _ if start.is_date() => Length::day(),
        _ => Length::default(),
    }
}

/// A further begin; a period has a length of its own.
fn date(
    property: &Property,
    value: &str,
    start: &When,
    zones: &Zones,
) -> Option<(When, Option<Length>)> {
    let Some((begin, end)) = value.split_once('/') else {
        return Some((When::read(value, property, zones)?.like(start), None));
    };
    let begin = When::read(begin, property, zones)?;
    let length = match Length::parse(end) {
        Some(length) => length,
        None => Length::between(&begin, &When::read(end, property, zones)?),
    };
    Some((begin.like(start), Some(length)))
}

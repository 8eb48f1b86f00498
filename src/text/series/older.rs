//! What old programs write of series and many clients do not read: changes of an instance and all
//! later ones (`RANGE=THISANDFUTURE`), and exclusion by rule (`EXRULE`, RFC 2445 §4.8.5.2). Told
//! here instance by instance, as far as they go.

use chrono::{NaiveDateTime, TimeDelta};

use super::instances::{Begins, Search, groups};
use super::timed::{Timed, key};
use crate::domain::Span;
use crate::text::Component;
use crate::text::recur::{Budget, Instances, last_local};
use crate::text::rule::Rule;
use crate::text::when::When;
use crate::text::zone::{Zone, Zones, digits};

/// Instances that are told: some twenty years of weeks.
const MOST: usize = 1000;
/// How far after a change instances are looked for.
const REACH: TimeDelta = TimeDelta::days(100 * 366);

/// An instance that a component of the calendar changes together with an earlier one.
#[derive(Debug)]
pub(in crate::text) struct Later {
    /// The place of the component in [`Component::components`].
    pub(in crate::text) component: usize,
    /// The begin that the series gives it.
    pub(in crate::text) id: When,
    pub(in crate::text) start: When,
    pub(in crate::text) end: When,
}

/// The instances that components of a calendar change together with earlier ones, at most 1000.
pub(in crate::text) fn later(calendar: &Component) -> Vec<Later> {
    let has_range = |event: &Component| {
        let id = event.property("RECURRENCE-ID");
        id.is_some_and(|id| id.param("RANGE").is_some())
    };
    let mut found = Vec::new();
    if !calendar.components.iter().any(has_range) {
        return found;
    }
    for events in groups(calendar) {
        let changes = events.iter().filter(|event| event.and_later);
        let Some(from) = changes.filter_map(|one| Some(key(one.id.as_ref()?))).min() else {
            continue;
        };
        let mut search = Search {
            span: Span {
                from: from - TimeDelta::days(1),
                to: from.checked_add_signed(REACH).unwrap_or(from),
            },
            zone: &Zone::UTC,
            most: MOST,
            budget: Budget::default(),
        };
        for one in search.instances(&events) {
            let model = events.iter().find(|event| event.component == one.component);
            if let Some(id) = one.id
                && model.is_some_and(|model| model.and_later && model.id.as_ref() != Some(&id))
            {
                let (component, start, end) = (one.component, one.start, one.end);
                found.push(Later {
                    component,
                    id,
                    start,
                    end,
                });
            }
        }
    }
    found
}

/// The begins of an event that its `EXRULE`s exclude, at most 1000.
pub(in crate::text) fn excluded(event: &Component, zones: &Zones) -> Vec<When> {
    if event.property("EXRULE").is_none() {
        return Vec::new();
    }
    Timed::of(0, event, zones).map_or_else(Vec::new, |timed| by_rule(&timed, event))
}

/// The begins of an event that its `EXRULE`s exclude.
pub(super) fn by_rule(timed: &Timed, event: &Component) -> Vec<When> {
    let start = timed.start.digits();
    let zone = match &timed.start {
        When::Zoned { place, .. } => &place.zone,
        When::Date(_) | When::Local(_) | When::Utc(_) => &Zone::UTC,
    };
    let rules = event
        .all("EXRULE")
        .filter_map(|rule| Rule::parse(&rule.value)?.fit(&timed.start));
    let mut rules: Vec<(Instances, Option<NaiveDateTime>)> = rules
        .map(|rule| {
            let end = last_local(rule.end, |utc| digits(zone, utc.and_utc()));
            (Instances::new(&rule, start, start).until(end), None)
        })
        .collect();
    let mut budget = Budget::default();
    let mut begins = Begins::new(timed, zone, start, NaiveDateTime::MAX);
    let mut found = Vec::new();
    while found.len() < MOST
        && let Some((local, _)) = begins.next(&mut budget)
    {
        let mut gone = false;
        for (instances, head) in &mut rules {
            while head.is_none_or(|head| head < local)
                && let Some(next) = instances.next(&mut budget)
            {
                *head = Some(next);
            }
            gone |= *head == Some(local);
        }
        if gone {
            found.push(timed.start.at_digits(local));
        }
    }
    found
}

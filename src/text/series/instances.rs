//! The instances of one object that touch a span.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::length::Length;
use super::timed::{Timed, key};
use crate::domain::Span;
use crate::text::Component;
use crate::text::recur::{Budget, Instances, last_local};
use crate::text::when::When;
use crate::text::zone::{Zone, Zones, digits};

/// One instance.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    /// The component that describes it, among those of the calendar.
    pub(super) component: usize,
    /// The begin that the series gives it; `None` where there is no series.
    pub(super) id: Option<When>,
    pub(super) start: When,
    pub(super) end: When,
}

/// What is asked for.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) span: Span,
    /// Where days and local times are.
    pub(super) zone: &'a Zone,
    /// No more instances than this.
    pub(super) most: usize,
    pub(super) budget: Budget,
}

/// The events of a calendar, by UID.
pub(super) fn groups(calendar: &Component) -> Vec<Vec<Timed>> {
    let zones = Zones::of(calendar);
    let mut groups: BTreeMap<&str, Vec<Timed>> = BTreeMap::new();
    for (index, event) in calendar.components.iter().enumerate() {
        if event.is("VEVENT")
            && let Some(timed) = Timed::of(index, event, &zones)
        {
            let uid = event.property("UID").map_or("", |uid| uid.value.trim());
            groups.entry(uid).or_default().push(timed);
        }
    }
    groups.into_values().collect()
}

impl Search<'_> {
    /// The instances of one object, in no order: those that are changed first.
    pub(super) fn instances(&mut self, events: &[Timed]) -> Vec<Instance> {
        let mut found = Vec::new();
        if !self.budget.take(steps(events.len())) {
            return found;
        }
        for event in events.iter().filter(|event| event.id.is_some()) {
            let (start, length) = (event.start.clone(), &event.length);
            self.push(&mut found, event.component, event.id.clone(), start, length);
        }
        for event in events.iter().filter(|event| event.id.is_none()) {
            let changes: Vec<_> = events.iter().filter(|event| event.id.is_some()).collect();
            self.series(event, &changes, &mut found);
        }
        found
    }

    /// Adds the instances of a series that no component changes by itself.
    fn series(&mut self, event: &Timed, changes: &[&Timed], found: &mut Vec<Instance>) {
        if !self.budget.take(steps(event.dates.len() + changes.len())) {
            return;
        }
        let like = |one: &&Timed| one.id.as_ref().map(|id| key(&id.like(&event.start)));
        let changed: BTreeSet<_> = changes.iter().filter_map(like).collect();
        let later: Vec<_> = changes.iter().filter(|one| one.and_later).collect();
        let mut begins = self.begins(event, &later);
        while found.len() < self.most && self.budget.take(steps(later.len())) {
            let Some((local, own)) = begins.next(&mut self.budget) else {
                break;
            };
            let id = event.start.at_digits(local);
            let gone = event.excluded.contains(&key(&id));
            if gone || changed.contains(&key(&id)) {
                continue;
            }
            let before = |one: &&&&Timed| like(one).is_some_and(|at| at <= key(&id));
            let model = later.iter().filter(before).max_by_key(|one| like(one));
            let known = (event.repeats() || !changes.is_empty()).then(|| id.clone());
            match model {
                Some(model) => {
                    let moved = local.checked_add_signed(model.shift()).unwrap_or(local);
                    let start = model.start.at_digits(moved);
                    self.push(found, model.component, known, start, &model.length);
                }
                None => {
                    let length = own.unwrap_or(event.length);
                    self.push(found, event.component, known, id, &length);
                }
            }
        }
    }

    /// All begins of a series that can matter.
    fn begins<'e>(&self, event: &'e Timed, later: &[&&Timed]) -> Begins<'e> {
        let shifts = later.iter().map(|one| one.shift().abs());
        let lengths = later.iter().map(|one| one.length.most());
        let own = event.dates.iter().filter_map(|(_, length)| length.as_ref());
        let longest = lengths
            .chain(own.map(Length::most))
            .chain([event.length.most()])
            .max();
        let margin = TimeDelta::days(2) + shifts.max().unwrap_or_default();
        let zone = match &event.start {
            When::Zoned { place, .. } => &place.zone,
            When::Utc(_) => &Zone::UTC,
            When::Date(_) | When::Local(_) => self.zone,
        };
        let reach = margin + longest.unwrap_or_default();
        let first = digits(zone, self.span.from).checked_sub_signed(reach);
        let last = digits(zone, self.span.to).checked_add_signed(margin);
        Begins::new(
            event,
            zone,
            first.unwrap_or(NaiveDateTime::MIN),
            last.unwrap_or(NaiveDateTime::MAX),
        )
    }

    /// Whether it touches the span (RFC 4791 §9.9).
    pub(super) fn touches(&self, start: &When, end: &When) -> bool {
        let (from, to) = (start.instant(self.zone), end.instant(self.zone));
        let ends_after = if from < to {
            to > self.span.from
        } else {
            from >= self.span.from
        };
        from < self.span.to && ends_after
    }

    /// Adds an instance if it touches the span.
    fn push(
        &self,
        found: &mut Vec<Instance>,
        component: usize,
        id: Option<When>,
        start: When,
        length: &Length,
    ) {
        let end = length.after(&start);
        if found.len() < self.most && self.touches(&start, &end) {
            found.push(Instance {
                component,
                id,
                start,
                end,
            });
        }
    }
}

/// What so many things to look at cost.
fn steps(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The begins of a series between two local times, in order, each once.
#[derive(Debug)]
pub(super) struct Begins<'e> {
    rules: Vec<(Instances, Option<NaiveDateTime>)>,
    dates: std::iter::Peekable<std::vec::IntoIter<(NaiveDateTime, Option<&'e Length>)>>,
    last: NaiveDateTime,
    given: Option<NaiveDateTime>,
}

impl<'e> Begins<'e> {
    pub(super) fn new(
        event: &'e Timed,
        zone: &Zone,
        first: NaiveDateTime,
        last: NaiveDateTime,
    ) -> Self {
        let start = event.start.digits();
        let rules = event.rules.iter().map(|rule| {
            let end = last_local(rule.end, |utc| digits(zone, utc.and_utc()));
            (
                Instances::new(rule, start, first).until(end.min(last)),
                None,
            )
        });
        let own = event
            .dates
            .iter()
            .map(|(date, length)| (date.digits(), length.as_ref()));
        let mut dates: Vec<_> = own.chain([(start, None)]).collect();
        dates.retain(|(local, _)| (first..=last).contains(local));
        dates.sort_by_key(|(local, _)| *local);
        Self {
            rules: rules.collect(),
            dates: dates.into_iter().peekable(),
            last,
            given: None,
        }
    }

    pub(super) fn next(&mut self, budget: &mut Budget) -> Option<(NaiveDateTime, Option<Length>)> {
        loop {
            let (local, length) = self.nearest(budget)?;
            if local > self.last {
                return None;
            }
            if self.given != Some(local) {
                self.given = Some(local);
                return Some((local, length));
            }
        }
    }

    /// The nearest begin of all sources, taken from its source; a date before a rule, for its
    /// length.
    fn nearest(&mut self, budget: &mut Budget) -> Option<(NaiveDateTime, Option<Length>)> {
        for (instances, head) in &mut self.rules {
            if head.is_none() {
                *head = instances.next(budget);
            }
        }
        let rule = self.rules.iter_mut().filter(|(_, head)| head.is_some());
        let rule = rule.min_by_key(|(_, head)| *head);
        let date = self.dates.peek().map(|(date, _)| *date);
        match (rule, date) {
            (Some((_, head)), date) if date.is_none_or(|date| Some(date) > *head) => {
                head.take().map(|local| (local, None))
            }
            (_, Some(_)) => self
                .dates
                .next()
                .map(|(local, length)| (local, length.copied())),
            _ => None,
        }
    }
}

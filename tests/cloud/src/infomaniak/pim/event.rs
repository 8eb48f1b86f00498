//! An event: the vendor's JSON, and what only the simulation knows of it.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rrule::RRuleSet;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::recur;
use super::span::{Point, Span};
use super::zone::Zone;

/// Fields of a record.
pub(crate) type Fields = Map<String, Value>;

/// What the API does not tell of an event; `/export` and the instances follow from it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Sim {
    /// The UID in exports; else one made from the id.
    pub uid: Option<String>,
    /// Instances that do not take place, by their beginnings as the vendor writes times.
    pub exdates: Vec<String>,
    /// Instances that differ.
    pub overrides: Vec<Override>,
}

/// An instance that differs from the others.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// When it would have begun.
    pub instance: String,
    /// The vendor's fields that differ; without `start`, time and length stay.
    pub fields: Map<String, Value>,
}

/// An event with what follows from its fields.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) calendar: u64,
    pub(crate) json: Fields,
    pub(crate) sim: Sim,
    /// Last change, epoch seconds.
    pub(crate) stamp: u64,
    /// What the corpus calls it.
    pub(crate) case: Option<String>,
    pub(crate) span: Option<Span>,
    rule: Option<RRuleSet>,
    excluded: Vec<NaiveDateTime>,
    differing: Vec<(NaiveDateTime, Fields, Option<Span>)>,
    walls: Vec<NaiveDateTime>,
    known_until: Option<NaiveDateTime>,
    pub(crate) capped: bool,
}

/// One time an event takes place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instance<'a> {
    /// When it would have begun.
    pub(crate) wall: NaiveDateTime,
    pub(crate) span: Span,
    /// The event's fields, or those of one that differs.
    pub(crate) json: &'a Fields,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    /// In which days begin and end.
    pub(crate) zone: Zone,
    /// Whether what began before counts.
    pub(crate) overlaps: bool,
}

impl Range {
    fn at(&self, point: Point) -> DateTime<Utc> {
        match point {
            Point::Day(day) => self.zone.instant(day.and_time(chrono::NaiveTime::MIN)),
            Point::At(at) => at,
        }
    }

    /// Whether it takes place then.
    pub(crate) fn has(&self, span: &Span) -> bool {
        let (start, end) = (self.at(span.start), self.at(span.end));
        let within = self.from <= start && start < self.to;
        within || (self.overlaps && start < self.to && self.from < end)
    }

    /// For sorting.
    pub(crate) fn begins(&self, span: &Span) -> i64 {
        self.at(span.start).timestamp()
    }
}

impl Event {
    pub(crate) fn new(calendar: u64, json: Fields, sim: Sim, stamp: u64) -> Event {
        let mut event = Event {
            calendar,
            json,
            sim,
            stamp,
            case: None,
            span: None,
            rule: None,
            excluded: Vec::new(),
            differing: Vec::new(),
            walls: Vec::new(),
            known_until: None,
            capped: false,
        };
        event.read_again();
        event
    }

    /// After a change of the fields.
    pub(crate) fn read_again(&mut self) {
        self.span = Span::read(&self.json);
        self.known_until = None;
        let Some(span) = self.span else {
            self.rule = None;
            return;
        };
        let rule = self.json.get("rrule").and_then(Value::as_str);
        self.rule = rule.and_then(|rule| recur::read(rule, &span));
        let excluded = self.sim.exdates.iter();
        self.excluded = excluded.filter_map(|text| span.instance(text)).collect();
        let overrides = self.sim.overrides.iter();
        let differing = overrides.filter_map(|one| self.differing(&span, one));
        self.differing = differing.collect();
    }

    /// All fields of an instance that differs, and when it takes place.
    fn differing(
        &self,
        span: &Span,
        one: &Override,
    ) -> Option<(NaiveDateTime, Fields, Option<Span>)> {
        let wall = span.instance(&one.instance)?;
        let mut json = self.json.clone();
        let (start, end) = span.moved(wall)?.texts();
        json.insert("start".to_owned(), start.into());
        json.insert("end".to_owned(), end.into());
        let fields = one.fields.clone();
        json.extend(fields);
        let span = Span::read(&json);
        Some((wall, json, span))
    }

    /// Whether it has a rule that makes sense.
    pub(crate) fn repeats(&self) -> bool {
        self.rule.is_some()
    }

    /// The UID in exports; `id` is its own.
    pub(crate) fn uid(&self, id: u64) -> String {
        let given = self.sim.uid.clone();
        given.unwrap_or_else(|| super::store::uid(id))
    }

    pub(crate) fn excluded(&self) -> &[NaiveDateTime] {
        &self.excluded
    }

    /// The instances that differ: when they would have begun, their fields, their times.
    pub(crate) fn differing_ones(&self) -> impl Iterator<Item = Instance<'_>> {
        let ones = self.differing.iter();
        ones.filter_map(|(wall, json, span)| {
            Some(Instance {
                wall: *wall,
                span: (*span)?,
                json,
            })
        })
    }

    /// Expands the rule so far that [`Event::instances`] knows all of a range.
    pub(crate) fn prepare(&mut self, range: &Range) {
        let (Some(rule), Some(span)) = (&self.rule, &self.span) else {
            return;
        };
        let last = span.zone.wall(range.to) + TimeDelta::days(1);
        if self.known_until.is_some_and(|known| known >= last) {
            return;
        }
        // further than asked, since windows are asked one after the other
        let further = last
            .checked_add_signed(TimeDelta::days(800))
            .unwrap_or(last);
        (self.walls, self.capped) = recur::expand(rule, further);
        self.known_until = Some(further);
    }

    /// When it takes place in a range; differing instances come last.
    pub(crate) fn instances(&self, range: &Range) -> Vec<Instance<'_>> {
        let Some(span) = self.span else {
            return Vec::new();
        };
        let single = [span.wall()];
        let walls: &[NaiveDateTime] = if self.rule.is_some() {
            &self.walls
        } else {
            &single
        };
        let early = range.from.naive_utc() - span.length() - TimeDelta::days(2);
        let first = walls.partition_point(|wall| *wall < early);
        let beyond = range.to.naive_utc() + TimeDelta::days(2);
        let near = walls[first..].iter().take_while(|wall| **wall <= beyond);
        let json = &self.json;
        let plain = near.filter(|wall| {
            let differs = self.differing.iter().any(|one| one.0 == **wall);
            !differs && !self.excluded.contains(wall)
        });
        let plain = plain.filter_map(|wall| {
            Some(Instance {
                wall: *wall,
                span: span.moved(*wall)?,
                json,
            })
        });
        let all = plain.chain(self.differing_ones());
        all.filter(|instance| range.has(&instance.span)).collect()
    }
}

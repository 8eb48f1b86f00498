//! What lies inside a time range (RFC 4791 §9.9).

use std::cell::RefCell;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::super::super::xml::{CALDAV, Element};
use super::alarm::Alarm;
use crate::domain::Span;
use crate::text::{Component, Occurrence, Occurrences, Property, Timeline, Zone};

/// The first instant that can be asked for.
pub(super) const FIRST: DateTime<Utc> = at(-62_135_596_800);
/// The last one.
pub(super) const LAST: DateTime<Utc> = at(253_402_300_799);

/// Furthest that a time on the clock can be from the same digits in UTC.
const WIDEST: TimeDelta = TimeDelta::hours(14);
/// Instances of an object that are looked at one by one; where there are more, it passes.
const MOST: usize = 10_000;

const fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).expect("the years 1 to 9999 are instants")
}

/// The zone in which days and local times are meant, where a report tells it (RFC 4791 §9.8,
/// RFC 7809 §4.1).
pub(in crate::dav::report) fn zone(root: &Element) -> Option<Zone> {
    let text = |local| Some(root.child_in(CALDAV, local)?.text.as_str());
    let of_id = text("timezone-id").and_then(|id| Zone::named(id.trim()));
    of_id.or_else(|| Zone::of_calendar(text("timezone")?))
}

/// How times of objects are taken.
#[derive(Debug, Default)]
pub(in crate::dav::report) struct Times {
    /// Where days and local times are; `None`: anywhere.
    pub(in crate::dav::report) zone: Option<Zone>,
}

/// An object while it is looked at.
pub(super) struct Inspected<'a> {
    object: &'a Component,
    times: &'a Times,
    /// Made when it is asked for: one for all questions, so that one bound of work holds for all.
    timeline: RefCell<Option<Timeline>>,
}

impl<'a> Inspected<'a> {
    pub(super) const fn new(object: &'a Component, times: &'a Times) -> Self {
        Self {
            object,
            times,
            timeline: RefCell::new(None),
        }
    }

    /// Whether any component of this name inside `parent`, a part of the object, takes time inside
    /// the span; of components whose times are not known here more pass rather than fewer, and
    /// all where that takes too much work.
    pub(super) fn any_in(&self, parent: &Component, name: &str, span: &Span) -> bool {
        if name.eq_ignore_ascii_case("VEVENT") {
            self.any_event(*span, 1, |_| true)
        } else if name.eq_ignore_ascii_case("VALARM") {
            Alarm::any_of(parent, |alarm| self.goes_off(parent, alarm, span))
        } else {
            true
        }
    }

    /// Whether an instance touches the span and is wanted. Where `most` or more touch it, one of
    /// those that were not looked at may be.
    fn any_event(&self, span: Span, most: usize, wanted: impl Fn(&Occurrence) -> bool) -> bool {
        let object = self.object;
        let zone = self.times.zone.as_ref().unwrap_or(&Zone::UTC);
        let found = self.occurrences(span, zone, most);
        if found.capped || found.list.len() >= most || found.list.iter().any(&wanted) {
            return true;
        }
        let anywhere = |one: &Occurrence| is_local(&object.components[one.component]);
        if self.times.zone.is_some() || !object.components.iter().any(is_local) {
            return false;
        }
        let found = self.occurrences(widened(span), zone, MOST);
        let mut list = found.list.iter();
        found.capped || found.list.len() >= MOST || list.any(anywhere)
    }

    fn occurrences(&self, span: Span, zone: &Zone, most: usize) -> Occurrences {
        let mut timeline = self.timeline.borrow_mut();
        let timeline = timeline.get_or_insert_with(|| Timeline::of(self.object));
        timeline.occurrences(span, zone, most)
    }

    /// Whether an alarm of an event goes off inside the span.
    fn goes_off(&self, event: &Component, alarm: &Alarm, span: &Span) -> bool {
        let (offset, at_end) = match alarm {
            Alarm::Unknown => return true,
            Alarm::At(instant) => return span.from <= *instant && *instant < span.to,
            Alarm::FromStart(offset) => (*offset, false),
            Alarm::FromEnd(offset) => (*offset, true),
        };
        // The begins or ends that make it go off inside the span.
        let moved = Span {
            from: moved(span.from, -offset),
            to: moved(span.to, -offset),
        };
        // An instance that ends with the begin of the span does not touch it.
        let around = Span {
            from: self::moved(moved.from, TimeDelta::seconds(-1)),
            to: self::moved(moved.to, TimeDelta::seconds(1)),
        };
        self.any_event(around, MOST, |one| {
            let edge = if at_end { one.end } else { one.start };
            let this = std::ptr::eq(&raw const self.object.components[one.component], event);
            this && moved.from <= edge && edge < moved.to
        })
    }

    /// Steps of work that were left; `None` where nobody asked for times.
    #[cfg(test)]
    pub(super) fn left(&self) -> Option<u32> {
        self.timeline.borrow().as_ref().map(Timeline::left)
    }
}

/// Whether a component begins on a day or by no certain clock.
pub(in crate::dav::report) fn is_local(component: &Component) -> bool {
    let start = component.property("DTSTART");
    start.is_some_and(|start| start.param("TZID").is_none() && !start.value.trim().ends_with('Z'))
}

/// A span within which a time on the clock lies that is anywhere inside this one.
pub(in crate::dav::report) fn widened(span: Span) -> Span {
    Span {
        from: moved(span.from, -WIDEST),
        to: moved(span.to, WIDEST),
    }
}

/// An instant some time away, within the years that are.
fn moved(instant: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    let limit = if by < TimeDelta::zero() { FIRST } else { LAST };
    let moved = instant.checked_add_signed(by).unwrap_or(limit);
    moved.clamp(FIRST, LAST)
}

/// Whether a property has a time inside the span. Times on the clock may be anywhere; what is no
/// time at all is nowhere.
pub(super) fn property_in(property: &Property, span: &Span) -> bool {
    let mut values = property.value.split(',');
    values.any(|value| {
        let begin = value.split('/').next().unwrap_or_default();
        moment(begin.trim()).is_some_and(|(first, last)| last >= span.from && first < span.to)
    })
}

/// The first and the last instant that a value can mean.
fn moment(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    if let Some(instant) = instant(text) {
        return Some((instant, instant));
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    let (from, to) = match local {
        Some(local) => (local, local),
        None => {
            let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
            let midnight = day.and_time(chrono::NaiveTime::MIN);
            (midnight, midnight.checked_add_signed(TimeDelta::days(1))?)
        }
    };
    Some((moved(from.and_utc(), -WIDEST), moved(to.and_utc(), WIDEST)))
}

/// `20060104T000000Z`
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = NaiveDateTime::parse_from_str(text.trim(), "%Y%m%dT%H%M%SZ");
    Some(instant.ok()?.and_utc().clamp(FIRST, LAST))
}

//! Free and busy time (RFC 4791 §7.10).

use chrono::{DateTime, Utc};

use super::occur::occurrences;
use crate::domain::Span;
use crate::text::event::calendar;
use crate::text::when::utc;
use crate::text::{Component, Property, Zone};

/// Instances of one object that are looked at.
const MOST: usize = 10_000;
/// An instant in UTC.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// The busy times of calendars in a span: what leaves its time free or is cancelled is left out,
/// tentative times are told apart, times that touch are one.
#[derive(Debug)]
pub struct BusyTimes {
    span: Span,
    busy: Vec<Span>,
    tentative: Vec<Span>,
}

impl BusyTimes {
    /// Of no calendars.
    #[must_use]
    pub const fn within(span: Span) -> Self {
        Self {
            span,
            busy: Vec::new(),
            tentative: Vec::new(),
        }
    }

    /// Adds the times that one object takes.
    pub fn add(&mut self, calendar: &Component, zone: &Zone) {
        for one in occurrences(calendar, self.span, zone, MOST).list {
            let period = Span {
                from: one.start.max(self.span.from),
                to: one.end.min(self.span.to),
            };
            if period.from < period.to {
                match state(&calendar.components[one.component]) {
                    Some(State::Busy) => self.busy.push(period),
                    Some(State::Tentative) => self.tentative.push(period),
                    None => {}
                }
            }
        }
    }

    /// Joins times that touch, so that many objects do not take much memory.
    pub fn settle(&mut self) {
        for periods in [&mut self.busy, &mut self.tentative] {
            *periods = merged(std::mem::take(periods));
        }
    }

    /// The times as a `VFREEBUSY`; `stamp` becomes its `DTSTAMP`.
    #[must_use]
    pub fn write(mut self, stamp: DateTime<Utc>) -> String {
        self.settle();
        let mut answer = Component::new("VFREEBUSY");
        let [from, to] = [self.span.from, self.span.to].map(|at| at.format(TIME));
        answer.push(Property::new("UID", format!("freebusy-{from}-{to}")));
        answer.push(utc("DTSTAMP", stamp));
        answer.push(utc("DTSTART", self.span.from));
        answer.push(utc("DTEND", self.span.to));
        for (kind, periods) in [("BUSY", self.busy), ("BUSY-TENTATIVE", self.tentative)] {
            for Span { from, to } in periods {
                let [from, to] = [from, to].map(|at| at.format(TIME));
                let period = Property::new("FREEBUSY", format!("{from}/{to}"));
                answer.push(period.with("FBTYPE", kind));
            }
        }
        let mut out = calendar();
        out.components.push(answer);
        out.write()
    }
}

enum State {
    Busy,
    Tentative,
}

/// How an event takes its time; `None`: not at all.
fn state(event: &Component) -> Option<State> {
    let is = |name: &str, wanted: &str| {
        let value = event.property(name).map(|one| one.value.trim());
        value.is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    if is("TRANSP", "TRANSPARENT") || is("STATUS", "CANCELLED") {
        return None;
    }
    let tentative = is("STATUS", "TENTATIVE");
    Some(if tentative {
        State::Tentative
    } else {
        State::Busy
    })
}

/// Periods in order, those that touch as one.
fn merged(mut periods: Vec<Span>) -> Vec<Span> {
    periods.sort_by_key(|period| period.from);
    let mut merged: Vec<Span> = Vec::new();
    for period in periods {
        match merged.last_mut() {
            Some(last) if period.from <= last.to => last.to = last.to.max(period.to),
            _ => merged.push(period),
        }
    }
    merged
}

//! Free and busy time (RFC 4791 §7.10).

use chrono::{DateTime, Utc};

use super::occur::occurrences;
use crate::domain::Span;
use crate::text::event::calendar;
use crate::text::when::utc;
use crate::text::{Component, Property, Zone};

/// Instances of one object that are looked at.
const MOST: usize = 10_000;

/// The busy times of calendars in a span, as a `VFREEBUSY`: what leaves its time free or is
/// cancelled is left out, tentative times are told apart, times that touch are one. `stamp` becomes
/// its `DTSTAMP`.
pub fn free_busy<'a>(
    calendars: impl Iterator<Item = &'a Component>,
    span: Span,
    zone: &Zone,
    stamp: DateTime<Utc>,
) -> String {
    let (mut busy, mut tentative) = (Vec::new(), Vec::new());
    for calendar in calendars {
        taken(calendar, span, zone, &mut busy, &mut tentative);
    }
    let mut answer = Component::new("VFREEBUSY");
    let [from, to] = [span.from, span.to].map(|at| at.format("%Y%m%dT%H%M%SZ"));
    answer.push(Property::new("UID", format!("freebusy-{from}-{to}")));
    answer.push(utc("DTSTAMP", stamp));
    answer.push(utc("DTSTART", span.from));
    answer.push(utc("DTEND", span.to));
    let kinds = [
        ("BUSY", merged(busy)),
        ("BUSY-TENTATIVE", merged(tentative)),
    ];
    for (kind, periods) in kinds {
        for Span { from, to } in periods {
            let [from, to] = [from, to].map(|at| at.format("%Y%m%dT%H%M%SZ"));
            let period = Property::new("FREEBUSY", format!("{from}/{to}"));
            answer.push(period.with("FBTYPE", kind));
        }
    }
    let mut out = calendar();
    out.components.push(answer);
    out.write()
}

/// Adds the times that one object takes within the span.
fn taken(
    calendar: &Component,
    span: Span,
    zone: &Zone,
    busy: &mut Vec<Span>,
    tentative: &mut Vec<Span>,
) {
    for one in occurrences(calendar, span, zone, MOST).list {
        let period = Span {
            from: one.start.max(span.from),
            to: one.end.min(span.to),
        };
        if period.from < period.to {
            match state(&calendar.components[one.component]) {
                Some(State::Busy) => busy.push(period),
                Some(State::Tentative) => tentative.push(period),
                None => {}
            }
        }
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

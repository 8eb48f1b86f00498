//! Rows of a listing, where the cloud shows instances and no rule.

use crate::domain::{Event, Part, Repetition};

use super::join::{Override, Series, Time, Whole, is_cancelled, order, series, sorted};
use super::places::Places;

/// One row is a single event, or a series where it tells a rule. Several are a series, whatever
/// rule they tell: from the earliest, further begins for rows that are equal to it,
/// changed instances for those that are not. What does not take place is left out,
/// unless nothing does.
pub(super) fn rows<'a>(parts: &[&'a (Part, Event)], places: &Places) -> Whole<'a> {
    let rows = in_order(parts, places);
    if let [(_, event)] = rows.as_slice()
        && event.repetition.repeats()
    {
        return Whole {
            series: series(event, places),
            overrides: Vec::new(),
        };
    }
    let mut rows = rows.into_iter();
    let Some((time, event)) = rows.next() else {
        return Whole::default();
    };
    let mut dates = Vec::new();
    let mut overrides = Vec::new();
    for (other, row) in rows {
        let id = other.start.like(&time.start);
        dates.push(id.clone());
        let same_kind = other.start.is_date() == time.start.is_date();
        if !(same_kind && other.length() == time.length() && same(event, row)) {
            let (event, time) = (row, other);
            overrides.push(Override { id, event, time });
        }
    }
    let dates = sorted(dates, Some(&time.start));
    let series = Some(Series {
        event,
        time,
        rules: Vec::new(),
        dates,
        excluded: Vec::new(),
    });
    Whole { series, overrides }
}

/// The rows that count, the earliest first, one for each begin.
fn in_order<'a>(parts: &[&'a (Part, Event)], places: &Places) -> Vec<(Time, &'a Event)> {
    let row = |(part, event): &&'a (Part, Event)| match part {
        Part::Occurrence(begin) => {
            let start = event.start.as_ref().unwrap_or(begin);
            Some((Time::of(event, start, places), event))
        }
        _ => None,
    };
    let mut rows: Vec<(Time, &Event)> = parts.iter().filter_map(row).collect();
    if rows.iter().any(|(_, event)| !is_cancelled(event)) {
        rows.retain(|(_, event)| !is_cancelled(event));
    }
    rows.sort_by_key(|(time, _)| order(&time.start));
    rows.dedup_by(|(a, _), (b, _)| a.start == b.start);
    rows
}

/// Whether two rows tell the same but for their time and history.
fn same(one: &Event, other: &Event) -> bool {
    let bare = |event: &Event| Event {
        start: None,
        end: None,
        repetition: Repetition::default(),
        sequence: None,
        created: None,
        modified: None,
        ..event.clone()
    };
    bare(one) == bare(other)
}

//! How events are told, depending on what recurring ones look like (fact sheet §4.3, §10.1).

use serde_json::{Value, json};

use super::event::{Event, Fields, Instance, Range};
use crate::switches::Recurring;

/// Most rows of one event in a window.
const MOST: usize = 1_000;

/// The rows of an event in a window, each with its beginning, epoch seconds.
pub(super) fn of(event: &Event, range: &Range, recurring: Recurring) -> Vec<(i64, Value)> {
    let Some(span) = event.span else {
        return vec![(i64::MIN, json!(event.json))];
    };
    let instances = event.instances(range);
    if !event.repeats() || recurring == Recurring::Masters {
        let row = |_: &Instance<'_>| (range.begins(&span), json!(event.json));
        return instances.first().map(row).into_iter().collect();
    }
    let rows = instances.iter().take(MOST);
    rows.map(|instance| {
        let mut row = at(instance);
        if recurring != Recurring::Expanded {
            row["rrule"] = Value::Null;
        }
        (range.begins(&instance.span), row)
    })
    .collect()
}

/// An instance as a row of its own.
fn at(instance: &Instance<'_>) -> Value {
    let mut row: Fields = instance.json.clone();
    let (start, end) = instance.span.texts();
    row.insert("start".to_owned(), start.into());
    row.insert("end".to_owned(), end.into());
    row.into()
}

/// An event by its id.
pub(super) fn single(event: &Event, recurring: Recurring) -> Value {
    let mut json = event.json.clone();
    if recurring == Recurring::ExpandedNoRule && event.repeats() {
        json.insert("rrule".to_owned(), Value::Null);
    }
    json.into()
}

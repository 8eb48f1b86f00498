//! The events of a window, and a single one (fact sheet §4.3, §4.4).

use serde_json::{Value, json};

use super::calendars::readable;
use super::event::{Event, Range};
use super::{denied, rows, tell, window};
use crate::infomaniak::envelope::{Answer, Failure};
use crate::infomaniak::state::Call;

/// `GET …/event?calendar_id&from&to`
pub(super) fn window(call: &mut Call<'_>) -> Answer {
    let Some(text) = call.request.query.get("calendar_id") else {
        let text = "The calendar id field is required.";
        return Err(Failure::invalid("calendar_id", "required", text));
    };
    let integer = "The calendar id must be an integer.";
    let id = text.parse();
    let id = id.map_err(|_| Failure::invalid("calendar_id", "integer", integer))?;
    let range = window::asked(call)?;
    let empty = readable(call, id)?.empty;
    let rows = if empty {
        Vec::new()
    } else {
        rows_of(call, id, &range)
    };
    let data = Value::from(rows);
    if call.state.switches.events_object {
        return tell(&json!({ "events": data }));
    }
    tell(&data)
}

/// The rows by beginning; events whose beginning nobody can read come first, in every window.
fn rows_of(call: &mut Call<'_>, calendar: u64, range: &Range) -> Vec<Value> {
    let recurring = call.state.switches.recurring;
    let mut found = Vec::new();
    for (key, event) in &mut call.state.pim.events {
        if event.calendar != calendar {
            continue;
        }
        event.prepare(range);
        let rows = rows::of(event, range, recurring);
        found.extend(rows.into_iter().map(|(at, row)| ((at, *key), row)));
    }
    found.sort_by_key(|row| row.0);
    found.into_iter().map(|row| row.1).collect()
}

/// The event of the first `{…}`, if the caller may read its calendar.
pub(super) fn asked<'a>(call: &'a Call<'_>) -> Result<&'a Event, Failure> {
    let found = call.state.pim.event(call.params.id(0));
    let event = found.ok_or_else(|| call.state.missing("Event"))?;
    let mut calendars = call.state.pim.calendars.iter();
    let calendar = calendars.find(|one| one.id == event.calendar);
    let user = call.grant.user.id;
    match calendar.filter(|one| one.members.contains(&user)) {
        None => Err(call.state.missing("Event")),
        Some(calendar) if calendar.forbidden => Err(denied()),
        Some(_) => Ok(event),
    }
}

/// `GET …/event/{event}`
pub(super) fn detail(call: &mut Call<'_>) -> Answer {
    let event = asked(call)?;
    tell(&rows::single(event, call.state.switches.recurring))
}

//! Writing events (fact sheet §4.5). `notifyAttendees` is taken and does nothing.

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::calendars::readable;
use super::event::{Fields, Sim};
use super::listing::asked;
use super::span::Span;
use super::store::number;
use super::zone::Zone;
use super::{denied, rows, tell, unexpected, window};
use crate::infomaniak::envelope::{Answer, Failure, success};
use crate::infomaniak::state::Call;
use crate::switches::Recurring;

/// Fields that are taken as they come, and what they are when they do not.
const PLAIN: [(&str, Value); 12] = [
    ("title", Value::Null),
    ("description", Value::Null),
    ("location", Value::Null),
    ("freebusy", Value::Null),
    ("private", Value::Bool(false)),
    ("status", Value::Null),
    ("color", Value::Null),
    ("rrule", Value::Null),
    ("attachments", Value::Null),
    ("meet_room_url", Value::Null),
    ("bookable_resource_id", Value::Null),
    ("type", Value::Null),
];

fn invalid(attribute: &str, rule: &str) -> Failure {
    let text = format!("The {} is invalid.", attribute.replace('_', " "));
    Failure::invalid(attribute, rule, &text)
}

/// The calendar and the vendor's fields that a body asks for.
fn body(call: &Call<'_>) -> Result<(u64, Fields), Failure> {
    let body: Fields = call.request.json().map_err(|_| invalid("body", "json"))?;
    let calendar = body.get("calendar_id").and_then(number);
    let calendar = calendar.ok_or_else(|| invalid("calendar_id", "integer"))?;
    readable(call, calendar)?;
    let mut event = Fields::new();
    event.insert("calendar_id".to_owned(), json!(calendar));
    for (name, missing) in PLAIN {
        let value = body.get(name).cloned().unwrap_or(missing);
        event.insert(name.to_owned(), value);
    }
    let defaults = [
        ("type", json!("event")),
        ("freebusy", json!("busy")),
        ("meet_room_url", json!("")),
        ("attachments", json!([])),
    ];
    for (name, value) in defaults {
        if event.get(name).is_none_or(Value::is_null) {
            event.insert(name.to_owned(), value);
        }
    }
    times(&body, &mut event)?;
    event.insert("attendees".to_owned(), attendees(&body)?);
    event.insert("alarms".to_owned(), alarms(&body)?);
    Ok((calendar, event))
}

/// Wall times in named zones become what the vendor tells.
fn times(body: &Fields, event: &mut Fields) -> Result<(), Failure> {
    let time = |name: &'static str| -> Result<NaiveDateTime, Failure> {
        let text = body.get(name).and_then(Value::as_str);
        let text = text.ok_or_else(|| invalid(name, "required"))?;
        window::read(text).ok_or_else(|| invalid(name, "date_format"))
    };
    let (start, end) = (time("start")?, time("end")?);
    if end < start {
        return Err(invalid("end", "after_or_equal"));
    }
    let fullday = body.get("fullday") == Some(&Value::Bool(true));
    event.insert("fullday".to_owned(), json!(fullday));
    for (name, at) in [("start", start), ("end", end)] {
        let label = format!("timezone_{name}");
        let zone = body.get(&label).and_then(Value::as_str);
        let zone = zone.unwrap_or("Europe/Zurich");
        let known = Zone::named(zone).ok_or_else(|| invalid(&label, "timezone"))?;
        let told = if fullday {
            at.date().to_string()
        } else {
            let at = known.instant(at);
            at.with_timezone(&known.offset(at)).to_rfc3339()
        };
        event.insert(label, json!(zone));
        event.insert(name.to_owned(), json!(told));
    }
    let span = Span::read(event).ok_or_else(|| invalid("start", "date"))?;
    let (start, end) = span.texts();
    event.insert("start".to_owned(), json!(start));
    event.insert("end".to_owned(), json!(end));
    Ok(())
}

fn list<'a>(body: &'a Fields, name: &str) -> Result<&'a [Value], Failure> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(invalid(name, "array")),
    }
}

fn attendees(body: &Fields) -> Result<Value, Failure> {
    let told = list(body, "attendees")?.iter().map(|given| {
        let or = |name: &str, missing: Value| match &given[name] {
            Value::Null => missing,
            value => value.clone(),
        };
        json!({
            "address": given["address"],
            "name": or("name", given["address"].clone()),
            "organizer": or("organizer", json!(false)),
            "state": or("state", json!("NEEDS-ACTION")),
        })
    });
    Ok(told.collect())
}

/// What is written as `{number, unit, type}` reads as `{minutesBefore, action}`.
fn alarms(body: &Fields) -> Result<Value, Failure> {
    let read = |given: &Value| -> Result<Value, Failure> {
        if given.get("minutesBefore").is_some() || given.get("action").is_some() {
            return Err(unexpected());
        }
        let number = given["number"].as_u64();
        let number = number.ok_or_else(|| invalid("alarms.number", "integer"))?;
        let minutes = match given["unit"].as_str() {
            Some("minute") => 1,
            Some("hour") => 60,
            Some("day") => 60 * 24,
            _ => return Err(invalid("alarms.unit", "in")),
        };
        let action = given["type"].as_str();
        let known = |action: &&str| ["DISPLAY", "EMAIL", "SMS", "WEBHOOK"].contains(action);
        let action = action.filter(known);
        let action = action.ok_or_else(|| invalid("alarms.type", "in"))?;
        Ok(json!({ "minutesBefore": number.saturating_mul(minutes), "action": action }))
    };
    list(body, "alarms")?.iter().map(read).collect()
}

/// `POST …/event`; a UID in the body is not looked at.
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let (calendar, event) = body(call)?;
    let now = call.state.tick();
    let id = call
        .state
        .pim
        .put_event(calendar, event, Sim::default(), now);
    told(call, id)
}

/// `PUT …/event/{event}`; what only exports know of it stays.
pub(super) fn replace(call: &mut Call<'_>) -> Answer {
    let sim = asked(call)?.sim.clone();
    let (calendar, mut event) = body(call)?;
    let id = call.params.id(0);
    event.insert("id".to_owned(), json!(id));
    let now = call.state.tick();
    call.state.pim.put_event(calendar, event, sim, now);
    told(call, id)
}

fn told(call: &Call<'_>, id: u64) -> Answer {
    let event = call.state.pim.event(id).ok_or_else(unexpected)?;
    tell(&rows::single(event, Recurring::Masters))
}

/// `DELETE …/event/{event}?calendar_id`
pub(super) fn delete(call: &mut Call<'_>) -> Answer {
    let calendar = asked(call)?.calendar;
    let told = call.request.query.get("calendar_id");
    if told.is_some_and(|told| told != calendar.to_string()) {
        return Err(denied());
    }
    call.state.tick();
    let id = call.params.id(0);
    call.state.pim.remove_event(id);
    success(Value::Null)
}

//! From records to events (fact sheet §4.4). Only an id and a begin are needed; every other field
//! that makes no sense is left out.

use serde_json::Value;

use super::super::fields::{self, told, truth, whole};
use super::super::wire::{self, Record};
use super::time;
use crate::domain::{
    Alarm, AlarmAction, Answer, Attendee, Class, Event, EventStatus, ItemId, Moment, ShelfId,
    Trigger,
};

/// A record that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapped {
    pub(super) item: ItemId,
    /// Its begin, which the event has as well.
    pub(super) start: Moment,
    /// The event without its rule.
    pub(super) event: Event,
    /// Its rule, without the name.
    pub(super) rule: Option<String>,
    /// The calendar that the record names.
    pub(super) shelf: Option<ShelfId>,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// An event.
    Event(Box<Mapped>),
    /// A task: tasks are not served.
    Task,
    /// An event that is damaged.
    Unreadable {
        item: Option<ItemId>,
        reason: &'static str,
    },
}

/// Reads a record.
pub(super) fn record(record: &Record) -> Kind {
    let kind = wire::text(record, "type");
    if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("todo")) {
        return Kind::Task;
    }
    let Some(item) = wire::key(record, "id").map(ItemId::new) else {
        let reason = "the event has no id";
        return Kind::Unreadable { item: None, reason };
    };
    let (Some(start), end) = time::of(record) else {
        let reason = "the event has no begin that can be read";
        let item = Some(item);
        return Kind::Unreadable { item, reason };
    };
    let event = Event {
        start: Some(start.clone()),
        end,
        ..event(record)
    };
    Kind::Event(Box::new(Mapped {
        item,
        start,
        event,
        rule: rule(record),
        shelf: wire::key(record, "calendar_id").map(ShelfId::new),
    }))
}

/// All but the times and the rule.
fn event(record: &Record) -> Event {
    let attendees: Vec<(Attendee, bool)> = attendees(record).collect();
    let organizer = attendees.iter().find(|(_, organizes)| *organizes);
    let freebusy = wire::text(record, "freebusy");
    Event {
        summary: told(record, "title"),
        description: told(record, "description"),
        location: told(record, "location"),
        url: told(record, "meet_room_url"),
        status: status(record),
        transparent: freebusy.is_some_and(|told| told.eq_ignore_ascii_case("free")),
        class: truth(record, "private").then_some(Class::Private),
        organizer: organizer.map(|(attendee, _)| attendee.clone()),
        attendees: attendees
            .into_iter()
            .map(|(attendee, _)| attendee)
            .collect(),
        alarms: alarms(record).collect(),
        categories: categories(record),
        color: fields::color(record, "color").or_else(|| color_name(record)),
        created: fields::instant(record, "created_at"),
        modified: fields::instant(record, "updated_at"),
        ..Event::default()
    }
}

fn rule(record: &Record) -> Option<String> {
    let rule = wire::text(record, "rrule")?.trim();
    let name = rule.get(.."RRULE:".len());
    let named = name.is_some_and(|name| name.eq_ignore_ascii_case("RRULE:"));
    let rule = if named { rule.get(6..)?.trim() } else { rule };
    (!rule.is_empty()).then(|| rule.to_owned())
}

fn status(record: &Record) -> Option<EventStatus> {
    let status = wire::text(record, "status")?.trim().to_ascii_uppercase();
    Some(match &*status {
        "CONFIRMED" => EventStatus::Confirmed,
        "TENTATIVE" => EventStatus::Tentative,
        "CANCELLED" | "CANCELED" => EventStatus::Cancelled,
        _ => return None,
    })
}

/// Who takes part, and whether it is who called the meeting.
fn attendees(record: &Record) -> impl Iterator<Item = (Attendee, bool)> {
    fields::records(record, "attendees").filter_map(|one| {
        let address = wire::text(one, "address")?.trim();
        let scheme = address.get(.."mailto:".len());
        let written = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        let address = if written { address.get(7..)? } else { address };
        if address.is_empty() {
            return None;
        }
        let attendee = Attendee {
            address: address.to_owned(),
            name: told(one, "name"),
            answer: answer(one),
            ..Attendee::default()
        };
        Some((attendee, truth(one, "organizer")))
    })
}

fn answer(attendee: &Record) -> Option<Answer> {
    let state = wire::text(attendee, "state")?.trim().to_ascii_uppercase();
    Some(match &*state.replace('_', "-") {
        "NEEDS-ACTION" => Answer::NeedsAction,
        "ACCEPTED" => Answer::Accepted,
        "DECLINED" => Answer::Declined,
        "TENTATIVE" => Answer::Tentative,
        "DELEGATED" => Answer::Delegated,
        _ => return None,
    })
}

fn alarms(record: &Record) -> impl Iterator<Item = Alarm> {
    fields::records(record, "alarms").filter_map(|alarm| {
        let seconds = match whole(alarm, "minutesBefore") {
            Some(minutes) => minutes.checked_mul(60)?,
            None => whole(alarm, "number")?.checked_mul(unit(alarm)?)?,
        };
        Some(Alarm {
            trigger: Trigger::FromStart(seconds.checked_neg()?),
            action: action(alarm)?,
        })
    })
}

/// Seconds of a unit.
fn unit(alarm: &Record) -> Option<i64> {
    let unit = wire::text(alarm, "unit")?.to_ascii_lowercase();
    Some(match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 604_800,
        _ => return None,
    })
}

/// `None`: it is not for people.
fn action(alarm: &Record) -> Option<AlarmAction> {
    let name = wire::text(alarm, "action").or_else(|| wire::text(alarm, "type"));
    let name = name.unwrap_or_default().to_ascii_uppercase();
    match &*name {
        "WEBHOOK" => None,
        "EMAIL" => Some(AlarmAction::Email),
        "AUDIO" => Some(AlarmAction::Audio),
        _ => Some(AlarmAction::Display),
    }
}

fn categories(record: &Record) -> Vec<String> {
    let list = record.get("categories").and_then(Value::as_array);
    let name = |one: &Value| {
        let name = one.as_str().or_else(|| one.get("name")?.as_str())?;
        (!name.trim().is_empty()).then(|| name.to_owned())
    };
    list.into_iter().flatten().filter_map(name).collect()
}

/// The name of a colour.
fn color_name(record: &Record) -> Option<String> {
    let name = wire::text(record, "color")?.trim();
    let plain = name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    (plain && !name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;

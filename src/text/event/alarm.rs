//! Reminders.

use crate::domain::{Alarm, AlarmAction, Event, Trigger};
use crate::text::series::duration_seconds;
use crate::text::when::utc;
use crate::text::{Component, Property};

use super::join::Time;
use super::read::instant;

/// What a message says where the event has no title.
const NAMELESS: &str = "Reminder";
/// Furthest from the event that a reminder is believed, seconds.
const FURTHEST: i64 = 3_660 * 86_400;

/// The alarms of an event.
pub(super) fn components(event: &Event, time: &Time) -> Vec<Component> {
    let alarms = event.alarms.iter();
    alarms
        .filter_map(|alarm| component(alarm, event, time))
        .collect()
}

fn component(alarm: &Alarm, event: &Event, time: &Time) -> Option<Component> {
    let trigger = match alarm.trigger {
        Trigger::FromStart(seconds) => Property::new("TRIGGER", duration(seconds)?),
        // nothing relates to an end that is not there
        Trigger::FromEnd(seconds) if time.end.is_none() => {
            Property::new("TRIGGER", duration(seconds)?)
        }
        Trigger::FromEnd(seconds) => {
            Property::new("TRIGGER", duration(seconds)?).with("RELATED", "END")
        }
        Trigger::At(at) => utc("TRIGGER", at).with("VALUE", "DATE-TIME"),
    };
    let mut out = Component::new("VALARM");
    match alarm.action {
        AlarmAction::Audio => out.push(Property::new("ACTION", "AUDIO")),
        // a mail is sent by the cloud; clients would send a second one
        AlarmAction::Display | AlarmAction::Email => {
            out.push(Property::new("ACTION", "DISPLAY"));
            let title = event.summary.as_deref().map(str::trim);
            let title = title.filter(|title| !title.is_empty());
            out.push(Property::of_text("DESCRIPTION", title.unwrap_or(NAMELESS)));
        }
    }
    out.push(trigger);
    Some(out)
}

/// A reminder as another server tells it.
pub(super) fn read(component: &Component) -> Option<Alarm> {
    let trigger = component.property("TRIGGER")?;
    let of_end = trigger
        .param("RELATED")
        .is_some_and(|it| it.eq_ignore_ascii_case("END"));
    let trigger = match duration_seconds(&trigger.value) {
        Some(seconds) if of_end => Trigger::FromEnd(seconds),
        Some(seconds) => Trigger::FromStart(seconds),
        None => Trigger::At(instant(component, "TRIGGER")?),
    };
    let action = component
        .property("ACTION")
        .map(|action| action.value.trim());
    let is = |name: &str| action.is_some_and(|action| action.eq_ignore_ascii_case(name));
    let action = match () {
        () if is("AUDIO") => AlarmAction::Audio,
        () if is("EMAIL") => AlarmAction::Email,
        () => AlarmAction::Display,
    };
    Some(Alarm { trigger, action })
}

/// A length of time (RFC 5545 §3.3.6), by the shortest units that tell it.
pub(in crate::text) fn duration(seconds: i64) -> Option<String> {
    if seconds.checked_abs()? > FURTHEST {
        return None;
    }
    let mut out = String::from(if seconds < 0 { "-P" } else { "P" });
    let seconds = seconds.abs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    if days > 0 {
        out.push_str(&format!("{days}D"));
    }
    if rest > 0 || days == 0 {
        out.push('T');
        let units = [(rest / 3600, 'H'), (rest / 60 % 60, 'M'), (rest % 60, 'S')];
        for (number, unit) in units {
            // `PT0S` for nothing at all; no unit between two others may be left out
            let between = unit == 'M' && rest >= 3600 && rest % 60 > 0;
            if number > 0 || between || (seconds == 0 && unit == 'S') {
                out.push_str(&format!("{number}{unit}"));
            }
        }
    }
    Some(out)
}

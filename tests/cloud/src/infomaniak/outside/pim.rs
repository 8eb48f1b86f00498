//! Changes of calendars and events.

use serde_json::{Map, Value, json};

use super::{PimEdit, people};
use crate::infomaniak::pim::event::{Event, Override, Sim};
use crate::infomaniak::pim::sample;
use crate::infomaniak::pim::store::Pim;
use crate::infomaniak::state::State;

type Outcome = Result<Value, String>;

/// Applies a change; gives the id of what it is about.
pub(crate) fn apply(state: &mut State, edit: &PimEdit) -> Outcome {
    let now = state.tick();
    let pim = &mut state.pim;
    match edit {
        PimEdit::Event { .. }
        | PimEdit::ChangeEvent { .. }
        | PimEdit::RemoveEvent { .. }
        | PimEdit::MoveEvent { .. }
        | PimEdit::CancelInstance { .. }
        | PimEdit::OverrideInstance { .. } => event(pim, edit, now),
        PimEdit::Contact { .. }
        | PimEdit::ChangeContact { .. }
        | PimEdit::RemoveContact { .. }
        | PimEdit::MoveContact { .. } => people::contact(pim, edit),
        PimEdit::Book { .. } | PimEdit::BookHidden { .. } | PimEdit::BookName { .. } => {
            people::book(pim, edit)
        }
        _ => calendar(pim, edit),
    }
}

fn event(pim: &mut Pim, edit: &PimEdit, now: u64) -> Outcome {
    match edit {
        PimEdit::Event {
            calendar,
            event,
            sim,
        } => {
            pim.calendar_mut(*calendar)?;
            let id = pim.put_event(*calendar, event.clone(), sim.clone(), now);
            Ok(json!(id))
        }
        PimEdit::RemoveEvent { id } => {
            let found = pim.remove_event(*id);
            found
                .then_some(json!(id))
                .ok_or_else(|| format!("no event {id}"))
        }
        PimEdit::ChangeEvent { id, fields, sim } => changed(pim, *id, now, |event| {
            event.json.extend(fields.clone());
            if let Some(sim) = sim {
                event.sim.clone_from(sim);
            }
            Ok(())
        }),
        PimEdit::MoveEvent { id, calendar } => {
            pim.calendar_mut(*calendar)?;
            changed(pim, *id, now, |event| {
                event.calendar = *calendar;
                event.json.insert("calendar_id".to_owned(), json!(calendar));
                Ok(())
            })
        }
        _ => instance(pim, edit, now),
    }
}

/// Changes of one instance.
fn instance(pim: &mut Pim, edit: &PimEdit, now: u64) -> Outcome {
    match edit {
        PimEdit::CancelInstance { id, instance } => changed(pim, *id, now, |event| {
            known(event, instance)?;
            event.sim.exdates.push(instance.clone());
            Ok(())
        }),
        PimEdit::OverrideInstance {
            id,
            instance,
            fields,
        } => changed(pim, *id, now, |event| {
            known(event, instance)?;
            differ(&mut event.sim, instance, fields);
            Ok(())
        }),
        _ => Ok(Value::Null),
    }
}

fn changed(
    pim: &mut Pim,
    id: u64,
    now: u64,
    change: impl FnOnce(&mut Event) -> Result<(), String>,
) -> Outcome {
    let event = pim.event_mut(id)?;
    change(event)?;
    event.stamp = now;
    event.read_again();
    Ok(json!(id))
}

/// Refuses texts that name no instance.
fn known(event: &Event, instance: &str) -> Result<(), String> {
    let wall = event.span.and_then(|span| span.instance(instance));
    wall.map(drop)
        .ok_or_else(|| format!("not a time: {instance}"))
}

/// A later difference of the same instance takes the place of the earlier one.
fn differ(sim: &mut Sim, instance: &str, fields: &Map<String, Value>) {
    sim.overrides.retain(|one| one.instance != instance);
    sim.overrides.push(Override {
        instance: instance.to_owned(),
        fields: fields.clone(),
    });
}

fn calendar(pim: &mut Pim, edit: &PimEdit) -> Outcome {
    let id = match edit {
        PimEdit::Calendar { calendar, name } => {
            if pim.calendar_mut(*calendar).is_ok() {
                return Err(format!("there is a calendar {calendar}"));
            }
            pim.calendars.push(sample::annas(*calendar, name));
            calendar
        }
        PimEdit::RemoveCalendar { calendar } => {
            pim.calendar_mut(*calendar)?;
            pim.calendars.retain(|known| known.id != *calendar);
            pim.events.retain(|_, event| event.calendar != *calendar);
            calendar
        }
        PimEdit::CalendarHidden { calendar, hidden } => {
            pim.calendar_mut(*calendar)?.hidden = *hidden;
            calendar
        }
        PimEdit::CalendarEmpty { calendar, empty } => {
            pim.calendar_mut(*calendar)?.empty = *empty;
            calendar
        }
        PimEdit::CalendarForbidden {
            calendar,
            forbidden,
        } => {
            pim.calendar_mut(*calendar)?.forbidden = *forbidden;
            calendar
        }
        PimEdit::CalendarName { calendar, name } => {
            pim.calendar_mut(*calendar)?.name.clone_from(name);
            calendar
        }
        PimEdit::CalendarColor { calendar, color } => {
            pim.calendar_mut(*calendar)?.color.clone_from(color);
            calendar
        }
        _ => return Ok(Value::Null),
    };
    Ok(json!(id))
}

//! Changes of calendars and contacts.

use serde_json::{Map, Value, json};

use super::PimEdit;
use crate::infomaniak::people::ANNA;
use crate::infomaniak::pim::event::{Event, Override, Sim};
use crate::infomaniak::pim::sample;
use crate::infomaniak::pim::store::{Book, Contact, Pim};
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
        | PimEdit::MoveContact { .. } => contact(pim, edit),
        PimEdit::Book { .. } | PimEdit::BookHidden { .. } | PimEdit::BookName { .. } => {
            book(pim, edit)
        }
        _ => calendar(pim, edit),
    }
}

fn event(pim: &mut Pim, edit: &PimEdit, now: u64) -> Outcome {
    let id = match edit {
        PimEdit::Event {
            calendar,
            event,
            sim,
        } => {
            pim.calendar_mut(*calendar)?;
            pim.put_event(*calendar, event.clone(), sim.clone(), now)
        }
        PimEdit::RemoveEvent { id } => {
            let found = pim.remove_event(*id);
            found
                .then_some(*id)
                .ok_or_else(|| format!("no event {id}"))?
        }
        PimEdit::ChangeEvent { id, fields, sim } => changed(pim, *id, now, |event| {
            event.json.extend(fields.clone());
            if let Some(sim) = sim {
                event.sim.clone_from(sim);
            }
            Ok(())
        })?,
        PimEdit::MoveEvent { id, calendar } => {
            pim.calendar_mut(*calendar)?;
            changed(pim, *id, now, |event| {
                event.calendar = *calendar;
                event.json.insert("calendar_id".to_owned(), json!(calendar));
                Ok(())
            })?
        }
        PimEdit::CancelInstance { id, instance } => changed(pim, *id, now, |event| {
            known(event, instance)?;
            event.sim.exdates.push(instance.clone());
            Ok(())
        })?,
        PimEdit::OverrideInstance {
            id,
            instance,
            fields,
        } => changed(pim, *id, now, |event| {
            known(event, instance)?;
            differ(&mut event.sim, instance, fields);
            Ok(())
        })?,
        _ => 0,
    };
    Ok(json!(id))
}

fn changed(
    pim: &mut Pim,
    id: u64,
    now: u64,
    change: impl FnOnce(&mut Event) -> Result<(), String>,
) -> Result<u64, String> {
    let event = pim.event_mut(id)?;
    change(event)?;
    event.stamp = now;
    event.read_again();
    Ok(id)
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

fn contact(pim: &mut Pim, edit: &PimEdit) -> Outcome {
    match edit {
        PimEdit::Contact { book, contact } => {
            if let Some(book) = book {
                annas_book(pim, *book)?;
            }
            let mut json = contact.clone();
            let free = pim.free_contact_id();
            let id = json.entry("id").or_insert_with(|| json!(free)).clone();
            json.entry("addressbook_id").or_insert_with(|| json!(book));
            let mine = Contact {
                user: ANNA,
                book: *book,
                json,
            };
            match annas(pim, &id) {
                Ok(known) => *known = mine,
                Err(_) => pim.contacts.push(mine),
            }
            Ok(id)
        }
        PimEdit::ChangeContact { id, fields } => {
            annas(pim, id)?.json.extend(fields.clone());
            Ok(id.clone())
        }
        PimEdit::RemoveContact { id } => {
            annas(pim, id)?;
            pim.contacts
                .retain(|one| !(one.user == ANNA && same(one, id)));
            Ok(id.clone())
        }
        PimEdit::MoveContact { id, book } => {
            if let Some(book) = book {
                annas_book(pim, *book)?;
            }
            let contact = annas(pim, id)?;
            contact.book = *book;
            contact
                .json
                .insert("addressbook_id".to_owned(), json!(book));
            Ok(id.clone())
        }
        _ => Ok(Value::Null),
    }
}

fn same(contact: &Contact, id: &Value) -> bool {
    contact.json.get("id") == Some(id)
}

fn annas<'a>(pim: &'a mut Pim, id: &Value) -> Result<&'a mut Contact, String> {
    let mut contacts = pim.contacts.iter_mut();
    let found = contacts.find(|one| one.user == ANNA && same(one, id));
    found.ok_or_else(|| format!("no contact {id}"))
}

fn annas_book(pim: &mut Pim, id: u64) -> Result<&mut Book, String> {
    let mut books = pim.books.iter_mut();
    let found = books.find(|book| book.user == ANNA && book.id == id);
    found.ok_or_else(|| format!("no book {id}"))
}

fn book(pim: &mut Pim, edit: &PimEdit) -> Outcome {
    match edit {
        PimEdit::Book { book, name } => {
            if annas_book(pim, *book).is_ok() {
                return Err(format!("there is a book {book}"));
            }
            pim.books.push(sample::annas_book(*book, name));
            Ok(json!(book))
        }
        PimEdit::BookHidden { book, hidden } => {
            annas_book(pim, *book)?.hidden = *hidden;
            Ok(json!(book))
        }
        PimEdit::BookName { book, name } => {
            annas_book(pim, *book)?.name.clone_from(name);
            Ok(json!(book))
        }
        _ => Ok(Value::Null),
    }
}

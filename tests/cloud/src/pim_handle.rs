//! The direct handle of calendars and contacts.

use std::sync::Arc;

use serde_json::Value;

use crate::infomaniak::outside::{self, PimEdit};
use crate::infomaniak::pim::event::Sim;
use crate::infomaniak::pim::instances::{self, Instances};
use crate::infomaniak::pim::store::number;
use crate::server::Shared;

/// Calendars and contacts of the simulation, as another client sees and changes them.
pub struct PimHandle {
    pub(crate) shared: Arc<Shared>,
}

impl PimHandle {
    /// Any change; gives the id of what it is about.
    ///
    /// # Panics
    /// What the change is about does not exist.
    pub fn edit(&self, edit: &PimEdit) -> Value {
        let done = outside::apply_pim(&mut self.shared.state(), edit);
        match done {
            Ok(id) => id,
            Err(why) => panic!("{why}"),
        }
    }

    /// Adds an event, or puts it in the place of the one with its id; gives its id.
    ///
    /// # Panics
    /// There is no such calendar, or the event is no object.
    pub fn event(&self, calendar: u64, event: Value) -> u64 {
        self.event_with(calendar, event, Sim::default())
    }

    /// The same with a UID and exceptions.
    ///
    /// # Panics
    /// There is no such calendar, or the event is no object.
    pub fn event_with(&self, calendar: u64, event: Value, sim: Sim) -> u64 {
        let Value::Object(event) = event else {
            panic!("an event is an object");
        };
        let id = self.edit(&PimEdit::Event {
            calendar,
            event,
            sim,
        });
        number(&id).unwrap_or(0)
    }

    /// Changes fields of an event.
    ///
    /// # Panics
    /// There is no such event, or the fields are no object.
    pub fn change_event(&self, id: u64, fields: Value) {
        let Value::Object(fields) = fields else {
            panic!("fields are an object");
        };
        self.edit(&PimEdit::ChangeEvent {
            id,
            fields,
            sim: None,
        });
    }

    /// Deletes an event.
    ///
    /// # Panics
    /// There is no such event.
    pub fn remove_event(&self, id: u64) {
        self.edit(&PimEdit::RemoveEvent { id });
    }

    /// Adds a contact of Anna's, or puts it in the place of the one with its id; gives its id.
    ///
    /// # Panics
    /// There is no such book, or the contact is no object.
    pub fn contact(&self, book: Option<u64>, contact: Value) -> Value {
        let Value::Object(contact) = contact else {
            panic!("a contact is an object");
        };
        self.edit(&PimEdit::Contact { book, contact })
    }

    /// Changes fields of a contact.
    ///
    /// # Panics
    /// There is no such contact, or the fields are no object.
    pub fn change_contact(&self, id: impl Into<Value>, fields: Value) {
        let Value::Object(fields) = fields else {
            panic!("fields are an object");
        };
        self.edit(&PimEdit::ChangeContact {
            id: id.into(),
            fields,
        });
    }

    /// Deletes a contact.
    ///
    /// # Panics
    /// There is no such contact.
    pub fn remove_contact(&self, id: impl Into<Value>) {
        self.edit(&PimEdit::RemoveContact { id: id.into() });
    }

    /// The vendor's fields of a calendar's events, by id.
    pub fn events(&self, calendar: u64) -> Vec<Value> {
        let state = self.shared.state();
        let events = state.pim.events.values();
        let within = events.filter(|event| event.calendar == calendar);
        within.map(|event| event.json.clone().into()).collect()
    }

    /// The vendor's fields of Anna's contacts in a book, in the order of listings.
    pub fn contacts(&self, book: Option<u64>) -> Vec<Value> {
        let state = self.shared.state();
        let anna = crate::infomaniak::people::ANNA;
        let contacts = state.pim.contacts.iter();
        let within = contacts.filter(|one| one.user == anna && one.book == book);
        within.map(|one| one.json.clone().into()).collect()
    }

    /// The UID of an event in exports.
    pub fn uid(&self, id: u64) -> Option<String> {
        let state = self.shared.state();
        state.pim.event(id).map(|event| event.uid(id))
    }

    /// What takes place in a calendar; `from` and `to` are days (`2026-01-01`) or times
    /// (`2026-01-01 00:00:00`) of UTC.
    ///
    /// # Panics
    /// They are neither.
    pub fn instances(&self, calendar: u64, from: &str, to: &str) -> Instances {
        let read = |text| match instances::moment(text) {
            Ok(at) => at,
            Err(why) => panic!("{why}"),
        };
        let mut state = self.shared.state();
        instances::of(&mut state.pim, calendar, read(from), read(to))
    }
}

//! What tests write to change calendars and contacts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::infomaniak::pim::event::Sim;

/// A change of calendars or contacts that does not come through the API.
///
/// Records are the vendor's JSON, taken as it is. Times of instances are written as the vendor
/// writes times; for timed events a day stands for the instance of that day.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum PimEdit {
    /// An event is added, or takes the place of the one with its id.
    Event {
        /// Which calendar.
        calendar: u64,
        /// The vendor's fields; without `id` one is given.
        event: Map<String, Value>,
        /// What only exports and instances tell.
        #[serde(default)]
        sim: Sim,
    },
    /// Fields of an event change; the others stay.
    ChangeEvent {
        /// Which.
        id: u64,
        /// The vendor's fields.
        #[serde(default)]
        fields: Map<String, Value>,
        /// What only exports and instances tell, all of it.
        #[serde(default)]
        sim: Option<Sim>,
    },
    /// An event is deleted.
    RemoveEvent {
        /// Which.
        id: u64,
    },
    /// An event goes to another calendar.
    MoveEvent {
        /// Which.
        id: u64,
        /// The new calendar.
        calendar: u64,
    },
    /// One instance of a recurring event is deleted.
    CancelInstance {
        /// Which event.
        id: u64,
        /// When the instance would have begun.
        instance: String,
    },
    /// One instance of a recurring event differs from the others.
    OverrideInstance {
        /// Which event.
        id: u64,
        /// When the instance would have begun.
        instance: String,
        /// The vendor's fields that differ; without `start`, time and length stay.
        fields: Map<String, Value>,
    },
    /// A calendar of Anna's is made.
    Calendar {
        /// Its id.
        calendar: u64,
        /// Its name.
        name: String,
    },
    /// A calendar is deleted with its events.
    RemoveCalendar {
        /// Which.
        calendar: u64,
    },
    /// A calendar is missing from the list, or comes back; its events can be read.
    CalendarHidden {
        /// Which.
        calendar: u64,
        /// Missing or not.
        hidden: bool,
    },
    /// The windows of a calendar have no events, or have them again.
    CalendarEmpty {
        /// Which.
        calendar: u64,
        /// Empty or not.
        empty: bool,
    },
    /// A calendar answers 403 to everything but the list, or no longer.
    CalendarForbidden {
        /// Which.
        calendar: u64,
        /// Forbidden or not.
        forbidden: bool,
    },
    /// A calendar is renamed.
    CalendarName {
        /// Which.
        calendar: u64,
        /// The new name.
        name: String,
    },
    /// A calendar gets another colour.
    CalendarColor {
        /// Which.
        calendar: u64,
        /// The new colour, such as `#0098FF`, or anything.
        color: Value,
    },
    /// A contact of Anna's is added, or takes the place of the one with its id.
    Contact {
        /// Which book; `null` for none.
        book: Option<u64>,
        /// The vendor's fields; without `id` one is given.
        contact: Map<String, Value>,
    },
    /// Fields of a contact change; the others stay.
    ChangeContact {
        /// Its id, a number or a text.
        id: Value,
        /// The vendor's fields.
        fields: Map<String, Value>,
    },
    /// A contact is deleted.
    RemoveContact {
        /// Its id, a number or a text.
        id: Value,
    },
    /// A contact goes to another book.
    MoveContact {
        /// Its id, a number or a text.
        id: Value,
        /// The new book; `null` for none.
        book: Option<u64>,
    },
    /// A book of Anna's is made.
    Book {
        /// Its id.
        book: u64,
        /// Its name.
        name: String,
    },
    /// A book of Anna's is missing from the list and from `contact/all`, or comes back.
    BookHidden {
        /// Which.
        book: u64,
        /// Missing or not.
        hidden: bool,
    },
    /// A book of Anna's is renamed.
    BookName {
        /// Which.
        book: u64,
        /// The new name.
        name: String,
    },
}

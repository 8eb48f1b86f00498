//! Calendars with events, address books with contacts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::event::{Event, Fields, Sim};
use crate::content::mix;

/// A calendar and who sees it.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) color: Value,
    pub(crate) account: Option<u64>,
    /// Its owner; `None` tells `-1`.
    pub(crate) owner: Option<u64>,
    pub(crate) default: bool,
    pub(crate) members: Vec<u64>,
    /// Missing from the list, but readable.
    pub(crate) hidden: bool,
    /// Its windows show no events.
    pub(crate) empty: bool,
    /// Its events answer 403.
    pub(crate) forbidden: bool,
}

/// An address book as one user sees it.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub(crate) id: u64,
    pub(crate) uuid: &'static str,
    /// Who sees it.
    pub(crate) user: u64,
    pub(crate) name: String,
    pub(crate) default: bool,
    pub(crate) account: u64,
    /// The organisation's members.
    pub(crate) directory: bool,
    pub(crate) categories: Vec<(u64, &'static str)>,
    /// Missing from the list and from `contact/all`.
    pub(crate) hidden: bool,
}

/// A contact of one user.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) user: u64,
    /// The book whose listing has it.
    pub(crate) book: Option<u64>,
    pub(crate) json: Fields,
}

/// What the PIM services hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pim {
    pub(crate) calendars: Vec<Calendar>,
    /// By id; a second number tells apart those that share one.
    pub(crate) events: BTreeMap<(u64, u32), Event>,
    pub(crate) books: Vec<Book>,
    pub(crate) contacts: Vec<Contact>,
    /// Exports so far.
    pub(crate) exports: u64,
}

/// The first id that is given away.
const EVENT_IDS: u64 = 77_120_000;
const CONTACT_IDS: u64 = 880_000;

/// An id, given as a number or as a text.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The UUID that the server gives an event, the same in each run.
pub(crate) fn uid(id: u64) -> String {
    let (high, low) = (mix(id ^ 0x7569_6400), mix(id ^ 0x0064_6975));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

impl Pim {
    pub(crate) fn calendar_mut(&mut self, id: u64) -> Result<&mut Calendar, String> {
        let mut calendars = self.calendars.iter_mut();
        let found = calendars.find(|calendar| calendar.id == id);
        found.ok_or_else(|| format!("no calendar {id}"))
    }

    /// An id that no event has.
    pub(crate) fn free_event_id(&self) -> u64 {
        let last = self.events.last_key_value();
        last.map_or(EVENT_IDS, |(key, _)| key.0.max(EVENT_IDS)) + 1
    }

    /// The first event of an id.
    pub(crate) fn event(&self, id: u64) -> Option<&Event> {
        let mut found = self.events.range((id, 0)..=(id, u32::MAX));
        found.next().map(|entry| entry.1)
    }

    pub(crate) fn event_mut(&mut self, id: u64) -> Result<&mut Event, String> {
        let mut found = self.events.range_mut((id, 0)..=(id, u32::MAX));
        let found = found.next().map(|entry| entry.1);
        found.ok_or_else(|| format!("no event {id}"))
    }

    /// Puts an event in the place of all of its id; one without gets an id.
    pub(crate) fn put_event(&mut self, calendar: u64, mut json: Fields, sim: Sim, now: u64) -> u64 {
        let given = json.get("id").and_then(number);
        let id = given.unwrap_or_else(|| self.free_event_id());
        json.entry("id").or_insert_with(|| json!(id));
        json.entry("calendar_id").or_insert_with(|| json!(calendar));
        self.remove_event(id);
        self.add_event(id, Event::new(calendar, json, sim, now));
        id
    }

    /// Adds an event beside others of its id.
    pub(crate) fn add_event(&mut self, id: u64, event: Event) {
        let mut copy = 0;
        while self.events.contains_key(&(id, copy)) {
            copy += 1;
        }
        self.events.insert((id, copy), event);
    }

    /// Removes all events of an id; tells whether there were any.
    pub(crate) fn remove_event(&mut self, id: u64) -> bool {
        let before = self.events.len();
        let found = self.events.range((id, 0)..=(id, u32::MAX));
        let keys: Vec<(u64, u32)> = found.map(|entry| *entry.0).collect();
        for key in keys {
            self.events.remove(&key);
        }
        before != self.events.len()
    }

    /// An id that no contact has.
    pub(crate) fn free_contact_id(&self) -> u64 {
        let ids = self
            .contacts
            .iter()
            .filter_map(|one| number(one.json.get("id")?));
        ids.max().map_or(CONTACT_IDS, |last| last.max(CONTACT_IDS)) + 1
    }
}

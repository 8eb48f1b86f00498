//! A bridge over calendars and address books of the reference cloud.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use davbridge::domain::{Contact, Event, Kind, Services, ShelfId};

use super::bridge::Bridge;
use super::items::{Account, Cloud, Faults, Manner};

/// Two calendars, `first` and `second`, and an address book `people`.
pub struct Library {
    pub events: Arc<Cloud<Event>>,
    pub contacts: Arc<Cloud<Contact>>,
    bridge: Bridge,
}

impl Deref for Library {
    type Target = Bridge;

    fn deref(&self) -> &Bridge {
        &self.bridge
    }
}

/// Address of the first calendar.
pub const CALENDAR: &str = "/dav/calendars/anna/first/";
/// Address of the first address book.
pub const BOOK: &str = "/dav/addressbooks/anna/people/";

/// When every event of [`Library::put`] is.
pub fn noon() -> DateTime<Utc> {
    let today = Utc::now().date_naive();
    today.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

impl Library {
    pub fn new() -> Self {
        let events = Cloud::new(Manner::CURSORS);
        let contacts = Cloud::new(Manner::CURSORS);
        contacts.describe("s1", |shelf| shelf.name = "People".to_owned());
        let account = Account {
            events: Some(events.clone()),
            contacts: Some(contacts.clone()),
        };
        Self {
            bridge: Bridge::new(Arc::new(account)),
            events,
            contacts,
        }
    }

    /// With events of these ids in the first calendar.
    pub fn with(ids: &[&str]) -> Self {
        let library = Self::new();
        for id in ids {
            library.put(id, "title");
        }
        library
    }

    /// Asks with a credential for these services from now on.
    pub fn serve(&mut self, services: Services) {
        self.bridge.services = services;
    }

    /// Adds or changes an event of the first calendar.
    pub fn put(&self, id: &str, title: &str) {
        self.events.put(id, "s1", title, noon());
    }

    /// Time goes on until the copy is too old.
    pub fn later(&self) {
        self.bridge.clock.forward(Duration::from_mins(30));
    }

    /// Looks at the first calendar fail.
    pub fn spoil(&self, kind: Kind) {
        self.events.set_faults(Faults {
            shelf: Some((ShelfId::new("s1"), kind)),
            ..Faults::default()
        });
    }
}

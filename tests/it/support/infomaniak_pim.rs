//! Calendars and address books of a simulated Infomaniak, as the shared suite wants them.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use cloud::{Fault, Kind as Bug, Options, Switches};
use davbridge::domain::{Contact, Event, ItemId, Items, ShelfId};
use serde_json::{Value, json};

use super::infomaniak::Sim;
use crate::conformance::items::World;

const CALENDAR: u64 = 1_379_001;
const BOOK: u64 = 5501;
const WINDOW: &str = "GET /1/calendar/pim/event";
const ALL: &str = "GET contacts:/api/pim/contact/all";
const EACH: &str = "GET contacts:/api/pim/addressbook/{book}/contact";

/// Anna's own calendar, or her own address book.
pub struct Pim<K> {
    sim: Sim,
    items: Arc<dyn Items<K>>,
    /// Whether the rows of a window are `data.events`.
    events_object: bool,
}

async fn sim(change: impl FnOnce(&mut Switches)) -> (Sim, bool) {
    let mut options = Options::default();
    change(&mut options.switches);
    let events_object = options.switches.events_object;
    (Sim::with(options, |_| {}).await, events_object)
}

impl Pim<Event> {
    pub async fn calendars(change: impl FnOnce(&mut Switches)) -> Self {
        let (sim, events_object) = sim(change).await;
        Self {
            items: sim.provider.events().unwrap(),
            sim,
            events_object,
        }
    }
}

impl Pim<Contact> {
    pub async fn books(change: impl FnOnce(&mut Switches)) -> Self {
        let (sim, events_object) = sim(change).await;
        Self {
            items: sim.provider.contacts().unwrap(),
            sim,
            events_object,
        }
    }
}

impl<K> Pim<K> {
    fn patch(&self, route: &str, pointer: &str, value: Value) {
        let (pointer, value) = (pointer.to_owned(), Some(value));
        let bug = Bug::Patch { pointer, value };
        self.sim.cloud.faults([Fault::on(route, bug).always()]);
    }
}

#[async_trait]
impl World<Event> for Pim<Event> {
    fn items(&self) -> &dyn Items<Event> {
        &*self.items
    }

    fn shelf(&self) -> ShelfId {
        ShelfId::new(CALENDAR.to_string())
    }

    async fn put(&self, title: &str, at: DateTime<Utc>) -> ItemId {
        let digits = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
        let event = json!({
            "title": title, "start": digits(at), "end": digits(at + TimeDelta::hours(1)),
            "timezone_start": "UTC", "timezone_end": "UTC", "rrule": "",
        });
        let id = self.sim.cloud.pim().event(CALENDAR, event);
        ItemId::new(id.to_string())
    }

    async fn change(&self, item: &ItemId, title: &str) {
        let id = item.as_str().parse().unwrap();
        let pim = self.sim.cloud.pim();
        pim.change_event(id, json!({ "title": title }));
    }

    async fn remove(&self, item: &ItemId) {
        let id = item.as_str().parse().unwrap();
        self.sim.cloud.pim().remove_event(id);
    }

    /// The first row of every window.
    async fn spoil(&self, _: &ItemId) {
        let pointer = if self.events_object {
            "/data/events/0/start"
        } else {
            "/data/0/start"
        };
        self.patch(WINDOW, pointer, json!("never"));
    }

    async fn mend(&self) {
        self.sim.cloud.clear_faults();
    }
}

#[async_trait]
impl World<Contact> for Pim<Contact> {
    fn items(&self) -> &dyn Items<Contact> {
        &*self.items
    }

    fn shelf(&self) -> ShelfId {
        ShelfId::new(BOOK.to_string())
    }

    async fn put(&self, title: &str, _: DateTime<Utc>) -> ItemId {
        let contact = json!({ "name": title, "emails": ["a@example.org"] });
        let id = self.sim.cloud.pim().contact(Some(BOOK), contact);
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        ItemId::new(id)
    }

    async fn change(&self, item: &ItemId, title: &str) {
        let id: u64 = item.as_str().parse().unwrap();
        let pim = self.sim.cloud.pim();
        pim.change_contact(id, json!({ "name": title }));
    }

    async fn remove(&self, item: &ItemId) {
        let id: u64 = item.as_str().parse().unwrap();
        self.sim.cloud.pim().remove_contact(id);
    }

    /// The first row of every listing.
    async fn spoil(&self, _: &ItemId) {
        self.patch(ALL, "/data/0", json!("text"));
        self.patch(EACH, "/data/0", json!("text"));
    }

    async fn mend(&self) {
        self.sim.cloud.clear_faults();
    }
}

//! Calendars and events (fact sheet §4).
//!
//! # What the sheet leaves open, and what this adapter does
//! - **Recurring events** may be listed as masters or as instances: every row is told as the
//!   occurrence it shows, and one with a rule has more to tell, by its export. Rows that repeat an
//!   id without a rule are the mirror's to notice and to have checked.
//! - **Times of a listing** have no known zone: windows are asked a day wider (see `windows`).
//! - **No versions**: a row's version is a digest of all it says.
//! - **Tasks** share the event's model and are passed over.
//! - **A calendar that is refused** is an error of its look, never an absence of its events.

mod fetch;
mod look;
mod map;
mod time;
mod windows;

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;

use super::account::Session;
use super::api::below;
use super::wire::{self, Row};
use super::{fields, lists};
use crate::domain::{
    Call, Cursor, Error, Event, Feed, FeedId, Fetched, ItemId, Items, Kind, Look, Reach, Result,
    Shelf, ShelfId, Why,
};

/// The calendars of one account.
pub(super) struct Calendars(Arc<Session>);

impl Calendars {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self(session)
    }
}

#[async_trait]
impl Items<Event> for Calendars {
    async fn shelves(&self, call: &Call) -> Result<Vec<Shelf>> {
        let api = self.0.api(call).await?;
        let url = below(&api.cloud.settings.calendar_base, "/calendar", &[]);
        let rows = lists::rows(api, &url, &["calendars"]).await?;
        let mut seen = HashSet::new();
        let mut shelves: Vec<Shelf> = rows.iter().map(shelf).collect::<Result<_>>()?;
        shelves.retain(|shelf| seen.insert(shelf.id.clone()));
        Ok(shelves)
    }

    fn feeds(&self, shelves: &[Shelf]) -> Vec<Feed> {
        let feed = |shelf: &Shelf| Feed {
            id: FeedId::new(shelf.id.as_str()),
            shelves: vec![shelf.id.clone()],
        };
        shelves.iter().map(feed).collect()
    }

    fn look(&self, call: &Call, feed: &Feed, _: Option<&Cursor>, reach: Reach) -> Look<Event> {
        let (Reach::Near(span) | Reach::Full(span)) = reach;
        look::steps(Arc::clone(&self.0), call.clone(), calendar(feed), span)
    }

    fn can_fetch(&self) -> bool {
        true
    }

    async fn fetch(
        &self,
        call: &Call,
        feed: &Feed,
        items: &[ItemId],
        why: Why,
    ) -> Result<Vec<Fetched<Event>>> {
        let api = self.0.api(call).await?;
        fetch::all(api, &calendar(feed), items, why).await
    }
}

/// The calendar of a feed, which is named after it.
fn calendar(feed: &Feed) -> ShelfId {
    ShelfId::new(feed.id.as_str())
}

fn shelf(row: &Row) -> Result<Shelf> {
    let id = match row {
        Ok(record) => wire::key(record, "id"),
        Err(damaged) => damaged.id.clone(),
    };
    // a calendar that is left out would look deleted
    let id = id.ok_or_else(|| Error::cloud(Kind::Broken, "a calendar without id"))?;
    let record = row.as_ref().ok();
    let name = record.and_then(|record| fields::told(record, "name"));
    Ok(Shelf {
        name: name.unwrap_or_else(|| format!("Calendar {id}")),
        description: None,
        color: record.and_then(|record| fields::color(record, "color")),
        default: record.is_some_and(|record| fields::truth(record, "default")),
        id: ShelfId::new(id),
    })
}

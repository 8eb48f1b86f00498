//! Address books and contacts (fact sheet §5).
//!
//! # What the sheet leaves open, and what this adapter does
//! - **All at once**: one call gives the contacts of all books. Where the cloud refuses it for
//!   good, or answers what cannot be read, each book is listed; that path is not certain.
//! - **Categories** are told by number; their names come with the list of books, which each look
//!   reads first.
//! - **Auto-collected** rows (`other`) are left out. A row in no known book is told as a record
//!   that is there but cannot be read: it is on no shelf, and it is not gone.
//! - **Single contacts** cannot be read: the cloud answers an error to everybody.
//! - **No versions**: a row's version is a digest of all it says and its categories' names.

mod birthday;
mod books;
mod details;
mod look;
mod map;

use std::sync::Arc;

use async_trait::async_trait;

use super::account::Session;
use crate::domain::{
    Call, Contact, Cursor, Error, Feed, FeedId, Fetched, ItemId, Items, Kind, Look, Reach, Result,
    Shelf, Why,
};

/// The address books of one account.
pub(super) struct Contacts(Arc<Session>);

impl Contacts {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self(session)
    }
}

#[async_trait]
impl Items<Contact> for Contacts {
    async fn shelves(&self, call: &Call) -> Result<Vec<Shelf>> {
        let (shelves, _) = books::all(self.0.api(call).await?).await?;
        Ok(shelves)
    }

    fn feeds(&self, shelves: &[Shelf]) -> Vec<Feed> {
        if shelves.is_empty() {
            return Vec::new();
        }
        vec![Feed {
            id: FeedId::new("all"),
            shelves: shelves.iter().map(|shelf| shelf.id.clone()).collect(),
        }]
    }

    fn look(&self, call: &Call, feed: &Feed, _: Option<&Cursor>, _: Reach) -> Look<Contact> {
        look::steps(Arc::clone(&self.0), call.clone(), feed)
    }

    fn can_fetch(&self) -> bool {
        false
    }

    async fn fetch(
        &self,
        _: &Call,
        _: &Feed,
        _: &[ItemId],
        _: Why,
    ) -> Result<Vec<Fetched<Contact>>> {
        let message = "single contacts cannot be read";
        Err(Error::cloud(Kind::Unsupported, message))
    }
}

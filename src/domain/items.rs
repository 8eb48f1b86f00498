//! The port to a cloud's calendars and address books.

use std::pin::Pin;

use async_trait::async_trait;
use futures::Stream;

use super::{Call, Cursor, Feed, Fetched, Item, ItemId, Reach, Result, Shelf, Step};

/// Steps of a look as they come. An error ends the stream; a stream that ends without
/// [`Step::End`] was not complete.
pub type Look<K> = Pin<Box<dyn Stream<Item = Result<Step<K>>> + Send>>;

/// Why single items are read; a cloud may need fewer calls for the one than for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// All of an item that a look saw with [`super::Seen::more`].
    Whole,
    /// The same, of an item that was read before: an error is better than less than all.
    Again,
    /// Whether an item is still there, and whether it has a rule that looks do not tell.
    Check,
}

/// One kind of items of an account. Implementations keep no memory: each call asks the cloud.
#[async_trait]
pub trait Items<K: Item>: Send + Sync {
    /// All shelves, complete or an error.
    async fn shelves(&self, call: &Call) -> Result<Vec<Shelf>>;

    /// The feeds that cover these shelves, each shelf in exactly one. Makes no call.
    fn feeds(&self, shelves: &[Shelf]) -> Vec<Feed>;

    /// Looks at a feed from a cursor on, or at all of its reach. `StaleCursor` (as the stream's
    /// first item) when the cursor is no longer known.
    fn look(&self, call: &Call, feed: &Feed, cursor: Option<&Cursor>, reach: Reach) -> Look<K>;

    /// Whether single items can be read: without it only looks tell what is gone.
    fn can_fetch(&self) -> bool;

    /// Reads single items, one outcome for each, in any order. `NotFound` in an outcome is the
    /// cloud's positive statement. An error of the whole says nothing of the items.
    /// `Unsupported` where [`Items::can_fetch`] says no.
    async fn fetch(
        &self,
        call: &Call,
        feed: &Feed,
        items: &[ItemId],
        why: Why,
    ) -> Result<Vec<Fetched<K>>>;
}

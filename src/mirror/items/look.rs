//! One look at a feed, from the first step to the last transaction.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::collection::Collection;
use super::feed::FeedState;
use super::problem::Problem;
use super::publish::Purpose;
use super::service::Service;
use crate::domain::{
    Call, Covered, Cursor, End, Error, Fault, Feed, ItemId, Items, Kind, Result, Seen,
};
use crate::store::{Completed, FeedKey, Stage};
use crate::text::Render;

/// A look under way.
pub(super) struct Look<'a, K: Render> {
    pub(super) service: &'a Service<K>,
    pub(super) items: &'a dyn Items<K>,
    pub(super) call: &'a Call,
    pub(super) feed: &'a Feed,
    pub(super) key: FeedKey,
    pub(super) state: &'a FeedState,
    pub(super) full: bool,
    /// Whether the cloud gave windows: what it told is not of one moment.
    pub(super) windows: bool,
    /// The collections of the feed.
    pub(super) collections: Vec<Arc<Collection>>,
    /// Parts not yet compared with what is kept.
    pub(super) buffer: Vec<Seen<K>>,
    /// Items that were seen with more to tell.
    pub(super) series: HashSet<ItemId>,
    /// Rows that were seen, by item.
    pub(super) seen: HashMap<ItemId, HashSet<String>>,
    /// Items that are there although they cannot be read.
    pub(super) present: HashSet<ItemId>,
    /// Whether there are records of which not even that is known whose they are.
    pub(super) nameless: bool,
    /// Rows that were kept of items that the look missed.
    pub(super) unseen: HashMap<ItemId, Vec<String>>,
    /// Items of which parts are gone by the cloud's own word.
    pub(super) shrunk: HashSet<ItemId>,
    /// Items that are gone by the cloud's own word.
    pub(super) gone: HashSet<ItemId>,
    /// What single readings are made of, by item.
    pub(super) stamps: HashMap<ItemId, String>,
    /// Why no more single readings are tried.
    pub(super) stopped: Option<Error>,
    pub(super) unreadable: u32,
    pub(super) progress: (u32, u32),
}

impl<K: Render> Service<K> {
    /// The collections that a feed covers.
    pub(super) fn collections_of(&self, feed: &Feed) -> Vec<Arc<Collection>> {
        let known = self.list.known();
        let collections = known.iter().flat_map(|known| known.collections.iter());
        let ours = collections.filter(|known| feed.shelves.contains(&known.shelf));
        ours.cloned().collect()
    }

    /// Takes one look at a feed, under its lease.
    pub(super) async fn look(
        &self,
        call: &Call,
        feed: &Feed,
        state: &FeedState,
        full: bool,
    ) -> Result<()> {
        let _work = state.work.lock().await;
        let mut look = Look::idle(self, call, feed, state)?;
        look.full = full;
        let (key, owner) = (self.key(feed), &self.shared.owner);
        let store = &self.shared.store;
        if !store.claim(&key, owner, self.shared.clock.now()).await? {
            let kind = Kind::Busy { retry_after: None };
            return Err(Error::cloud(kind, "another process looks at the feed"));
        }
        let outcome = Box::pin(look.run()).await;
        if let Err(error) = &outcome {
            let problem = Problem::of(error).text();
            store.release(&key, owner, Some(&problem)).await?;
        }
        outcome.map_err(overtaken)
    }
}

/// That somebody else looks by now, or that the account is gone, is no trouble of the bridge.
pub(super) fn overtaken(error: Error) -> Error {
    match (error.fault(), error.kind()) {
        (Fault::Bridge, Kind::Changed) => {
            let kind = Kind::Busy { retry_after: None };
            Error::cloud(kind, "the look was given up").because(error)
        }
        _ => error,
    }
}

impl<'a, K: Render> Look<'a, K> {
    /// A look that has not begun.
    pub(super) fn idle(
        service: &'a Service<K>,
        call: &'a Call,
        feed: &'a Feed,
        state: &'a FeedState,
    ) -> Result<Self> {
        Ok(Self {
            items: &**service.items()?,
            key: service.key(feed),
            collections: service.collections_of(feed),
            service,
            call,
            feed,
            state,
            full: false,
            windows: false,
            buffer: Vec::new(),
            series: HashSet::new(),
            seen: HashMap::new(),
            present: HashSet::new(),
            nameless: false,
            unseen: HashMap::new(),
            shrunk: HashSet::new(),
            gone: HashSet::new(),
            stamps: HashMap::new(),
            stopped: None,
            unreadable: 0,
            progress: (0, 0),
        })
    }

    async fn run(&mut self) -> Result<()> {
        let store = self.service.shared.store.clone();
        let row = store.feed(&self.key).await?;
        let first = self.full && self.collections.iter().any(|known| !known.is_complete());
        // A new collection may hold what was told long ago.
        let cursor = row.cursor.filter(|_| !first);
        let (end, cursor) = self.read_from(cursor).await?;
        if first && end.covered == Covered::Nothing {
            let message = "the first look did not go over everything";
            return Err(Error::cloud(Kind::Broken, message));
        }
        self.windows = matches!(end.covered, Covered::Range(_));
        self.note_vanished().await?;
        let missed = self.missed(end.covered).await?;
        self.fetch_wanted(first).await?;
        let mut removed = self.prove(missed).await?;
        if self.full && end.covered != Covered::Nothing {
            removed.extend(self.restore(first).await?);
        }
        removed.extend(std::mem::take(&mut self.gone));
        let changed = match first {
            true => store.feed_items(&self.key).await?,
            false => store.dirty_items(&self.key).await?,
        };
        self.publish(&changed, &removed, Purpose::Look).await?;
        self.state.inner().forget(&removed);
        self.complete(end, cursor.is_some()).await?;
        if self.full && !first && self.windows {
            self.state.inner().unchanged = self.unchanged_series();
        }
        Ok(())
    }

    /// Reads from a cursor on, or anew where it is not known any more; with the cursor that was
    /// good.
    async fn read_from(&mut self, cursor: Option<Cursor>) -> Result<(End, Option<Cursor>)> {
        let reach = self.service.reach(self.full);
        match self.read(cursor.as_ref(), reach).await {
            Err(error) if error.kind() == Kind::StaleCursor && cursor.is_some() => {
                self.begin_anew();
                Ok((self.read(None, reach).await?, None))
            }
            end => Ok((end?, cursor)),
        }
    }

    pub(super) async fn stage(&self, changes: &[Stage]) -> Result<()> {
        let shared = &self.service.shared;
        let (owner, now) = (&shared.owner, shared.clock.now());
        let store = &shared.store;
        store
            .stage(&self.key, owner, now, changes, Some(self.progress))
            .await
    }

    /// Numbers of the feed's collections.
    pub(super) fn ids(&self) -> Vec<i64> {
        self.collections.iter().map(|known| known.id).collect()
    }

    async fn complete(&mut self, end: End, had_cursor: bool) -> Result<()> {
        let shared = &self.service.shared;
        let done = Completed {
            // A cloud that gives no new cursor is asked from the beginning.
            cursor: end.cursor,
            full: self.full,
            generation: self.service.connection.generation,
            unreadable: self.unreadable,
            shelves: self.feed.shelves.clone(),
        };
        let has_cursor = done.cursor.is_some();
        let (owner, now) = (&shared.owner, shared.clock.now());
        shared.store.complete(&self.key, owner, now, &done).await?;
        if self.full {
            shared.heads.complete(&self.ids());
        }
        self.service.read_heads().await?;
        if has_cursor || had_cursor {
            self.state.inner().cursor = has_cursor;
        }
        Ok(())
    }
}

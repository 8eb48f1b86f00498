//! One look at a feed, from the first step to the last transaction.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use futures::StreamExt;

use super::collection::Collection;
use super::feed::FeedState;
use super::rows::{part_key, seen_row};
use super::service::Service;
use crate::domain::{
    Call, Covered, End, Error, Feed, ItemId, Items, Kind, Result, Seen, Span, Step,
};
use crate::store::{Completed, FeedKey, KnownPart, Stage};
use crate::text::Render;

/// Parts compared and kept at a time.
const BATCH: usize = 200;
/// The zone in which a cloud takes the ends of a window is not certain.
const EDGE: TimeDelta = TimeDelta::days(1);

/// A look under way.
pub(super) struct Look<'a, K: Render> {
    pub(super) service: &'a Service<K>,
    pub(super) items: &'a dyn Items<K>,
    pub(super) call: &'a Call,
    pub(super) feed: &'a Feed,
    pub(super) key: FeedKey,
    pub(super) state: &'a FeedState,
    pub(super) full: bool,
    /// The collections of the feed.
    pub(super) collections: Vec<Arc<Collection>>,
    /// Parts not yet compared with what is kept.
    buffer: Vec<Seen<K>>,
    /// Rows that were seen, by item.
    seen: HashMap<ItemId, HashSet<String>>,
    /// Items that are there although they cannot be read.
    present: HashSet<ItemId>,
    /// Items whose parts changed.
    pub(super) touched: HashSet<ItemId>,
    /// Items that are gone by the cloud's own word.
    pub(super) gone: HashSet<ItemId>,
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
        let key = self.key(feed);
        let (store, owner) = (&self.shared.store, &self.shared.owner);
        if !store.claim(&key, owner, self.shared.clock.now()).await? {
            let kind = Kind::Busy { retry_after: None };
            return Err(Error::cloud(kind, "another process looks at the feed"));
        }
        let mut look = Look::idle(self, call, feed, state, self.collections_of(feed))?;
        look.full = full;
        let outcome = Box::pin(look.run()).await;
        if let Err(error) = &outcome {
            store.release(&key, owner, &error.to_string()).await?;
        }
        outcome
    }
}

impl<'a, K: Render> Look<'a, K> {
    /// A look that has not begun.
    pub(super) fn idle(
        service: &'a Service<K>,
        call: &'a Call,
        feed: &'a Feed,
        state: &'a FeedState,
        collections: Vec<Arc<Collection>>,
    ) -> Result<Self> {
        Ok(Self {
            items: &**service.items()?,
            key: service.key(feed),
            service,
            call,
            feed,
            state,
            full: false,
            collections,
            buffer: Vec::new(),
            seen: HashMap::new(),
            present: HashSet::new(),
            touched: HashSet::new(),
            gone: HashSet::new(),
            unreadable: 0,
            progress: (0, 0),
        })
    }

    async fn run(&mut self) -> Result<()> {
        let row = self.service.shared.store.feed(&self.key).await?;
        let reach = self.service.reach(self.full);
        let mut cursor = row.cursor;
        let end = match self.read(cursor.as_ref(), reach).await {
            Err(error) if error.kind() == Kind::StaleCursor && cursor.is_some() => {
                // Everything anew; what is not seen is then missing.
                cursor = None;
                self.read(None, reach).await?
            }
            outcome => outcome?,
        };
        let missed = self.missed(end.covered).await?;
        let mut removed = std::mem::take(&mut self.gone);
        self.fetch_wanted().await?;
        removed.extend(self.prove(missed).await?);
        let dirty = self.service.shared.store.dirty_items(&self.key).await?;
        self.publish(&dirty, &removed, false).await?;
        self.complete(end, cursor.is_some()).await
    }

    async fn read(
        &mut self,
        cursor: Option<&crate::domain::Cursor>,
        reach: crate::domain::Reach,
    ) -> Result<End> {
        let mut steps = self.items.look(self.call, self.feed, cursor, reach);
        while let Some(step) = steps.next().await {
            match step? {
                Step::Seen(seen) => {
                    self.buffer.push(seen);
                    if self.buffer.len() >= BATCH {
                        self.flush(false).await?;
                    }
                }
                Step::Gone { item, part } => self.forget(item, part).await?,
                Step::Unreadable { item, reason } => self.note_unreadable(item, &reason),
                Step::Progress { done, of } => {
                    self.progress = (done, of);
                    self.flush(true).await?;
                }
                Step::End(end) => {
                    self.flush(true).await?;
                    return Ok(end);
                }
            }
        }
        Err(Error::cloud(Kind::Broken, "the look broke off"))
    }

    fn note_unreadable(&mut self, item: Option<ItemId>, reason: &str) {
        tracing::warn!(connection = %self.service.connection.slug, feed = %self.feed.id, reason, "unreadable record");
        metrics::counter!("unreadable_records_total").increment(1);
        self.unreadable += 1;
        self.present.extend(item);
    }

    /// Whether the look saw a row of the item.
    pub(super) fn is_seen(&self, item: &ItemId) -> bool {
        self.seen.contains_key(item)
    }

    /// Whether something is there that cannot be told from what is missing.
    fn is_present(&self, item: &ItemId) -> bool {
        self.seen.contains_key(item) || self.present.contains(item)
    }

    async fn forget(&mut self, item: ItemId, part: Option<crate::domain::Part>) -> Result<()> {
        self.flush(false).await?;
        let change = match part {
            Some(part) => Stage::Drop(item.clone(), part_key(&part)?),
            None => Stage::Forget(item.clone()),
        };
        if matches!(change, Stage::Forget(_)) {
            self.gone.insert(item.clone());
            self.seen.remove(&item);
        }
        self.touched.insert(item);
        self.stage(&[change]).await
    }

    pub(super) async fn stage(&self, changes: &[Stage]) -> Result<()> {
        let shared = &self.service.shared;
        let (owner, now) = (&shared.owner, shared.clock.now());
        let store = &shared.store;
        store
            .stage(&self.key, owner, now, changes, Some(self.progress))
            .await
    }

    /// Keeps what is new or changed among the parts seen since the last time.
    async fn flush(&mut self, always: bool) -> Result<()> {
        let parts = std::mem::take(&mut self.buffer);
        let mut items: Vec<ItemId> = parts.iter().map(|seen| seen.item.clone()).collect();
        items.dedup();
        let store = &self.service.shared.store;
        let known = store.known_parts(&self.key, &items).await?;
        let versions: HashMap<(&ItemId, &str), &KnownPart> = known
            .iter()
            .map(|known| ((&known.item, known.part.as_str()), known))
            .collect();
        let mut changes = Vec::new();
        for seen in parts {
            let item = seen.item.clone();
            self.gone.remove(&item);
            let row = seen_row(seen)?;
            let known = versions.get(&(&item, row.part.as_str()));
            let rows = self.seen.entry(item.clone()).or_default();
            let again = !rows.insert(row.part.clone());
            let same = known.is_some_and(|known| known.version == row.version);
            if !same && !again {
                self.touched.insert(item.clone());
                changes.push(Stage::Row(item, row));
            }
        }
        if always || !changes.is_empty() {
            self.stage(&changes).await?;
        }
        Ok(())
    }

    /// Rows that are missing where the look was complete: dropped where the item was seen
    /// elsewhere; else the item itself is missed.
    async fn missed(&mut self, covered: Covered) -> Result<HashSet<ItemId>> {
        let Some(span) = certain(covered) else {
            return Ok(HashSet::new());
        };
        let store = &self.service.shared.store;
        let mut missed = HashSet::new();
        let mut moved = Vec::new();
        for row in store.known_parts_within(&self.key, span).await? {
            let inside = span.is_none_or(|span| lies_inside(&row, span));
            let seen = self.seen.get(&row.item);
            if !inside || seen.is_some_and(|rows| rows.contains(&row.part)) {
                continue;
            }
            match seen {
                Some(_) => {
                    self.touched.insert(row.item.clone());
                    moved.push(Stage::Drop(row.item, row.part));
                }
                None if !self.is_present(&row.item) => {
                    missed.insert(row.item);
                }
                None => {}
            }
        }
        if !moved.is_empty() {
            self.stage(&moved).await?;
        }
        self.missed_live(span, &mut missed).await?;
        Ok(missed)
    }

    /// Served items that were not seen, by the time they take.
    async fn missed_live(&self, span: Option<Span>, missed: &mut HashSet<ItemId>) -> Result<()> {
        let ids: Vec<i64> = self.collections.iter().map(|known| known.id).collect();
        for live in self.service.shared.store.live_items(&ids, span).await? {
            let counts = match (span, live.first, live.last) {
                (None, ..) => true,
                // A series has an instance in there, or looks at everything would be needed.
                (Some(_), ..) if live.recurring => self.full,
                (Some(span), Some(first), Some(last)) => span.contains(&Span {
                    from: first,
                    to: last,
                }),
                (Some(_), ..) => false,
            };
            if counts && !self.is_present(&live.item) {
                missed.insert(live.item);
            }
        }
        Ok(())
    }

    async fn complete(&mut self, end: End, had_cursor: bool) -> Result<()> {
        let shared = &self.service.shared;
        self.state.inner().doubts.clear(self.seen.keys());
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
            let ids: Vec<i64> = self.collections.iter().map(|known| known.id).collect();
            shared.heads.complete(&ids);
        }
        if has_cursor || had_cursor {
            self.state.inner().cursor = has_cursor;
        }
        Ok(())
    }
}

/// The span in which missing means missing; `Some(None)`: everywhere.
fn certain(covered: Covered) -> Option<Option<Span>> {
    match covered {
        Covered::Nothing => None,
        Covered::All => Some(None),
        Covered::Range(span) => {
            let span = Span {
                from: span.from + EDGE,
                to: span.to - EDGE,
            };
            (span.from < span.to).then_some(Some(span))
        }
    }
}

fn lies_inside(row: &KnownPart, span: Span) -> bool {
    row.first.zip(row.last).is_some_and(|(from, to)| {
        let row = Span { from, to };
        span.contains(&row)
    })
}

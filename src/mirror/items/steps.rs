//! Reading the steps of a look, and keeping what is new in them.

use std::collections::HashMap;

use futures::StreamExt;

use super::look::Look;
use super::rows::{part_key, seen_row};
use crate::domain::{Cursor, End, Error, ItemId, Kind, Part, Reach, Result, Step};
use crate::store::Stage;
use crate::text::Render;

/// Parts compared and kept at a time.
const BATCH: usize = 200;

impl<K: Render> Look<'_, K> {
    /// Forgets what was read; what is kept is compared with.
    pub(super) fn begin_anew(&mut self) {
        self.buffer.clear();
        self.series.clear();
        self.seen.clear();
        self.present.clear();
        self.gone.clear();
        self.shrunk.clear();
        self.nameless = false;
        self.unreadable = 0;
    }

    /// Reads a look to its end.
    pub(super) async fn read(&mut self, cursor: Option<&Cursor>, reach: Reach) -> Result<End> {
        let mut steps = self.items.look(self.call, self.feed, cursor, reach);
        while let Some(step) = steps.next().await {
            match step? {
                Step::Seen(seen) => {
                    self.buffer.push(seen);
                    if self.buffer.len() >= BATCH {
                        self.flush(false).await?;
                    }
                }
                Step::Gone { item, part } => self.drop_gone(item, part).await?,
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
        let slug = &self.service.connection.slug;
        if self.state.inner().tell(item.as_ref(), reason) {
            tracing::warn!(connection = %slug, feed = %self.feed.id, reason, "unreadable record");
        } else {
            tracing::debug!(connection = %slug, feed = %self.feed.id, reason, "unreadable record");
        }
        metrics::counter!("unreadable_records_total").increment(1);
        self.unreadable += 1;
        self.nameless |= item.is_none();
        self.state.inner().doubts.clear(item.as_ref());
        self.present.extend(item);
    }

    /// Whether the look saw a row of the item.
    pub(super) fn is_seen(&self, item: &ItemId) -> bool {
        self.seen.contains_key(item)
    }

    /// Whether something is there that cannot be told from what is missing.
    pub(super) fn is_present(&self, item: &ItemId) -> bool {
        self.seen.contains_key(item) || self.present.contains(item)
    }

    /// An item, or a part of it, is gone by the cloud's own word.
    async fn drop_gone(&mut self, item: ItemId, part: Option<Part>) -> Result<()> {
        self.flush(false).await?;
        let change = match part {
            Some(part) => {
                let part = part_key(&part)?;
                if let Some(rows) = self.seen.get_mut(&item) {
                    rows.remove(&part);
                }
                self.shrunk.insert(item.clone());
                Stage::Drop(item, part)
            }
            None => {
                self.seen.remove(&item);
                self.gone.insert(item.clone());
                Stage::Forget(item)
            }
        };
        self.stage(&[change]).await
    }

    /// Items whose last part is gone are gone.
    pub(super) async fn note_vanished(&mut self) -> Result<()> {
        let shrunk: Vec<ItemId> = self.shrunk.drain().collect();
        let store = &self.service.shared.store;
        let left = store.parts_of(&self.key, &shrunk).await?;
        let vanished = shrunk
            .into_iter()
            .filter(|item| left.iter().all(|part| part.fetched || part.item != *item));
        self.gone.extend(vanished);
        Ok(())
    }

    /// Keeps what is new or changed among the parts seen since the last time.
    async fn flush(&mut self, always: bool) -> Result<()> {
        let parts = std::mem::take(&mut self.buffer);
        let mut items: Vec<ItemId> = parts.iter().map(|seen| seen.item.clone()).collect();
        items.sort();
        items.dedup();
        self.state.inner().doubts.clear(&items);
        let store = &self.service.shared.store;
        let known = store.known_parts(&self.key, &items).await?.into_iter();
        let mut versions: HashMap<(ItemId, String), String> = known
            .map(|known| ((known.item, known.part), known.version))
            .collect();
        let mut changes = Vec::new();
        for seen in parts {
            let item = seen.item.clone();
            self.gone.remove(&item);
            if seen.more {
                self.series.insert(item.clone());
            }
            let row = seen_row(seen, self.feed.shelves.len() > 1)?;
            let rows = self.seen.entry(item.clone()).or_default();
            rows.insert(row.part.clone());
            // Of a row that is told twice the later one counts.
            let place = (item, row.part.clone());
            if versions.get(&place) != Some(&row.version) {
                versions.insert(place.clone(), row.version.clone());
                changes.push(Stage::Row(place.0, row));
            }
        }
        if always || !changes.is_empty() {
            self.stage(&changes).await?;
        }
        Ok(())
    }
}

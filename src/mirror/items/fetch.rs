//! Single readings: what listings do not tell, and proof that an item is gone.

use std::collections::HashSet;

use super::look::Look;
use super::rows::value_row;
use crate::domain::{Error, Fetched, Found, Given, ItemId, Kind, Part, Result, ShelfId, Why};
use crate::store::{NewPart, Stage, StoredPart};
use crate::text::Render;

/// Items read between two transactions.
const BATCH: usize = 8;
/// From so many failures on, an item is served as the listing tells it.
pub(super) const GIVE_UP: u32 = 2;

impl<K: Render> Look<'_, K> {
    /// Reads the changed items of which a listing does not tell all. An item whose reading fails
    /// keeps its last good text.
    pub(super) async fn fetch_wanted(&mut self) -> Result<()> {
        let (whole, check) = self.wanted().await?;
        let count = u32::try_from(whole.len() + check.len()).unwrap_or(u32::MAX);
        self.progress.1 = self.progress.1.saturating_add(count);
        let mut passing = None;
        for (why, items) in [(Why::Whole, whole), (Why::Check, check)] {
            for batch in items.chunks(BATCH) {
                for fetched in self.fetch(batch, why).await? {
                    if let Err(error) = self.take(fetched).await? {
                        passing = Some(error);
                    }
                }
                let done = u32::try_from(batch.len()).unwrap_or(u32::MAX);
                self.progress.0 = self.progress.0.saturating_add(done);
                self.stage(&[]).await?;
            }
        }
        // The first look has no last good texts: it is not complete while trouble may pass.
        match passing {
            Some(error) if !self.state.inner().complete => Err(error),
            _ => Ok(()),
        }
    }

    /// Changed items that a single reading tells more of: all, or whether there is a rule.
    async fn wanted(&self) -> Result<(Vec<ItemId>, Vec<ItemId>)> {
        let store = &self.service.shared.store;
        let mut dirty = store.dirty_items(&self.key).await?;
        if !self.items.can_fetch() {
            return Ok((Vec::new(), Vec::new()));
        }
        {
            let inner = self.state.inner();
            dirty.retain(|item| {
                let tries = inner.failures.get(item).copied().unwrap_or(0);
                self.full || (tries <= GIVE_UP && (tries > 0 || self.touched.contains(item)))
            });
        }
        let (mut whole, mut check) = (Vec::new(), Vec::new());
        let parts = store.parts_of(&self.key, &dirty).await?;
        for parts in parts.chunk_by(|one, other| one.item == other.item) {
            let rows: Vec<&StoredPart> = parts.iter().filter(|part| !part.fetched).collect();
            if rows.iter().any(|row| row.part.more) {
                whole.push(parts[0].item.clone());
            } else if rows.len() > 1 || parts.len() > rows.len() {
                check.push(parts[0].item.clone());
            }
        }
        Ok((whole, check))
    }

    pub(super) async fn fetch(&self, items: &[ItemId], why: Why) -> Result<Vec<Fetched<K>>> {
        self.items.fetch(self.call, self.feed, items, why).await
    }

    /// Keeps what a single reading gave. The inner error is one that may pass.
    async fn take(&mut self, fetched: Fetched<K>) -> Result<Result<(), Error>> {
        let item = fetched.item;
        let kept = match fetched.outcome {
            Ok(found) => self.keep(&item, found).await?,
            Err(error) => Err(error),
        };
        let mut inner = self.state.inner();
        match kept {
            Ok(()) => {
                inner.failures.remove(&item);
                Ok(Ok(()))
            }
            Err(error) if error.kind() == Kind::SignedOut => Err(error),
            Err(error) => {
                let tries = inner.failures.entry(item.clone()).or_default();
                *tries += 1;
                tracing::warn!(connection = %self.service.connection.slug, feed = %self.feed.id, item = %item, tries = *tries, error = %error.chain(), "item not read");
                let first = *tries < GIVE_UP && error.is_passing();
                Ok(if first { Err(error) } else { Ok(()) })
            }
        }
    }

    /// Keeps an item as it was read by itself. The inner error: it makes no sense.
    pub(super) async fn keep(
        &mut self,
        item: &ItemId,
        found: Found<K>,
    ) -> Result<Result<(), Error>> {
        self.touched.insert(item.clone());
        let ours = found
            .shelves
            .iter()
            .any(|shelf| self.feed.shelves.contains(shelf));
        if !ours {
            // It lies where another feed looks.
            self.gone.insert(item.clone());
            self.stage(&[Stage::Forget(item.clone())]).await?;
            return Ok(Ok(()));
        }
        let change = match found.given {
            Given::Parts(parts) => {
                Stage::Fetched(item.clone(), rows(&parts, &found.shelves, None)?)
            }
            Given::Text(text) => match K::read(&text) {
                Ok(foreign) => {
                    let uid = foreign.uid.as_deref();
                    Stage::Fetched(item.clone(), rows(&foreign.parts, &found.shelves, uid)?)
                }
                Err(error) => {
                    return Ok(Err(Error::cloud(
                        Kind::Broken,
                        "an exported item cannot be read",
                    )
                    .because(error)));
                }
            },
            Given::Rows(parts) => {
                return self.keep_rows(item, &parts, &found.shelves).await.map(Ok);
            }
        };
        self.stage(&[change]).await?;
        Ok(Ok(()))
    }

    /// There is no rule. One row: the item is where that row says. Several: a series whose
    /// instances are all there is, unless it was a single item that was just moved.
    async fn keep_rows(
        &mut self,
        item: &ItemId,
        parts: &[(Part, K)],
        shelves: &[ShelfId],
    ) -> Result<()> {
        let store = &self.service.shared.store;
        let stored = store
            .parts_of(&self.key, std::slice::from_ref(item))
            .await?;
        let known: Vec<&NewPart> = stored
            .iter()
            .filter(|part| !part.fetched)
            .map(|part| &part.part)
            .collect();
        let seen = self.is_seen(item);
        let several = seen && known.len() > 1 && !self.was_moved(item).await?;
        let mut changes = vec![Stage::Fetched(item.clone(), Vec::new())];
        if !several {
            let mut rows = rows(parts, shelves, None)?;
            for row in &mut rows {
                if let Some(known) = known.iter().find(|known| known.part == row.part) {
                    row.version.clone_from(&known.version);
                }
            }
            changes.push(Stage::Rows(item.clone(), rows));
        }
        self.stage(&changes).await
    }

    /// Whether an item that is served as a single one is seen at several begins for the first
    /// time: it may have been moved while the windows were read. The next look tells.
    async fn was_moved(&self, item: &ItemId) -> Result<bool> {
        let (store, connection) = (&self.service.shared.store, self.service.connection.id);
        let items = std::slice::from_ref(item);
        let published = store.published(connection, K::KIND, items).await?;
        let single = published.iter().any(|row| !row.removed && !row.recurring);
        Ok(single && self.state.inner().doubled.insert(item.clone()))
    }

    /// Which of the missed items are proven gone.
    pub(super) async fn prove(&mut self, missed: HashSet<ItemId>) -> Result<HashSet<ItemId>> {
        if missed.is_empty() {
            return Ok(missed);
        }
        let ripe = self.judge(&missed).await?;
        if !self.items.can_fetch() {
            return Ok(ripe.into_iter().collect());
        }
        let mut removed = HashSet::new();
        for batch in ripe.chunks(BATCH) {
            for fetched in self.fetch(batch, Why::Check).await? {
                match fetched.outcome {
                    Err(error) if error.kind() == Kind::NotFound => {
                        self.stage(&[Stage::Forget(fetched.item.clone())]).await?;
                        removed.insert(fetched.item);
                    }
                    Err(error) if error.kind() == Kind::SignedOut => return Err(error),
                    // Nothing is proven: it stays, and the next look asks again.
                    Err(error) => {
                        tracing::info!(item = %fetched.item, error = %error.chain(), "a missing item could not be read");
                    }
                    Ok(found) => {
                        let item = fetched.item;
                        if let Err(error) = self.keep(&item, found).await? {
                            tracing::info!(item = %item, error = %error.chain(), "a missing item could not be read");
                        }
                    }
                }
            }
            self.stage(&[]).await?;
        }
        removed.extend(std::mem::take(&mut self.gone));
        Ok(removed)
    }

    /// Which of the missed items may be asked for, or, where they cannot, are gone.
    async fn judge(&mut self, missed: &HashSet<ItemId>) -> Result<Vec<ItemId>> {
        let store = &self.service.shared.store;
        let ids: Vec<i64> = self.collections.iter().map(|known| known.id).collect();
        let live = store.live_items(&ids, None).await?;
        let (can_fetch, now) = (self.items.can_fetch(), self.service.shared.clock.instant());
        let mut ripe: Vec<ItemId> = Vec::new();
        let mut served = HashSet::new();
        for id in ids {
            let of: Vec<&ItemId> = live
                .iter()
                .filter(|live| live.collection == id)
                .map(|live| &live.item)
                .collect();
            let lost: HashSet<ItemId> = of
                .iter()
                .filter(|item| missed.contains(**item))
                .map(|item| (*item).clone())
                .collect();
            served.extend(lost.iter().cloned());
            if lost.is_empty() {
                continue;
            }
            let verdict = {
                let mut inner = self.state.inner();
                inner.doubts.judge(&lost, of.len(), can_fetch, now)
            };
            if verdict.waiting > 0 {
                tracing::warn!(connection = %self.service.connection.slug, feed = %self.feed.id, missing = verdict.waiting, "items are missing: waiting for a look that agrees");
            }
            ripe.extend(verdict.ripe);
        }
        // What was never served is simply forgotten.
        let unserved = missed.difference(&served).cloned().map(Stage::Forget);
        let unserved: Vec<Stage> = unserved.collect();
        if !unserved.is_empty() {
            self.stage(&unserved).await?;
        }
        ripe.sort();
        ripe.dedup();
        Ok(ripe)
    }
}

fn rows<K: Render>(
    parts: &[(Part, K)],
    shelves: &[ShelfId],
    uid: Option<&str>,
) -> Result<Vec<NewPart>> {
    parts
        .iter()
        .map(|(part, value)| {
            let mut row = value_row(part, shelves.to_vec(), Some(value))?;
            row.uid = uid.map(str::to_owned);
            Ok(row)
        })
        .collect()
}

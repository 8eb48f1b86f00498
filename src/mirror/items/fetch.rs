//! Single readings of what listings do not tell.

use std::collections::HashSet;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::super::trouble::reading_all;
use super::look::Look;
use crate::domain::{Error, Fault, Fetched, Found, ItemId, Kind, Result, Why};
use crate::store::StoredPart;
use crate::text::Render;

/// Items read between two transactions.
pub(super) const BATCH: usize = 8;
/// From so many failures on, an item is served as the listing tells it.
pub(super) const GIVE_UP: u32 = 2;
/// After so many a series is served without the exceptions that were known. Beyond the first
/// ones only looks at everything try, hours apart.
const MAKE_DO: u32 = 6;

impl<K: Render> Look<'_, K> {
    /// Reads the changed items of which a listing does not tell all. An item whose reading fails
    /// keeps its last good text; the `first` look has none, and is not complete while trouble
    /// may pass.
    pub(super) async fn fetch_wanted(&mut self, first: bool) -> Result<()> {
        let (whole, check) = self.wanted(first).await?;
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
        match passing {
            Some(error) if first => Err(error),
            _ => Ok(()),
        }
    }

    /// Changed items, for a `first` look all, that a single reading tells more of: all, or whether
    /// there is a rule.
    async fn wanted(&mut self, first: bool) -> Result<(Vec<ItemId>, Vec<ItemId>)> {
        let (mut whole, mut check) = (Vec::new(), Vec::new());
        if !self.items.can_fetch() {
            return Ok((whole, check));
        }
        let store = self.service.shared.store.clone();
        let dirty = match first {
            true => store.feed_items(&self.key).await?,
            false => store.dirty_items(&self.key).await?,
        };
        let parts = store.parts_of(&self.key, &dirty).await?;
        let mut inner = self.state.inner();
        for parts in parts.chunk_by(|one, other| one.item == other.item) {
            let item = &parts[0].item;
            let tries = inner.failures.get(item).copied().unwrap_or(0);
            let rest = !self.full && tries > GIVE_UP;
            match need(parts) {
                // What failed before is not needed any more.
                None => drop(inner.failures.remove(item)),
                Some(_) if rest => {}
                Some(Need::Check) => check.push(item.clone()),
                Some(Need::Whole(stamp)) => {
                    whole.push(item.clone());
                    self.stamps.insert(item.clone(), stamp);
                }
            }
        }
        drop(inner);
        Ok((whole, check))
    }

    /// Reads items, one outcome for each.
    pub(super) async fn fetch(&mut self, items: &[ItemId], why: Why) -> Result<Vec<Fetched<K>>> {
        if let Some(error) = &self.stopped {
            return Ok(repeated(items, error));
        }
        match self.items.fetch(self.call, self.feed, items, why).await {
            Ok(mut fetched) => {
                let told: HashSet<ItemId> = fetched.iter().map(|one| one.item.clone()).collect();
                let rest: Vec<ItemId> = items
                    .iter()
                    .filter(|item| !told.contains(*item))
                    .cloned()
                    .collect();
                let untold = Error::cloud(Kind::Broken, "the cloud said nothing of an item");
                fetched.extend(repeated(&rest, &untold));
                Ok(fetched)
            }
            Err(error) if error.wants_token() || error.fault() != Fault::Cloud => Err(error),
            // What was listed is good without it, and nothing is said of the items.
            Err(error) => {
                let error = reading_all(error);
                let fetched = repeated(items, &error);
                self.stopped = Some(error);
                Ok(fetched)
            }
        }
    }

    /// Keeps what a single reading gave. The inner error is one that may pass.
    async fn take(&mut self, fetched: Fetched<K>) -> Result<Result<(), Error>> {
        let item = fetched.item;
        let kept = match fetched.outcome {
            Ok(found) if self.is_too_little(&item, &found).await? => {
                let message = "the cloud does not tell the exceptions of a series any more";
                Err(Error::cloud(Kind::Broken, message))
            }
            Ok(found) => self.keep(&item, found).await?.map(|_| ()),
            Err(error) => Err(error),
        };
        match kept {
            Ok(()) => {
                self.state.inner().failures.remove(&item);
                Ok(Ok(()))
            }
            Err(error) if error.wants_token() => Err(error),
            Err(error) => {
                let tries = self.note_failure(&item, &error);
                let may_pass = tries < GIVE_UP && error.is_passing();
                Ok(if may_pass { Err(error) } else { Ok(()) })
            }
        }
    }

    /// Whether what was read before is rather kept than this, which says less: not for ever, for
    /// the rest of the item may be out of date.
    async fn is_too_little(&self, item: &ItemId, found: &Found<K>) -> Result<bool> {
        let tries = self.state.inner().failures.get(item).copied().unwrap_or(0);
        Ok(tries < MAKE_DO && self.is_less(item, found).await?)
    }

    /// Counts a reading that failed. One that is refused for good is not tried twice.
    pub(super) fn note_failure(&self, item: &ItemId, error: &Error) -> u32 {
        let mut inner = self.state.inner();
        let tries = inner.failures.entry(item.clone()).or_default();
        *tries += 1;
        if !error.is_passing() && error.kind() != Kind::NotFound {
            *tries = (*tries).max(GIVE_UP);
        }
        tracing::warn!(connection = %self.service.connection.slug, feed = %self.feed.id, item = %item, tries = *tries, error = %error.chain(), "item not read");
        *tries
    }
}

/// What a single reading is needed for.
enum Need {
    /// All of the item; what its rows are named by.
    Whole(String),
    /// Whether there is a rule.
    Check,
}

fn need(parts: &[StoredPart]) -> Option<Need> {
    let rows: Vec<&StoredPart> = parts.iter().filter(|part| !part.fetched).collect();
    let untold = |row: &&StoredPart| row.part.more || row.part.value.is_none();
    if rows.iter().any(untold) {
        let stamp = stamp(&rows);
        let read = |part: &StoredPart| part.fetched && part.part.version == stamp;
        return (!parts.iter().any(read)).then_some(Need::Whole(stamp));
    }
    (rows.len() > 1 || parts.len() > rows.len()).then_some(Need::Check)
}

fn repeated<K>(items: &[ItemId], error: &Error) -> Vec<Fetched<K>> {
    let outcome = |item: &ItemId| Fetched {
        item: item.clone(),
        outcome: Err(error.repeat()),
    };
    items.iter().map(outcome).collect()
}

/// Names the state of an item's rows: a reading made under it need not be repeated.
pub(super) fn stamp(rows: &[&StoredPart]) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        for text in [&row.part.part, &row.part.version] {
            hash.update(text.len().to_le_bytes());
            hash.update(text.as_bytes());
        }
    }
    HEXLOWER.encode(&hash.finalize()[..12])
}

//! Proof that items are gone.

use std::collections::HashSet;

use super::fetch::{BATCH, GIVE_UP};
use super::keep::Place;
use super::look::Look;
use crate::domain::{Error, ItemId, Kind, Result, Why};
use crate::store::Stage;
use crate::text::Render;

impl<K: Render> Look<'_, K> {
    /// Which of the missed items are proven gone.
    pub(super) async fn prove(&mut self, missed: HashSet<ItemId>) -> Result<HashSet<ItemId>> {
        // Any of them may be the record of which not even that is known whose it is.
        if missed.is_empty() || (self.nameless && !self.items.can_fetch()) {
            return Ok(HashSet::new());
        }
        let ripe = self.judge(&missed).await?;
        if !self.items.can_fetch() {
            return Ok(ripe.into_iter().collect());
        }
        let count = u32::try_from(ripe.len()).unwrap_or(u32::MAX);
        self.progress.1 = self.progress.1.saturating_add(count);
        let mut removed = HashSet::new();
        for batch in ripe.chunks(BATCH) {
            for fetched in self.fetch(batch, Why::Check).await? {
                let item = fetched.item;
                let kept = match fetched.outcome {
                    Err(error) if error.kind() == Kind::NotFound => {
                        self.stage(&[Stage::Forget(item.clone())]).await?;
                        removed.insert(item);
                        continue;
                    }
                    Err(error) => Err(error),
                    // It is there, and what is kept says more.
                    Ok(found) if self.is_less(&item, &found).await? => Ok(Place::Here),
                    Ok(found) => self.keep(&item, found).await?,
                };
                self.note_proof(&item, kept)?;
            }
            let done = u32::try_from(batch.len()).unwrap_or(u32::MAX);
            self.progress.0 = self.progress.0.saturating_add(done);
            self.stage(&[]).await?;
        }
        Ok(removed)
    }

    /// An item that was missed is there, or nothing could be told of it.
    fn note_proof(&self, item: &ItemId, kept: Result<Place, Error>) -> Result<()> {
        match kept {
            Ok(Place::Here) => {
                let now = self.service.shared.clock.instant();
                self.state.inner().doubts.found(item, now);
                Ok(())
            }
            Ok(Place::Elsewhere) => Ok(()),
            Err(error) if error.wants_token() => Err(error),
            // Nothing is proven: it stays, and the next look asks again.
            Err(error) => {
                tracing::info!(item = %item, error = %error.chain(), "a missing item could not be read");
                Ok(())
            }
        }
    }

    /// Which of the missed items may be asked for, or, where they cannot, are gone.
    async fn judge(&mut self, missed: &HashSet<ItemId>) -> Result<Vec<ItemId>> {
        let ids = self.ids();
        let live = self.service.shared.store.live_items(&ids, None).await?;
        let (can_fetch, now) = (self.items.can_fetch(), self.service.shared.clock.instant());
        let mut ripe: Vec<ItemId> = Vec::new();
        let mut served = HashSet::new();
        for id in ids {
            let of = live.iter().filter(|live| live.collection == id);
            let (mut count, mut lost) = (0, HashSet::new());
            for live in of {
                count += 1;
                if missed.contains(&live.item) {
                    lost.insert(live.item.clone());
                }
            }
            if lost.is_empty() {
                continue;
            }
            let verdict = {
                let mut inner = self.state.inner();
                inner.doubts.judge(&lost, count, can_fetch, now)
            };
            served.extend(lost);
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

    /// Reads what is served but has no text since the account was disconnected, and lies where no
    /// look goes; which of it is proven gone.
    pub(super) async fn restore(&mut self, first: bool) -> Result<HashSet<ItemId>> {
        if !self.items.can_fetch() {
            return Ok(HashSet::new());
        }
        let store = self.service.shared.store.clone();
        let mut bare = store.items_without_text(&self.ids()).await?;
        bare.retain(|item| !self.is_present(item) && !self.unseen.contains_key(item));
        let kept = store.parts_of(&self.key, &bare).await?;
        bare.retain(|item| kept.iter().all(|part| part.item != *item));
        let mut lost = HashSet::new();
        for batch in bare.chunks(BATCH) {
            for fetched in self.fetch(batch, Why::Check).await? {
                let item = fetched.item;
                let kept = match fetched.outcome {
                    Ok(found) => self.keep(&item, found).await?,
                    Err(error) => Err(error),
                };
                match kept {
                    Ok(_) => {}
                    Err(error) if error.wants_token() => return Err(error),
                    Err(error) if error.kind() == Kind::NotFound => {
                        lost.insert(item);
                    }
                    Err(error) => {
                        let tries = self.note_failure(&item, &error);
                        if first && tries < GIVE_UP && error.is_passing() {
                            return Err(error);
                        }
                    }
                }
            }
            self.stage(&[]).await?;
        }
        let ripe = self.judge(&lost).await?;
        Ok(ripe.into_iter().collect())
    }
}

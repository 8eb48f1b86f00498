//! Reading series again. The row of a series says nothing of its instances: one that was cancelled
//! or moved shows in a new reading alone.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, MutexGuard};

use super::feed::{FeedState, Inner};
use super::fetch::{BATCH, stamp};
use super::keep::Place;
use super::look::{Look, overtaken};
use super::publish::Purpose;
use super::service::Service;
use crate::domain::{Call, Error, Feed, Fetched, Given, ItemId, Kind, Result, Why};
use crate::store::StoredPart;
use crate::text::Render;

impl<K: Render> Look<'_, K> {
    /// Series that this look saw in one row each and did not read.
    pub(super) fn unchanged_series(&self) -> Vec<ItemId> {
        let one_row = |item: &&ItemId| self.seen.get(*item).is_some_and(|rows| rows.len() == 1);
        let unread = |item: &&ItemId| !self.stamps.contains_key(*item);
        let series = self.series.iter().filter(one_row).filter(unread);
        let mut series: Vec<ItemId> = series.cloned().collect();
        series.sort();
        series
    }
}

impl<K: Render> Service<K> {
    /// Begins to read series again that the last look at everything left, and waits for nothing.
    pub(super) fn start_reading_again(
        self: &Arc<Self>,
        feed: &Feed,
        state: &Arc<FeedState>,
        inner: &mut MutexGuard<'_, Inner>,
    ) {
        let series = std::mem::take(&mut inner.unchanged);
        if series.is_empty() || std::mem::replace(&mut inner.rereading, true) {
            return;
        }
        let (service, feed, state) = (self.clone(), feed.clone(), state.clone());
        tokio::spawn(async move {
            for items in series.chunks(BATCH) {
                if let Err(error) = service.read_again(&feed, &state, items).await {
                    // The next look at everything asks again.
                    tracing::info!(connection = %service.connection.slug, feed = %feed.id, error = %error.chain(), "series not read again");
                    break;
                }
            }
            state.inner().rereading = false;
        });
    }

    /// Reads some series again and publishes what is new in them. Looks go on while the cloud is
    /// asked. One that cannot be read stays as it is; an error where none could for a reason that
    /// keeps others from being read, too.
    async fn read_again(&self, feed: &Feed, state: &FeedState, items: &[ItemId]) -> Result<()> {
        let call = Call::background();
        let before = self.stamps(feed, items).await?;
        // after a disconnect nothing is kept, and nothing is asked for
        let items: Vec<ItemId> = items
            .iter()
            .filter(|item| before.contains_key(*item))
            .cloned()
            .collect();
        if items.is_empty() {
            return Ok(());
        }
        let port = self.items()?;
        let mut fetched = port.fetch(&call, feed, &items, Why::Again).await?;
        let _work = state.work.lock().await;
        // What a look has changed meanwhile it has read, too.
        let after = self.stamps(feed, &items).await?;
        fetched.retain(|one| after.get(&one.item) == before.get(&one.item));
        let (key, store) = (self.key(feed), &self.shared.store);
        let (owner, now) = (&self.shared.owner, self.shared.clock.now());
        if !store.claim(&key, owner, now).await? {
            let kind = Kind::Busy { retry_after: None };
            return Err(Error::cloud(kind, "another process looks at the feed"));
        }
        let mut look = Look::idle(self, &call, feed, state)?;
        look.stamps = after;
        let outcome = look.take_again(fetched).await;
        store.release(&key, owner, None).await?;
        outcome.map_err(overtaken)
    }

    /// What names the rows of items that were seen in one row with more to tell.
    async fn stamps(&self, feed: &Feed, items: &[ItemId]) -> Result<HashMap<ItemId, String>> {
        let parts = self.shared.store.parts_of(&self.key(feed), items).await?;
        let rows: Vec<&StoredPart> = parts.iter().filter(|part| !part.fetched).collect();
        let of = rows.chunk_by(|one, other| one.item == other.item);
        let series = of.filter(|rows| rows.len() == 1 && rows[0].part.more);
        Ok(series
            .map(|rows| (rows[0].item.clone(), stamp(rows)))
            .collect())
    }
}

impl<K: Render> Look<'_, K> {
    async fn take_again(&mut self, fetched: Vec<Fetched<K>>) -> Result<()> {
        let (mut read, mut trouble) = (Vec::new(), None);
        for Fetched { item, outcome } in fetched {
            // Less than all of a series here is no news.
            let whole = |found: &crate::domain::Found<K>| {
                let mut shelves = found.shelves.iter();
                let here = shelves.any(|shelf| self.feed.shelves.contains(shelf));
                here && !matches!(found.given, Given::Rows(_) | Given::Master(_))
                    && self.stamps.contains_key(&item)
            };
            let kept = match outcome {
                Ok(found) if whole(&found) => self.keep(&item, found).await?,
                Ok(_) => continue,
                Err(error) => Err(error),
            };
            match kept {
                Ok(Place::Here) => read.push(item),
                Ok(Place::Elsewhere) => {}
                Err(error) => {
                    tracing::info!(item = %item, error = %error.chain(), "a series could not be read again");
                    trouble = Some(error);
                }
            }
        }
        if let Some(error) = trouble.filter(|error| read.is_empty() && error.is_passing()) {
            return Err(error);
        }
        self.publish(&read, &HashSet::new(), Purpose::Look).await
    }
}

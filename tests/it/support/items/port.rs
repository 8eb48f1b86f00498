//! The port.

use std::sync::MutexGuard;

use async_trait::async_trait;
use davbridge::domain::{
    Call, Cursor, Error, Feed, FeedId, Fetched, Found, Given, ItemId, Items, Kind, Look, Reach,
    Result, Shelf, Why,
};

use super::cloud::{Kept, State};
use super::{Cloud, Sample, look};

#[async_trait]
impl<K: Sample> Items<K> for Cloud<K> {
    async fn shelves(&self, call: &Call) -> Result<Vec<Shelf>> {
        let mut state = self.shared.begin()?;
        state.calls.shelves += 1;
        call.count_upstream();
        let faults = state.faults.clone();
        let shelves = state.shelves.iter();
        let listed = |shelf: &&Shelf| !faults.unlisted && faults.hidden.as_ref() != Some(&shelf.id);
        Ok(shelves.filter(listed).cloned().collect())
    }

    fn feeds(&self, shelves: &[Shelf]) -> Vec<Feed> {
        let ids = shelves.iter().map(|shelf| shelf.id.clone());
        if self.manner.one_feed {
            return vec![Feed {
                id: FeedId::new("all"),
                shelves: ids.collect(),
            }];
        }
        ids.map(|id| Feed {
            id: FeedId::new(id.as_str()),
            shelves: vec![id],
        })
        .collect()
    }

    fn look(&self, call: &Call, feed: &Feed, cursor: Option<&Cursor>, reach: Reach) -> Look<K> {
        look::steps(&self.shared, self.manner, call, feed, cursor, reach)
    }

    fn can_fetch(&self) -> bool {
        self.manner.fetch
    }

    async fn fetch(
        &self,
        call: &Call,
        _: &Feed,
        items: &[ItemId],
        _: Why,
    ) -> Result<Vec<Fetched<K>>> {
        if !self.manner.fetch {
            return Err(Error::cloud(Kind::Unsupported, "items cannot be read"));
        }
        loop {
            let changed = self.shared.faults_changed.notified();
            if !self.shared.state().faults.hang_fetches {
                break;
            }
            self.shared.state().hanging_fetches += 1;
            changed.await;
            self.shared.state().hanging_fetches -= 1;
        }
        let mut found = Vec::new();
        for item in items {
            let state = self.shared.begin()?;
            if let Some(kind) = state.faults.fetches {
                return Err(Error::cloud(kind, "readings fail"));
            }
            call.count_upstream();
            let outcome = self.read(state, item);
            let item = item.clone();
            found.push(Fetched { item, outcome });
        }
        Ok(found)
    }
}

impl<K: Sample> Cloud<K> {
    fn read(&self, mut state: MutexGuard<'_, State<K>>, item: &ItemId) -> Result<Found<K>> {
        state.calls.fetched += 1;
        let fault = state.faults.fetch.as_ref();
        if let Some((_, kind)) = fault.filter(|(items, _)| items.contains(item)) {
            return Err(Error::cloud(*kind, "a reading failed"));
        }
        let kept = state.items.get(item);
        let kept = kept.ok_or_else(|| Error::cloud(Kind::NotFound, "no such item"))?;
        Ok(Found {
            shelves: kept.shelves.clone(),
            given: self.given(kept),
        })
    }

    fn given(&self, kept: &Kept<K>) -> Given<K> {
        match &kept.more {
            Some(more) => more.clone(),
            None if self.manner.values => Given::Rows(kept.rows[..1].to_vec()),
            None => Given::Parts(kept.rows.clone()),
        }
    }
}

//! After an upgrade of the mapping: texts are written anew without asking the cloud.

use std::collections::HashSet;
use std::sync::Arc;

use super::feed::FeedState;
use super::look::{Look, overtaken};
use super::publish::Purpose;
use super::service::Service;
use crate::domain::{Call, Fault, Feed, ItemId, Result};
use crate::text::Render;

impl<K: Render> Service<K> {
    /// Sees to it that no text of a feed is older than the mapping, as long as the client waits.
    pub(super) async fn upgrade(
        self: &Arc<Self>,
        call: &Call,
        feed: &Feed,
        state: &Arc<FeedState>,
    ) -> Result<()> {
        let (service, of, owned) = (self.clone(), feed.clone(), state.clone());
        let load = async move || service.render_anew(&of, &owned).await;
        let clock = &*self.shared.clock;
        let patience = self.shared.settings.freshness.wait(call, true);
        match state.flight.join(clock, patience, load).await {
            // The older texts are complete, too.
            Err(error) if error.fault() == Fault::Cloud => Ok(()),
            outcome => outcome,
        }
    }

    /// Writes texts anew; nobody else works on the feed in this process.
    pub(super) async fn render_anew(&self, feed: &Feed, state: &FeedState) -> Result<()> {
        let _work = state.work.lock().await;
        let shared = &self.shared;
        let call = Call::background();
        let mut look = Look::idle(self, &call, feed, state)?;
        let outdated = look.outdated().await?;
        if !outdated.is_empty() {
            let (key, owner) = (self.key(feed), &shared.owner);
            let now = shared.clock.now();
            if !shared.store.claim(&key, owner, now).await? {
                // Another process does it, or the next request.
                return Ok(());
            }
            let nothing = HashSet::new();
            let outcome = look.publish(&outdated, &nothing, Purpose::Upgrade).await;
            shared.store.release(&key, owner, None).await?;
            outcome.map_err(overtaken)?;
        }
        state.inner().rendered = true;
        Ok(())
    }
}

impl<K: Render> Look<'_, K> {
    /// Served items that an older version of the mapping wrote; without those that the next look
    /// writes anyway, and which may be kept by half now.
    async fn outdated(&self) -> Result<Vec<ItemId>> {
        let store = &self.service.shared.store;
        let mut outdated = Vec::new();
        for collection in self.ids() {
            outdated.extend(store.outdated_items(collection, K::RENDERER).await?);
        }
        let dirty: HashSet<ItemId> = store.dirty_items(&self.key).await?.into_iter().collect();
        outdated.retain(|item| !dirty.contains(item));
        outdated.sort();
        outdated.dedup();
        Ok(outdated)
    }
}

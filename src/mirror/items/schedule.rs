//! What goes on without a request: refreshing what clients used lately, forgetting old tombstones.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::service::Service;
use crate::domain::{Call, Hidden};
use crate::mirror::Mirror;
use crate::text::Render;

/// How often feeds are looked through.
const TURN: Duration = Duration::from_secs(30);
/// How often old tombstones are looked for, in turns.
const PURGE: u64 = 2 * 60 * 6;
/// Tombstones live at least so long: a client that was away longer starts over.
const TOMBSTONES: TimeDelta = TimeDelta::days(400);

/// What clients asked for within this time is refreshed without being asked for.
const LATELY: Duration = Duration::from_hours(2);
/// Without a client waiting, looks are so many times rarer.
const IDLE: u32 = 3;

impl Mirror {
    /// Works for ever; to be spawned, and dropped at the end.
    pub async fn tend(self: Arc<Self>) {
        for turn in 0_u64.. {
            if turn.is_multiple_of(PURGE) {
                self.purge().await;
            }
            self.items.clock.sleep(TURN).await;
            for (service, hidden) in self.items.current().await {
                // One that hangs keeps no other waiting.
                tokio::spawn(service.tend(hidden));
            }
        }
    }

    async fn purge(&self) {
        let before = self.items.clock.now() - TOMBSTONES;
        match self.items.store.purge_tombstones(before).await {
            Ok(floors) => self.items.heads.raise_floors(&floors),
            Err(error) => {
                tracing::warn!(error = %error.chain(), "old tombstones stay");
            }
        }
    }
}

impl<K: Render> Service<K> {
    /// Refreshes feeds that clients used lately; one whose shelves are all hidden is left alone.
    pub(super) async fn tend_feeds(self: &Arc<Self>, hidden: &Hidden) {
        let Some(known) = self.list.known() else {
            return;
        };
        for feed in known.feeds.iter() {
            let is_hidden = |shelf| hidden.has_shelf(K::KIND, shelf);
            if !hidden.is_empty() && feed.shelves.iter().all(is_hidden) {
                continue;
            }
            let state = self.shared.feed(&self.key(feed));
            let now = self.shared.clock.instant();
            let due = {
                let inner = state.inner();
                let lately = inner
                    .used
                    .is_some_and(|used| now.duration_since(used) < LATELY);
                let paused = inner.is_paused(self.connection.generation, now);
                if inner.loaded.is_none() || !lately || paused {
                    continue;
                }
                self.due(&inner, now, IDLE)
            };
            if due.near || due.full {
                let (call, long) = (Call::background(), Duration::from_hours(1));
                let _ = self.join(call, feed, &state, due.full, long).await;
            }
        }
    }
}

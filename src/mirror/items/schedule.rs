//! What goes on without a request: refreshing what clients used lately, forgetting old tombstones.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use crate::mirror::Mirror;

/// How often feeds are looked through.
const TURN: Duration = Duration::from_secs(30);
/// How often old tombstones are looked for, in turns.
const PURGE: u64 = 2 * 60 * 6;
/// Tombstones live at least so long: a client that was away longer starts over.
const TOMBSTONES: TimeDelta = TimeDelta::days(400);

impl Mirror {
    /// Works for ever; to be spawned, and dropped at the end.
    pub async fn tend(self: Arc<Self>) {
        for turn in 0_u64.. {
            if turn.is_multiple_of(PURGE) {
                self.purge().await;
            }
            self.items.clock.sleep(TURN).await;
            for service in self.items.current().await {
                // One that hangs keeps no other waiting.
                tokio::spawn(service.tend());
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

//! How a mirror's looks come to their ends.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::{Clock, FeedId};
use davbridge::store::FeedKey;

use super::rig::{Rig, until};
use crate::support::items::Sample;

impl<K: Sample> Rig<K> {
    /// The process is killed, and another one begins.
    pub async fn kill(&mut self) {
        self.cloud.kill_looks();
        self.quiet().await;
        self.restart();
    }

    /// Waits until nothing goes on in the background but looks that hang. For runtimes on which
    /// nothing else lives.
    pub async fn quiet(&self) {
        let tasks = tokio::runtime::Handle::current().metrics();
        until(async || tasks.num_alive_tasks() == self.cloud.hanging()).await;
    }

    /// All looks at the first collection that are due are taken; they succeed.
    pub async fn settled(&self) {
        until(async || {
            let _ = self.names().await;
            self.is_settled().await
        })
        .await;
    }

    /// Whether looks at the first collection are young. If not, some time passes: one that failed
    /// in the background may just have begun a pause.
    pub async fn is_settled(&self) -> bool {
        let feed = if self.cloud.manner.one_feed {
            "all"
        } else {
            "s1"
        };
        let key = FeedKey {
            connection: self.connection().await.id,
            kind: K::KIND,
            feed: FeedId::new(feed),
        };
        let young = |at: Option<DateTime<Utc>>, hours: i64| {
            let now = self.clock.now();
            at.is_some_and(|at| (now - at).abs() < TimeDelta::hours(hours))
        };
        let row = self.accounts.store.feed(&key).await.unwrap();
        self.clock.forward(Duration::from_secs(1));
        young(row.near_look, 1) && young(row.full_look, 6)
    }

    /// Polls until a look was begun and ended well.
    pub async fn settle(&self, slug: &str) {
        let mut tries = 0;
        while self.list(slug).await.is_err() {
            tries += 1;
            assert!(tries < 20, "no look succeeds");
            self.forward(16);
        }
    }
}

//! Notes when a password was last used, in the background and at most hourly.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::task::TaskTracker;

use super::locked;
use crate::store::{Match, Store};

/// Written again after this long.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// A write that failed is tried again after this long.
const RETRY: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct LastUsed {
    tasks: TaskTracker,
    /// Password and when a write for it was begun.
    begun: Mutex<HashMap<i64, Instant>>,
}

impl LastUsed {
    /// Notes a use. Never fails and never waits: a store that cannot be written still lets
    /// readers in.
    pub(super) fn note(
        &self,
        store: &Arc<Store>,
        found: &Match,
        now: DateTime<Utc>,
        instant: Instant,
    ) {
        if found.last_used.is_some_and(|last| now - last < EVERY) {
            return;
        }
        {
            let mut begun = locked(&self.begun);
            begun.retain(|_, at| instant.duration_since(*at) < RETRY);
            if begun.contains_key(&found.password) {
                return;
            }
            begun.insert(found.password, instant);
        }
        let (store, password) = (Arc::clone(store), found.password);
        self.tasks.spawn(async move {
            if let Err(error) = store.touch_password(password, now).await {
                tracing::warn!(error = error.chain(), "last use of a password not noted");
            }
        });
    }

    /// Waits for writes under way.
    pub(super) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }
}

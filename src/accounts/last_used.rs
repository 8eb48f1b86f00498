//! Notes when a password was last used, in the background and at most hourly.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::zeroize::Zeroizing;
use tokio_util::task::TaskTracker;

use super::{Accounts, By, locked};
use crate::store::{Match, Trace};

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
    /// Whether a use is to be written now.
    fn is_due(&self, found: &Match, now: DateTime<Utc>, instant: Instant) -> bool {
        if found.last_used.is_some_and(|last| now - last < EVERY) {
            return false;
        }
        let mut begun = locked(&self.begun);
        begun.retain(|_, at| instant.duration_since(*at) < RETRY);
        if begun.contains_key(&found.password) {
            return false;
        }
        begun.insert(found.password, instant);
        true
    }

    /// Waits for writes under way.
    pub(super) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }
}

impl Accounts {
    /// Hashes a password anew where its hash is of an older key.
    pub(super) fn rehash(&self, found: &Match, password: Zeroizing<String>) {
        if !found.stale {
            return;
        }
        let store = Arc::clone(&self.store);
        let (user, id) = (found.user.clone(), found.password);
        self.last_used.tasks.spawn(async move {
            if let Err(error) = store.rehash_password(id, &user, &password).await {
                tracing::warn!(
                    error = error.chain(),
                    "a password not hashed with the new key"
                );
            }
        });
    }

    /// Notes a use, the first one in the audit log too. Never fails and never waits: a store that
    /// cannot be written still lets readers in.
    pub(super) fn note_use(&self, found: &Match, peer: IpAddr) {
        let now = self.clock.now();
        if !self.last_used.is_due(found, now, self.clock.instant()) {
            return;
        }
        let Some(accounts) = self.me.upgrade() else {
            return;
        };
        let (user, password) = (found.user.clone(), found.password);
        self.last_used.tasks.spawn(async move {
            let by = By::dav(Some(&user), peer);
            let trace = Trace { at: now, by: &by };
            let noted = accounts.store.touch_password(password, &user, trace).await;
            if let Err(error) = noted {
                tracing::warn!(error = error.chain(), "last use of a password not noted");
            }
        });
    }
}

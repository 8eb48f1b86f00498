//! Audit lines of refused sign-ins, few enough that nobody can fill the log with them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio_util::task::TaskTracker;

use super::{Accounts, Action, By, locked};
use crate::domain::UserName;

/// The same client and user has a line again after this long.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Most lines within that time.
const MOST: usize = 60;

#[derive(Default)]
pub(super) struct Refusals {
    pub(super) tasks: TaskTracker,
    /// When a line was last written, by client and user.
    written: Mutex<HashMap<(By, Option<UserName>), Instant>>,
}

impl Refusals {
    /// Whether this one gets a line.
    fn is_due(&self, by: &By, user: Option<&UserName>, now: Instant) -> bool {
        let mut written = locked(&self.written);
        written.retain(|_, at| now.duration_since(*at) < EVERY);
        let key = (by.clone(), user.cloned());
        if written.len() >= MOST || written.contains_key(&key) {
            return false;
        }
        written.insert(key, now);
        true
    }
}

impl Accounts {
    /// Notes in the background that a sign-in was refused. A name that no user has is not
    /// written: people type passwords there.
    pub(super) fn refused(&self, user: Option<&UserName>, by: &By) {
        if !self.refusals.is_due(by, user, self.clock.instant()) {
            return;
        }
        let Some(accounts) = self.me.upgrade() else {
            return;
        };
        let (user, by) = (user.cloned(), by.clone());
        self.refusals.tasks.spawn(async move {
            let accounts: Arc<Self> = accounts;
            let known = match &user {
                Some(user) => accounts.store.user(user).await.ok().flatten(),
                None => None,
            };
            let user = known.map(|known| known.name);
            let (trace, refused) = (accounts.trace(&by), Action::SignInRefused);
            let written = accounts.store.audit(trace, refused, user.as_ref(), "");
            if let Err(error) = written.await {
                tracing::error!(error = error.chain(), "a refused sign-in is not in the log");
            }
        });
    }
}

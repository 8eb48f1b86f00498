//! One drive of an opened account.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::domain::{Call, Drive, EntryId, Quota, Result};

use super::Mirror;
use super::account::AccountTree;
use super::cache::FolderKey;
use super::feed::Feed;
use super::flight::Flight;
use super::trouble::reading_all;

/// One drive: what the cloud says of it, and its address.
pub struct DriveTree {
    /// The account it belongs to.
    pub account: Arc<AccountTree>,
    /// The cloud's description.
    pub drive: Drive,
    /// Name for people.
    pub name: String,
    /// Address part, fixed for ever.
    pub slug: String,
    pub(super) state: Arc<DriveState>,
}

/// What outlives a new list of drives.
#[derive(Default)]
pub(super) struct DriveState {
    pub(super) feed: Feed,
    quota: Mutex<Option<(Instant, Quota)>>,
    quota_flight: Flight<Quota>,
    missed: AtomicBool,
}

impl DriveState {
    /// The drive was in a complete list.
    pub(super) fn seen(&self) {
        self.missed.store(false, Ordering::Relaxed);
    }

    /// The drive was not in a complete list; whether that is the first time in a row.
    pub(super) fn first_miss(&self) -> bool {
        !self.missed.swap(true, Ordering::Relaxed)
    }

    fn known_quota(&self) -> Option<(Instant, Quota)> {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DriveTree {
    pub(super) fn key(&self, folder: &EntryId) -> FolderKey {
        FolderKey {
            connection: self.account.connection.id,
            drive: self.drive.id.clone(),
            folder: folder.clone(),
        }
    }

    /// The same drive under a newly opened account: nothing in memory vouches for it.
    pub(super) fn reopened(&self, account: &Arc<AccountTree>) -> Arc<Self> {
        Arc::new(Self {
            account: account.clone(),
            drive: self.drive.clone(),
            name: self.name.clone(),
            slug: self.slug.clone(),
            state: Arc::default(),
        })
    }
}

impl Mirror {
    /// Space of a drive; the last known figure in times of trouble.
    pub async fn quota(self: &Arc<Self>, call: &Call, drive: &Arc<DriveTree>) -> Result<Quota> {
        let known = drive.state.known_quota();
        let now = self.clock.instant();
        if let Some((asked, quota)) = known
            && (now.duration_since(asked) < self.freshness.quota
                || drive.account.trouble.is_on(now))
        {
            return Ok(quota);
        }
        let waiting = call.clone();
        let (mirror, owned, call) = (self.clone(), drive.clone(), call.clone());
        let load = async move || {
            let asked = mirror.clock.instant();
            let quota = owned
                .account
                .files()
                .quota(&call, &owned.drive.id)
                .await
                .map_err(reading_all);
            mirror
                .note(&owned.account, quota.as_ref().map(|_| ()))
                .await;
            let quota = quota?;
            *owned
                .state
                .quota
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some((asked, quota));
            Ok(quota)
        };
        let outcome = drive
            .state
            .quota_flight
            .join(&*self.clock, self.freshness.wait(&waiting, true), load)
            .await;
        match (outcome, known) {
            (Err(error), Some((_, quota))) if error.is_passing() => Ok(quota),
            (outcome, _) => outcome,
        }
    }
}

//! The drives of an account.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{Call, Drive, Error, Kind, Result};

use super::account::AccountTree;
use super::drive::{DriveState, DriveTree};
use super::trouble::reading_all;
use super::{Mirror, names};

/// Two looks that have to agree are at least so far apart.
const AGREE_AFTER: Duration = Duration::from_mins(10);

/// A complete list of drives.
pub(super) type Drives = Arc<[Arc<DriveTree>]>;

impl Mirror {
    /// The drives of an account that clients see: complete, or the last complete list in times of
    /// trouble.
    pub async fn drives(
        self: &Arc<Self>,
        call: &Call,
        account: &Arc<AccountTree>,
    ) -> Result<Drives> {
        let drives = self.all_drives(call, account).await?;
        let hidden = self.hidden(&account.connection).await?;
        if hidden.is_empty() {
            return Ok(drives);
        }
        let shown = drives.iter();
        let shown = shown.filter(|drive| !hidden.has_drive(&drive.drive.id));
        Ok(shown.cloned().collect())
    }

    /// All drives of an account, hidden ones among them.
    pub(super) async fn all_drives(
        self: &Arc<Self>,
        call: &Call,
        account: &Arc<AccountTree>,
    ) -> Result<Drives> {
        let known = account.known_drives();
        let now = self.clock.instant();
        if let Some((asked, drives)) = &known {
            let fresh = now.duration_since(*asked) < self.freshness.drives;
            if fresh || account.trouble.is_on(now) {
                return Ok(drives.clone());
            }
        }
        let patience = self.freshness.wait(call, known.is_some());
        let (mirror, owned, call) = (self.clone(), account.clone(), call.clone());
        let load = async move || mirror.load_drives(&call, &owned).await;
        match account
            .drives_flight
            .join(&*self.clock, patience, load)
            .await
        {
            Err(error) if error.is_passing() => known.map(|(_, drives)| drives).ok_or(error),
            outcome => outcome,
        }
    }

    async fn load_drives(&self, call: &Call, account: &Arc<AccountTree>) -> Result<Drives> {
        let asked = self.clock.instant();
        let roots = account.files().roots(call).await.map_err(reading_all);
        self.note(account, roots.as_ref().map(|_| ())).await;
        let before = account
            .known_drives()
            .map(|(_, drives)| drives)
            .unwrap_or_default();
        let roots = roots?;
        if roots.is_empty() && before.is_empty() {
            self.doubt_no_drives(account, asked).await?;
        }
        let mut drives = Vec::new();
        for root in roots {
            drives.push(self.drive_tree(account, root, &before).await?);
        }
        for gone in before.iter() {
            // One look without a drive proves nothing: it stays until a second one agrees.
            if !drives.iter().any(|drive| drive.drive.id == gone.drive.id)
                && gone.state.first_miss()
            {
                drives.push(gone.clone());
            }
        }
        let drives: Drives = drives.into();
        *account
            .drives
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some((asked, drives.clone()));
        Ok(drives)
    }

    /// After a start there is nothing to compare with: where drives were served before, a first
    /// look that finds none at all waits for one that agrees, at least ten minutes later.
    async fn doubt_no_drives(&self, account: &AccountTree, asked: Instant) -> Result<()> {
        if !self.addresses.knows_drives(account.connection.id).await? {
            return Ok(());
        }
        let mut missed = account
            .missed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let first = *missed.get_or_insert(asked);
        if asked.duration_since(first) >= AGREE_AFTER {
            return Ok(());
        }
        Err(Error::cloud(
            Kind::Broken,
            "the cloud tells no drive of an account that had some",
        ))
    }

    async fn drive_tree(
        &self,
        account: &Arc<AccountTree>,
        drive: Drive,
        before: &[Arc<DriveTree>],
    ) -> Result<Arc<DriveTree>> {
        let known = before.iter().find(|known| known.drive.id == drive.id);
        let (slug, state) = if let Some(known) = known {
            known.state.seen();
            (known.slug.clone(), known.state.clone())
        } else {
            let id = account.connection.id;
            let slug = self
                .addresses
                .drive_slug(id, &drive.id, &drive.name)
                .await?;
            (slug, Arc::<DriveState>::default())
        };
        Ok(Arc::new(DriveTree {
            account: account.clone(),
            name: names::served(&drive.name),
            drive,
            slug,
            state,
        }))
    }
}

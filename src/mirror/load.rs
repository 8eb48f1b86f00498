//! Getting a folder's listing: from the copy while something vouches for it, else from the cloud.

use std::sync::Arc;

use crate::domain::{Call, Entry, EntryId, Error, Kind, Listing, Result, Unreadable};

use super::Mirror;
use super::cache::{Held, Slot};
use super::drive::DriveTree;
use super::folder::Folder;
use super::trouble::reading;

/// More unreadable records than this in one listing are a broken listing.
const MAX_UNREADABLE: usize = 5;

impl Mirror {
    /// The listing of a folder: complete, and as fresh as the rules say. In times of trouble the
    /// last complete one, for a limited time.
    pub(super) async fn folder_listing(
        self: &Arc<Self>,
        call: &Call,
        drive: &Arc<DriveTree>,
        folder: &EntryId,
    ) -> Result<Arc<Folder>> {
        let slot = self.folders.slot(&drive.key(folder)).await;
        let followed = self.follow(call, drive).await;
        if let Some(held) = slot.held()
            && self.is_fresh(drive, &slot, &held, followed)
        {
            return Ok(held.folder);
        }
        let spare = self.spare(drive, &slot);
        if let Some(spare) = &spare
            && drive.account.trouble.is_on(self.clock.instant())
        {
            return Ok(spare.clone());
        }
        let patience = self.freshness.wait(call, spare.is_some());
        let (mirror, call, drive, folder, own) = (
            self.clone(),
            call.clone(),
            drive.clone(),
            folder.clone(),
            slot.clone(),
        );
        let load = async move || mirror.load(&call, &drive, &folder, &own).await;
        match slot.flight.join(&*self.clock, patience, load).await {
            Err(error) if error.is_passing() => spare.ok_or(error),
            outcome => outcome,
        }
    }

    fn is_fresh(&self, drive: &DriveTree, slot: &Slot, held: &Held, followed: bool) -> bool {
        if held.epoch != drive.account.epoch {
            return false;
        }
        let age = self.clock.instant().duration_since(held.listed);
        if followed {
            return drive.state.feed.vouches(held, slot).is_some();
        }
        age < self.freshness.folder
    }

    /// The last complete listing, if it was known to hold recently enough to be served in trouble.
    fn spare(&self, drive: &DriveTree, slot: &Slot) -> Option<Arc<Folder>> {
        let held = slot.held()?;
        let own = held.epoch == drive.account.epoch;
        let vouched = drive.state.feed.vouches(&held, slot).filter(|_| own);
        let known_good = vouched.map_or(held.listed, |read| read.max(held.listed));
        let age = self.clock.instant().duration_since(known_good);
        (age < self.freshness.folder_stale_max).then_some(held.folder)
    }

    async fn load(
        self: &Arc<Self>,
        call: &Call,
        drive: &Arc<DriveTree>,
        folder: &EntryId,
        slot: &Arc<Slot>,
    ) -> Result<Arc<Folder>> {
        let since = drive.state.feed.mark();
        let listed = self.clock.instant();
        let before = slot.held().map(|held| held.folder);
        let listing = drive
            .account
            .files()
            .children(call, &drive.drive.id, folder)
            .await
            .map_err(reading);
        self.note(&drive.account, listing.as_ref().map(|_| ()))
            .await;
        let listing = self
            .fill_in(call, drive, listing?, before.as_deref())
            .await?;
        let named = Arc::new(self.name(drive, folder, listing, before.as_deref()).await?);
        let epoch = drive.account.epoch;
        let held = Held {
            folder: named.clone(),
            listed,
            since,
            epoch,
        };
        slot.hold(held);
        if !self.folders.settle(&drive.key(folder), slot).await {
            slot.doubt();
        }
        Ok(named)
    }

    async fn name(
        &self,
        drive: &DriveTree,
        folder: &EntryId,
        listing: Listing,
        before: Option<&Folder>,
    ) -> Result<Folder> {
        let connection = drive.account.connection.id;
        let kept = self
            .addresses
            .file_names(connection, &drive.drive.id, folder)
            .await?;
        let (named, keep) = Folder::new(listing, &kept, before, drive.drive.case_sensitive);
        for (entry, name) in keep {
            self.addresses
                .keep_file_name(connection, &drive.drive.id, folder, &entry, &name)
                .await?;
        }
        Ok(named)
    }

    /// Puts something in the place of each record that could not be read, so that the listing
    /// stays complete; `Broken` where that cannot be done.
    async fn fill_in(
        &self,
        call: &Call,
        drive: &DriveTree,
        mut listing: Listing,
        before: Option<&Folder>,
    ) -> Result<Listing> {
        if listing.unreadable.len() > MAX_UNREADABLE {
            return Err(Error::cloud(
                Kind::Broken,
                "too many records of a listing cannot be read",
            ));
        }
        for unreadable in std::mem::take(&mut listing.unreadable) {
            tracing::warn!(connection = %drive.account.connection.slug, drive = %drive.slug, reason = %unreadable.reason, "unreadable record in a listing");
            metrics::counter!("unreadable_records_total").increment(1);
            let entry = match unreadable.id {
                Some(ref id) => self.stand_in(call, drive, id, before).await?,
                None => None,
            };
            match entry {
                Some(entry) => listing.entries.push(entry),
                None => provably_new(&listing, &unreadable, before)?,
            }
        }
        Ok(listing)
    }

    /// The last good reading of an entry, else a single reading of it.
    async fn stand_in(
        &self,
        call: &Call,
        drive: &DriveTree,
        id: &EntryId,
        before: Option<&Folder>,
    ) -> Result<Option<Entry>> {
        if let Some(named) = before.and_then(|before| before.by_id(id)) {
            return Ok(Some(named.entry.clone()));
        }
        match drive.account.files().entry(call, &drive.drive.id, id).await {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if matches!(error.kind(), Kind::Broken | Kind::NotFound) => Ok(None),
            Err(error) => Err(reading(error)),
        }
    }
}

/// An unreadable record may be left out only if it cannot be one that clients have seen: every
/// entry of the last complete listing is there without it.
fn provably_new(listing: &Listing, unreadable: &Unreadable, before: Option<&Folder>) -> Result<()> {
    let all_there = before.is_some_and(|before| {
        before.entries().iter().all(|known| {
            listing
                .entries
                .iter()
                .any(|entry| entry.id == known.entry.id)
        })
    });
    if all_there {
        return Ok(());
    }
    Err(
        Error::cloud(Kind::Broken, "a record of a listing cannot be read")
            .because(unreadable.reason.clone()),
    )
}

//! The bounded cache of folder listings.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use moka::future::Cache;
use moka::policy::EvictionPolicy;

use crate::domain::{Change, ConnectionId, DriveId, EntryId};

use super::drive::DriveTree;
use super::feed::Mark;
use super::flight::Flight;
use super::folder::Folder;

/// Which folder of which drive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FolderKey {
    pub(super) connection: ConnectionId,
    pub(super) drive: DriveId,
    pub(super) folder: EntryId,
}

/// A complete listing and what vouches for it.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) folder: Arc<Folder>,
    /// When the listing began.
    pub(super) listed: Instant,
    /// Where the drive's change feed stood when the listing began, if it was followed.
    pub(super) since: Option<Mark>,
    /// Which opening of the account made it.
    pub(super) epoch: u64,
}

/// The place of one folder: its last complete listing, and the one running load.
#[derive(Default)]
pub(super) struct Slot {
    state: Mutex<SlotState>,
    pub(super) flight: Flight<Arc<Folder>>,
}

#[derive(Default)]
struct SlotState {
    held: Option<Held>,
    /// The last turn of the feed that told of a change here, and which opening followed it.
    touched: (u64, u64),
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last complete listing.
    pub(super) fn held(&self) -> Option<Held> {
        self.state().held.clone()
    }

    /// The last turn of that opening's feed that told of a change here; 0 for none.
    pub(super) fn touched(&self, epoch: u64) -> u64 {
        let (of, turn) = self.state().touched;
        if of == epoch { turn } else { 0 }
    }

    pub(super) fn hold(&self, held: Held) {
        self.state().held = Some(held);
    }

    /// Puts an amended listing in the place of the one it was made from, if that is still held.
    pub(super) fn amend(&self, from: &Arc<Folder>, amended: Folder) {
        if let Some(held) = self
            .state()
            .held
            .as_mut()
            .filter(|held| Arc::ptr_eq(&held.folder, from))
        {
            held.folder = Arc::new(amended);
        }
    }

    /// Takes back whatever vouches for the listing; it stays for times of trouble.
    pub(super) fn doubt(&self) {
        if let Some(held) = &mut self.state().held {
            held.since = None;
            held.epoch = 0;
        }
    }

    fn touch(&self, epoch: u64, turn: u64) {
        self.state().touched = (epoch, turn);
    }

    fn weight(&self) -> u32 {
        self.state()
            .held
            .as_ref()
            .map_or(512, |held| held.folder.weight())
    }
}

/// All slots, bounded by the weight of their listings; least recently used goes first.
pub(super) struct Folders {
    slots: Cache<FolderKey, Arc<Slot>>,
}

impl Folders {
    pub(super) fn new(bytes: u64) -> Self {
        let slots = Cache::builder()
            .max_capacity(bytes)
            .eviction_policy(EvictionPolicy::lru())
            .weigher(|_, slot: &Arc<Slot>| slot.weight())
            .build();
        Self { slots }
    }

    /// The slot of a folder, made if there is none.
    pub(super) async fn slot(&self, key: &FolderKey) -> Arc<Slot> {
        self.slots.entry_by_ref(key).or_default().await.into_value()
    }

    /// Weighs a slot again after it took a listing. False when the slot had been dropped
    /// meanwhile, so that changes seen in that time may have missed it.
    pub(super) async fn settle(&self, key: &FolderKey, slot: &Arc<Slot>) -> bool {
        let known = self.slots.get(key).await;
        let stayed = known.is_some_and(|known| Arc::ptr_eq(&known, slot));
        self.slots.insert(key.clone(), slot.clone()).await;
        stayed
    }

    /// Marks every listing of a drive that `changes` speak of.
    pub(super) fn touch(&self, drive: &DriveTree, changes: &[Change], turn: u64) {
        let (connection, epoch) = (drive.account.connection.id, drive.account.epoch);
        let own = |key: &FolderKey| key.connection == connection && key.drive == drive.drive.id;
        let slots: Vec<_> = self.slots.iter().filter(|(key, _)| own(key)).collect();
        let reach = Reach::of(changes, |folder| {
            let slot = slots.iter().find(|(key, _)| key.folder == *folder);
            slot.and_then(|(_, slot)| slot.held())
                .map(|held| held.folder)
        });
        for (key, slot) in slots {
            if reach.concerns(&key.folder, &slot) {
                slot.touch(epoch, turn);
            }
        }
    }
}

/// Which listings a set of changes concerns.
struct Reach {
    everything: bool,
    folders: HashSet<EntryId>,
    entries: HashSet<EntryId>,
}

/// More changed entries than this are not looked up one by one.
const MANY: usize = 2000;

impl Reach {
    fn of(changes: &[Change], listing: impl Fn(&EntryId) -> Option<Arc<Folder>>) -> Self {
        let mut reach = Self {
            everything: changes.len() > MANY,
            folders: HashSet::new(),
            entries: HashSet::new(),
        };
        for change in changes {
            match change {
                Change::Everything => reach.everything = true,
                Change::Children(folder) => {
                    reach.folders.insert(folder.clone());
                }
                Change::Entry(id) => {
                    reach.entries.insert(id.clone());
                    reach.folders.insert(id.clone());
                }
                Change::ChildrenTwoDeep(folder) => {
                    // Without its listing nobody knows which folders are right below.
                    let Some(below) = listing(folder) else {
                        reach.everything = true;
                        continue;
                    };
                    reach.folders.insert(folder.clone());
                    let below = below
                        .entries()
                        .iter()
                        .filter(|named| named.entry.is_folder());
                    reach
                        .folders
                        .extend(below.map(|named| named.entry.id.clone()));
                }
            }
        }
        reach
    }

    fn concerns(&self, folder: &EntryId, slot: &Slot) -> bool {
        if self.everything || self.folders.contains(folder) {
            return true;
        }
        let held = slot.held();
        held.is_some_and(|held| {
            self.entries
                .iter()
                .any(|id| held.folder.by_id(id).is_some())
        })
    }
}

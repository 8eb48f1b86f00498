//! The reference provider: a small cloud in memory that keeps the `Files` port to the letter.

mod port;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use davbridge::domain::{Call, Change, EntryId, Error, Kind, ProviderName, Result};

pub use port::Account;

pub const NAME: ProviderName = ProviderName("reference");
pub const DRIVE: &str = "d1";
pub const ROOT: &str = "1";

/// What the cloud does wrong at the next calls.
#[derive(Clone, Default)]
pub struct Faults {
    /// Every call fails with this kind.
    pub all: Option<Kind>,
    /// Listings fail with this kind.
    pub children: Option<Kind>,
    /// Listings of this folder fail with this kind.
    pub children_of: Option<(EntryId, Kind)>,
    /// Single readings fail with this kind.
    pub entry: Option<Kind>,
    /// Listings hide the record of this entry and tell it as unreadable.
    pub unreadable: Option<(EntryId, bool)>,
    /// Content ends after so many bytes.
    pub cut_after: Option<usize>,
    /// Content comes without the file's size.
    pub no_total: bool,
    /// The list of drives lacks the drive.
    pub no_drive: bool,
    /// Listings take so long.
    pub slow: Option<Duration>,
}

#[derive(Clone)]
struct Node {
    parent: Option<u64>,
    name: String,
    content: Option<Bytes>,
    version: u64,
    modified: DateTime<Utc>,
}

#[derive(Default)]
struct State {
    nodes: BTreeMap<u64, Node>,
    next: u64,
    log: Vec<Change>,
    floor: usize,
    faults: Faults,
}

/// A cloud in memory with one drive.
pub struct Reference {
    state: Mutex<State>,
    pub feed: bool,
    pub case_sensitive: bool,
    pub calls: AtomicU64,
}

impl Reference {
    pub fn new(feed: bool) -> Arc<Self> {
        Self::with_case(feed, true)
    }

    pub fn with_case(feed: bool, case_sensitive: bool) -> Arc<Self> {
        let mut state = State {
            next: 2,
            ..State::default()
        };
        let root = Node {
            parent: None,
            name: String::new(),
            content: None,
            version: 1,
            modified: at(0),
        };
        state.nodes.insert(1, root);
        Arc::new(Self {
            state: Mutex::new(state),
            feed,
            case_sensitive,
            calls: AtomicU64::new(0),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Calls since the last time this was asked.
    pub fn take_calls(&self) -> u64 {
        self.calls.swap(0, Ordering::SeqCst)
    }

    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Forgets the change log: every cursor so far is stale.
    pub fn forget_changes(&self) {
        let mut state = self.state();
        state.floor = state.log.len() + 1;
        state.log.push(Change::Everything);
    }

    fn insert(&self, parent: &EntryId, name: &str, content: Option<Bytes>) -> EntryId {
        let mut state = self.state();
        let id = state.next;
        state.next += 1;
        let node = Node {
            parent: Some(number(parent)),
            name: name.to_owned(),
            content,
            version: 1,
            modified: at(id),
        };
        state.nodes.insert(id, node);
        state.log.push(Change::Children(parent.clone()));
        EntryId::new(id.to_string())
    }

    pub fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId {
        self.insert(parent, name, None)
    }

    pub fn put(&self, parent: &EntryId, name: &str, content: impl Into<Bytes>) -> EntryId {
        self.insert(parent, name, Some(content.into()))
    }

    pub fn replace(&self, id: &EntryId, content: impl Into<Bytes>) {
        let mut state = self.state();
        let node = state.nodes.get_mut(&number(id)).unwrap();
        node.content = Some(content.into());
        node.version += 1;
        node.modified += Duration::from_secs(60);
        state.log.push(Change::Entry(id.clone()));
    }

    pub fn move_to(&self, id: &EntryId, parent: &EntryId, name: &str) {
        let mut state = self.state();
        let node = state.nodes.get_mut(&number(id)).unwrap();
        node.parent = Some(number(parent));
        name.clone_into(&mut node.name);
        state.log.push(Change::Entry(id.clone()));
        state.log.push(Change::Children(parent.clone()));
    }

    pub fn relocate(&self, id: &EntryId, parent: &EntryId) {
        let name = self.state().nodes[&number(id)].name.clone();
        self.move_to(id, parent, &name);
    }

    pub fn rename(&self, id: &EntryId, name: &str) {
        let parent = self.state().nodes[&number(id)].parent.unwrap();
        self.move_to(id, &EntryId::new(parent.to_string()), name);
    }

    pub fn delete(&self, id: &EntryId) {
        let mut state = self.state();
        state.nodes.remove(&number(id));
        state.log.push(Change::Entry(id.clone()));
    }

    fn begin(&self, call: &Call) -> Result<MutexGuard<'_, State>> {
        call.count_upstream();
        self.calls.fetch_add(1, Ordering::SeqCst);
        let state = self.state();
        match state.faults.all {
            Some(kind) => Err(Error::cloud(kind, "planted")),
            None => Ok(state),
        }
    }
}

fn at(minutes: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000 + i64::try_from(minutes).unwrap() * 60, 0).unwrap()
}

fn number(id: &EntryId) -> u64 {
    id.as_str().parse().unwrap_or(0)
}

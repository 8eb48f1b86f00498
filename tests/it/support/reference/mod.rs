//! The reference provider: a small cloud in memory that keeps the `Files` port to the letter.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use davbridge::domain::{
    Ability, ByteRange, Call, Change, Changes, Content, Cursor, Drive, DriveId, Entry, EntryId,
    EntryKind, Error, Files, FilesAbility, Kind, Listing, Provider, ProviderName, Quota, Result,
    Unreadable, Version,
};
use futures::{StreamExt, stream};

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

fn entry(id: u64, node: &Node) -> Entry {
    let kind = match &node.content {
        None => EntryKind::Folder,
        Some(content) => EntryKind::File {
            size: Some(content.len() as u64),
            content_type: None,
            version: Version::new(format!("{id}-{}", node.version)),
        },
    };
    Entry {
        id: EntryId::new(id.to_string()),
        parent: node.parent.map(|parent| EntryId::new(parent.to_string())),
        name: node.name.clone(),
        kind,
        modified: Some(node.modified),
        created: Some(at(0)),
    }
}

fn gone() -> Error {
    Error::cloud(Kind::NotFound, "no such entry")
}

/// The reference cloud as a signed-in account.
pub struct Account(pub Arc<Reference>);

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        NAME
    }

    async fn ability(&self, call: &Call) -> Result<Ability> {
        drop(self.0.begin(call)?);
        let files = FilesAbility {
            change_feed: self.0.feed,
            ..FilesAbility::default()
        };
        Ok(Ability {
            files: Some(files),
            ..Ability::default()
        })
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        Some(self.0.clone())
    }
}

#[async_trait]
impl Files for Reference {
    async fn roots(&self, call: &Call) -> Result<Vec<Drive>> {
        let state = self.begin(call)?;
        let drive = Drive {
            id: DriveId::new(DRIVE),
            name: "Reference drive".to_owned(),
            root: EntryId::new(ROOT),
            case_sensitive: self.case_sensitive,
            created: Some(at(0)),
        };
        Ok(if state.faults.no_drive {
            Vec::new()
        } else {
            vec![drive]
        })
    }

    async fn children(&self, call: &Call, _: &DriveId, folder: &EntryId) -> Result<Listing> {
        let slow = self.state().faults.slow;
        if let Some(slow) = slow {
            tokio::time::sleep(slow).await;
        }
        let state = self.begin(call)?;
        if let Some(kind) = state.faults.children {
            return Err(Error::cloud(kind, "planted"));
        }
        if let Some((_, kind)) = state
            .faults
            .children_of
            .as_ref()
            .filter(|(of, _)| of == folder)
        {
            return Err(Error::cloud(*kind, "planted"));
        }
        let node = state.nodes.get(&number(folder)).ok_or_else(gone)?;
        if node.content.is_some() {
            return Err(Error::cloud(Kind::Invalid, "not a folder"));
        }
        let mut listing = Listing::default();
        for (id, node) in &state.nodes {
            if node.parent != Some(number(folder)) {
                continue;
            }
            match &state.faults.unreadable {
                Some((bad, with_id)) if number(bad) == *id => listing.unreadable.push(Unreadable {
                    id: with_id.then(|| bad.clone()),
                    reason: "planted".to_owned(),
                }),
                _ => listing.entries.push(entry(*id, node)),
            }
        }
        Ok(listing)
    }

    async fn entry(&self, call: &Call, _: &DriveId, id: &EntryId) -> Result<Entry> {
        let state = self.begin(call)?;
        if let Some(kind) = state.faults.entry {
            return Err(Error::cloud(kind, "planted"));
        }
        let node = state.nodes.get(&number(id)).ok_or_else(gone)?;
        Ok(entry(number(id), node))
    }

    async fn read(
        &self,
        call: &Call,
        _: &DriveId,
        id: &EntryId,
        range: Option<ByteRange>,
    ) -> Result<Content> {
        let state = self.begin(call)?;
        let node = state.nodes.get(&number(id)).ok_or_else(gone)?;
        let bytes = node
            .content
            .clone()
            .ok_or_else(|| Error::cloud(Kind::Invalid, "a folder"))?;
        let total = bytes.len() as u64;
        let part = match range {
            None => bytes,
            Some(range) if range.last() < total => {
                let (first, last) = (
                    usize::try_from(range.first()).unwrap(),
                    usize::try_from(range.last()).unwrap(),
                );
                bytes.slice(first..=last)
            }
            Some(_) => return Err(Error::cloud(Kind::Changed, "shorter than the range")),
        };
        let cut = state.faults.cut_after.filter(|cut| *cut < part.len());
        let mut items: Vec<Result<Bytes>> = Vec::new();
        let whole = cut.map_or(part.clone(), |cut| part.slice(..cut));
        items.extend(
            whole
                .chunks(1000)
                .map(|chunk| Ok(Bytes::copy_from_slice(chunk))),
        );
        if cut.is_some() {
            items.push(Err(Error::cloud(Kind::Down, "cut off")));
        }
        Ok(Content {
            total: (!state.faults.no_total).then_some(total),
            version: None,
            stream: stream::iter(items).boxed(),
        })
    }

    async fn quota(&self, call: &Call, _: &DriveId) -> Result<Quota> {
        let state = self.begin(call)?;
        let used = state
            .nodes
            .values()
            .filter_map(|node| node.content.as_ref());
        let used = used.map(|content| content.len() as u64).sum();
        let total = Some(1 << 40);
        Ok(Quota { used, total })
    }

    async fn changes(&self, call: &Call, _: &DriveId, cursor: Option<&Cursor>) -> Result<Changes> {
        let state = self.begin(call)?;
        if !self.feed {
            return Err(Error::cloud(Kind::Unsupported, "no change feed"));
        }
        let now = Cursor::new(state.log.len().to_string());
        let from = match cursor {
            None => state.log.len(),
            Some(cursor) => cursor.as_str().parse().unwrap_or(usize::MAX),
        };
        if from < state.floor || from > state.log.len() {
            return Err(Error::cloud(Kind::StaleCursor, "unknown cursor"));
        }
        let changes = state.log[from..].to_vec();
        Ok(Changes {
            changes,
            cursor: now,
        })
    }
}

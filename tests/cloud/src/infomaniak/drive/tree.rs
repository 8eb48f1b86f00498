//! The tree of one drive: nodes by id, places, and the edits everything else is made of.

use std::collections::BTreeMap;

use super::log::Log;
use super::node::{Content, File, Folder, Kind, Node, Special};

/// Id of the root of every drive.
pub(crate) const ROOT: u64 = 1;
/// Id of Common documents.
pub(crate) const TEAM: u64 = 3;
/// Id of Shared.
pub(crate) const SHARED: u64 = 4;
/// Id of Private.
pub(crate) const PRIVATE: u64 = 5;

/// A drive.
#[derive(Clone, Debug)]
pub(crate) struct Drive {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) account: u64,
    /// The user whose private space this is.
    pub(crate) user: u64,
    /// Bytes that fit.
    pub(crate) size: u64,
    pub(crate) created_at: u64,
    pub(crate) updated_at: u64,
    pub(crate) maintenance: Option<Maintenance>,
    pub(crate) nodes: BTreeMap<u64, Node>,
    pub(crate) log: Log,
    next: u64,
}

/// Why a drive cannot be used.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub struct Maintenance {
    /// `technical`, `not_renew`, …
    pub reason: String,
    /// Codes such as `asleep` or `waking_up`.
    #[serde(default)]
    pub types: Vec<String>,
}

/// Where a folder lies.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Absolute path; `/` for the root.
    pub(crate) path: String,
    pub(crate) depth: u32,
    /// The special folder it is or lies in.
    pub(crate) space: Special,
    pub(crate) read_only: bool,
}

impl Drive {
    /// A drive with its special folders; Common documents only with `team`.
    pub(crate) fn new(id: u64, name: &str, account: u64, user: u64, team: bool) -> Drive {
        let born = 1_651_401_746;
        let mut drive = Drive {
            id,
            name: name.to_owned(),
            account,
            user,
            size: 3_298_534_883_328,
            created_at: born,
            updated_at: 1_741_257_137,
            maintenance: None,
            nodes: BTreeMap::new(),
            log: Log::default(),
            next: 10,
        };
        drive.add_special(ROOT, 0, "", Special::Root, born);
        if team {
            drive.add_special(TEAM, ROOT, "Common documents", Special::Team, born);
        }
        drive.add_special(SHARED, ROOT, "Shared", Special::Shared, born);
        drive.add_special(PRIVATE, ROOT, "Private", Special::Private, born);
        drive
    }

    fn add_special(&mut self, id: u64, parent: u64, name: &str, special: Special, at: u64) {
        let node = Node {
            special,
            created_by: None,
            ..blank(id, parent, name, Kind::Folder(Folder::default()), at)
        };
        self.insert(node);
    }

    fn insert(&mut self, node: Node) {
        if let Some(folder) = self.folder_mut(node.parent) {
            folder.children.insert(node.key());
        }
        self.nodes.insert(node.id, node);
    }

    /// A new object; its id is the next free one.
    pub(crate) fn add(&mut self, parent: u64, name: &str, kind: Kind, by: u64, at: u64) -> u64 {
        let id = self.next;
        self.next += 1;
        let node = Node {
            created_by: Some(by),
            last_modified_by: Some(by),
            ..blank(id, parent, name, kind, at)
        };
        self.insert(node);
        self.touch(parent, at);
        id
    }

    /// A new file whose bytes are generated.
    pub(crate) fn add_generated(&mut self, parent: u64, name: &str, size: u64, at: u64) -> u64 {
        let content = Content::Generated {
            file: self.next,
            version: 1,
            size,
        };
        let file = File::new(content, super::mime::of(name).map(str::to_owned));
        self.add(parent, name, Kind::File(file), self.user, at)
    }

    /// A new folder.
    pub(crate) fn add_folder(&mut self, parent: u64, name: &str, at: u64) -> u64 {
        let kind = Kind::Folder(Folder::default());
        self.add(parent, name, kind, self.user, at)
    }

    pub(crate) fn folder_mut(&mut self, id: u64) -> Option<&mut Folder> {
        self.nodes.get_mut(&id)?.folder_mut()
    }

    /// Marks a folder as changed.
    pub(crate) fn touch(&mut self, folder: u64, at: u64) {
        if let Some(node) = self.nodes.get_mut(&folder) {
            node.updated_at = node.updated_at.max(at);
            node.last_modified_at = node.last_modified_at.max(at);
        }
        self.updated_at = self.updated_at.max(at);
    }

    /// The object, unless it or a folder above it is in the trash.
    pub(crate) fn alive(&self, id: u64) -> Option<&Node> {
        let node = self.nodes.get(&id)?;
        let mut above = node;
        loop {
            if above.trashed.is_some() {
                return None;
            }
            match self.nodes.get(&above.parent) {
                Some(next) => above = next,
                None => return Some(node),
            }
        }
    }

    /// Bytes of all files, without older versions.
    pub(crate) fn used(&self) -> u64 {
        self.nodes.values().map(Node::size).sum()
    }
}

fn blank(id: u64, parent: u64, name: &str, kind: Kind, at: u64) -> Node {
    Node {
        id,
        parent,
        name: name.to_owned(),
        kind,
        special: Special::No,
        created_by: None,
        created_at: None,
        added_at: at,
        last_modified_at: at,
        last_modified_by: None,
        revised_at: at,
        updated_at: at,
        read_only: false,
        lock: None,
        trashed: None,
    }
}

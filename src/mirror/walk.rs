//! From a path to what is there.

use std::sync::Arc;

use crate::domain::{Call, Connection, Entry, EntryId, EntryKind, Error, Kind, Result, UserName};

use super::Mirror;
use super::account::AccountTree;
use super::drive::DriveTree;
use super::folder::{Folder, Named};

/// What a path under a user's files leads to.
pub enum Found {
    /// The user's home: one folder per connection.
    Home(Arc<[Connection]>),
    /// A connection: one folder per drive.
    Account(Arc<AccountTree>),
    /// A folder (the drive itself included) or file.
    Node(Node),
}

/// A folder or file of a drive.
#[derive(Clone)]
pub struct Node {
    /// The drive it is in.
    pub drive: Arc<DriveTree>,
    /// The name under which it is served; the drive's name for its root.
    pub name: String,
    /// What the cloud says of it.
    pub entry: Entry,
    /// The folder whose listing holds it; `None` for the root.
    pub(super) folder: Option<EntryId>,
}

impl Node {
    /// The root folder of a drive.
    #[must_use]
    pub fn root(drive: &Arc<DriveTree>) -> Self {
        let entry = Entry {
            id: drive.drive.root.clone(),
            parent: None,
            name: drive.drive.name.clone(),
            kind: EntryKind::Folder,
            modified: None,
            created: drive.drive.created,
        };
        Self {
            drive: drive.clone(),
            name: drive.name.clone(),
            entry,
            folder: None,
        }
    }

    fn child(&self, named: &Named) -> Self {
        Self {
            drive: self.drive.clone(),
            name: named.name.clone(),
            entry: named.entry.clone(),
            folder: Some(self.entry.id.clone()),
        }
    }
}

impl Mirror {
    /// What is at `path` (decoded segments under the user's files). `NotFound` is a positive
    /// statement: a complete listing lacks the name.
    pub async fn find(
        self: &Arc<Self>,
        call: &Call,
        user: &UserName,
        path: &[String],
    ) -> Result<Found> {
        let connections = self.connections(user).await?;
        let Some((slug, path)) = path.split_first() else {
            return Ok(Found::Home(connections));
        };
        let connection = connections
            .iter()
            .find(|connection| connection.slug == *slug)
            .ok_or_else(|| nothing("connection"))?;
        let account = self.account(connection).await?;
        let Some((slug, path)) = path.split_first() else {
            return Ok(Found::Account(account));
        };
        let drives = self.drives(call, &account).await?;
        let drive = drives
            .iter()
            .find(|drive| drive.slug == *slug)
            .ok_or_else(|| nothing("drive"))?;
        let mut node = Node::root(drive);
        for name in path {
            let folder = self.children(call, &node).await?;
            let named = folder
                .by_name(name)
                .ok_or_else(|| nothing("file or folder"))?;
            node = node.child(named);
        }
        Ok(Found::Node(node))
    }

    /// The complete listing of a folder. `NotFound` for a file.
    pub async fn children(self: &Arc<Self>, call: &Call, node: &Node) -> Result<Arc<Folder>> {
        if !node.entry.is_folder() {
            return Err(nothing("folder"));
        }
        match self.folder_listing(call, &node.drive, &node.entry.id).await {
            Err(error) if may_be_gone(&error) => Err(self.confirm_gone(call, node, error).await),
            outcome => outcome,
        }
    }

    /// The cloud says that an entry is not there, or is not for us (some clouds say that of what
    /// is gone): only a new listing of its parent makes it true that it is gone.
    pub(super) async fn confirm_gone(
        self: &Arc<Self>,
        call: &Call,
        node: &Node,
        error: Error,
    ) -> Error {
        let still_there = |error: Error| match error.kind() {
            Kind::NotFound => {
                let sentence = "the cloud lists an entry that it says is not there";
                Error::cloud(Kind::Broken, sentence).because(error)
            }
            _ => error,
        };
        let Some(parent) = &node.folder else {
            return still_there(error);
        };
        let slot = self.folders.slot(&node.drive.key(parent)).await;
        slot.doubt();
        match self.folder_listing(call, &node.drive, parent).await {
            Ok(folder) if folder.by_id(&node.entry.id).is_none() => nothing("file or folder"),
            Ok(_) => still_there(error),
            Err(above) if may_be_gone(&above) => still_there(error),
            Err(trouble) => trouble,
        }
    }
}

/// Whether an error of one entry may mean that it is gone.
pub(super) fn may_be_gone(error: &Error) -> bool {
    matches!(error.kind(), Kind::NotFound | Kind::Forbidden)
}

fn nothing(what: &'static str) -> Error {
    Error::client(Kind::NotFound, format!("no such {what}"))
}

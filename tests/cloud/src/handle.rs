//! The direct handles of tests: a drive as another client sees and changes it.

use std::sync::Arc;

use bytes::Bytes;

use crate::content::length;
use crate::infomaniak::drive::edit::{Author, Dates};
use crate::infomaniak::drive::node::{Content, Node};
use crate::infomaniak::drive::tree::Drive;
use crate::infomaniak::outside::{self, Edit};
use crate::infomaniak::state::State;
use crate::server::Shared;

/// A drive of the simulation. Paths are absolute, such as `/Private/a.txt`.
pub struct DriveHandle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

/// What is known of a file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Its id.
    pub id: u64,
    /// Id of its folder.
    pub parent_id: u64,
    /// Its name.
    pub name: String,
    /// Its absolute path.
    pub path: String,
    /// Folder or file.
    pub is_folder: bool,
    /// Bytes; 0 for folders.
    pub size: u64,
    /// Number of the content, from 1; 0 for folders.
    pub version: u32,
    /// `None` for folders.
    pub etag: Option<String>,
    /// Content type, where one is told.
    pub mime: Option<String>,
    /// Date a client may set, epoch seconds.
    pub last_modified_at: u64,
    /// Last change of content, epoch seconds.
    pub revised_at: u64,
}

fn info(drive: &Drive, node: &Node) -> Info {
    let file = node.file();
    Info {
        id: node.id,
        parent_id: node.parent,
        name: node.name.clone(),
        path: drive.place(node.id).path,
        is_folder: node.is_folder(),
        size: node.size(),
        version: file.map_or(0, |file| file.version),
        etag: node.etag(drive.id),
        mime: file.and_then(|file| file.mime.clone()),
        last_modified_at: node.last_modified_at,
        revised_at: node.revised_at,
    }
}

impl DriveHandle {
    /// The drive's id.
    pub fn id(&self) -> u64 {
        self.id
    }

    fn look<T>(&self, at: impl FnOnce(&Drive) -> Option<T>) -> Option<T> {
        let state = self.shared.state();
        state.drives.get(&self.id).and_then(at)
    }

    fn change<T>(&self, what: impl FnOnce(&mut State, u64) -> Result<T, String>) -> T {
        let result = what(&mut self.shared.state(), self.id);
        match result {
            Ok(value) => value,
            Err(why) => panic!("{why}"),
        }
    }

    /// What is at a path.
    pub fn info(&self, path: &str) -> Option<Info> {
        self.look(|drive| Some(info(drive, drive.find(path)?)))
    }

    /// What lies in a folder, by name.
    pub fn children(&self, path: &str) -> Vec<Info> {
        let found = self.look(|drive| {
            let children = &drive.find(path)?.folder()?.children;
            let nodes = children
                .iter()
                .filter_map(|child| drive.nodes.get(&child.1));
            Some(nodes.map(|node| info(drive, node)).collect())
        });
        found.unwrap_or_default()
    }

    /// All that lies below a folder, folders before what is in them.
    pub fn tree(&self, path: &str) -> Vec<Info> {
        let found = self.look(|drive| {
            let below = drive.below(drive.find(path)?.id);
            let nodes = below.iter().filter_map(|id| drive.nodes.get(id));
            Some(nodes.map(|node| info(drive, node)).collect())
        });
        found.unwrap_or_default()
    }

    /// Bytes of a file from `offset`, at most `most`.
    pub fn bytes(&self, path: &str, offset: u64, most: usize) -> Option<Vec<u8>> {
        let content = self.look(|drive| Some(drive.find(path)?.file()?.content.clone()))?;
        let left = content.size().saturating_sub(offset);
        let take = left.min(crate::content::size(most));
        match content {
            Content::Memory(bytes) => {
                let start = length(offset.min(crate::content::size(bytes.len())));
                Some(bytes.slice(start..start + length(take)).to_vec())
            }
            Content::Generated { file, version, .. } => {
                Some(crate::generated(file, version, offset, length(take)))
            }
        }
    }

    /// Creates a file or gives it a new version; gives its id.
    ///
    /// # Panics
    /// The folder does not exist, or a folder has that name.
    pub fn write(&self, path: &str, bytes: impl Into<Bytes>) -> u64 {
        let content = Content::Memory(bytes.into());
        self.change(|state, drive| {
            let now = state.tick();
            let drive = state.drives.get_mut(&drive).ok_or("no such drive")?;
            let author = Author {
                user: drive.user,
                now,
            };
            outside::write(drive, path, content, Dates::default(), author)
        })
    }

    /// Makes a folder; gives its id.
    ///
    /// # Panics
    /// The folder above does not exist.
    pub fn folder(&self, path: &str) -> u64 {
        let path = path.to_owned();
        self.edit(&Edit::Folder { path })
    }

    /// Gives an object another name.
    ///
    /// # Panics
    /// There is nothing at the path.
    pub fn rename(&self, path: &str, name: &str) {
        let above = path.rsplit_once('/').map_or("", |split| split.0);
        self.move_to(path, &format!("{above}/{name}"));
    }

    /// Moves an object; `to` is its new path.
    ///
    /// # Panics
    /// There is nothing at the path, or the new folder does not exist.
    pub fn move_to(&self, path: &str, to: &str) {
        let (path, to) = (path.to_owned(), to.to_owned());
        self.edit(&Edit::Move { path, to });
    }

    /// Puts an object into the trash.
    ///
    /// # Panics
    /// There is nothing at the path.
    pub fn delete(&self, path: &str) {
        let path = path.to_owned();
        self.edit(&Edit::Delete { path });
    }

    /// Any change; gives the id of the object it is about, 0 where there is none.
    ///
    /// # Panics
    /// What the change is about does not exist.
    pub fn edit(&self, edit: &Edit) -> u64 {
        self.change(|state, drive| outside::apply(state, drive, edit))
    }
}

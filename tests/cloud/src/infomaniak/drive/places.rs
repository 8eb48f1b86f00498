//! Taking objects out of folders and putting them into others.

use super::log::{Action, Change};
use super::node::{Node, Trashed};
use super::tree::Drive;

impl Drive {
    /// Notes a change for the change feeds.
    pub(crate) fn tell(&mut self, action: Action, id: u64, parent: u64) {
        let path = self.place(id).path;
        self.log.push(Change {
            action,
            file: id,
            parent,
            folder: self.nodes.get(&id).is_some_and(Node::is_folder),
            path,
            destination: None,
        });
    }

    /// Takes an object out of its folder.
    fn detach(&mut self, id: u64, at: u64) {
        let Some((parent, key)) = self.nodes.get(&id).map(|node| (node.parent, node.key())) else {
            return;
        };
        if let Some(folder) = self.folder_mut(parent) {
            folder.children.remove(&key);
        }
        self.touch(parent, at);
    }

    /// Puts an object under `parent` as `name`; its content stays.
    pub(crate) fn relocate(&mut self, id: u64, parent: u64, name: &str, at: u64) {
        self.detach(id, at);
        let Some(node) = self.nodes.get_mut(&id) else {
            return;
        };
        node.parent = parent;
        node.name = name.to_owned();
        node.updated_at = at;
        node.trashed = None;
        let key = node.key();
        if let Some(folder) = self.folder_mut(parent) {
            folder.children.insert(key);
        }
        self.touch(parent, at);
    }

    /// Puts an object into the trash.
    pub(crate) fn trash(&mut self, id: u64, by: u64, at: u64) {
        self.detach(id, at);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.trashed = Some(Trashed { at, by });
            node.updated_at = at;
        }
    }

    /// Forgets an object and all below it.
    pub(crate) fn purge(&mut self, id: u64, at: u64) {
        self.detach(id, at);
        for gone in self.below(id) {
            self.nodes.remove(&gone);
        }
        self.nodes.remove(&id);
    }
}

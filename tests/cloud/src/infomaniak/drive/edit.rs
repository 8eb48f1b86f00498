//! Changes of a drive: each alters the tree and tells the change feeds.

use super::log::{Action, Change};
use super::mime;
use super::node::{Content, File, Kind, Node, Past};
use super::tree::Drive;

/// Who changes something, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Author {
    pub(crate) user: u64,
    /// Simulated time, epoch seconds.
    pub(crate) now: u64,
}

/// Dates a client may set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dates {
    pub(crate) created_at: Option<u64>,
    pub(crate) last_modified_at: Option<u64>,
}

impl Drive {
    /// A new file; generated content is taken as of this file's first version.
    pub(crate) fn create_file(
        &mut self,
        parent: u64,
        name: &str,
        content: Content,
        dates: Dates,
        author: Author,
    ) -> u64 {
        let file = File::new(content, mime::of(name).map(str::to_owned));
        let id = self.add(parent, name, Kind::File(file), author.user, author.now);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.created_at = dates.created_at;
            node.last_modified_at = dates.last_modified_at.unwrap_or(author.now);
            if let Some(file) = node.file_mut()
                && let Content::Generated { file, .. } = &mut file.content
            {
                *file = id;
            }
        }
        self.tell(Action::Create, id, parent);
        id
    }

    /// A new folder.
    pub(crate) fn create_folder(&mut self, parent: u64, name: &str, author: Author) -> u64 {
        let id = self.add_folder(parent, name, author.now);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.created_by = Some(author.user);
        }
        self.tell(Action::Create, id, parent);
        id
    }

    /// A new version of a file.
    pub(crate) fn replace(&mut self, id: u64, content: Content, dates: Dates, author: Author) {
        let Some(node) = self.nodes.get_mut(&id) else {
            return;
        };
        let parent = node.parent;
        let before = node.last_modified_at;
        node.last_modified_at = dates.last_modified_at.unwrap_or(author.now);
        node.last_modified_by = Some(author.user);
        node.created_at = dates.created_at.or(node.created_at);
        node.revised_at = author.now;
        node.updated_at = author.now;
        if let Some(file) = node.file_mut() {
            let old = std::mem::replace(&mut file.content, content);
            file.past.push(Past {
                version: file.version,
                content: old,
                last_modified_at: before,
            });
            file.version += 1;
            file.etag = None;
            if let Content::Generated {
                file: of, version, ..
            } = &mut file.content
            {
                (*of, *version) = (id, file.version);
            }
        }
        self.tell(Action::Update, id, parent);
    }

    /// A new modification date.
    pub(crate) fn set_modified(&mut self, id: u64, at: u64, author: Author) {
        let Some(node) = self.nodes.get_mut(&id) else {
            return;
        };
        node.last_modified_at = at;
        node.updated_at = author.now;
        let parent = node.parent;
        self.tell(Action::Update, id, parent);
    }

    /// Puts an object elsewhere or under another name.
    pub(crate) fn shift(&mut self, id: u64, parent: u64, name: &str, author: Author) {
        let Some(old) = self.nodes.get(&id).map(|node| node.parent) else {
            return;
        };
        let path = self.place(id).path;
        self.relocate(id, parent, name, author.now);
        let action = if old == parent {
            Action::Rename
        } else {
            Action::Move
        };
        let change = Change {
            action,
            file: id,
            parent,
            folder: self.nodes.get(&id).is_some_and(Node::is_folder),
            path,
            destination: Some(self.place(id).path),
        };
        if old != parent {
            let away = Change {
                action: Action::MoveOut,
                parent: old,
                ..change.clone()
            };
            self.log.push(away);
        }
        self.log.push(change);
    }

    /// Copies an object with all below it; gives the id of the copy.
    pub(crate) fn duplicate(&mut self, id: u64, parent: u64, name: &str, author: Author) -> u64 {
        let Some(node) = self.nodes.get(&id).cloned() else {
            return 0;
        };
        let children: Vec<(String, u64)> = node
            .folder()
            .map(|folder| folder.children.iter().cloned().collect())
            .unwrap_or_default();
        let dates = Dates {
            created_at: node.created_at,
            last_modified_at: Some(node.last_modified_at),
        };
        let Kind::File(file) = node.kind else {
            let copy = self.create_folder(parent, name, author);
            for (name, child) in children.into_iter().filter(|child| child.1 != copy) {
                self.duplicate(child, copy, &name, author);
            }
            return copy;
        };
        // the copy has the bytes of the original, not those its own id would generate
        let copy = self.create_file(parent, name, file.content.clone(), dates, author);
        if let Some(made) = self.nodes.get_mut(&copy).and_then(Node::file_mut) {
            made.content = file.content;
        }
        copy
    }

    /// Puts an object into the trash.
    pub(crate) fn remove(&mut self, id: u64, author: Author) {
        if let Some(parent) = self.nodes.get(&id).map(|node| node.parent) {
            self.tell(Action::Trash, id, parent);
            self.trash(id, author.user, author.now);
        }
    }

    /// Takes an object out of the trash.
    pub(crate) fn restore(&mut self, id: u64, parent: u64, name: &str, author: Author) {
        self.relocate(id, parent, name, author.now);
        self.tell(Action::Restore, id, parent);
    }

    /// Deletes an object for good.
    pub(crate) fn destroy(&mut self, id: u64, author: Author) {
        if let Some(parent) = self.nodes.get(&id).map(|node| node.parent) {
            self.tell(Action::Delete, id, parent);
            self.purge(id, author.now);
        }
    }

    /// `a.txt`, or `a (1).txt` and so on where that is taken.
    pub(crate) fn free_name(&self, folder: u64, name: &str) -> String {
        let (stem, extension) = match name.rfind('.') {
            Some(dot) if dot > 0 => name.split_at(dot),
            _ => (name, ""),
        };
        let names = std::iter::once(name.to_owned());
        let mut names = names.chain((1_u32..).map(|n| format!("{stem} ({n}){extension}")));
        let free = names.find(|name| self.child(folder, name).is_none());
        free.unwrap_or_else(|| name.to_owned())
    }
}

//! Finding one's way in a tree.

use super::node::{Node, Special};
use super::tree::{Drive, Place, ROOT};

impl Drive {
    /// Where folder `id` lies; of a file, where it would lie were it a folder.
    pub(crate) fn place(&self, id: u64) -> Place {
        let mut names = Vec::new();
        let mut space = Special::No;
        let mut read_only = false;
        let mut next = self.nodes.get(&id);
        while let Some(node) = next.filter(|node| node.special != Special::Root) {
            names.push(node.name.as_str());
            read_only |= node.read_only;
            if node.special != Special::No {
                space = node.special;
            }
            next = self.nodes.get(&node.parent);
        }
        let depth = u32::try_from(names.len()).unwrap_or(u32::MAX);
        names.push("");
        names.reverse();
        let path = if depth == 0 {
            "/".to_owned()
        } else {
            names.join("/")
        };
        if id == ROOT {
            space = Special::Root;
        }
        Place {
            path,
            depth,
            space,
            read_only,
        }
    }

    /// The child of a folder with exactly this name.
    pub(crate) fn child(&self, folder: u64, name: &str) -> Option<&Node> {
        let children = &self.nodes.get(&folder)?.folder()?.children;
        let from = (name.to_owned(), 0);
        let (found, id) = children.range(from..).next()?;
        if found == name {
            self.nodes.get(id)
        } else {
            None
        }
    }

    /// The object at an absolute path such as `/Private/a.txt`, names compared exactly.
    pub(crate) fn find(&self, path: &str) -> Option<&Node> {
        let mut node = self.nodes.get(&ROOT)?;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            node = self.child(node.id, name)?;
        }
        Some(node)
    }

    /// Whether `id` is `folder` or lies below it.
    pub(crate) fn is_within(&self, id: u64, folder: u64) -> bool {
        let mut next = id;
        loop {
            if next == folder {
                return true;
            }
            match self.nodes.get(&next) {
                Some(node) if node.id != ROOT => next = node.parent,
                _ => return false,
            }
        }
    }

    /// All objects below a folder, parents before children.
    pub(crate) fn below(&self, folder: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let mut open = vec![folder];
        while let Some(id) = open.pop() {
            let children = self.nodes.get(&id).and_then(Node::folder);
            for (_, child) in children.iter().flat_map(|folder| &folder.children) {
                found.push(*child);
                open.push(*child);
            }
        }
        found
    }
}

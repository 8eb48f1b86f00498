//! Objects of a drive as JSON (fact sheet §3.3).

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::node::{Node, Special};
use super::tree::{Drive, PRIVATE, Place, ROOT};
use super::with::With;
use super::{mime, rights};

/// One object as the API tells it.
pub(crate) struct View<'a> {
    drive: &'a Drive,
    node: &'a Node,
    /// The folder it lies in.
    above: &'a Place,
    with: With,
    /// v2: children of Private are told as children of the root.
    legacy: bool,
}

/// How objects of one call are told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telling {
    pub(crate) with: With,
    pub(crate) legacy: bool,
}

impl Telling {
    pub(crate) fn v3(with: With) -> Telling {
        Telling {
            with,
            legacy: false,
        }
    }

    pub(crate) fn v2(with: With) -> Telling {
        Telling { with, legacy: true }
    }

    /// Objects that lie in one folder.
    pub(crate) fn children<'a>(
        self,
        drive: &'a Drive,
        above: &'a Place,
        nodes: impl IntoIterator<Item = &'a Node>,
    ) -> Vec<View<'a>> {
        let view = |node| View {
            drive,
            node,
            above,
            with: self.with,
            legacy: self.legacy,
        };
        nodes.into_iter().map(view).collect()
    }

    /// One object, wherever it lies.
    pub(crate) fn value(self, drive: &Drive, node: &Node) -> serde_json::Value {
        let above = drive.place(node.parent);
        let view = View {
            drive,
            node,
            above: &above,
            with: self.with,
            legacy: self.legacy,
        };
        json!(view)
    }
}

/// `path` of a child of a folder.
pub(crate) fn join(above: &Place, name: &str) -> String {
    if above.depth == 0 {
        format!("/{name}")
    } else {
        format!("{}/{name}", above.path)
    }
}

/// A path in the v2 view, where what lies in Private lies in the root.
pub(crate) fn legacy_path(path: &str) -> &str {
    path.strip_prefix("/Private")
        .filter(|rest| rest.starts_with('/'))
        .unwrap_or(path)
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(None)?;
        self.identity(&mut map)?;
        self.dates(&mut map)?;
        if self.node.is_folder() {
            let color = self.node.folder().and_then(|folder| folder.color.as_ref());
            map.serialize_entry("color", &color)?;
        } else {
            self.file(&mut map)?;
        }
        self.extras(&mut map)?;
        self.relations(&mut map)?;
        map.end()
    }
}

impl View<'_> {
    fn identity<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let node = self.node;
        let depth = match node.special {
            Special::Root => 0,
            _ if self.legacy && self.above.space == Special::Private => self.above.depth,
            _ => self.above.depth + 1,
        };
        let parent = if self.legacy && node.parent == PRIVATE {
            ROOT
        } else {
            node.parent
        };
        map.serialize_entry("id", &node.id)?;
        map.serialize_entry("name", &node.name)?;
        map.serialize_entry("type", node.type_name())?;
        map.serialize_entry("status", &self.status())?;
        map.serialize_entry("visibility", self.visibility())?;
        map.serialize_entry("drive_id", &self.drive.id)?;
        map.serialize_entry("depth", &depth)?;
        map.serialize_entry("parent_id", &parent)
    }

    fn status(&self) -> Option<&'static str> {
        if self.node.trashed.is_some() {
            Some("trashed")
        } else if self.drive.alive(self.node.id).is_none() {
            Some("trash_inherited")
        } else if self.node.is_locked() {
            Some("locked")
        } else {
            None
        }
    }

    fn visibility(&self) -> &'static str {
        match (self.node.special, self.above.space) {
            (Special::Root, _) => "is_root",
            (Special::Private, _) => "is_private_space",
            (Special::Team, _) => "is_team_space",
            (Special::Shared, _) => "is_shared_space",
            (Special::No, Special::Private) => "is_in_private_space",
            (Special::No, Special::Team) if self.above.depth == 1 && self.node.is_folder() => {
                "is_team_space_folder"
            }
            (Special::No, Special::Team) => "is_in_team_space_folder",
            (Special::No, Special::Shared) => "is_in_shared_space",
            (Special::No, Special::No | Special::Root) => "",
        }
    }

    fn dates<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let node = self.node;
        map.serialize_entry("created_by", &node.created_by)?;
        map.serialize_entry("created_at", &node.created_at)?;
        map.serialize_entry("added_at", &node.added_at)?;
        map.serialize_entry("last_modified_at", &node.last_modified_at)?;
        map.serialize_entry("last_modified_by", &node.last_modified_by)?;
        map.serialize_entry("revised_at", &node.revised_at)?;
        map.serialize_entry("updated_at", &node.updated_at)?;
        if let Some(trashed) = node.trashed {
            map.serialize_entry("deleted_at", &trashed.at)?;
            map.serialize_entry("deleted_by", &trashed.by)?;
        }
        Ok(())
    }

    fn file<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let mime = self.node.file().and_then(|file| file.mime.as_ref());
        map.serialize_entry("size", &self.node.size())?;
        map.serialize_entry("mime_type", &mime)?;
        map.serialize_entry("extension_type", &mime::extension_type(&self.node.name))
    }

    fn extras<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let (node, with) = (self.node, self.with);
        if with.path {
            let path = match node.special {
                Special::Root => "/".to_owned(),
                _ => join(self.above, &node.name),
            };
            let shown = if self.legacy {
                legacy_path(&path)
            } else {
                &path
            };
            map.serialize_entry("path", shown)?;
        }
        if with.sorted_name {
            map.serialize_entry("sorted_name", &node.name)?;
        }
        if with.capabilities {
            map.serialize_entry("capabilities", &rights::capabilities(self.node, self.above))?;
        }
        if let Some(etag) = node.etag(self.drive.id).filter(|_| with.etag) {
            map.serialize_entry("etag", &etag)?;
        }
        if let Some(file) = node.file() {
            if with.hash {
                map.serialize_entry("hash", &file.content.hash())?;
            }
            if with.version {
                let number = file.version;
                let version = json!({ "is_multiple": number > 1, "number": number });
                map.serialize_entry("version", &version)?;
            }
        }
        Ok(())
    }

    fn relations<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let with = self.with;
        if with.is_favorite {
            map.serialize_entry("is_favorite", &false)?;
        }
        if with.sharelink {
            map.serialize_entry("sharelink", &())?;
        }
        let lists = [
            (with.users, "users"),
            (with.teams, "teams"),
            (with.categories, "categories"),
        ];
        for (_, name) in lists.iter().filter(|list| list.0) {
            map.serialize_entry(*name, &[(); 0])?;
        }
        if with.lock {
            map.serialize_entry("lock", &self.node.lock)?;
        }
        Ok(())
    }
}

//! What a request path leads to, and its members.

use std::sync::Arc;

use crate::domain::{Error, Kind, Result, UserName};
use crate::mirror::{AccountTree, DriveTree, Folder, Found, Node};

use super::place::{self, Place};
use super::props::What;
use super::{Dav, Visit};

/// What a request path leads to.
pub(super) struct Target {
    /// The path as the client spelled it, decoded: hrefs repeat that spelling.
    segments: Vec<String>,
    pub(super) thing: Thing,
}

/// A thing at a path.
pub(super) enum Thing {
    /// A collection of the bridge's own tree, and the segments and names of its members.
    Collection(&'static str, Vec<(String, String)>),
    /// `/dav/principals/`
    Principals,
    /// The caller's principal.
    Principal(UserName),
    /// An account: its drives.
    Account(Arc<AccountTree>),
    /// A file or folder.
    Node(Node),
}

/// Members of a target.
pub(super) enum Members {
    /// Collections of the bridge's own tree: segment and name.
    Names(Vec<(String, String)>),
    /// The caller's principal.
    Principal(UserName),
    /// Drives of an account.
    Drives(Arc<[Arc<DriveTree>]>),
    /// Entries of a folder.
    Entries(Arc<Folder>),
}

impl Members {
    pub(super) fn none() -> Self {
        Self::Names(Vec::new())
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Names(names) => names.len(),
            Self::Principal(_) => 1,
            Self::Drives(drives) => drives.len(),
            Self::Entries(folder) => folder.entries().len(),
        }
    }

    /// Address segment, name for people, what it is, and whether it is a collection.
    pub(super) fn get(&self, at: usize) -> (&str, &str, What<'_>, bool) {
        match self {
            Self::Names(names) => (&names[at].0, &names[at].1, What::Collection, true),
            Self::Principal(user) => (user.as_str(), user.as_str(), What::Principal, true),
            Self::Drives(drives) => {
                let drive = &drives[at];
                (&drive.slug, &drive.name, What::Collection, true)
            }
            Self::Entries(folder) => entry(folder, at),
        }
    }
}

fn entry(folder: &Folder, at: usize) -> (&str, &str, What<'_>, bool) {
    let named = &folder.entries()[at];
    (
        &named.name,
        &named.name,
        What::Entry(&named.entry),
        named.entry.is_folder(),
    )
}

impl Target {
    /// Absolute path of the target, with a slash at its end if `slash`.
    pub(super) fn href(&self, prefix: &str, slash: bool) -> String {
        place::href(prefix, self.segments.iter().map(String::as_str), slash)
    }

    pub(super) fn is_collection(&self) -> bool {
        match &self.thing {
            Thing::Node(node) => node.entry.is_folder(),
            _ => true,
        }
    }

    /// Name for people.
    pub(super) fn name(&self) -> &str {
        match &self.thing {
            Thing::Collection(name, _) => name,
            Thing::Principals => "principals",
            Thing::Principal(user) => user.as_str(),
            Thing::Account(account) => &account.connection.account.label,
            Thing::Node(node) => &node.name,
        }
    }

    pub(super) fn what(&self) -> What<'_> {
        match &self.thing {
            Thing::Collection(..) | Thing::Principals | Thing::Account(_) => What::Collection,
            Thing::Principal(_) => What::Principal,
            Thing::Node(node) => What::Entry(&node.entry),
        }
    }

    /// The drive it is in.
    pub(super) fn drive(&self) -> Option<&Arc<DriveTree>> {
        match &self.thing {
            Thing::Node(node) => Some(&node.drive),
            _ => None,
        }
    }
}

fn nothing() -> Error {
    Error::client(Kind::NotFound, "there is nothing at this address")
}

impl Dav {
    /// What is at a request path. Other users' places do not exist for the caller.
    pub(super) async fn target(&self, visit: &Visit, path: &str) -> Result<Target> {
        let segments = place::segments(path)?;
        let user = &visit.caller.user;
        let own = |name: &str| (name.to_owned(), name.to_owned());
        let thing = match Place::of(&segments).ok_or_else(nothing)? {
            Place::Root => Thing::Collection("davbridge", vec![own("dav")]),
            Place::Dav => Thing::Collection("dav", vec![own("files"), own("principals")]),
            Place::Principals => Thing::Principals,
            Place::Principal(name) if name == user.as_str() => Thing::Principal(user.clone()),
            Place::Files => Thing::Collection("files", vec![own(user.as_str())]),
            Place::File(name, path) if name == user.as_str() => self.file(visit, &path).await?,
            Place::Principal(_) | Place::File(..) => return Err(nothing()),
        };
        Ok(Target { segments, thing })
    }

    async fn file(&self, visit: &Visit, path: &[String]) -> Result<Thing> {
        Ok(
            match self
                .mirror
                .find(&visit.call, &visit.caller.user, path)
                .await?
            {
                Found::Home(connections) => {
                    let name = |connection: &crate::domain::Connection| {
                        let label =
                            format!("{} ({})", connection.account.label, connection.provider);
                        (connection.slug.clone(), label)
                    };
                    Thing::Collection("files", connections.iter().map(name).collect())
                }
                Found::Account(account) => Thing::Account(account),
                Found::Node(node) => Thing::Node(node),
            },
        )
    }

    /// The members of a target: all of them, or an error.
    pub(super) async fn members(&self, visit: &Visit, target: &Target) -> Result<Members> {
        Ok(match &target.thing {
            Thing::Collection(_, names) => Members::Names(names.clone()),
            Thing::Principals => Members::Principal(visit.caller.user.clone()),
            Thing::Principal(_) => Members::none(),
            Thing::Account(account) => {
                Members::Drives(self.mirror.drives(&visit.call, account).await?)
            }
            Thing::Node(node) if node.entry.is_folder() => {
                Members::Entries(self.mirror.children(&visit.call, node).await?)
            }
            Thing::Node(_) => Members::none(),
        })
    }
}

//! What a collection holds.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::{Connection, ItemKind, Result, UserName};
use crate::mirror::{Collection, DriveTree, Folder, Listing};

use super::props::What;
use super::target::{Target, Thing, shelf_name};
use super::{Dav, Visit};

/// A member of the bridge's own tree.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) segment: String,
    pub(super) name: String,
    pub(super) what: What<'static>,
}

impl Named {
    /// Called as its segment.
    pub(super) fn same(segment: &str, what: What<'static>) -> Self {
        Self {
            segment: segment.to_owned(),
            name: segment.to_owned(),
            what,
        }
    }
}

/// One member.
pub(super) struct Member<'a> {
    /// Address segment, not encoded.
    pub(super) segment: &'a str,
    /// Name for people.
    pub(super) name: Cow<'a, str>,
    pub(super) what: What<'a>,
}

/// Members of a target.
pub(super) enum Members {
    /// Collections of the bridge's own tree.
    Names(Vec<Named>),
    /// The caller's principal.
    Principal(UserName),
    /// Drives of an account.
    Drives(Arc<[Arc<DriveTree>]>),
    /// Entries of a folder.
    Entries(Arc<Folder>),
    /// Collections of a kind, and the connections whose labels their names carry.
    Shelves(Arc<[Arc<Collection>]>, Option<Arc<[Connection]>>),
    /// Items of a collection.
    Items(ItemKind, Arc<Listing>),
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
            Self::Shelves(shelves, _) => shelves.len(),
            Self::Items(_, listing) => listing.rows.len(),
        }
    }

    /// The member at a position.
    pub(super) fn get(&self, at: usize) -> Member<'_> {
        match self {
            Self::Names(names) => {
                let named = &names[at];
                plain(&named.segment, &named.name, named.what)
            }
            Self::Principal(user) => plain(user.as_str(), user.as_str(), What::Principal),
            Self::Drives(drives) => plain(&drives[at].slug, &drives[at].name, What::Files),
            Self::Entries(folder) => {
                let named = &folder.entries()[at];
                plain(&named.name, &named.name, What::Entry(&named.entry))
            }
            Self::Shelves(shelves, labels) => Member {
                segment: &shelves[at].slug,
                name: shelf_name(&shelves[at], labels.as_deref()),
                what: What::Shelf(&shelves[at]),
            },
            Self::Items(kind, listing) => {
                let row = &listing.rows[at];
                plain(&row.name, &row.name, What::Item(*kind, row))
            }
        }
    }
}

fn plain<'a>(segment: &'a str, name: &'a str, what: What<'a>) -> Member<'a> {
    Member {
        segment,
        name: Cow::Borrowed(name),
        what,
    }
}

impl Dav {
    /// The members of a target: all of them, or an error.
    pub(super) async fn members(&self, visit: &Visit, target: &Target) -> Result<Members> {
        Ok(match &target.thing {
            Thing::Collection(_, _, names) => Members::Names(names.clone()),
            Thing::Principals => Members::Principal(visit.caller.user.clone()),
            Thing::Principal(_) | Thing::Item(..) => Members::none(),
            Thing::Account(account, _) => {
                Members::Drives(self.mirror.drives(&visit.call, account).await?)
            }
            Thing::Node(node) if node.entry.is_folder() => {
                Members::Entries(self.mirror.children(&visit.call, node).await?)
            }
            Thing::Node(_) => Members::none(),
            Thing::Home(kind, user) => {
                let shelves = self.mirror.collections(&visit.call, user, *kind).await?;
                Members::Shelves(shelves, self.labels(visit).await?)
            }
            Thing::Shelf(shelf, _) => {
                let listing = self.mirror.listing(&visit.call, shelf).await?;
                Members::Items(shelf.kind, listing)
            }
        })
    }
}

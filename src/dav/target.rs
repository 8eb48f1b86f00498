//! What a request path leads to.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::{Connection, Error, ItemKind, Kind, Result, Services, UserName};
use crate::mirror::{AccountTree, Collection, DriveTree, Found, Member as Item, Node};

use super::members::Named;
use super::place::{self, Place};
use super::props::What;
use super::{Dav, Visit};

pub(super) use super::members::Members;

/// What a request path leads to.
pub(super) struct Target {
    /// The path as the client spelled it, decoded: hrefs repeat that spelling.
    segments: Vec<String>,
    pub(super) thing: Thing,
}

/// A thing at a path.
pub(super) enum Thing {
    /// A collection of the bridge's own tree: its name, what it is, its members.
    Collection(&'static str, What<'static>, Vec<Named>),
    /// `/dav/principals/`
    Principals,
    /// The caller's principal.
    Principal(UserName),
    /// An account, and its name for people: its drives.
    Account(Arc<AccountTree>, String),
    /// A file or folder.
    Node(Node),
    /// The caller's collections of a kind.
    Home(ItemKind, UserName),
    /// A calendar or address book, and its name on devices.
    Shelf(Arc<Collection>, String),
    /// What lies in one.
    Item(Arc<Collection>, Item),
}

impl Target {
    /// Absolute path of the target, with a slash at its end if `slash`.
    pub(super) fn href(&self, prefix: &str, slash: bool) -> String {
        place::href(prefix, self.segments.iter().map(String::as_str), slash)
    }

    pub(super) fn is_collection(&self) -> bool {
        self.what().is_collection()
    }

    /// Name for people.
    pub(super) fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(match &self.thing {
            Thing::Collection(name, ..) => name,
            Thing::Principals => "principals",
            Thing::Principal(user) | Thing::Home(_, user) => user.as_str(),
            Thing::Account(_, name) => name,
            Thing::Node(node) => &node.name,
            Thing::Shelf(_, name) => name,
            Thing::Item(_, item) => &item.row.name,
        })
    }

    pub(super) fn what(&self) -> What<'_> {
        match &self.thing {
            Thing::Collection(_, what, _) => *what,
            Thing::Principals => What::Principals,
            Thing::Principal(_) => What::Principal,
            Thing::Account(..) => What::Files,
            Thing::Node(node) => What::Entry(&node.entry),
            Thing::Home(..) => What::Home,
            Thing::Shelf(shelf, _) => What::Shelf(shelf),
            Thing::Item(shelf, item) => What::Item(shelf.kind, &item.row),
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

/// A collection with one member.
fn holds(name: &'static str, what: What<'static>, member: &str, inner: What<'static>) -> Thing {
    Thing::Collection(name, what, vec![Named::same(member, inner)])
}

/// `/dav/`: what the credential opens.
fn services(open: Services) -> Thing {
    let members = [
        (open.contacts(), "addressbooks", What::Collection),
        (open.calendars(), "calendars", What::Collection),
        (open.files(), "files", What::Files),
        (true, "principals", What::Principals),
    ];
    let members = members.into_iter().filter(|(open, ..)| *open);
    let members = members.map(|(_, segment, what)| Named::same(segment, what));
    Thing::Collection("dav", What::Collection, members.collect())
}

impl Dav {
    /// What is at a request path. Other users' places do not exist for the caller.
    pub(super) async fn target(&self, visit: &Visit, path: &str) -> Result<Target> {
        let segments = place::segments(path)?;
        let place = Place::of(&segments).ok_or_else(nothing)?;
        if !place.is_open(visit.caller.services) {
            let sentence = "this password opens another service only";
            return Err(Error::client(Kind::Forbidden, sentence));
        }
        let thing = self.thing(visit, place).await?;
        Ok(Target { segments, thing })
    }

    async fn thing(&self, visit: &Visit, place: Place) -> Result<Thing> {
        let user = &visit.caller.user;
        let own = |name: &str| name == user.as_str();
        Ok(match place {
            Place::Root => holds("davbridge", What::Collection, "dav", What::Collection),
            Place::Dav => services(visit.caller.services),
            Place::Principals => Thing::Principals,
            Place::Principal(name) if own(&name) => Thing::Principal(user.clone()),
            Place::Files => holds("files", What::Files, user.as_str(), What::Files),
            Place::File(name, path) if own(&name) => self.file(visit, &path).await?,
            Place::Homes(kind) => {
                let name = place::homes(kind);
                holds(name, What::Collection, user.as_str(), What::Home)
            }
            Place::Home(kind, name) if own(&name) => Thing::Home(kind, user.clone()),
            Place::Shelf(kind, owner, slug) if own(&owner) => {
                self.shelf(visit, kind, &slug).await?
            }
            Place::Item(kind, owner, slug, name) if own(&owner) => {
                self.item(visit, kind, &slug, name).await?
            }
            Place::Principal(_)
            | Place::File(..)
            | Place::Home(..)
            | Place::Shelf(..)
            | Place::Item(..) => return Err(nothing()),
        })
    }

    async fn file(&self, visit: &Visit, path: &[String]) -> Result<Thing> {
        let user = &visit.caller.user;
        Ok(match self.mirror.find(&visit.call, user, path).await? {
            Found::Home(connections) => {
                let name = |connection: &Connection| Named {
                    segment: connection.slug.clone(),
                    name: format!("{} ({})", connection.account.label, connection.provider),
                    what: What::Files,
                };
                let members = connections.iter().map(name).collect();
                Thing::Collection("files", What::Files, members)
            }
            Found::Account(account) => {
                // the account in memory was opened before it was renamed
                let all = self.mirror.connections(user).await?;
                let name = label(&all, &account.connection).to_owned();
                Thing::Account(account, name)
            }
            Found::Node(node) => Thing::Node(node),
        })
    }

    async fn shelf(&self, visit: &Visit, kind: ItemKind, slug: &str) -> Result<Thing> {
        let user = &visit.caller.user;
        let shelf = self
            .mirror
            .collection(&visit.call, user, kind, slug)
            .await?;
        let labels = self.labels(visit).await?;
        let name = shelf_name(&shelf, labels.as_deref()).into_owned();
        Ok(Thing::Shelf(shelf, name))
    }

    async fn item(&self, visit: &Visit, kind: ItemKind, slug: &str, name: String) -> Result<Thing> {
        let user = &visit.caller.user;
        let shelf = self
            .mirror
            .collection(&visit.call, user, kind, slug)
            .await?;
        let found = self.mirror.members(&visit.call, &shelf, &[name]).await?;
        let item = found.into_iter().next().ok_or_else(nothing)?;
        Ok(Thing::Item(shelf, item))
    }

    /// The caller's connections, where names of collections carry their labels.
    pub(super) async fn labels(&self, visit: &Visit) -> Result<Option<Arc<[Connection]>>> {
        let all = self.mirror.connections(&visit.caller.user).await?;
        Ok((all.len() > 1).then_some(all))
    }
}

/// Name of a collection on devices, with the label of its account where there are several.
pub(super) fn shelf_name<'a>(shelf: &'a Collection, labels: Option<&[Connection]>) -> Cow<'a, str> {
    match labels {
        Some(all) => {
            let label = label(all, &shelf.connection);
            Cow::Owned(format!("{} ({label})", shelf.name))
        }
        None => Cow::Borrowed(&shelf.name),
    }
}

/// Today's label of a connection.
fn label<'a>(all: &'a [Connection], known: &'a Connection) -> &'a str {
    let now = all.iter().find(|connection| connection.id == known.id);
    &now.unwrap_or(known).account.label
}

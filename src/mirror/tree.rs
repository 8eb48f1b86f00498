//! What there is of a connection, for its owner: also what is hidden from clients.

use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, select};

use super::Mirror;
use crate::domain::{Branch, Call, Connection, Error, Hidden, ItemKind, Kind, Result, UserName};
use crate::store::{By, Trace};

/// A drive, calendar or address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What it is, and the cloud's id.
    pub branch: Branch,
    /// Address part, fixed for ever.
    pub slug: String,
    /// Name for people, as the cloud has it; never empty.
    pub name: String,
    /// Colour as `#RRGGBB`.
    pub color: Option<String>,
    /// Events or contacts in the copy; `None` for drives and before the first complete look.
    pub items: Option<u64>,
    /// Whether clients do not see it.
    pub hidden: bool,
}

/// A connection's drives, calendars and address books: each list complete, or what is wrong.
#[derive(Debug)]
pub struct Tree {
    /// The drives; empty where the account has none.
    pub drives: Result<Vec<Leaf>>,
    /// The calendars.
    pub calendars: Result<Vec<Leaf>>,
    /// The address books.
    pub books: Result<Vec<Leaf>>,
}

impl Mirror {
    /// What there is of a connection. The cloud is asked as for a client, and waited for at most
    /// as long as `patience`.
    pub async fn tree(
        self: &Arc<Self>,
        call: &Call,
        connection: &Connection,
        patience: Duration,
    ) -> Tree {
        let shelves = |kind| self.in_time(patience, self.shelf_leaves(call, connection, kind));
        let (drives, calendars, books) = futures::join!(
            self.in_time(patience, self.drive_leaves(call, connection)),
            shelves(ItemKind::Event),
            shelves(ItemKind::Contact),
        );
        Tree {
            drives,
            calendars,
            books,
        }
    }

    /// Hides a branch of a user's connection from clients, or shows it again. `NotFound` where
    /// the user has no such connection.
    pub async fn set_hidden(
        &self,
        by: &By,
        user: &UserName,
        slug: &str,
        branch: &Branch,
        hide: bool,
    ) -> Result<()> {
        let at = self.clock.now();
        let trace = Trace { at, by };
        let store = &self.items.store;
        store.set_hidden(user, slug, branch, hide, trace).await
    }

    /// What is hidden of a connection now; nothing where it is there no more.
    pub(super) async fn hidden(&self, connection: &Connection) -> Result<Hidden> {
        let connections = self.connections.of_user(&connection.user).await?;
        let mut same = connections.iter();
        let same = same.find(|known| known.id == connection.id);
        Ok(same.map(|known| known.hidden.clone()).unwrap_or_default())
    }

    async fn drive_leaves(
        self: &Arc<Self>,
        call: &Call,
        connection: &Connection,
    ) -> Result<Vec<Leaf>> {
        let account = match self.account(connection).await {
            Err(error) if error.kind() == Kind::NotFound => return Ok(Vec::new()),
            account => account?,
        };
        let drives = self.all_drives(call, &account).await?;
        let hidden = self.hidden(connection).await?;
        let leaf = |drive: &Arc<super::DriveTree>| Leaf {
            branch: Branch::Drive(drive.drive.id.clone()),
            slug: drive.slug.clone(),
            name: drive.name.clone(),
            color: None,
            items: None,
            hidden: hidden.has_drive(&drive.drive.id),
        };
        Ok(drives.iter().map(leaf).collect())
    }

    async fn shelf_leaves(
        self: &Arc<Self>,
        call: &Call,
        connection: &Connection,
        kind: ItemKind,
    ) -> Result<Vec<Leaf>> {
        let service = self.items.service(connection, kind).await?;
        let shelves = service.collections(call).await?;
        let counts = self.items.store.count_each(connection.id, kind).await?;
        let hidden = self.hidden(connection).await?;
        let leaf = |shelf: &Arc<super::Collection>| Leaf {
            branch: shelf.branch(),
            slug: shelf.slug.clone(),
            name: shelf.name.clone(),
            color: shelf.color.clone(),
            items: counts.get(&shelf.id).copied(),
            hidden: hidden.has(&shelf.branch()),
        };
        Ok(shelves.iter().map(leaf).collect())
    }

    async fn in_time<T>(
        &self,
        patience: Duration,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let work = std::pin::pin!(work);
        match select(work, self.clock.sleep(patience)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => {
                let kind = Kind::Busy { retry_after: None };
                Err(Error::cloud(kind, "the cloud is slow to answer"))
            }
        }
    }
}

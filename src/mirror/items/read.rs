//! Answers from the copy.

use std::collections::HashMap;
use std::sync::Arc;

use super::collection::{Collection, Listing, Member, Row};
use super::head::Head;
use super::service::AnyService;
use crate::domain::{Call, Connection, Error, Fault, ItemKind, Kind, Result, Span, UserName};
use crate::mirror::Mirror;
use crate::store::ItemRow;

impl Listing {
    /// Rough size in memory, in bytes.
    pub(super) fn weight(&self) -> u32 {
        let rows = self.rows.iter();
        let fixed = size_of::<Row>() + 48;
        let total: usize = rows
            .map(|row| fixed + row.name.len() + row.etag.len() + row.uid.len())
            .sum();
        u32::try_from(total + 128).unwrap_or(u32::MAX)
    }
}

impl Mirror {
    /// A user's calendars or address books that clients see: complete, or an error. Within each
    /// connection the default one comes first.
    pub async fn collections(
        self: &Arc<Self>,
        call: &Call,
        user: &UserName,
        kind: ItemKind,
    ) -> Result<Arc<[Arc<Collection>]>> {
        let connections = self.connections(user).await?;
        self.items.close_others(user, &connections);
        let mut all = Vec::new();
        for connection in connections.iter() {
            let service = self.items.service(connection, kind).await?;
            let found = service.collections(call).await?;
            let shown = found.iter().filter(|known| is_shown(connection, known));
            let (first, rest): (Vec<_>, Vec<_>) = shown.cloned().partition(|known| known.default);
            all.extend(first.into_iter().chain(rest));
        }
        Ok(all.into())
    }

    /// One of a user's collections by its address part; a hidden one is not there. `NotFound` is
    /// a positive statement.
    pub async fn collection(
        self: &Arc<Self>,
        call: &Call,
        user: &UserName,
        kind: ItemKind,
        slug: &str,
    ) -> Result<Arc<Collection>> {
        let connections = self.connections(user).await?;
        self.items.close_others(user, &connections);
        let mut trouble = None;
        for connection in connections.iter() {
            let service = self.items.service(connection, kind).await?;
            match service.collections(call).await {
                Ok(found) => {
                    match found.iter().find(|known| known.slug == slug) {
                        Some(found) if is_shown(connection, found) => return Ok(found.clone()),
                        // Addresses are unique per user: no other list needs to be known.
                        Some(_) => return Err(no_collection()),
                        None => {}
                    }
                }
                Err(error) => trouble = Some(error),
            }
        }
        // A list that is not known may hold it.
        Err(trouble.unwrap_or_else(no_collection))
    }

    /// The head of a collection, as fresh as the rules say; the last known one where the cloud is
    /// in trouble. `None` before the first complete look, which it begins.
    pub async fn head(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
    ) -> Result<Option<Head>> {
        let service = self.service_of(collection).await?;
        let outcome = if collection.cell.head().is_some() {
            service.freshen(call, &collection.shelf).await
        } else {
            service.begin(&collection.shelf).await
        };
        match outcome {
            Err(error) if error.fault() != Fault::Cloud => Err(error),
            _ => Ok(collection.cell.head()),
        }
    }

    /// The head of a collection whose content may be served. Errors as of [`Mirror::listing`].
    pub async fn state(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
    ) -> Result<Head> {
        self.current(call, collection).await
    }

    /// All live items of a collection. `Busy` before the first complete look; `SignedOut` or
    /// `NotGranted` while the cloud refuses the token.
    pub async fn listing(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
    ) -> Result<Arc<Listing>> {
        let head = self.current(call, collection).await?;
        if let Some(known) = self.items.listings.get(&collection.id).await
            && known.head == head
        {
            return Ok(known);
        }
        let (revision, rows) = self.items.store.items(collection.id).await?;
        collection.cell.raise(revision);
        let listing = Arc::new(Listing {
            head: at(head, revision),
            rows: rows.into_iter().map(Row::from).collect(),
        });
        self.items
            .listings
            .insert(collection.id, listing.clone())
            .await;
        Ok(listing)
    }

    /// The live items of these names that there are as of now, in the order asked; few names at a
    /// time. Errors as of [`Mirror::listing`], and `Busy` of the bridge where too many read texts.
    pub async fn members(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
        names: &[String],
    ) -> Result<Vec<Member>> {
        self.current(call, collection).await?;
        let turn = self.items.reading.next().await?;
        let found = self.items.store.texts(collection.id, names).await?;
        drop(turn);
        let mut by_name: HashMap<String, Member> = found
            .into_iter()
            .map(|(row, text)| (row.name.clone(), member(row, text)))
            .collect();
        let in_order = names.iter().filter_map(|name| by_name.remove(name));
        Ok(in_order.collect())
    }

    /// Names of the live items that may take time inside `span`, more rather than fewer. Errors as
    /// of [`Mirror::listing`].
    pub async fn names_within(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
        span: Span,
    ) -> Result<Vec<String>> {
        self.current(call, collection).await?;
        self.items.store.names_within(collection.id, span).await
    }

    /// Brings the collection up to date and gives its head.
    pub(super) async fn current(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
    ) -> Result<Head> {
        let service = self.service_of(collection).await?;
        service.freshen(call, &collection.shelf).await?;
        collection.cell.head().ok_or_else(|| {
            let kind = Kind::Busy { retry_after: None };
            Error::cloud(kind, "the first look is not complete yet")
        })
    }

    async fn service_of(&self, collection: &Collection) -> Result<Arc<dyn AnyService>> {
        let connection = &collection.connection;
        self.items.service(connection, collection.kind).await
    }
}

fn is_shown(connection: &Connection, collection: &Collection) -> bool {
    let hidden = &connection.hidden;
    !hidden.has_shelf(collection.kind, &collection.shelf)
}

fn no_collection() -> Error {
    Error::client(Kind::NotFound, "there is no collection at this address")
}

/// The head as of a revision that was read with the rows.
pub(super) fn at(head: Head, revision: i64) -> Head {
    Head {
        revision: revision.unsigned_abs(),
        ..head
    }
}

fn member(row: ItemRow, text: String) -> Member {
    Member {
        row: row.into(),
        text: text.into(),
    }
}

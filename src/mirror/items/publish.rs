//! From parts to what clients get: joined, rendered, compared, numbered.

use std::collections::{HashMap, HashSet};

use super::fetch::GIVE_UP;
use super::join::{Joined, change, is_plain, join, text};
use super::look::Look;
use super::names;
use crate::domain::{Error, ItemId, Kind, Result, ShelfId};
use crate::store::{Publish, PublishedRow, Stage, StoredPart};
use crate::text::Render;

/// Items of one transaction.
const BATCH: usize = 200;

/// Why items are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A look saw that they changed.
    Look,
    /// An older version of the mapping wrote them; what changed is still to be published.
    Upgrade,
}

/// What becomes of some items, in one transaction.
#[derive(Default)]
struct Batch {
    changes: Vec<Publish>,
    /// Items that are published as they are kept.
    clean: Vec<ItemId>,
    /// UIDs given to new items, by collection.
    uids: HashMap<(i64, String), ItemId>,
    /// All shelves that the list tells.
    listed: HashSet<ShelfId>,
}

impl<K: Render> Look<'_, K> {
    /// Publishes changed and removed items.
    pub(super) async fn publish(
        &mut self,
        changed: &[ItemId],
        removed: &HashSet<ItemId>,
        purpose: Purpose,
    ) -> Result<()> {
        let changed_too: HashSet<&ItemId> = changed.iter().collect();
        let removed_only = removed.iter().filter(|item| !changed_too.contains(item));
        let all: Vec<ItemId> = changed.iter().chain(removed_only).cloned().collect();
        for items in all.chunks(BATCH) {
            let batch = self.prepare(items, removed, purpose).await?;
            let shared = &self.service.shared;
            let (owner, now) = (&shared.owner, shared.clock.now());
            let store = &shared.store;
            let revisions = store
                .publish(&self.key, owner, now, &batch.changes, &batch.clean)
                .await?;
            shared.heads.raise(&revisions);
        }
        Ok(())
    }

    async fn prepare(
        &mut self,
        items: &[ItemId],
        removed: &HashSet<ItemId>,
        purpose: Purpose,
    ) -> Result<Batch> {
        let store = self.service.shared.store.clone();
        let connection = self.service.connection.id;
        let parts = store.parts_of(&self.key, items).await?;
        let mut parts = by_item(parts, |part| &part.item);
        let published = store.published(connection, K::KIND, items).await?;
        let mut published = by_item(published, |row| &row.item);
        let mut batch = Batch {
            listed: self.service.list.shelves(),
            ..Batch::default()
        };
        for item in items {
            let rows = published.remove(item).unwrap_or_default();
            if removed.contains(item) {
                batch.changes.extend(self.remove(item, &rows));
                continue;
            }
            let failures = self.state.inner().failures.get(item).copied().unwrap_or(0);
            let served = rows.iter().any(|row| !row.removed && row.kept);
            if failures > 0 && (served || failures < GIVE_UP) {
                continue;
            }
            let parts = parts.remove(item).unwrap_or_default();
            let told = self
                .serve_or_leave(item, &parts, &rows, purpose, &mut batch)
                .await?;
            if told && failures == 0 && purpose == Purpose::Look {
                batch.clean.push(item.clone());
            }
        }
        Ok(batch)
    }

    /// Whether enough is known of the item.
    async fn serve_or_leave(
        &mut self,
        item: &ItemId,
        parts: &[StoredPart],
        rows: &[PublishedRow],
        purpose: Purpose,
        batch: &mut Batch,
    ) -> Result<bool> {
        let joined = match join::<K>(parts) {
            Ok(Some(joined)) => joined,
            Ok(None) => {
                self.leave(item, &Error::cloud(Kind::Invalid, "it has no value"));
                return Ok(false);
            }
            // The next look sees it as new.
            Err(error) => {
                self.leave(item, &error);
                self.stage(&[Stage::Forget(item.clone())]).await?;
                return Ok(false);
            }
        };
        match self.serve(item, &joined, rows, purpose, batch).await {
            Err(error) if error.kind() == Kind::Invalid => self.leave(item, &error),
            outcome => outcome?,
        }
        Ok(true)
    }

    /// An item that cannot be written keeps its last good text.
    fn leave(&mut self, item: &ItemId, error: &Error) {
        self.unreadable += 1;
        tracing::warn!(connection = %self.service.connection.slug, feed = %self.feed.id, item = %item, error = %error.chain(), "item left as it was");
    }

    fn remove(&self, item: &ItemId, rows: &[PublishedRow]) -> Vec<Publish> {
        let ids = self.ids();
        let live = rows.iter().filter(|row| !row.removed);
        let ours = live.filter(|row| ids.contains(&row.collection));
        ours.map(|row| Publish::Remove {
            collection: row.collection,
            item: item.clone(),
        })
        .collect()
    }

    async fn serve(
        &self,
        item: &ItemId,
        joined: &Joined<K>,
        rows: &[PublishedRow],
        purpose: Purpose,
        batch: &mut Batch,
    ) -> Result<()> {
        // On a shelf that is not served yet it would be lost: it stays where it was.
        let mut shelves = joined.shelves.iter();
        let homeless =
            joined.shelves.is_empty() || shelves.any(|shelf| !batch.listed.contains(shelf));
        if homeless {
            self.service.list.outdate();
        }
        let mut changes = Vec::new();
        for collection in &self.collections {
            let row = rows.iter().find(|row| row.collection == collection.id);
            if joined.shelves.contains(&collection.shelf) {
                let uid = self.uid(collection.id, item, joined, rows, batch).await?;
                let now = self.service.shared.clock.now();
                let place = (collection.id, collection.is_complete());
                let keep_stamp = purpose == Purpose::Upgrade;
                let text = text(&uid, &joined.parts, row, keep_stamp, now)?;
                changes.extend(change(place, item, &uid, row, text, K::KIND));
            } else if !homeless && row.is_some_and(|row| !row.removed) {
                // The cloud told the shelves it lies on now.
                changes.push(Publish::Remove {
                    collection: collection.id,
                    item: item.clone(),
                });
            }
        }
        batch.changes.extend(changes);
        Ok(())
    }

    /// The UID by which clients know the item, else the cloud's, else one made of its id.
    async fn uid(
        &self,
        collection: i64,
        item: &ItemId,
        joined: &Joined<K>,
        rows: &[PublishedRow],
        batch: &mut Batch,
    ) -> Result<String> {
        let own = rows.iter().find(|row| row.collection == collection);
        if let Some(row) = own.filter(|row| !row.removed) {
            return Ok(row.uid.clone());
        }
        let known = own.into_iter().chain(rows).map(|row| &row.uid);
        let told = joined.uid.iter().filter(|uid| is_plain(uid));
        for uid in known.chain(told) {
            if self.is_free(collection, item, uid, batch).await? {
                let place = (collection, uid.clone());
                batch.uids.insert(place, item.clone());
                return Ok(uid.clone());
            }
        }
        let provider = self.service.connection.provider;
        Ok(names::uid(provider, K::KIND, item))
    }

    /// Whether no other item of the collection has this UID.
    async fn is_free(
        &self,
        collection: i64,
        item: &ItemId,
        uid: &str,
        batch: &Batch,
    ) -> Result<bool> {
        if let Some(holder) = batch.uids.get(&(collection, uid.to_owned())) {
            return Ok(holder == item);
        }
        let store = &self.service.shared.store;
        let holder = store.uid_holder(collection, uid).await?;
        Ok(holder.is_none_or(|holder| holder == *item))
    }
}

fn by_item<T>(all: Vec<T>, item: impl Fn(&T) -> &ItemId) -> HashMap<ItemId, Vec<T>> {
    let mut map: HashMap<ItemId, Vec<T>> = HashMap::new();
    for one in all {
        map.entry(item(&one).clone()).or_default().push(one);
    }
    map
}

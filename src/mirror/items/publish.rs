//! From parts to what clients get: joined, rendered, compared, numbered.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, SubsecRound, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::feed::FeedState;
use super::fetch::GIVE_UP;
use super::look::Look;
use super::names;
use super::rows::value_of;
use super::service::Service;
use crate::domain::{Error, Feed, ItemId, Kind, Part, Result, ShelfId};
use crate::store::{FeedKey, Publish, PublishedRow, StoredPart, Text};
use crate::text::{Object, Render, Rendered};

/// Items of one transaction.
const BATCH: usize = 200;

/// An item as joined from its parts.
struct Joined<K> {
    parts: Vec<(Part, K)>,
    shelves: Vec<ShelfId>,
    uid: Option<String>,
}

impl<K: Render> Look<'_, K> {
    /// Publishes changed and removed items.
    pub(super) async fn publish(
        &mut self,
        changed: &[ItemId],
        removed: &HashSet<ItemId>,
        keep_stamp: bool,
    ) -> Result<()> {
        let removed_only = removed.iter().filter(|item| !changed.contains(item));
        let all: Vec<ItemId> = changed.iter().chain(removed_only).cloned().collect();
        for batch in all.chunks(BATCH) {
            let (changes, clean) = self.prepare(batch, removed, keep_stamp).await?;
            let shared = &self.service.shared;
            let (owner, now) = (&shared.owner, shared.clock.now());
            let store = &shared.store;
            let revisions = store
                .publish(&self.key, owner, now, &changes, &clean)
                .await?;
            shared.heads.raise(&revisions);
        }
        Ok(())
    }

    async fn prepare(
        &mut self,
        batch: &[ItemId],
        removed: &HashSet<ItemId>,
        keep_stamp: bool,
    ) -> Result<(Vec<Publish>, Vec<ItemId>)> {
        let shared = &self.service.shared;
        let stored = shared.store.parts_of(&self.key, batch).await?;
        let mut parts: HashMap<ItemId, Vec<StoredPart>> = HashMap::new();
        for part in stored {
            parts.entry(part.item.clone()).or_default().push(part);
        }
        let connection = self.service.connection.id;
        let rows = shared.store.published(connection, K::KIND, batch).await?;
        let mut published: HashMap<ItemId, Vec<PublishedRow>> = HashMap::new();
        for row in rows {
            published.entry(row.item.clone()).or_default().push(row);
        }
        let (mut changes, mut clean) = (Vec::new(), Vec::new());
        for item in batch {
            let rows = published.remove(item).unwrap_or_default();
            if removed.contains(item) {
                changes.extend(self.remove(item, &rows));
                continue;
            }
            let failures = self.state.inner().failures.get(item).copied().unwrap_or(0);
            let served = rows.iter().any(|row| !row.removed && row.kept);
            if failures > 0 && (served || failures < GIVE_UP) {
                continue;
            }
            let parts = parts.remove(item).unwrap_or_default();
            match join::<K>(&parts)? {
                Some(joined) => {
                    let outcome = self.serve(item, &joined, &rows, keep_stamp).await;
                    match outcome {
                        Ok(change) => changes.extend(change),
                        Err(error) if error.kind() == Kind::Invalid => self.leave(item, &error),
                        Err(error) => return Err(error),
                    }
                }
                None => self.leave(item, &Error::cloud(Kind::Invalid, "it has no value")),
            }
            if failures == 0 {
                clean.push(item.clone());
            }
        }
        Ok((changes, clean))
    }

    /// An item that cannot be written keeps its last good text.
    fn leave(&mut self, item: &ItemId, error: &Error) {
        self.unreadable += 1;
        tracing::warn!(connection = %self.service.connection.slug, feed = %self.feed.id, item = %item, error = %error.chain(), "item left as it was");
    }

    fn remove(&self, item: &ItemId, rows: &[PublishedRow]) -> Vec<Publish> {
        let live = rows.iter().filter(|row| !row.removed);
        let ours = live.filter(|row| {
            self.collections
                .iter()
                .any(|known| known.id == row.collection)
        });
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
        keep_stamp: bool,
    ) -> Result<Vec<Publish>> {
        let mut changes = Vec::new();
        for collection in &self.collections {
            let row = rows.iter().find(|row| row.collection == collection.id);
            if joined.shelves.contains(&collection.shelf) {
                let uid = self.uid(collection.id, item, joined, rows).await?;
                let now = self.service.shared.clock.now();
                let text = text(&uid, &joined.parts, row, keep_stamp, now)?;
                changes.extend(change(collection.id, item, &uid, row, text, K::KIND));
            } else if row.is_some_and(|row| !row.removed) {
                // The cloud told the shelves it lies on now.
                changes.push(Publish::Remove {
                    collection: collection.id,
                    item: item.clone(),
                });
            }
        }
        Ok(changes)
    }

    /// The UID by which clients know the item, else the cloud's, else one made of its id.
    async fn uid(
        &self,
        collection: i64,
        item: &ItemId,
        joined: &Joined<K>,
        rows: &[PublishedRow],
    ) -> Result<String> {
        let own = rows.iter().find(|row| row.collection == collection);
        if let Some(row) = own.or(rows.first()) {
            return Ok(row.uid.clone());
        }
        let told = joined.uid.as_ref().filter(|uid| is_plain(uid));
        if let Some(uid) = told {
            let holder = self
                .service
                .shared
                .store
                .uid_holder(collection, uid)
                .await?;
            if holder.is_none_or(|holder| holder == *item) {
                return Ok(uid.clone());
            }
        }
        let provider = self.service.connection.provider;
        Ok(names::uid(provider, K::KIND, item))
    }
}

impl<K: Render> Service<K> {
    /// Writes the texts of a feed anew that an older version of the mapping wrote, without asking
    /// the cloud.
    pub(super) async fn rerender(&self, feed: &Feed, state: &FeedState) -> Result<()> {
        let shared = &self.shared;
        let collections = self.collections_of(feed);
        let mut outdated = Vec::new();
        for collection in &collections {
            let items = shared
                .store
                .outdated_items(collection.id, K::RENDERER)
                .await?;
            outdated.extend(items);
        }
        outdated.sort();
        outdated.dedup();
        let key: FeedKey = self.key(feed);
        let now = shared.clock.now();
        if !outdated.is_empty() && shared.store.claim(&key, &shared.owner, now).await? {
            let call = crate::domain::Call::background();
            let mut look = Look::idle(self, &call, feed, state, collections)?;
            let outcome = look.publish(&outdated, &HashSet::new(), true).await;
            shared.store.release(&key, &shared.owner, "").await?;
            outcome?;
        }
        state.inner().rendered = true;
        Ok(())
    }
}

/// What is known of an item: a single reading counts alone, else the rows of listings.
fn join<K: Render>(stored: &[StoredPart]) -> Result<Option<Joined<K>>> {
    let fetched = stored.iter().any(|part| part.fetched);
    let mut joined = Joined {
        parts: Vec::new(),
        shelves: Vec::new(),
        uid: None,
    };
    for row in stored.iter().filter(|part| part.fetched == fetched) {
        let Some(value) = value_of::<K>(&row.part)? else {
            continue;
        };
        joined.parts.push(value);
        joined.shelves.extend(row.part.shelves.iter().cloned());
        joined.uid = joined.uid.or_else(|| row.part.uid.clone());
    }
    Ok((!joined.parts.is_empty()).then_some(joined))
}

/// The text under its own stamp if that gives the bytes that are served, else under a new one.
fn text<K: Render>(
    uid: &str,
    parts: &[(Part, K)],
    row: Option<&PublishedRow>,
    keep_stamp: bool,
    now: DateTime<Utc>,
) -> Result<Text> {
    let render = |stamp: DateTime<Utc>| -> Result<Text> {
        let object = Object { uid, parts, stamp };
        Ok(finished::<K>(K::render(&object)?, stamp))
    };
    let now = now.trunc_subsecs(0);
    let Some(row) = row.filter(|row| !row.removed) else {
        return render(now);
    };
    let same = render(row.stamp)?;
    if same.etag == row.etag || keep_stamp {
        return Ok(same);
    }
    render(now)
}

fn finished<K: Render>(rendered: Rendered, stamp: DateTime<Utc>) -> Text {
    let hash = Sha256::digest(rendered.text.as_bytes());
    Text {
        etag: HEXLOWER.encode(&hash[..12]),
        text: rendered.text,
        first: rendered.first,
        last: rendered.last,
        recurring: rendered.recurring,
        renderer: K::RENDERER,
        stamp,
    }
}

fn change(
    collection: i64,
    item: &ItemId,
    uid: &str,
    row: Option<&PublishedRow>,
    text: Text,
    kind: crate::domain::ItemKind,
) -> Option<Publish> {
    let same = row.filter(|row| !row.removed && row.etag == text.etag);
    match same {
        Some(row) if row.kept && row.renderer == text.renderer => None,
        Some(_) => Some(Publish::Same {
            collection,
            item: item.clone(),
            text,
        }),
        None => Some(Publish::Serve {
            collection,
            item: item.clone(),
            name: names::name(kind, item),
            uid: uid.to_owned(),
            text,
        }),
    }
}

/// Whether a UID can stand in any client's database.
fn is_plain(uid: &str) -> bool {
    !uid.is_empty() && uid.len() <= 200 && uid.bytes().all(|c| c.is_ascii_graphic())
}

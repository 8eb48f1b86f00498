//! Publishing: from the parts to the items that clients see, each change with a revision.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use super::Store;
use super::error::from_sqlx;
use super::feeds::{FeedKey, renew};
use crate::domain::{ItemId, Result};

/// What becomes of an item in a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publish {
    /// It is served with this text; its revision rises.
    Serve {
        /// The collection.
        collection: i64,
        /// The item.
        item: ItemId,
        /// Its address, where it is new.
        name: String,
        /// Its UID, where it is new.
        uid: String,
        /// What is served.
        text: Text,
    },
    /// It is there no more; its revision rises.
    Remove {
        /// The collection.
        collection: i64,
        /// The item.
        item: ItemId,
    },
    /// Its bytes are the same, written by this version of the mapping or after they were not
    /// kept for a while; no revision.
    Same {
        /// The collection.
        collection: i64,
        /// The item.
        item: ItemId,
        /// What is served.
        text: Text,
    },
}

/// A served text and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its hash.
    pub etag: String,
    /// First instant.
    pub first: Option<DateTime<Utc>>,
    /// First instant after it.
    pub last: Option<DateTime<Utc>>,
    /// Whether it has more than one instance.
    pub recurring: bool,
    /// Version of the mapping.
    pub renderer: u32,
    /// When this content was first seen.
    pub stamp: DateTime<Utc>,
}

/// New highest revisions of collections.
pub type Revisions = BTreeMap<i64, i64>;

type Tx = Transaction<'static, Sqlite>;

impl Store {
    /// Publishes changes, all or none, and takes `clean` items off the list of dirty ones.
    pub async fn publish(
        &self,
        key: &FeedKey,
        owner: &str,
        now: DateTime<Utc>,
        changes: &[Publish],
        clean: &[ItemId],
    ) -> Result<Revisions> {
        let mut tx = self.begin().await?;
        renew(&mut tx, key, owner, now, None).await?;
        let mut revisions = Revisions::new();
        for change in changes {
            match change {
                Publish::Serve {
                    collection,
                    item,
                    name,
                    uid,
                    text,
                } => {
                    let revision = next(&mut tx, *collection, &mut revisions).await?;
                    let address = (*collection, item, name.as_str(), uid.as_str());
                    serve(&mut tx, address, text, revision, now).await?;
                }
                Publish::Remove { collection, item } => {
                    let revision = next(&mut tx, *collection, &mut revisions).await?;
                    remove(&mut tx, *collection, item, revision, now).await?;
                }
                Publish::Same {
                    collection,
                    item,
                    text,
                } => same(&mut tx, *collection, item, text).await?,
            }
        }
        for item in clean {
            sqlx::query(
                "UPDATE parts SET dirty = 0 WHERE connection_id = $1 AND kind = $2 \
                 AND feed_id = $3 AND item_id = $4 AND dirty = 1",
            )
            .bind(key.connection.0)
            .bind(key.kind.as_str())
            .bind(key.feed.as_str())
            .bind(item.as_str())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        }
        tx.commit().await.map_err(from_sqlx)?;
        Ok(revisions)
    }
}

/// The collection's next revision; its row is locked from here on.
async fn next(tx: &mut Tx, collection: i64, revisions: &mut Revisions) -> Result<i64> {
    let (revision,): (i64,) = sqlx::query_as(
        "UPDATE collections SET revision = revision + 1 WHERE id = $1 RETURNING revision",
    )
    .bind(collection)
    .fetch_one(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    revisions.insert(collection, revision);
    Ok(revision)
}

/// Name and UID of a served item stay as they are.
async fn serve(
    tx: &mut Tx,
    (collection, item, name, uid): (i64, &ItemId, &str, &str),
    text: &Text,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO items (collection_id, item_id, name, uid, etag, size, first, last, \
         recurring, revision, removed, renderer, created, stamp) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13) \
         ON CONFLICT (collection_id, item_id) DO UPDATE SET etag = excluded.etag, \
         size = excluded.size, first = excluded.first, last = excluded.last, \
         recurring = excluded.recurring, revision = excluded.revision, removed = 0, \
         renderer = excluded.renderer, stamp = excluded.stamp, \
         uid = CASE WHEN items.removed = 1 THEN excluded.uid ELSE items.uid END RETURNING id",
    )
    .bind(collection)
    .bind(item.as_str())
    .bind(name)
    .bind(uid)
    .bind(&text.etag)
    .bind(i64::try_from(text.text.len()).unwrap_or(i64::MAX))
    .bind(text.first.map(|first| first.timestamp_micros()))
    .bind(text.last.map(|last| last.timestamp_micros()))
    .bind(text.recurring)
    .bind(revision)
    .bind(text.renderer)
    .bind(now.timestamp_micros())
    .bind(text.stamp.timestamp_micros())
    .fetch_one(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    keep_text(tx, id, &text.text).await
}

/// A tombstone: name and UID stay, the text does not.
async fn remove(
    tx: &mut Tx,
    collection: i64,
    item: &ItemId,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE items SET removed = 1, revision = $3, stamp = $4 \
         WHERE collection_id = $1 AND item_id = $2 AND removed = 0 RETURNING id",
    )
    .bind(collection)
    .bind(item.as_str())
    .bind(revision)
    .bind(now.timestamp_micros())
    .fetch_optional(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    if let Some((id,)) = row {
        sqlx::query("DELETE FROM item_texts WHERE id = $1")
            .bind(id)
            .execute(&mut **tx)
            .await
            .map_err(from_sqlx)?;
    }
    Ok(())
}

async fn same(tx: &mut Tx, collection: i64, item: &ItemId, text: &Text) -> Result<()> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE items SET renderer = $3, first = $4, last = $5, recurring = $6 \
         WHERE collection_id = $1 AND item_id = $2 RETURNING id",
    )
    .bind(collection)
    .bind(item.as_str())
    .bind(text.renderer)
    .bind(text.first.map(|first| first.timestamp_micros()))
    .bind(text.last.map(|last| last.timestamp_micros()))
    .bind(text.recurring)
    .fetch_optional(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    match row {
        Some((id,)) => keep_text(tx, id, &text.text).await,
        None => Ok(()),
    }
}

async fn keep_text(tx: &mut Tx, id: i64, text: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO item_texts (id, text) VALUES ($1, $2) \
         ON CONFLICT (id) DO UPDATE SET text = excluded.text",
    )
    .bind(id)
    .bind(text)
    .execute(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

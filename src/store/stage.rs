//! Changes of the parts, under the lease of their feed.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Sqlite, Transaction};

use super::error::from_sqlx;
use super::feeds::{FeedKey, renew};
use super::{NewPart, Store};
use crate::domain::{Error, ItemId, Kind, Result, ShelfId};

/// One change of the parts; what it touches is dirty afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// A row that a look saw.
    Row(ItemId, NewPart),
    /// All that a single reading gave of an item.
    Fetched(ItemId, Vec<NewPart>),
    /// The rows of an item are these and no others.
    Rows(ItemId, Vec<NewPart>),
    /// A row is there no more.
    Drop(ItemId, String),
    /// Nothing of the item is kept.
    Forget(ItemId),
}

impl Store {
    /// Keeps changes of the parts, all or none, under the lease of `owner`.
    pub async fn stage(
        &self,
        key: &FeedKey,
        owner: &str,
        now: DateTime<Utc>,
        changes: &[Stage],
        progress: Option<(u32, u32)>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        renew(&mut tx, key, owner, now, progress).await?;
        for change in changes {
            match change {
                Stage::Row(item, part) => insert(&mut tx, key, item, false, part).await?,
                Stage::Fetched(item, parts) => replace(&mut tx, key, item, true, parts).await?,
                Stage::Rows(item, parts) => replace(&mut tx, key, item, false, parts).await?,
                Stage::Drop(item, part) => {
                    delete(&mut tx, key, item, "AND source = 0 AND part = ", Some(part)).await?;
                    touch(&mut tx, key, item).await?;
                }
                Stage::Forget(item) => delete(&mut tx, key, item, "", None).await?,
            }
        }
        tx.commit().await.map_err(from_sqlx)
    }
}

type Tx = Transaction<'static, Sqlite>;

async fn replace(
    tx: &mut Tx,
    key: &FeedKey,
    item: &ItemId,
    fetched: bool,
    parts: &[NewPart],
) -> Result<()> {
    let source = if fetched {
        "AND source = 1"
    } else {
        "AND source = 0"
    };
    delete(tx, key, item, source, None).await?;
    for part in parts {
        insert(tx, key, item, fetched, part).await?;
    }
    touch(tx, key, item).await
}

async fn insert(
    tx: &mut Tx,
    key: &FeedKey,
    item: &ItemId,
    fetched: bool,
    part: &NewPart,
) -> Result<()> {
    let shelves: Vec<&str> = part.shelves.iter().map(ShelfId::as_str).collect();
    let shelves = serde_json::to_string(&shelves)
        .map_err(|error| Error::bridge(Kind::Broken, "shelves have no text").because(error))?;
    sqlx::query(
        "INSERT INTO parts (connection_id, kind, feed_id, item_id, source, part, version, more, \
         dirty, first, last, shelves, uid, value) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13) \
         ON CONFLICT (connection_id, kind, feed_id, item_id, source, part) DO UPDATE SET \
         version = excluded.version, more = excluded.more, dirty = 1, first = excluded.first, \
         last = excluded.last, shelves = excluded.shelves, uid = excluded.uid, \
         value = excluded.value",
    )
    .bind(key.connection.0)
    .bind(key.kind.as_str())
    .bind(key.feed.as_str())
    .bind(item.as_str())
    .bind(fetched)
    .bind(&part.part)
    .bind(&part.version)
    .bind(part.more)
    .bind(part.first.map(|first| first.timestamp_micros()))
    .bind(part.last.map(|last| last.timestamp_micros()))
    .bind(shelves)
    .bind(&part.uid)
    .bind(&part.value)
    .execute(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn delete(
    tx: &mut Tx,
    key: &FeedKey,
    item: &ItemId,
    which: &'static str,
    part: Option<&str>,
) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new("DELETE FROM parts WHERE connection_id = ");
    query.push_bind(key.connection.0).push(" AND kind = ");
    query.push_bind(key.kind.as_str()).push(" AND feed_id = ");
    query.push_bind(key.feed.as_str()).push(" AND item_id = ");
    query.push_bind(item.as_str()).push(" ").push(which);
    if let Some(part) = part {
        query.push_bind(part);
    }
    query.build().execute(&mut **tx).await.map_err(from_sqlx)?;
    Ok(())
}

/// Marks what is left of an item.
async fn touch(tx: &mut Tx, key: &FeedKey, item: &ItemId) -> Result<()> {
    sqlx::query(
        "UPDATE parts SET dirty = 1 \
         WHERE connection_id = $1 AND kind = $2 AND feed_id = $3 AND item_id = $4",
    )
    .bind(key.connection.0)
    .bind(key.kind.as_str())
    .bind(key.feed.as_str())
    .bind(item.as_str())
    .execute(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

//! Items as they are served.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Sqlite};

use super::error::from_sqlx;
use super::users::instant;
use super::{Revisions, Store};
use crate::domain::{ConnectionId, ItemId, ItemKind, Result, Span};

/// Names asked for in one statement.
const CHUNK: usize = 500;

/// An item of a collection without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Last segment of its address.
    pub name: String,
    /// Hash of the text, without quotes.
    pub etag: String,
    /// Bytes of the text.
    pub size: u64,
    /// Its UID.
    pub uid: String,
    /// When it was first seen.
    pub created: DateTime<Utc>,
    /// When this content was first seen, or its removal.
    pub modified: DateTime<Utc>,
    /// Number of its last change.
    pub revision: i64,
    /// Whether it is a tombstone.
    pub removed: bool,
}

/// What publishing needs to know of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRow {
    /// The collection.
    pub collection: i64,
    /// The item.
    pub item: ItemId,
    /// Its UID.
    pub uid: String,
    /// Hash of the text.
    pub etag: String,
    /// When this content was first seen.
    pub stamp: DateTime<Utc>,
    /// Whether it has more than one instance.
    pub recurring: bool,
    /// Whether it is a tombstone.
    pub removed: bool,
    /// Version of the mapping.
    pub renderer: u32,
    /// Whether its text is kept.
    pub kept: bool,
}

/// A live item and the time it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveItem {
    /// The collection.
    pub collection: i64,
    /// The item.
    pub item: ItemId,
    /// First instant.
    pub first: Option<DateTime<Utc>>,
    /// First instant after it; `None`: no end.
    pub last: Option<DateTime<Utc>>,
    /// Whether it has more than one instance.
    pub recurring: bool,
}

type Columns = (String, String, i64, String, i64, i64, i64, bool);

fn read(row: Columns) -> Result<ItemRow> {
    let (name, etag, size, uid, created, stamp, revision, removed) = row;
    Ok(ItemRow {
        name,
        etag,
        size: size.unsigned_abs(),
        uid,
        created: instant(created)?,
        modified: instant(stamp)?,
        revision,
        removed,
    })
}

const ROW: &str = "name, etag, size, uid, created, stamp, revision, removed";

type TextColumns = (String, String, i64, String, i64, i64, i64, bool, String);

fn with_text(row: TextColumns) -> Result<(ItemRow, String)> {
    let (name, etag, size, uid, created, stamp, revision, removed, text) = row;
    let row = read((name, etag, size, uid, created, stamp, revision, removed))?;
    Ok((row, text))
}

impl Store {
    /// All live items of a collection by revision, and the revision they were read under.
    pub async fn items(&self, collection: i64) -> Result<(i64, Vec<ItemRow>)> {
        let (revision, _, rows) = self.changed_items(collection, None, None).await?;
        Ok((revision, rows))
    }

    /// Items of a collection that changed after `since`, tombstones among them, in the order of
    /// their revisions and at most `limit`; without `since` all live ones. With the revision and
    /// the floor of the collection they were read under.
    pub async fn changed_items(
        &self,
        collection: i64,
        since: Option<i64>,
        limit: Option<u32>,
    ) -> Result<(i64, i64, Vec<ItemRow>)> {
        let mut tx = self.readers.begin().await.map_err(from_sqlx)?;
        let (revision, floor): (i64, i64) =
            sqlx::query_as("SELECT revision, floor FROM collections WHERE id = $1")
                .bind(collection)
                .fetch_one(&mut *tx)
                .await
                .map_err(from_sqlx)?;
        let filter = match since {
            Some(_) => "revision > $2",
            None => "removed = 0 AND revision > $2",
        };
        let rows: Vec<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {ROW} FROM items WHERE collection_id = $1 AND {filter} \
             ORDER BY revision LIMIT $3"
        )))
        .bind(collection)
        .bind(since.unwrap_or(0))
        .bind(limit.map_or(-1, i64::from))
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        let rows = rows.into_iter().map(read).collect::<Result<_>>()?;
        Ok((revision, floor, rows))
    }

    /// The live items of these names with their texts, in no order.
    pub async fn texts(&self, collection: i64, names: &[String]) -> Result<Vec<(ItemRow, String)>> {
        let mut found = Vec::with_capacity(names.len());
        for chunk in names.chunks(CHUNK) {
            let mut query = text_query(collection);
            query.push(" AND name IN (");
            let mut list = query.separated(", ");
            for name in chunk {
                list.push_bind(name);
            }
            query.push(")");
            let rows: Vec<TextColumns> = query
                .build_query_as()
                .fetch_all(&self.readers)
                .await
                .map_err(from_sqlx)?;
            for row in rows {
                found.push(with_text(row)?);
            }
        }
        Ok(found)
    }

    /// The live items, with their texts, that may take time inside `span`; all without a span.
    pub async fn texts_within(
        &self,
        collection: i64,
        span: Option<Span>,
    ) -> Result<Vec<(ItemRow, String)>> {
        let mut query = text_query(collection);
        if let Some(span) = span {
            query.push(" AND (first IS NULL OR first < ");
            query.push_bind(span.to.timestamp_micros());
            query.push(") AND (last IS NULL OR last >= ");
            query.push_bind(span.from.timestamp_micros()).push(")");
        }
        query.push(" ORDER BY revision");
        let rows: Vec<TextColumns> = query
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
        rows.into_iter().map(with_text).collect()
    }

    /// What is published of some items in all collections of a kind of a connection.
    pub async fn published(
        &self,
        connection: ConnectionId,
        kind: ItemKind,
        items: &[ItemId],
    ) -> Result<Vec<PublishedRow>> {
        type Row = (i64, String, String, String, i64, bool, bool, u32, bool);
        let mut found = Vec::new();
        for chunk in items.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT i.collection_id, i.item_id, i.uid, i.etag, i.stamp, i.recurring, \
                 i.removed, i.renderer, t.id IS NOT NULL FROM items i \
                 JOIN collections c ON c.id = i.collection_id \
                 LEFT JOIN item_texts t ON t.id = i.id WHERE c.connection_id = ",
            );
            query.push_bind(connection.0).push(" AND c.kind = ");
            query.push_bind(kind.as_str()).push(" AND i.item_id IN (");
            let mut list = query.separated(", ");
            for item in chunk {
                list.push_bind(item.as_str());
            }
            query.push(")");
            let rows: Vec<Row> = query
                .build_query_as()
                .fetch_all(&self.readers)
                .await
                .map_err(from_sqlx)?;
            for (collection, item, uid, etag, stamp, recurring, removed, renderer, kept) in rows {
                found.push(PublishedRow {
                    collection,
                    item: ItemId::new(item),
                    uid,
                    etag,
                    stamp: instant(stamp)?,
                    recurring,
                    removed,
                    renderer,
                    kept,
                });
            }
        }
        Ok(found)
    }

    /// The live items of some collections and the time they take: those that overlap `span`, or
    /// all.
    pub async fn live_items(
        &self,
        collections: &[i64],
        span: Option<Span>,
    ) -> Result<Vec<LiveItem>> {
        type Row = (String, Option<i64>, Option<i64>, bool);
        let mut found = Vec::new();
        for collection in collections {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT item_id, first, last, recurring FROM items \
                 WHERE collection_id = $1 AND removed = 0 \
                 AND ($2 IS NULL OR first IS NULL OR first < $2) \
                 AND ($3 IS NULL OR last IS NULL OR last > $3)",
            )
            .bind(collection)
            .bind(span.map(|span| span.to.timestamp_micros()))
            .bind(span.map(|span| span.from.timestamp_micros()))
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
            for (item, first, last, recurring) in rows {
                found.push(LiveItem {
                    collection: *collection,
                    item: ItemId::new(item),
                    first: first.map(instant).transpose()?,
                    last: last.map(instant).transpose()?,
                    recurring,
                });
            }
        }
        Ok(found)
    }

    /// Which live item of a collection has this UID.
    pub async fn uid_holder(&self, collection: i64, uid: &str) -> Result<Option<ItemId>> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT item_id FROM items WHERE collection_id = $1 AND uid = $2 AND removed = 0",
        )
        .bind(collection)
        .bind(uid)
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(row.map(|(item,)| ItemId::new(item)))
    }

    /// Live items of a collection whose text was written by another version of the mapping.
    pub async fn outdated_items(&self, collection: i64, renderer: u32) -> Result<Vec<ItemId>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT item_id FROM items \
             WHERE collection_id = $1 AND removed = 0 AND renderer <> $2",
        )
        .bind(collection)
        .bind(renderer)
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(rows.into_iter().map(|(item,)| ItemId::new(item)).collect())
    }

    /// Live items of some collections whose text is not kept since the account was disconnected.
    pub async fn items_without_text(&self, collections: &[i64]) -> Result<Vec<ItemId>> {
        let mut found = Vec::new();
        for collection in collections {
            let rows: Vec<(String,)> = sqlx::query_as(
                "SELECT i.item_id FROM items i LEFT JOIN item_texts t ON t.id = i.id \
                 WHERE i.collection_id = $1 AND i.removed = 0 AND t.id IS NULL",
            )
            .bind(collection)
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
            found.extend(rows.into_iter().map(|(item,)| ItemId::new(item)));
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// How many live items the collections of a connection hold, by kind.
    pub async fn count_items(&self, connection: ConnectionId) -> Result<Vec<(String, u64, u64)>> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT c.kind, count(DISTINCT c.id), count(i.id) FROM collections c \
             LEFT JOIN items i ON i.collection_id = c.id AND i.removed = 0 \
             WHERE c.connection_id = $1 AND c.gone = 0 GROUP BY c.kind ORDER BY c.kind DESC",
        )
        .bind(connection.0)
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        let counted = rows.into_iter();
        Ok(counted
            .map(|(kind, shelves, items)| (kind, shelves.unsigned_abs(), items.unsigned_abs()))
            .collect())
    }

    /// Forgets tombstones older than `before`. The floors of their collections rise, so that
    /// tokens from before are refused instead of answered wrongly; gives the new ones.
    pub async fn purge_tombstones(&self, before: DateTime<Utc>) -> Result<Revisions> {
        let mut tx = self.begin().await?;
        let floors: Vec<(i64, i64)> = sqlx::query_as(
            "UPDATE collections SET floor = max(floor, (SELECT max(i.revision) FROM items i \
             WHERE i.collection_id = collections.id AND i.removed = 1 AND i.stamp < $1)) \
             WHERE id IN (SELECT collection_id FROM items WHERE removed = 1 AND stamp < $1) \
             RETURNING id, floor",
        )
        .bind(before.timestamp_micros())
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query("DELETE FROM items WHERE removed = 1 AND stamp < $1")
            .bind(before.timestamp_micros())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(floors.into_iter().collect())
    }
}

fn text_query(collection: i64) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "SELECT i.name, i.etag, i.size, i.uid, i.created, i.stamp, i.revision, i.removed, t.text \
         FROM items i JOIN item_texts t ON t.id = i.id WHERE i.removed = 0 AND i.collection_id = ",
    );
    query.push_bind(collection);
    query
}

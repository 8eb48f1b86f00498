//! What publishing needs to know of items.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Sqlite};

use super::Store;
use super::error::from_sqlx;
use super::users::instant;
use crate::domain::{ConnectionId, ItemId, ItemKind, Result, Span};

/// Items asked for in one statement.
const CHUNK: usize = 500;

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

impl Store {
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
}

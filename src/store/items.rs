//! Items as they are served.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Sqlite};

use super::Store;
use super::error::from_sqlx;
use super::users::instant;
use crate::domain::{ConnectionId, ItemKind, Result, Span};

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
        let (revision, _, rows) = self.changed_items(collection, 0, None, None).await?;
        Ok((revision, rows))
    }

    /// Items of a collection that changed after `told`, and of its tombstones those after `known`
    /// too, none without it; in the order of their revisions and at most `limit`. With the revision
    /// and the floor of the collection they were read under.
    pub async fn changed_items(
        &self,
        collection: i64,
        told: i64,
        known: Option<i64>,
        limit: Option<u32>,
    ) -> Result<(i64, i64, Vec<ItemRow>)> {
        let mut tx = self.readers.begin().await.map_err(from_sqlx)?;
        let (revision, floor): (i64, i64) =
            sqlx::query_as("SELECT revision, floor FROM collections WHERE id = $1")
                .bind(collection)
                .fetch_one(&mut *tx)
                .await
                .map_err(from_sqlx)?;
        let rows: Vec<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {ROW} FROM items WHERE collection_id = $1 AND revision > $2 \
             AND (removed = 0 OR revision > $3) ORDER BY revision LIMIT $4"
        )))
        .bind(collection)
        .bind(told)
        .bind(known.unwrap_or(i64::MAX))
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

    /// Names of the live items that may take time inside `span`, by revision.
    pub async fn names_within(&self, collection: i64, span: Span) -> Result<Vec<String>> {
        sqlx::query_scalar(
            "SELECT name FROM items WHERE collection_id = $1 AND removed = 0 \
             AND (first IS NULL OR first < $2) AND (last IS NULL OR last >= $3) ORDER BY revision",
        )
        .bind(collection)
        .bind(span.to.timestamp_micros())
        .bind(span.from.timestamp_micros())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)
    }

    /// How many live items the collections of a connection hold, by kind.
    pub async fn count_items(&self, connection: ConnectionId) -> Result<Vec<(String, u64, u64)>> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT c.kind, \
             count(DISTINCT CASE WHEN h.id IS NULL THEN c.id END), \
             count(CASE WHEN h.id IS NULL THEN i.id END) FROM collections c \
             LEFT JOIN hidden h ON h.connection_id = c.connection_id AND h.kind = c.kind \
             AND h.id = c.shelf_id \
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

    /// Live items of each collection of a kind that was looked at completely, by its number.
    pub async fn count_each(
        &self,
        connection: ConnectionId,
        kind: ItemKind,
    ) -> Result<HashMap<i64, u64>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT c.id, count(i.id) FROM collections c \
             LEFT JOIN items i ON i.collection_id = c.id AND i.removed = 0 \
             WHERE c.connection_id = $1 AND c.kind = $2 AND c.complete IS NOT NULL GROUP BY c.id",
        )
        .bind(connection.0)
        .bind(kind.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        let counted = rows.into_iter();
        Ok(counted
            .map(|(id, items)| (id, items.unsigned_abs()))
            .collect())
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

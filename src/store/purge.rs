//! Forgetting what was removed long ago.

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use super::error::from_sqlx;
use super::{Revisions, Store};
use crate::domain::Result;

/// Collections that are gone since before `$1`.
const GONE: &str = "SELECT id FROM collections WHERE gone = 1 AND complete < $1";

impl Store {
    /// Forgets tombstones older than `before`, and what was in collections that are gone since
    /// then; addresses stay. The floors of their collections rise, so that tokens from before are
    /// refused instead of answered wrongly; gives the new ones.
    pub async fn purge_tombstones(&self, before: DateTime<Utc>) -> Result<Revisions> {
        let mut tx = self.begin().await?;
        let mut floors: Revisions = sqlx::query_as(
            "UPDATE collections SET floor = max(floor, (SELECT max(i.revision) FROM items i \
             WHERE i.collection_id = collections.id AND i.removed = 1 AND i.stamp < $1)) \
             WHERE id IN (SELECT collection_id FROM items WHERE removed = 1 AND stamp < $1) \
             RETURNING id, floor",
        )
        .bind(before.timestamp_micros())
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?
        .into_iter()
        .collect();
        sqlx::query("DELETE FROM items WHERE removed = 1 AND stamp < $1")
            .bind(before.timestamp_micros())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        floors.extend(purge_gone(&mut tx, before).await?);
        tx.commit().await.map_err(from_sqlx)?;
        Ok(floors)
    }
}

/// Parts that are in other collections too stay.
async fn purge_gone(
    tx: &mut Transaction<'static, Sqlite>,
    before: DateTime<Utc>,
) -> Result<Vec<(i64, i64)>> {
    let kept = format!("SELECT EXISTS (SELECT 1 FROM items WHERE collection_id IN ({GONE}))");
    let kept: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(kept))
        .bind(before.timestamp_micros())
        .fetch_one(&mut **tx)
        .await
        .map_err(from_sqlx)?;
    if !kept {
        return Ok(Vec::new());
    }
    let floors = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "UPDATE collections SET floor = revision WHERE id IN ({GONE}) AND floor < revision \
         RETURNING id, floor"
    )))
    .bind(before.timestamp_micros())
    .fetch_all(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    let of_part = "i.item_id = parts.item_id AND c.connection_id = parts.connection_id \
                   AND c.kind = parts.kind";
    let parts = format!(
        "DELETE FROM parts WHERE EXISTS (SELECT 1 FROM items i \
         JOIN collections c ON c.id = i.collection_id WHERE {of_part} AND c.id IN ({GONE})) \
         AND NOT EXISTS (SELECT 1 FROM items i JOIN collections c ON c.id = i.collection_id \
         WHERE {of_part} AND c.id NOT IN ({GONE}))"
    );
    let items = format!("DELETE FROM items WHERE collection_id IN ({GONE})");
    for statement in [parts, items] {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(before.timestamp_micros())
            .execute(&mut **tx)
            .await
            .map_err(from_sqlx)?;
    }
    Ok(floors)
}

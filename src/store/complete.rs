//! The end of a complete look.

use chrono::{DateTime, Utc};

use super::Store;
use super::error::from_sqlx;
use super::feeds::{FeedKey, renew};
use crate::domain::{Cursor, Result, ShelfId};

/// How a complete look ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completed {
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// Whether it went over everything, else over what is near.
    pub full: bool,
    /// Generation of the connection.
    pub generation: i64,
    /// Records that could not be read.
    pub unreadable: u32,
    /// The shelves it covered.
    pub shelves: Vec<ShelfId>,
}

impl Store {
    /// Notes that a look is complete and gives the lease back. From the first complete look on a
    /// collection is served.
    pub async fn complete(
        &self,
        key: &FeedKey,
        owner: &str,
        now: DateTime<Utc>,
        done: &Completed,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        renew(&mut tx, key, owner, now, None).await?;
        let full = done.full.then(|| now.timestamp_micros());
        // A look at what is near, the first under a new generation: of what is far nothing is known
        // under it, so that look counts as older than any.
        sqlx::query(
            "UPDATE feeds SET cursor = $4, near_look = $6, \
             full_look = CASE WHEN $5 IS NULL AND generation <> $7 THEN min(full_look, 0) \
             ELSE coalesce($5, full_look) END, \
             generation = $7, problem = NULL, lease = NULL, lease_until = NULL, \
             done = 0, total = 0, \
             unreadable = CASE WHEN $5 IS NULL THEN max(unreadable, $8) ELSE $8 END \
             WHERE connection_id = $1 AND kind = $2 AND feed_id = $3",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .bind(done.cursor.as_ref().map(Cursor::as_str))
        .bind(full)
        .bind(now.timestamp_micros())
        .bind(done.generation)
        .bind(done.unreadable)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        for shelf in done.shelves.iter().filter(|_| done.full) {
            sqlx::query(
                "UPDATE collections SET complete = $4 WHERE connection_id = $1 AND kind = $2 \
                 AND shelf_id = $3 AND complete IS NULL",
            )
            .bind(key.connection.0)
            .bind(key.kind.as_str())
            .bind(shelf.as_str())
            .bind(now.timestamp_micros())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        }
        tx.commit().await.map_err(from_sqlx)
    }
}

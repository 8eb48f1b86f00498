//! Feeds: where their looks stand, and who works on them.

use chrono::{DateTime, Duration, Utc};
use sqlx::{Sqlite, Transaction};

use super::Store;
use super::error::from_sqlx;
use super::users::instant;
use crate::domain::{ConnectionId, Cursor, Error, FeedId, ItemKind, Kind, Result};

/// A lease that is not renewed ends by itself.
const LEASE: Duration = Duration::seconds(45);

/// Names a feed in the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FeedKey {
    /// The connection.
    pub connection: ConnectionId,
    /// Kind of items.
    pub kind: ItemKind,
    /// The provider's name of the feed.
    pub feed: FeedId,
}

/// A feed as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedRow {
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// Last complete look at everything.
    pub full_look: Option<DateTime<Utc>>,
    /// Last complete look at what is near.
    pub near_look: Option<DateTime<Utc>>,
    /// Generation of the connection at the last look.
    pub generation: i64,
    /// Steps done of the look under way.
    pub done: u32,
    /// Steps in all, 0 while unknown.
    pub total: u32,
    /// Records that could not be read at the last look.
    pub unreadable: u32,
    /// What was wrong at the last try, as a sentence.
    pub problem: Option<String>,
}

type Columns = (
    Option<String>,
    Option<i64>,
    Option<i64>,
    i64,
    u32,
    u32,
    u32,
    Option<String>,
);

fn read(row: Columns) -> Result<FeedRow> {
    let (cursor, full_look, near_look, generation, done, total, unreadable, problem) = row;
    Ok(FeedRow {
        cursor: cursor.map(Cursor::new),
        full_look: full_look.map(instant).transpose()?,
        near_look: near_look.map(instant).transpose()?,
        generation,
        done,
        total,
        unreadable,
        problem,
    })
}

impl Store {
    /// A feed; a new one where none is stored.
    pub async fn feed(&self, key: &FeedKey) -> Result<FeedRow> {
        let row = sqlx::query_as(
            "SELECT cursor, full_look, near_look, generation, done, total, unreadable, problem \
             FROM feeds WHERE connection_id = $1 AND kind = $2 AND feed_id = $3",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        row.map_or_else(|| Ok(FeedRow::default()), read)
    }

    /// All feeds of a connection, for people.
    pub async fn feeds(&self, connection: ConnectionId) -> Result<Vec<(String, String, FeedRow)>> {
        type Named = (
            String,
            String,
            Option<i64>,
            Option<i64>,
            i64,
            u32,
            u32,
            u32,
            Option<String>,
        );
        let rows: Vec<Named> = sqlx::query_as(
            "SELECT kind, feed_id, full_look, near_look, generation, done, total, unreadable, \
             problem FROM feeds WHERE connection_id = $1 ORDER BY kind DESC, feed_id",
        )
        .bind(connection.0)
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                let (kind, feed, full, near, generation, done, total, unreadable, problem) = row;
                let columns = (
                    None, full, near, generation, done, total, unreadable, problem,
                );
                Ok((kind, feed, read(columns)?))
            })
            .collect()
    }

    /// Takes the lease of a feed for `owner`; whether it is theirs now.
    pub async fn claim(&self, key: &FeedKey, owner: &str, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO feeds (connection_id, kind, feed_id, generation, done, total, unreadable) \
             VALUES ($1, $2, $3, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        // a lease that ends further ahead than leases last was taken before the clock was set back
        let done = sqlx::query(
            "UPDATE feeds SET lease = $4, lease_until = $6, done = 0, total = 0 \
             WHERE connection_id = $1 AND kind = $2 AND feed_id = $3 \
             AND (lease IS NULL OR lease = $4 OR lease_until < $5 OR lease_until > $6)",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .bind(owner)
        .bind(now.timestamp_micros())
        .bind((now + LEASE).timestamp_micros())
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives the lease back, with what was wrong with a look that failed.
    pub async fn release(&self, key: &FeedKey, owner: &str, problem: Option<&str>) -> Result<()> {
        sqlx::query(
            "UPDATE feeds SET lease = NULL, lease_until = NULL, problem = coalesce($5, problem) \
             WHERE connection_id = $1 AND kind = $2 AND feed_id = $3 AND lease = $4",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .bind(owner)
        .bind(problem)
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }
}

/// Renews the lease inside a transaction, with the progress; `Changed` where somebody else works
/// on the feed by now.
pub(super) async fn renew(
    tx: &mut Transaction<'static, Sqlite>,
    key: &FeedKey,
    owner: &str,
    now: DateTime<Utc>,
    progress: Option<(u32, u32)>,
) -> Result<()> {
    let (done, total) = progress.unzip();
    let kept = sqlx::query(
        "UPDATE feeds SET lease_until = $5, done = coalesce($6, done), \
         total = coalesce($7, total) \
         WHERE connection_id = $1 AND kind = $2 AND feed_id = $3 AND lease = $4",
    )
    .bind(key.connection.0)
    .bind(key.kind.as_str())
    .bind(key.feed.as_str())
    .bind(owner)
    .bind((now + LEASE).timestamp_micros())
    .bind(done)
    .bind(total)
    .execute(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    if kept.rows_affected() == 0 {
        return Err(Error::bridge(
            Kind::Changed,
            "another worker has taken over the feed",
        ));
    }
    Ok(())
}

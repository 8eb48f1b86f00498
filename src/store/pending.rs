//! Connections by a pasted token that have begun.

use chrono::{DateTime, Utc};

use super::Store;
use super::error::from_sqlx;
use super::sweep::PENDING;
use super::users::{delete_own, user_id};
use crate::domain::{Result, UserName};

/// Most that one user has under way; the oldest make room.
const MOST: i64 = 16;

impl Store {
    /// Notes that a user begins to connect an account; gives its number. `NotFound` without such
    /// a user.
    pub async fn begin_pending(
        &self,
        user: &UserName,
        provider: &str,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        let mut tx = self.begin().await?;
        let owner = user_id(&mut tx, user).await?;
        sqlx::query(
            "DELETE FROM pending_connections WHERE created <= $2 OR id IN \
             (SELECT id FROM pending_connections WHERE user_id = $1 \
             ORDER BY id DESC LIMIT -1 OFFSET $3)",
        )
        .bind(owner)
        .bind((now - PENDING).timestamp_micros())
        .bind(MOST - 1)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO pending_connections (user_id, provider, created) \
             VALUES ($1, $2, $3) RETURNING id",
        )
        .bind(owner)
        .bind(provider)
        .bind(now.timestamp_micros())
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(id)
    }

    /// The provider of a connection that a user has under way; `None` where there is none of that
    /// number or its hour is over.
    pub async fn pending(
        &self,
        user: &UserName,
        id: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT p.provider FROM pending_connections p JOIN users u ON u.id = p.user_id \
             WHERE p.id = $2 AND u.name = $1 AND p.created > $3",
        )
        .bind(user.as_str())
        .bind(id)
        .bind((now - PENDING).timestamp_micros())
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(row.map(|(provider,)| provider))
    }

    /// Forgets a connection that a user has under way. Without effect where there is none.
    pub async fn end_pending(&self, user: &UserName, id: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        let row = ("pending_connections", "provider");
        delete_own(&mut tx, row, user, id).await?;
        tx.commit().await.map_err(from_sqlx)
    }
}

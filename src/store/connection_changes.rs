//! What changes of a connection once it is made.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::connections::no_connection;
use super::error::from_sqlx;
use super::{Action, Store, Trace};
use crate::domain::{ConnectionId, ConnectionState, Result, UserName};

impl Store {
    /// Deletes a connection's token and the copy of its items; addresses, names and UIDs
    /// stay. `NotFound` where the user has no such connection.
    pub async fn disconnect(&self, user: &UserName, slug: &str, trace: Trace<'_>) -> Result<()> {
        let mut change = self.change().await?;
        let id: Option<(i64,)> = sqlx::query_as(
            "UPDATE connections SET token = NULL, state = 'disconnected', state_since = $3, \
             problem = NULL, generation = generation + 1 \
             WHERE slug = $2 AND state <> 'disconnected' \
             AND user_id = (SELECT id FROM users WHERE name = $1) RETURNING id",
        )
        .bind(user.as_str())
        .bind(slug)
        .bind(trace.at.timestamp_micros())
        .fetch_optional(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        let (id,) = id.ok_or_else(|| no_connection(user, slug))?;
        forget_token(&mut change.tx, id).await?;
        forget_copy(&mut change.tx, id).await?;
        let disconnected = Action::Disconnected;
        trace
            .note(&mut change.tx, disconnected, Some(user), slug)
            .await?;
        change.commit().await
    }

    /// Gives a connection its user's own name, or takes it away. `NotFound` where the user has no
    /// such connection.
    pub async fn rename_connection(
        &self,
        user: &UserName,
        slug: &str,
        name: Option<&str>,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        let done = sqlx::query(
            "UPDATE connections SET name = $3 WHERE slug = $2 AND state <> 'disconnected' \
             AND user_id = (SELECT id FROM users WHERE name = $1)",
        )
        .bind(user.as_str())
        .bind(slug)
        .bind(name)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            return Err(no_connection(user, slug));
        }
        trace
            .note(&mut change.tx, Action::Renamed, Some(user), slug)
            .await?;
        change.commit().await
    }

    /// Raises a connection's generation. `NotFound` where the user has no such connection.
    pub async fn request_refresh(&self, user: &UserName, slug: &str) -> Result<()> {
        let mut change = self.change().await?;
        let done = sqlx::query(
            "UPDATE connections SET generation = generation + 1 \
             WHERE slug = $2 AND state <> 'disconnected' \
             AND user_id = (SELECT id FROM users WHERE name = $1)",
        )
        .bind(user.as_str())
        .bind(slug)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            return Err(no_connection(user, slug));
        }
        change.commit().await
    }

    /// Notes the state of a connection as seen with the token of `generation`; a statement about
    /// an older token is dropped. Without effect where the state is the same already.
    pub async fn note_connection_state(
        &self,
        connection: ConnectionId,
        generation: i64,
        state: ConnectionState,
        problem: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let state = match state {
            ConnectionState::Active => "active",
            ConnectionState::SignedOut => "signed_out",
        };
        let mut change = self.change().await?;
        let done = sqlx::query(
            "UPDATE connections SET state = $3, state_since = $4, problem = $5 \
             WHERE id = $1 AND generation = $2 AND state <> $3 AND state <> 'disconnected'",
        )
        .bind(connection.0)
        .bind(generation)
        .bind(state)
        .bind(now.timestamp_micros())
        .bind(problem)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            return Ok(());
        }
        change.commit().await
    }
}

/// Forgets what an earlier token carried, and what went wrong with it.
pub(super) async fn forget_token(tx: &mut SqliteConnection, id: i64) -> Result<()> {
    let statements = [
        "DELETE FROM connection_scopes WHERE connection_id = $1",
        "UPDATE feeds SET problem = NULL WHERE connection_id = $1",
        "DELETE FROM list_problems WHERE connection_id = $1",
    ];
    run(tx, id, &statements).await
}

/// Forgets the content of copied items; what clients know them by stays.
async fn forget_copy(tx: &mut SqliteConnection, id: i64) -> Result<()> {
    let statements = [
        "DELETE FROM parts WHERE connection_id = $1",
        "DELETE FROM feeds WHERE connection_id = $1",
        "DELETE FROM shelf_lists WHERE connection_id = $1",
        "DELETE FROM item_texts WHERE id IN (SELECT i.id FROM items i \
         JOIN collections c ON c.id = i.collection_id WHERE c.connection_id = $1)",
        "UPDATE collections SET complete = NULL WHERE connection_id = $1",
    ];
    run(tx, id, &statements).await
}

async fn run(tx: &mut SqliteConnection, id: i64, statements: &[&'static str]) -> Result<()> {
    for statement in statements {
        sqlx::query(*statement)
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
    }
    Ok(())
}

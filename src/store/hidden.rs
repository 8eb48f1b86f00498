//! What users keep from their devices.

use sqlx::SqliteConnection;

use super::connections::no_connection;
use super::error::from_sqlx;
use super::{Action, Store, Trace};
use crate::domain::{Branch, ConnectionId, Error, Kind, Result, UserName};

/// Most branches of a connection that may be hidden, and longest id in bytes; no cloud comes near.
const MOST: i64 = 10_000;
const LONGEST: usize = 1000;
/// Letters of an id that the audit log shows.
const SHOWN: usize = 100;

/// Of all connections of a user.
pub(super) async fn of_user(
    connection: &mut SqliteConnection,
    user: &UserName,
) -> Result<Vec<(ConnectionId, Branch)>> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT h.connection_id, h.kind, h.id FROM hidden h \
         JOIN connections c ON c.id = h.connection_id JOIN users u ON u.id = c.user_id \
         WHERE u.name = $1",
    )
    .bind(user.as_str())
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter()
        .map(|(connection, kind, id)| {
            let branch = Branch::parse(&kind, &id);
            let bad = || Error::bridge(Kind::Down, "the store holds a bad kind of branch");
            Ok((ConnectionId(connection), branch.ok_or_else(bad)?))
        })
        .collect()
}

/// A user's connection by its address part.
async fn owned(tx: &mut SqliteConnection, user: &UserName, slug: &str) -> Result<i64> {
    let id: Option<(i64,)> = sqlx::query_as(
        "SELECT c.id FROM connections c JOIN users u ON u.id = c.user_id \
         WHERE u.name = $1 AND c.slug = $2 AND c.state <> 'disconnected'",
    )
    .bind(user.as_str())
    .bind(slug)
    .fetch_optional(tx)
    .await
    .map_err(from_sqlx)?;
    let (id,) = id.ok_or_else(|| no_connection(user, slug))?;
    Ok(id)
}

/// How many branches of a connection are hidden.
async fn count(tx: &mut SqliteConnection, connection: i64) -> Result<i64> {
    let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM hidden WHERE connection_id = $1")
        .bind(connection)
        .fetch_one(tx)
        .await
        .map_err(from_sqlx)?;
    Ok(count)
}

impl Store {
    /// Hides a branch of a user's connection from clients, or shows it again; without effect
    /// where it is so already. A running server notices at its next request. `NotFound` where the
    /// user has no such connection, `Invalid` where it is too much to be kept.
    pub async fn set_hidden(
        &self,
        user: &UserName,
        slug: &str,
        branch: &Branch,
        hide: bool,
        trace: Trace<'_>,
    ) -> Result<()> {
        let too_much = || Error::client(Kind::Invalid, "no cloud has so many, or such names");
        if branch.id().len() > LONGEST {
            return Err(too_much());
        }
        let mut change = self.change().await?;
        let id = owned(&mut change.tx, user, slug).await?;
        if hide && count(&mut change.tx, id).await? >= MOST {
            return Err(too_much());
        }
        let statement = if hide {
            "INSERT INTO hidden (connection_id, kind, id) VALUES ($1, $2, $3) \
             ON CONFLICT (connection_id, kind, id) DO NOTHING"
        } else {
            "DELETE FROM hidden WHERE connection_id = $1 AND kind = $2 AND id = $3"
        };
        let kind = branch.kind();
        let done = sqlx::query(statement)
            .bind(id)
            .bind(kind)
            .bind(branch.id())
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            return Ok(());
        }
        let action = if hide { Action::Hidden } else { Action::Shown };
        let branch: String = branch.id().chars().take(SHOWN).collect();
        let object = format!("{slug} {kind} {branch}");
        trace
            .note(&mut change.tx, action, Some(user), &object)
            .await?;
        change.commit().await
    }
}

//! Connected accounts as stored: who, what, since when. Their tokens are in `tokens`.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Store;
use super::error::from_sqlx;
use super::hidden;
use super::users::{instant, user_name};
use crate::domain::{Account, Branch, ConnectionId, Error, Kind, Result, UserName};

/// How a stored connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// The token was accepted when last used.
    Active,
    /// The cloud refused the token.
    SignedOut,
    /// Without token; kept so that its addresses stay.
    Disconnected,
}

impl RowState {
    fn parse(text: &str) -> Result<Self> {
        match text {
            "active" => Ok(Self::Active),
            "signed_out" => Ok(Self::SignedOut),
            "disconnected" => Ok(Self::Disconnected),
            _ => Err(Error::bridge(Kind::Down, "the store holds a bad state")),
        }
    }
}

/// A connection as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRow {
    /// Number, never used again for another account.
    pub id: ConnectionId,
    /// Whose it is.
    pub user: UserName,
    /// Name of the provider.
    pub provider: String,
    /// Address part.
    pub slug: String,
    /// The account behind it, as the cloud calls it.
    pub account: Account,
    /// The user's own name for it.
    pub name: Option<String>,
    /// How it is.
    pub state: RowState,
    /// Since when it is so.
    pub state_since: DateTime<Utc>,
    /// What is wrong, as a sentence.
    pub problem: Option<String>,
    /// Rises with each new token and each wish for a refresh.
    pub generation: i64,
    /// When the account was first connected.
    pub created: DateTime<Utc>,
    /// Scopes that its token lacks; told by [`Store::connections_of`] and [`Store::connect`] only.
    pub missing: Vec<String>,
    /// What its user keeps from clients; told by [`Store::connections_of`] only.
    pub hidden: Vec<Branch>,
}

/// A scope as it was when the account was connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRow {
    /// The vendor's spelling.
    pub scope: String,
    /// Why it is missing; `None`: granted.
    pub missing: Option<String>,
}

type Columns = (
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<String>,
    i64,
    i64,
    Option<String>,
);

pub(super) fn read(mut row: Columns) -> Result<ConnectionRow> {
    let name = row.11.take();
    let (id, user, provider, slug, account, label, state, since, problem, generation, created, ..) =
        row;
    Ok(ConnectionRow {
        id: ConnectionId(id),
        user: user_name(&user)?,
        provider,
        slug,
        account: Account { id: account, label },
        name,
        state: RowState::parse(&state)?,
        state_since: instant(since)?,
        problem,
        generation,
        created: instant(created)?,
        missing: Vec::new(),
        hidden: Vec::new(),
    })
}

/// There is no such connection, as a positive statement.
pub(super) fn no_connection(user: &UserName, slug: &str) -> Error {
    let sentence = format!("user {user} has no connection {slug}");
    Error::client(Kind::NotFound, sentence)
}

/// One connection inside a transaction.
pub(super) async fn by_id(connection: &mut SqliteConnection, id: i64) -> Result<ConnectionRow> {
    let row = sqlx::query_as(
        "SELECT c.id, u.name, c.provider, c.slug, c.account_id, c.label, c.state, c.state_since, \
         c.problem, c.generation, c.created, c.name FROM connections c JOIN users u ON u.id = c.user_id \
         WHERE c.id = $1",
    )
    .bind(id)
    .fetch_one(connection)
    .await
    .map_err(from_sqlx)?;
    read(row)
}

impl Store {
    /// A user's connections by slug, disconnected ones among them, and the generation they were
    /// read under.
    pub async fn connections_of(&self, user: &UserName) -> Result<(i64, Vec<ConnectionRow>)> {
        let mut tx = self.readers.begin().await.map_err(from_sqlx)?;
        let (generation,): (i64,) = sqlx::query_as("SELECT generation FROM meta WHERE id = 1")
            .fetch_one(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        let rows = sqlx::query_as(
            "SELECT c.id, u.name, c.provider, c.slug, c.account_id, c.label, c.state, \
             c.state_since, c.problem, c.generation, c.created, c.name \
             FROM connections c JOIN users u ON u.id = c.user_id \
             WHERE u.name = $1 ORDER BY c.slug",
        )
        .bind(user.as_str())
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let missing: Vec<(i64, String)> = sqlx::query_as(
            "SELECT s.connection_id, s.scope FROM connection_scopes s \
             JOIN connections c ON c.id = s.connection_id JOIN users u ON u.id = c.user_id \
             WHERE u.name = $1 AND s.missing IS NOT NULL ORDER BY s.connection_id, s.position",
        )
        .bind(user.as_str())
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let hidden = hidden::of_user(&mut tx, user).await?;
        tx.commit().await.map_err(from_sqlx)?;
        self.saw(generation);
        let mut rows: Vec<ConnectionRow> = rows.into_iter().map(read).collect::<Result<_>>()?;
        for (id, scope) in missing {
            if let Some(row) = rows.iter_mut().find(|row| row.id.0 == id) {
                row.missing.push(scope);
            }
        }
        for (id, branch) in hidden {
            if let Some(row) = rows.iter_mut().find(|row| row.id == id) {
                row.hidden.push(branch);
            }
        }
        Ok((generation, rows))
    }

    /// All connections of all users by user and slug.
    pub async fn connections(&self) -> Result<Vec<ConnectionRow>> {
        let rows = sqlx::query_as(
            "SELECT c.id, u.name, c.provider, c.slug, c.account_id, c.label, c.state, \
             c.state_since, c.problem, c.generation, c.created, c.name \
             FROM connections c JOIN users u ON u.id = c.user_id ORDER BY u.name, c.slug",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(read).collect()
    }

    /// The scopes a connection's token carried when it was connected, in the order shown.
    pub async fn scopes(&self, connection: ConnectionId) -> Result<Vec<ScopeRow>> {
        let rows: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT scope, missing FROM connection_scopes WHERE connection_id = $1 \
             ORDER BY position",
        )
        .bind(connection.0)
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(scope, missing)| ScopeRow { scope, missing })
            .collect())
    }
}

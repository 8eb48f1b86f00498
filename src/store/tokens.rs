//! Connecting an account, and its sealed token.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteConnection;

use super::connection_changes::forget_token;
use super::connections::by_id;
use super::error::from_sqlx;
use super::seal::{self, Place, Unopened};
use super::users::user_id;
use super::{Action, ConnectionRow, ScopeRow, Store, Trace, slug};
use crate::domain::{Account, ConnectionId, Error, Kind, Result, UserName};

/// An account to be connected.
#[derive(Debug, Clone, Copy)]
pub struct NewConnection<'a> {
    /// Name of the provider.
    pub provider: &'a str,
    /// The account behind the token.
    pub account: &'a Account,
    /// The accepted token.
    pub token: &'a SecretString,
    /// What the token carries.
    pub scopes: &'a [ScopeRow],
}

fn place(connection: i64) -> Place {
    Place {
        table: "connections",
        column: "token",
        row: connection,
    }
}

impl Store {
    /// Stores a connection with its sealed token. The same account of the same user, connected
    /// or not, keeps number and slug. `NotFound` without such a user.
    pub async fn connect(
        &self,
        user: &UserName,
        new: NewConnection<'_>,
        trace: Trace<'_>,
    ) -> Result<ConnectionRow> {
        let mut change = self.change().await?;
        let id = known_or_new(&mut change.tx, user, &new, trace.at).await?;
        let keys = self.sealing_keys(&mut change.tx).await?;
        sqlx::query(
            "UPDATE connections SET token = $2, state = 'active', state_since = $3, \
             problem = NULL, label = $4, generation = generation + 1 WHERE id = $1",
        )
        .bind(id)
        .bind(keys.seal(place(id), new.token.expose_secret())?)
        .bind(trace.at.timestamp_micros())
        .bind(&new.account.label)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        forget_token(&mut change.tx, id).await?;
        for (position, scope) in (0_i64..).zip(new.scopes) {
            sqlx::query(
                "INSERT INTO connection_scopes (connection_id, position, scope, missing) \
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(id)
            .bind(position)
            .bind(&scope.scope)
            .bind(&scope.missing)
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        }
        let mut row = by_id(&mut change.tx, id).await?;
        let missing = new.scopes.iter().filter(|scope| scope.missing.is_some());
        row.missing = missing.map(|scope| scope.scope.clone()).collect();
        let action = match row.generation {
            ..=1 => Action::Connected,
            _ => Action::Reconnected,
        };
        trace
            .note(&mut change.tx, action, Some(user), &row.slug)
            .await?;
        change.commit().await?;
        Ok(row)
    }

    /// The token of a connection; `None` where none is kept.
    pub async fn token(&self, connection: ConnectionId) -> Result<Option<SecretString>> {
        let row: Option<(Option<Vec<u8>>,)> =
            sqlx::query_as("SELECT token FROM connections WHERE id = $1")
                .bind(connection.0)
                .fetch_optional(&self.readers)
                .await
                .map_err(from_sqlx)?;
        let sealed = row.and_then(|(sealed,)| sealed);
        sealed
            .map(|sealed| self.open_token(connection, &sealed))
            .transpose()
    }

    /// Replaces the token if it still is `old`; `Changed` otherwise. The connection's generation
    /// stays: it is the same sign-in, renewed.
    pub async fn replace_token(
        &self,
        connection: ConnectionId,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<()> {
        let changed = || Error::bridge(Kind::Changed, "the token was replaced in the meantime");
        // The write lock is held from before the comparison until after the change.
        let mut tx = self.begin().await?;
        let row: Option<(Option<Vec<u8>>,)> =
            sqlx::query_as("SELECT token FROM connections WHERE id = $1")
                .bind(connection.0)
                .fetch_optional(&mut *tx)
                .await
                .map_err(from_sqlx)?;
        let sealed = row.and_then(|(sealed,)| sealed).ok_or_else(changed)?;
        let current = self.open_token(connection, &sealed)?;
        if current.expose_secret() != old.expose_secret() {
            return Err(changed());
        }
        let keys = self.sealing_keys(&mut tx).await?;
        seal::put(&mut tx, &keys, place(connection.0), new.expose_secret()).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    pub(super) fn open_token(
        &self,
        connection: ConnectionId,
        sealed: &[u8],
    ) -> Result<SecretString> {
        self.open_sealed(place(connection.0), sealed).map_err(|why| {
            let sentence = match why {
                Unopened::OtherKey(id) => format!(
                    "the token of connection {} is sealed with key {id}, which is not in the key \
                     file",
                    connection.0
                ),
                Unopened::Damaged => format!(
                    "the stored token of connection {} is damaged: connect the account again",
                    connection.0
                ),
            };
            Error::bridge(Kind::Down, sentence)
        })
    }
}

/// The row of an account; one without token is made where there is none.
async fn known_or_new(
    connection: &mut SqliteConnection,
    user: &UserName,
    new: &NewConnection<'_>,
    now: DateTime<Utc>,
) -> Result<i64> {
    let owner = user_id(connection, user).await?;
    let rows: Vec<(i64, String, String, String)> =
        sqlx::query_as("SELECT id, provider, account_id, slug FROM connections WHERE user_id = $1")
            .bind(owner)
            .fetch_all(&mut *connection)
            .await
            .map_err(from_sqlx)?;
    let same =
        |row: &&(i64, String, String, String)| row.1 == new.provider && row.2 == new.account.id;
    if let Some((id, ..)) = rows.iter().find(same) {
        return Ok(*id);
    }
    let taken: HashSet<_> = rows.into_iter().map(|(.., slug)| slug).collect();
    let slug = slug::free(&slug::slug(new.provider, "account"), &taken);
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO connections (user_id, provider, slug, account_id, label, state, \
         state_since, generation, created) \
         VALUES ($1, $2, $3, $4, $5, 'disconnected', $6, 0, $6) RETURNING id",
    )
    .bind(owner)
    .bind(new.provider)
    .bind(slug)
    .bind(&new.account.id)
    .bind(&new.account.label)
    .bind(now.timestamp_micros())
    .fetch_one(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(id)
}

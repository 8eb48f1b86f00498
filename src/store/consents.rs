//! Consents under way.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::Store;
use super::error::from_sqlx;
use super::seal::{self, Place};
use super::sessions::hash;
use super::users::{user_id, user_name};
use crate::domain::{ConnectionId, Result, UserName};

/// Most consents of one user that are under way; the oldest make room.
const MOST: i64 = 16;

/// A consent to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewConsent<'a> {
    /// What the browser comes back with. Only its hash is stored.
    pub state: &'a SecretString,
    /// The session it is bound to. Only its hash is stored.
    pub session: &'a SecretString,
    /// Name of the provider.
    pub provider: &'a str,
    /// Where the browser is sent back to.
    pub redirect: &'a str,
    /// The verifier of PKCE.
    pub verifier: &'a SecretString,
    /// The connection that is connected again.
    pub connection: Option<ConnectionId>,
    /// Not taken from then on.
    pub expires: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A consent that was under way.
#[derive(Debug)]
pub struct ConsentRow {
    /// Whose it is.
    pub user: UserName,
    /// Name of the provider.
    pub provider: String,
    /// Where the browser was sent back to.
    pub redirect: String,
    /// The verifier of PKCE.
    pub verifier: SecretString,
    /// The connection that is connected again.
    pub connection: Option<ConnectionId>,
}

type Columns = (i64, String, String, String, Vec<u8>, Option<i64>, i64);

fn place(row: i64) -> Place {
    Place {
        table: "consents",
        column: "verifier",
        row,
    }
}

impl Store {
    /// Notes a consent, and forgets those whose time is over. `NotFound` without such a user.
    pub async fn begin_consent(&self, user: &UserName, new: NewConsent<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        let owner = user_id(&mut tx, user).await?;
        sqlx::query(
            "DELETE FROM consents WHERE expires <= $2 OR id IN (SELECT id FROM consents \
             WHERE user_id = $1 ORDER BY id DESC LIMIT -1 OFFSET $3)",
        )
        .bind(owner)
        .bind(new.now.timestamp_micros())
        .bind(MOST - 1)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO consents (state, user_id, session, provider, redirect, verifier, \
             connection_id, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        )
        .bind(hash(new.state))
        .bind(owner)
        .bind(hash(new.session))
        .bind(new.provider)
        .bind(new.redirect)
        .bind(Vec::new())
        .bind(new.connection.map(|connection| connection.0))
        .bind(new.expires.timestamp_micros())
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let keys = self.sealing_keys(&mut tx).await?;
        seal::put(&mut tx, &keys, place(id), new.verifier.expose_secret()).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// The connection that is connected again by a consent under way, also where its time is over.
    pub async fn consent_connection(
        &self,
        state: &SecretString,
        session: &SecretString,
    ) -> Result<Option<ConnectionId>> {
        let known: Option<(Option<i64>,)> =
            sqlx::query_as("SELECT connection_id FROM consents WHERE state = $1 AND session = $2")
                .bind(hash(state))
                .bind(hash(session))
                .fetch_optional(&self.readers)
                .await
                .map_err(from_sqlx)?;
        Ok(known.and_then(|(id,)| id).map(ConnectionId))
    }

    /// Takes a consent away; `None` where there is none with this state in this session, or its
    /// time is over. No second call gets it.
    pub async fn take_consent(
        &self,
        state: &SecretString,
        session: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<ConsentRow>> {
        // strangers may come with anything: they cost no write
        let known = sqlx::query("SELECT 1 FROM consents WHERE state = $1 AND session = $2")
            .bind(hash(state))
            .bind(hash(session))
            .fetch_optional(&self.readers)
            .await
            .map_err(from_sqlx)?;
        if known.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let row: Option<Columns> = sqlx::query_as(
            "DELETE FROM consents WHERE state = $1 AND session = $2 RETURNING id, \
             (SELECT name FROM users WHERE users.id = consents.user_id), provider, redirect, \
             verifier, connection_id, expires",
        )
        .bind(hash(state))
        .bind(hash(session))
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        let Some((id, user, provider, redirect, sealed, connection, expires)) = row else {
            return Ok(None);
        };
        // one that was sealed by a key of before has to be begun anew
        let Ok(verifier) = self.open_sealed(place(id), &sealed) else {
            return Ok(None);
        };
        if now.timestamp_micros() >= expires {
            return Ok(None);
        }
        Ok(Some(ConsentRow {
            user: user_name(&user)?,
            provider,
            redirect,
            verifier,
            connection: connection.map(ConnectionId),
        }))
    }
}

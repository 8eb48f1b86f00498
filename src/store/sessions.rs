//! Browsers that are signed in. Only the hash of a cookie is stored.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::users::{self, UserRow, enabled_user_id, instant};
use super::{Action, Store, Trace};
use crate::domain::{Result, UserName};

/// A session to be opened.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// The cookie, of 256 random bits.
    pub secret: &'a SecretString,
    /// The browser, as it calls itself.
    pub agent: &'a str,
    /// Where it is.
    pub address: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// Swept from then on unless it is used.
    pub expires: DateTime<Utc>,
}

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Number, never used again.
    pub id: i64,
    /// The browser, as it called itself.
    pub agent: String,
    /// Where it was last.
    pub address: String,
    /// Sign-in.
    pub created: DateTime<Utc>,
    /// When it was last used, to a few minutes.
    pub last_seen: DateTime<Utc>,
}

/// Secrets of 256 random bits: a plain hash gives nothing away.
pub(super) fn hash(secret: &SecretString) -> Vec<u8> {
    Sha256::digest(secret.expose_secret()).to_vec()
}

const COLUMNS: &str = "s.id, s.agent, s.address, s.created, s.last_seen";

type Columns = (i64, String, String, i64, i64);

fn read((id, agent, address, created, last_seen): Columns) -> Result<SessionRow> {
    Ok(SessionRow {
        id,
        agent,
        address,
        created: instant(created)?,
        last_seen: instant(last_seen)?,
    })
}

/// Opens a session inside a transaction and notes the sign-in; gives its number.
pub(super) async fn open(
    connection: &mut SqliteConnection,
    user: i64,
    new: NewSession<'_>,
) -> Result<i64> {
    sqlx::query("UPDATE users SET last_sign_in = $2 WHERE id = $1")
        .bind(user)
        .bind(new.now.timestamp_micros())
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    let (id,): (i64,) = sqlx::query_as(
        "INSERT INTO sessions (user_id, hash, agent, address, created, last_seen, expires) \
         VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id",
    )
    .bind(user)
    .bind(hash(new.secret))
    .bind(new.agent)
    .bind(new.address)
    .bind(new.now.timestamp_micros())
    .bind(new.expires.timestamp_micros())
    .fetch_one(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(id)
}

/// The same, and ends all others of the user.
pub(super) async fn open_alone(
    connection: &mut SqliteConnection,
    user: i64,
    new: NewSession<'_>,
) -> Result<i64> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1")
        .bind(user)
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    open(connection, user, new).await
}

impl Store {
    /// Opens a session; gives its number. `checked` is the hash of the password that the user
    /// came with, where it was one. `NotFound` without such a user, `Forbidden` where the user is
    /// disabled, `Changed` where the password is another one by now.
    pub async fn open_session(
        &self,
        user: &UserName,
        new: NewSession<'_>,
        checked: Option<&SecretString>,
        trace: Trace<'_>,
    ) -> Result<i64> {
        let mut tx = self.begin().await?;
        let id = enabled_user_id(&mut tx, user).await?;
        if checked.is_some() {
            self.require_hash(&mut tx, id, user, checked).await?;
        }
        let session = open(&mut tx, id, new).await?;
        trace
            .note(&mut tx, Action::SignedIn, Some(user), "")
            .await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(session)
    }

    /// The session of a cookie, and its user as of now; `None` where there is none or the user is
    /// disabled. Whether it is over is the caller's to judge. Also reads the generation.
    pub async fn session(&self, secret: &SecretString) -> Result<Option<(SessionRow, UserRow)>> {
        // two queries: tuples are read up to 16 columns
        let mut tx = self.readers.begin().await.map_err(from_sqlx)?;
        let hash = hash(secret);
        let sql = format!("SELECT {COLUMNS} FROM sessions s WHERE s.hash = $1");
        let session: Option<Columns> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(&hash)
            .fetch_optional(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        let sql = format!(
            "SELECT {} FROM users u JOIN sessions s ON s.user_id = u.id \
             WHERE s.hash = $1 AND u.disabled = 0",
            users::COLUMNS
        );
        let user: Option<users::Columns> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(&hash)
            .fetch_optional(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        let (generation,): (i64,) = sqlx::query_as("SELECT generation FROM meta WHERE id = 1")
            .fetch_one(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        self.saw(generation);
        let Some((session, user)) = session.zip(user) else {
            return Ok(None);
        };
        Ok(Some((read(session)?, users::read(user)?)))
    }

    /// Notes that a session is in use.
    pub async fn touch_session(
        &self,
        id: i64,
        address: &str,
        now: DateTime<Utc>,
        expires: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE sessions SET last_seen = $2, expires = $3, address = $4 \
             WHERE id = $1 AND last_seen < $2",
        )
        .bind(id)
        .bind(now.timestamp_micros())
        .bind(expires.timestamp_micros())
        .bind(address)
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    /// A user's sessions, the last used first.
    pub async fn sessions(&self, user: &UserName) -> Result<Vec<SessionRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE u.name = $1 ORDER BY s.last_seen DESC, s.id DESC"
        );
        let rows: Vec<Columns> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(user.as_str())
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
        rows.into_iter().map(read).collect()
    }
}

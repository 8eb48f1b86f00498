//! Programs that ask for an app password of their own.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::passwords::{self, NewPasswordRow};
use super::seal::Place;
use super::sessions::hash;
use super::users::user_name;
use super::{Action, By, Store, Trace, Via};
use crate::domain::{Result, UserName};

/// Most requests that are open; the oldest make room. Those that users granted are not counted.
const MOST: i64 = 1000;

/// A program's request to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewLogin<'a> {
    /// What the program asks with. Only its hash is stored.
    pub poll: &'a SecretString,
    /// What the browser shows. Only its hash is stored.
    pub flow: &'a SecretString,
    /// The program, as it calls itself.
    pub agent: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// Over from then on.
    pub expires: DateTime<Utc>,
}

/// An app password for the program that asks.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// Whose it is.
    pub user: &'a UserName,
    /// As the program is to be told it.
    pub secret: &'a SecretString,
    /// As it is hashed.
    pub normalised: &'a str,
    /// What else is known of it.
    pub row: NewPasswordRow<'a>,
}

/// Which requests are forgotten.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gone {
    /// Those whose time is over.
    Over,
    /// Those that a user granted.
    Of(i64),
    /// One of them.
    Row(i64),
}

pub(super) fn place(row: i64) -> Place {
    Place {
        table: "logins",
        column: "password",
        row,
    }
}

/// Forgets requests inside a transaction. The app password of one that was granted and never
/// fetched is known to nobody: it ends too. Whether one did.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    gone: Gone,
    trace: Trace<'_>,
) -> Result<bool> {
    let (condition, value) = match gone {
        Gone::Over => ("expires <= $1", trace.at.timestamp_micros()),
        Gone::Of(user) => ("user_id = $1", user),
        Gone::Row(row) => ("id = $1", row),
    };
    let sql = format!("DELETE FROM logins WHERE {condition} RETURNING password_id");
    let rows: Vec<(Option<i64>,)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(value)
        .fetch_all(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    let mut ended = false;
    for id in rows.into_iter().filter_map(|(id,)| id) {
        let owner: Option<(String,)> = sqlx::query_as(
            "DELETE FROM app_passwords WHERE id = $1 \
             RETURNING (SELECT name FROM users WHERE users.id = app_passwords.user_id)",
        )
        .bind(id)
        .fetch_optional(&mut *connection)
        .await
        .map_err(from_sqlx)?;
        let Some((owner,)) = owner else { continue };
        let (revoked, owner) = (Action::PasswordRevoked, user_name(&owner)?);
        let object = format!("{id} (no program fetched it)");
        trace
            .note(connection, revoked, Some(&owner), &object)
            .await?;
        ended = true;
    }
    Ok(ended)
}

/// Nobody: time passed.
pub(super) fn by_time() -> By {
    By::new(None, String::new(), Via::Dav)
}

impl Store {
    /// Notes a program's request, and forgets those whose time is over.
    pub async fn begin_login(&self, new: NewLogin<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        let by = by_time();
        let trace = Trace {
            at: new.now,
            by: &by,
        };
        forget(&mut tx, Gone::Over, trace).await?;
        sqlx::query(
            "DELETE FROM logins WHERE id IN (SELECT id FROM logins WHERE user_id IS NULL \
             ORDER BY id DESC LIMIT -1 OFFSET $1)",
        )
        .bind(MOST - 1)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query(
            "INSERT INTO logins (poll, flow, agent, created, expires) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(hash(new.poll))
        .bind(hash(new.flow))
        .bind(new.agent)
        .bind(new.now.timestamp_micros())
        .bind(new.expires.timestamp_micros())
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// Which program asks; `None` where the request was answered, or its time is over.
    pub async fn open_login(
        &self,
        flow: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT agent FROM logins WHERE flow = $1 AND user_id IS NULL AND expires > $2",
        )
        .bind(hash(flow))
        .bind(now.timestamp_micros())
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(row.map(|(agent,)| agent))
    }

    /// Makes an app password and keeps it, sealed, until the program fetches it. `false` where the
    /// request is not open: then none is made.
    pub async fn grant_login(
        &self,
        flow: &SecretString,
        grant: Grant<'_>,
        trace: Trace<'_>,
    ) -> Result<bool> {
        let mut change = self.change().await?;
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT id FROM logins WHERE flow = $1 AND user_id IS NULL AND expires > $2",
        )
        .bind(hash(flow))
        .bind(trace.at.timestamp_micros())
        .fetch_optional(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        let Some((id,)) = row else {
            return Ok(false);
        };
        let keys = self.sealing_keys(&mut change.tx).await?;
        let Grant { user, row, .. } = grant;
        let made = passwords::insert(&mut change.tx, &keys, user, grant.normalised, row, trace);
        let made = made.await?;
        sqlx::query(
            "UPDATE logins SET user_id = (SELECT id FROM users WHERE name = $2), password = $3, \
             password_id = $4 WHERE id = $1",
        )
        .bind(id)
        .bind(user.as_str())
        .bind(keys.seal(place(id), grant.secret.expose_secret())?)
        .bind(made)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        change.commit().await?;
        Ok(true)
    }

    /// Forgets an open request. Whether it was open.
    pub async fn refuse_login(&self, flow: &SecretString, now: DateTime<Utc>) -> Result<bool> {
        let done =
            sqlx::query("DELETE FROM logins WHERE flow = $1 AND user_id IS NULL AND expires > $2")
                .bind(hash(flow))
                .bind(now.timestamp_micros())
                .execute(&self.writer)
                .await
                .map_err(from_sqlx)?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes a granted app password and whose it is away: no second call gets it. `None` before
    /// it is granted, and where its time is over.
    pub async fn take_login(
        &self,
        poll: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<(UserName, SecretString)>> {
        // programs ask every few seconds, strangers with anything: they cost no write
        let granted = sqlx::query("SELECT 1 FROM logins WHERE poll = $1 AND password IS NOT NULL")
            .bind(hash(poll))
            .fetch_optional(&self.readers)
            .await
            .map_err(from_sqlx)?;
        if granted.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let row: Option<(i64, String, Vec<u8>)> = sqlx::query_as(
            "DELETE FROM logins WHERE poll = $1 AND password IS NOT NULL AND expires > $2 \
             RETURNING id, (SELECT name FROM users WHERE users.id = logins.user_id), password",
        )
        .bind(hash(poll))
        .bind(now.timestamp_micros())
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        let Some((id, user, sealed)) = row else {
            return Ok(None);
        };
        // one that was sealed by a key that is gone has to be begun anew
        let Ok(password) = self.open_sealed(place(id), &sealed) else {
            return Ok(None);
        };
        Ok(Some((user_name(&user)?, password)))
    }
}

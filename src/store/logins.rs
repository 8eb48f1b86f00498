//! Programs that ask for an app password of their own.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::Store;
use super::error::from_sqlx;
use super::seal::Place;
use super::sessions::hash;
use super::users::user_name;
use crate::domain::{Result, UserName};

/// Most requests that are open; the oldest make room.
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

fn place(row: i64) -> Place {
    Place {
        table: "logins",
        column: "password",
        row,
    }
}

impl Store {
    /// Notes a program's request, and forgets those whose time is over.
    pub async fn begin_login(&self, new: NewLogin<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM logins WHERE expires <= $1 \
             OR id IN (SELECT id FROM logins ORDER BY id DESC LIMIT -1 OFFSET $2)",
        )
        .bind(new.now.timestamp_micros())
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

    /// Keeps an app password, sealed, until the program fetches it. Whether the request was open.
    pub async fn grant_login(
        &self,
        flow: &SecretString,
        user: &UserName,
        password: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let row: Option<(i64,)> = sqlx::query_as(
            "UPDATE logins SET user_id = (SELECT id FROM users WHERE name = $2) \
             WHERE flow = $1 AND user_id IS NULL AND expires > $3 RETURNING id",
        )
        .bind(hash(flow))
        .bind(user.as_str())
        .bind(now.timestamp_micros())
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let Some((id,)) = row else {
            return Ok(false);
        };
        let keys = self.sealing_keys(&mut tx).await?;
        sqlx::query("UPDATE logins SET password = $2 WHERE id = $1")
            .bind(id)
            .bind(keys.seal(place(id), password.expose_secret())?)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
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

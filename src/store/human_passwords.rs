//! Passwords that people choose, for the page: argon2id in PHC form, sealed, so that a stolen
//! database cannot even be guessed at.

use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteConnection;

use super::Store;
use super::error::from_sqlx;
use super::keys::KeyRing;
use super::seal::{Place, Unopened};
use super::users::user_id;
use crate::domain::{Error, Kind, Result, UserName};

pub(super) fn place(user: i64) -> Place {
    Place {
        table: "users",
        column: "password",
        row: user,
    }
}

/// Seals and stores a password's hash inside a transaction; links that set one end.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    keys: &KeyRing,
    user: i64,
    phc: &SecretString,
) -> Result<()> {
    sqlx::query("UPDATE users SET password = $2 WHERE id = $1")
        .bind(user)
        .bind(keys.seal(place(user), phc.expose_secret())?)
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    sqlx::query("DELETE FROM invites WHERE user_id = $1")
        .bind(user)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

impl Store {
    /// The hash of a user's password; `None` where there is no such user or none was set.
    pub async fn human_password(&self, user: &str) -> Result<Option<SecretString>> {
        let row: Option<(i64, Option<Vec<u8>>)> =
            sqlx::query_as("SELECT id, password FROM users WHERE name = $1")
                .bind(user)
                .fetch_optional(&self.readers)
                .await
                .map_err(from_sqlx)?;
        let Some((id, Some(sealed))) = row else {
            return Ok(None);
        };
        let opened = self.open_sealed(place(id), &sealed).map_err(|why| {
            let sentence = match why {
                Unopened::OtherKey(key) => format!(
                    "the password of user {user} is sealed with key {key}, which is not in the \
                     key file"
                ),
                Unopened::Damaged => {
                    format!("the stored password of user {user} is damaged: invite the user again")
                }
            };
            Error::bridge(Kind::Down, sentence)
        })?;
        Ok(Some(opened))
    }

    /// Stores the hash of a user's new password and ends the user's sessions but one.
    /// `NotFound` without such a user.
    pub async fn set_human_password(
        &self,
        user: &UserName,
        phc: &SecretString,
        but: Option<i64>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        let id = user_id(&mut change.tx, user).await?;
        let keys = self.sealing_keys(&mut change.tx).await?;
        put(&mut change.tx, &keys, id, phc).await?;
        sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
            .bind(id)
            .bind(but.unwrap_or(0))
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        change.commit().await
    }
}

//! Passwords that people choose, for the page: argon2id in PHC form, sealed, so that a stolen
//! database cannot even be guessed at.

use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteConnection;

use super::error::from_sqlx;
use super::keys::KeyRing;
use super::seal::{self, Place, Unopened};
use super::users::user_id;
use super::{Action, Store, Trace};
use crate::domain::{Error, Kind, Result, UserName};

/// What has to stand in the place of a new password's hash.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// Anything.
    Any,
    /// This hash, which was checked; `None`: nothing.
    Was(Option<&'a SecretString>),
}

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
    seal::put(connection, keys, place(user), phc.expose_secret()).await?;
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
        self.open_human_password(id, user, &sealed).map(Some)
    }

    pub(super) fn open_human_password(
        &self,
        id: i64,
        user: &str,
        sealed: &[u8],
    ) -> Result<SecretString> {
        self.open_sealed(place(id), sealed).map_err(|why| {
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
        })
    }

    /// `Changed` where another hash stands there than the one that was checked: a slow check may
    /// end after the password was changed.
    pub(super) async fn require_hash(
        &self,
        connection: &mut SqliteConnection,
        id: i64,
        user: &UserName,
        checked: Option<&SecretString>,
    ) -> Result<()> {
        let (sealed,): (Option<Vec<u8>>,) =
            sqlx::query_as("SELECT password FROM users WHERE id = $1")
                .bind(id)
                .fetch_one(connection)
                .await
                .map_err(from_sqlx)?;
        let open = |sealed: Vec<u8>| self.open_human_password(id, user.as_str(), &sealed);
        let known = sealed.map(open).transpose()?;
        let text = |phc: &SecretString| phc.expose_secret().to_owned();
        if known.as_ref().map(text) == checked.map(text) {
            return Ok(());
        }
        let sentence = "the password was changed in the meantime";
        Err(Error::client(Kind::Changed, sentence))
    }

    /// Stores the hash of a user's new password and ends the user's sessions but one.
    /// `NotFound` without such a user, `Changed` where another hash stands there than `before`.
    pub async fn set_human_password(
        &self,
        user: &UserName,
        phc: &SecretString,
        before: Before<'_>,
        but: Option<i64>,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        let id = user_id(&mut change.tx, user).await?;
        if let Before::Was(checked) = before {
            self.require_hash(&mut change.tx, id, user, checked).await?;
        }
        let keys = self.sealing_keys(&mut change.tx).await?;
        put(&mut change.tx, &keys, id, phc).await?;
        sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
            .bind(id)
            .bind(but.unwrap_or(0))
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        let set = Action::PasswordSet;
        trace.note(&mut change.tx, set, Some(user), "").await?;
        change.commit().await
    }
}

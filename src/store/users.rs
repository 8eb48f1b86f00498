//! Users.

use chrono::{DateTime, Utc};

use super::Store;
use super::error::{from_sqlx, is_duplicate};
use crate::domain::{Error, Kind, Result, UserName};

/// A user as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// DAV name.
    pub name: UserName,
    /// Name for people.
    pub display_name: String,
    /// Whether sign-in is refused.
    pub disabled: bool,
    /// When the user was added.
    pub created: DateTime<Utc>,
}

/// There is no such user, as a positive statement.
pub(super) fn no_user(name: &UserName) -> Error {
    Error::client(Kind::NotFound, format!("there is no user {name}"))
}

/// A stored instant.
pub(super) fn instant(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| Error::bridge(Kind::Down, "the store holds a date out of range"))
}

/// A stored user name.
pub(super) fn user_name(name: &str) -> Result<UserName> {
    UserName::parse(name)
        .ok_or_else(|| Error::bridge(Kind::Down, "the store holds a bad user name"))
}

impl Store {
    /// Adds a user. `Invalid` where the name is taken.
    pub async fn add_user(
        &self,
        name: &UserName,
        display_name: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        sqlx::query(
            "INSERT INTO users (name, display_name, disabled, created) VALUES ($1, $2, 0, $3)",
        )
        .bind(name.as_str())
        .bind(display_name)
        .bind(now.timestamp_micros())
        .execute(&mut *change.tx)
        .await
        .map_err(|error| {
            if is_duplicate(&error) {
                Error::client(Kind::Invalid, format!("there is already a user {name}"))
            } else {
                from_sqlx(error)
            }
        })?;
        change.commit().await
    }

    /// All users by name.
    pub async fn users(&self) -> Result<Vec<UserRow>> {
        let rows: Vec<(String, String, bool, i64)> =
            sqlx::query_as("SELECT name, display_name, disabled, created FROM users ORDER BY name")
                .fetch_all(&self.readers)
                .await
                .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|(name, display_name, disabled, created)| {
                Ok(UserRow {
                    name: user_name(&name)?,
                    display_name,
                    disabled,
                    created: instant(created)?,
                })
            })
            .collect()
    }

    /// Lets a user in or not. `NotFound` without such a user.
    pub async fn set_user_disabled(&self, name: &UserName, disabled: bool) -> Result<()> {
        let mut change = self.change().await?;
        let done = sqlx::query("UPDATE users SET disabled = $2 WHERE name = $1")
            .bind(name.as_str())
            .bind(disabled)
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            return Err(no_user(name));
        }
        change.commit().await
    }

    /// Removes a user with passwords, connections, tokens, kept names and copied items. `NotFound` without
    /// such a user.
    pub async fn remove_user(&self, name: &UserName) -> Result<()> {
        let mut change = self.change().await?;
        for addresses in [
            "DELETE FROM drive_slugs WHERE connection_id IN (SELECT c.id FROM connections c \
             JOIN users u ON u.id = c.user_id WHERE u.name = $1)",
            "DELETE FROM file_names WHERE connection_id IN (SELECT c.id FROM connections c \
             JOIN users u ON u.id = c.user_id WHERE u.name = $1)",
            "DELETE FROM parts WHERE connection_id IN (SELECT c.id FROM connections c \
             JOIN users u ON u.id = c.user_id WHERE u.name = $1)",
            "DELETE FROM feeds WHERE connection_id IN (SELECT c.id FROM connections c \
             JOIN users u ON u.id = c.user_id WHERE u.name = $1)",
            "DELETE FROM shelf_lists WHERE connection_id IN (SELECT c.id FROM connections c \
             JOIN users u ON u.id = c.user_id WHERE u.name = $1)",
            "DELETE FROM collections WHERE user = $1",
        ] {
            sqlx::query(addresses)
                .bind(name.as_str())
                .execute(&mut *change.tx)
                .await
                .map_err(from_sqlx)?;
        }
        let done = sqlx::query("DELETE FROM users WHERE name = $1")
            .bind(name.as_str())
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            return Err(no_user(name));
        }
        change.commit().await
    }
}

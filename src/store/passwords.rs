//! App passwords: keyed hashes.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::error::from_sqlx;
use super::keys::KeyRing;
use super::users::{delete_own, instant, no_user};
use super::{Action, Store, Trace};
use crate::domain::{Access, Error, Kind, Result, Services, UserName};

/// An app password to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewPasswordRow<'a> {
    /// The device or program, for people.
    pub label: &'a str,
    /// What it allows.
    pub access: Access,
    /// Which services it opens.
    pub services: Services,
    /// When it ends, if ever.
    pub expires: Option<DateTime<Utc>>,
}

/// An app password as stored; the password itself is not known any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordRow {
    /// Number, never used again.
    pub id: i64,
    /// The device or program, for people.
    pub label: String,
    /// What it allows.
    pub access: Access,
    /// Which services it opens.
    pub services: Services,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends, if ever.
    pub expires: Option<DateTime<Utc>>,
    /// When it was last used, to the hour.
    pub last_used: Option<DateTime<Utc>>,
}

fn write_access(access: Access) -> &'static str {
    match access {
        Access::Read => "read",
        Access::ReadWrite => "read-write",
    }
}

pub(super) fn read_access(text: &str) -> Result<Access> {
    match text {
        "read" => Ok(Access::Read),
        "read-write" => Ok(Access::ReadWrite),
        _ => Err(Error::bridge(Kind::Down, "the store holds a bad access")),
    }
}

pub(super) fn read_services(text: &str) -> Result<Services> {
    Services::parse(text).ok_or_else(|| Error::bridge(Kind::Down, "the store holds a bad scope"))
}

/// Stores the hash of a normalised app password inside a transaction; gives its number.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    keys: &KeyRing,
    user: &UserName,
    password: &str,
    new: NewPasswordRow<'_>,
    trace: Trace<'_>,
) -> Result<i64> {
    let (hash, key) = keys.hash_password(user.as_str(), password);
    let id: Option<(i64,)> = sqlx::query_as(
        "INSERT INTO app_passwords (user_id, label, hash, key_id, access, scope, created, \
         expires) SELECT id, $2, $3, $4, $5, $6, $7, $8 FROM users WHERE name = $1 \
         ON CONFLICT (hash) DO UPDATE SET label = excluded.label, access = excluded.access, \
         scope = excluded.scope, expires = excluded.expires RETURNING id",
    )
    .bind(user.as_str())
    .bind(new.label)
    .bind(&hash[..])
    .bind(key.to_string())
    .bind(write_access(new.access))
    .bind(new.services.as_str())
    .bind(trace.at.timestamp_micros())
    .bind(new.expires.map(|at| at.timestamp_micros()))
    .fetch_optional(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let (id,) = id.ok_or_else(|| no_user(user))?;
    let (made, object) = (Action::PasswordMade, about(id, new.label));
    trace.note(connection, made, Some(user), &object).await?;
    Ok(id)
}

/// An app password as lines of the audit log name it.
pub(super) fn about(id: i64, label: &str) -> String {
    format!("{id} {label}").trim_end().to_owned()
}

impl Store {
    /// Stores the hash of a normalised app password; gives its number. Storing the same one
    /// again replaces what is known about it. `NotFound` without such a user.
    pub async fn add_password(
        &self,
        user: &UserName,
        password: &str,
        new: NewPasswordRow<'_>,
        trace: Trace<'_>,
    ) -> Result<i64> {
        let mut change = self.change().await?;
        let keys = self.sealing_keys(&mut change.tx).await?;
        let id = insert(&mut change.tx, &keys, user, password, new, trace).await?;
        change.commit().await?;
        Ok(id)
    }

    /// A user's app passwords, oldest first. `NotFound` without such a user.
    pub async fn passwords(&self, user: &UserName) -> Result<Vec<PasswordRow>> {
        type Row = (
            Option<i64>,
            Option<String>,
            Option<String>,
            Option<String>,
            Option<i64>,
            Option<i64>,
            Option<i64>,
        );
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT p.id, p.label, p.access, p.scope, p.created, p.expires, p.last_used \
             FROM users u LEFT JOIN app_passwords p ON p.user_id = u.id \
             WHERE u.name = $1 ORDER BY p.id",
        )
        .bind(user.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        if rows.is_empty() {
            return Err(no_user(user));
        }
        let mut passwords = Vec::new();
        for row in rows {
            let (Some(id), Some(label), Some(access), Some(services), Some(created), ..) = row
            else {
                continue;
            };
            let (expires, last_used) = (row.5, row.6);
            passwords.push(PasswordRow {
                id,
                label,
                access: read_access(&access)?,
                services: read_services(&services)?,
                created: instant(created)?,
                expires: expires.map(instant).transpose()?,
                last_used: last_used.map(instant).transpose()?,
            });
        }
        Ok(passwords)
    }

    /// Deletes one of a user's app passwords. `NotFound` where the user has no such password.
    pub async fn delete_password(&self, user: &UserName, id: i64, trace: Trace<'_>) -> Result<()> {
        let mut change = self.change().await?;
        let row = ("app_passwords", "label");
        let Some(label) = delete_own(&mut change.tx, row, user, id).await? else {
            let sentence = format!("user {user} has no app password {id}");
            return Err(Error::client(Kind::NotFound, sentence));
        };
        let (revoked, object) = (Action::PasswordRevoked, about(id, &label));
        trace
            .note(&mut change.tx, revoked, Some(user), &object)
            .await?;
        change.commit().await
    }
}

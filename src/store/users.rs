//! Users.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::{from_sqlx, is_duplicate};
use super::{Action, Store, Trace};
use crate::domain::{Error, Kind, Result, Role, Rule, UserName};

/// A user as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// DAV name.
    pub name: UserName,
    /// Name for people.
    pub display_name: String,
    /// What the user may do.
    pub role: Role,
    /// Whether sign-in is refused.
    pub disabled: bool,
    /// When the user was added.
    pub created: DateTime<Utc>,
    /// Whether there is a password for the page.
    pub has_password: bool,
    /// Issuer and subject at an identity provider.
    pub subject: Option<(String, String)>,
    /// As the identity provider told it last.
    pub email: Option<String>,
    /// Last sign-in on the page.
    pub last_sign_in: Option<DateTime<Utc>>,
}

/// What [`read`] reads of `users u`.
pub(super) const COLUMNS: &str = "u.name, u.display_name, u.role, u.disabled, u.created, \
    u.password IS NOT NULL, u.issuer, u.subject, u.email, u.last_sign_in";

pub(super) type Columns = (
    String,
    String,
    String,
    bool,
    i64,
    bool,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
);

pub(super) fn read(row: Columns) -> Result<UserRow> {
    let (name, display_name, role, disabled, created, has_password, issuer, subject, email, last) =
        row;
    Ok(UserRow {
        name: user_name(&name)?,
        display_name,
        role: read_role(&role)?,
        disabled,
        created: instant(created)?,
        has_password,
        subject: issuer.zip(subject),
        email,
        last_sign_in: last.map(instant).transpose()?,
    })
}

/// A stored role.
pub(super) fn read_role(text: &str) -> Result<Role> {
    Role::parse(text).ok_or_else(|| Error::bridge(Kind::Down, "the store holds a bad role"))
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

/// Row number of a user inside a transaction. `NotFound` without such a user.
pub(super) async fn user_id(connection: &mut SqliteConnection, name: &UserName) -> Result<i64> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT id FROM users WHERE name = $1")
        .bind(name.as_str())
        .fetch_optional(connection)
        .await
        .map_err(from_sqlx)?;
    row.map(|(id,)| id).ok_or_else(|| no_user(name))
}

/// The number of a user who may come in. `NotFound` without such a user, `Forbidden` where the user
/// is disabled.
pub(super) async fn enabled_user_id(
    connection: &mut SqliteConnection,
    name: &UserName,
) -> Result<i64> {
    let id = user_id(connection, name).await?;
    let (disabled,): (bool,) = sqlx::query_as("SELECT disabled FROM users WHERE id = $1")
        .bind(id)
        .fetch_one(connection)
        .await
        .map_err(from_sqlx)?;
    if disabled {
        let sentence = format!("user {name} is disabled");
        return Err(Error::client(Kind::Forbidden, sentence));
    }
    Ok(id)
}

/// Deletes a row of a user's by its number; what stood in `column` of it, `None` where there was
/// none.
pub(super) async fn delete_own(
    connection: &mut SqliteConnection,
    (table, column): (&'static str, &'static str),
    user: &UserName,
    id: i64,
) -> Result<Option<String>> {
    let sql = format!(
        "DELETE FROM {table} WHERE id = $2 \
         AND user_id = (SELECT id FROM users WHERE name = $1) RETURNING {column}"
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(user.as_str())
        .bind(id)
        .fetch_optional(connection)
        .await
        .map_err(from_sqlx)
}

/// Adds a row; gives its number. `Invalid` where the name is taken.
pub(super) async fn insert_user(
    connection: &mut SqliteConnection,
    name: &UserName,
    display_name: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<i64> {
    let made: (i64,) = sqlx::query_as(
        "INSERT INTO users (name, display_name, role, disabled, created) \
         VALUES ($1, $2, $3, 0, $4) RETURNING id",
    )
    .bind(name.as_str())
    .bind(display_name)
    .bind(role.as_str())
    .bind(now.timestamp_micros())
    .fetch_one(connection)
    .await
    .map_err(|error| {
        if is_duplicate(&error) {
            Error::against(Rule::NameTaken, format!("there is already a user {name}"))
        } else {
            from_sqlx(error)
        }
    })?;
    Ok(made.0)
}

/// How many administrators may sign in.
pub(super) async fn admins(connection: &mut SqliteConnection) -> Result<i64> {
    let sql = "SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0";
    let (count,): (i64,) = sqlx::query_as(sql)
        .fetch_one(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(count)
}

impl Store {
    /// Adds a user. `Invalid` where the name is taken.
    pub async fn add_user(
        &self,
        name: &UserName,
        display_name: &str,
        role: Role,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        insert_user(&mut change.tx, name, display_name, role, trace.at).await?;
        let (added, role) = (Action::UserAdded, role.as_str());
        trace.note(&mut change.tx, added, Some(name), role).await?;
        change.commit().await
    }

    /// All users by name.
    pub async fn users(&self) -> Result<Vec<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users u ORDER BY u.name");
        let rows: Vec<Columns> = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
        rows.into_iter().map(read).collect()
    }

    /// One user; `None` where there is none of that name.
    pub async fn user(&self, name: &UserName) -> Result<Option<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.name = $1");
        let row: Option<Columns> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(name.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(from_sqlx)?;
        row.map(read).transpose()
    }

    /// Whether there is an administrator who may sign in.
    pub async fn has_admin(&self) -> Result<bool> {
        let mut connection = self.readers.acquire().await.map_err(from_sqlx)?;
        Ok(admins(&mut connection).await? > 0)
    }
}

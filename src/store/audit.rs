//! Who did what: lines that are only added, and go when they are old.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::Store;
use super::error::from_sqlx;
use super::users::{instant, user_name};
use crate::domain::{Error, Kind, Result, UserName};

/// How long a line is kept.
const KEPT: TimeDelta = TimeDelta::days(400);
/// Most lines that are kept.
const MOST: i64 = 100_000;

/// By which way somebody did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// On the page.
    Page,
    /// As a DAV client.
    Dav,
    /// By a command on the machine.
    Command,
}

impl Via {
    const ALL: [Self; 3] = [Self::Page, Self::Dav, Self::Command];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Dav => "dav",
            Self::Command => "command",
        }
    }
}

/// A line to be written. It never holds a secret.
#[derive(Debug, Clone)]
pub struct NewAudit<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: an operator by command, or nobody known.
    pub actor: Option<&'a UserName>,
    /// What, e.g. `role changed`.
    pub action: &'a str,
    /// Whom it is about.
    pub user: Option<&'a UserName>,
    /// What it is about, e.g. the name of a connection.
    pub object: &'a str,
    /// From where: address and program.
    pub client: &'a str,
    /// By which way.
    pub via: Via,
}

/// A line as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Number; rises with time.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: an operator by command, or nobody known.
    pub actor: Option<UserName>,
    /// What.
    pub action: String,
    /// Whom it is about.
    pub user: Option<UserName>,
    /// What it is about.
    pub object: String,
    /// From where.
    pub client: String,
    /// By which way.
    pub via: Via,
}

type Columns = (
    i64,
    i64,
    Option<String>,
    String,
    Option<String>,
    String,
    String,
    String,
);

fn read(row: Columns) -> Result<AuditRow> {
    let (id, at, actor, action, user, object, client, via) = row;
    let via = Via::ALL.into_iter().find(|known| known.as_str() == via);
    Ok(AuditRow {
        id,
        at: instant(at)?,
        actor: actor.as_deref().map(user_name).transpose()?,
        action,
        user: user.as_deref().map(user_name).transpose()?,
        object,
        client,
        via: via.ok_or_else(|| Error::bridge(Kind::Down, "the store holds a bad way"))?,
    })
}

/// Writes a line inside a transaction.
pub(super) async fn write(connection: &mut SqliteConnection, line: &NewAudit<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (at, actor, action, user, object, client, way) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(line.at.timestamp_micros())
    .bind(line.actor.map(UserName::as_str))
    .bind(line.action)
    .bind(line.user.map(UserName::as_str))
    .bind(line.object)
    .bind(line.client)
    .bind(line.via.as_str())
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

impl Store {
    /// Writes a line.
    pub async fn audit(&self, line: &NewAudit<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        write(&mut tx, line).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// Lines before the one of that number, newest first.
    pub async fn audit_lines(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditRow>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, at, actor, action, user, object, client, way FROM audit \
             WHERE id < $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(read).collect()
    }
}

/// Forgets old lines and those beyond the most that are kept.
pub(super) async fn trim(connection: &mut SqliteConnection, now: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "DELETE FROM audit WHERE at < $1 OR id <= (SELECT coalesce(max(id), 0) FROM audit) - $2",
    )
    .bind((now - KEPT).timestamp_micros())
    .bind(MOST)
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

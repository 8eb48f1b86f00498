//! Who did what: lines that are only added, and go when they are old.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::error::from_sqlx;
use super::users::{instant, user_name};
use super::{Action, Store};
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

/// Who asks for a change, and by which way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct By {
    actor: Option<UserName>,
    client: String,
    via: Via,
}

impl By {
    /// A user, or an operator or nobody known; `client`: from where, address and program.
    #[must_use]
    pub const fn new(actor: Option<UserName>, client: String, via: Via) -> Self {
        Self { actor, client, via }
    }

    /// An operator, on the machine itself.
    #[must_use]
    pub const fn command() -> Self {
        Self::new(None, String::new(), Via::Command)
    }

    /// The same way, by this user.
    #[must_use]
    pub fn acting(&self, user: &UserName) -> Self {
        Self {
            actor: Some(user.clone()),
            ..self.clone()
        }
    }
}

/// Who makes a change, and when. The line about a change is written in its transaction: neither
/// is there without the other.
#[derive(Debug, Clone, Copy)]
pub struct Trace<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: &'a By,
}

impl Trace<'_> {
    /// Writes a line inside a transaction: what was done, whom it is about, and what, e.g. the
    /// name of a connection. It never holds a secret.
    pub(super) async fn note(
        self,
        connection: &mut SqliteConnection,
        action: Action,
        user: Option<&UserName>,
        object: &str,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit (at, actor, action, user, object, client, way) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.at.timestamp_micros())
        .bind(self.by.actor.as_ref().map(UserName::as_str))
        .bind(action.as_str())
        .bind(user.map(UserName::as_str))
        .bind(object)
        .bind(&self.by.client)
        .bind(self.by.via.as_str())
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }
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

impl Store {
    /// Writes a line about what changes nothing here.
    pub async fn audit(
        &self,
        trace: Trace<'_>,
        action: Action,
        user: Option<&UserName>,
        object: &str,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        trace.note(&mut tx, action, user, object).await?;
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

//! What `doctor` looks at: is the database whole, do the sealed tokens open, how much is in it.

use secrecy::SecretString;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::{Store, schema};
use crate::domain::{ConnectionId, Result};

/// How the store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Version of the schema.
    pub schema: i64,
    /// Ids of the keys in the key file; the database names the one that seals.
    pub keys: String,
    /// Size of the database in bytes, without its journal.
    pub bytes: i64,
    /// Users.
    pub users: i64,
    /// App passwords.
    pub passwords: i64,
    /// Connected accounts, disconnected ones not counted.
    pub connections: i64,
    /// What is wrong, as sentences; empty when all is well.
    pub problems: Vec<String>,
}

impl Store {
    /// Examines the whole database: reads every page and opens every token.
    pub async fn check(&self) -> Result<Health> {
        let mut connection = self.readers.acquire().await.map_err(from_sqlx)?;
        let mut problems = damage(&mut connection).await?;
        let count = async |connection: &mut SqliteConnection, what: &str| -> Result<i64> {
            let (count,): (i64,) = sqlx::query_as(AssertSqlSafe(format!("SELECT {what}")))
                .fetch_one(connection)
                .await
                .map_err(from_sqlx)?;
            Ok(count)
        };
        let bytes = "page_count * page_size FROM pragma_page_count, pragma_page_size";
        let health = Health {
            schema: schema::latest(self.settings.migrations),
            keys: self.keys().ids(),
            bytes: count(&mut connection, bytes).await?,
            users: count(&mut connection, "count(*) FROM users").await?,
            passwords: count(&mut connection, "count(*) FROM app_passwords").await?,
            connections: count(&mut connection, "count(token) FROM connections").await?,
            problems: Vec::new(),
        };
        let sealed: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT id, token FROM connections WHERE token IS NOT NULL")
                .fetch_all(&mut *connection)
                .await
                .map_err(from_sqlx)?;
        for (id, token) in sealed {
            let opened: Result<SecretString> = self.open_token(ConnectionId(id), &token);
            problems.extend(opened.err().map(|error| error.chain()));
        }
        if let Some(mode) = self
            .folder
            .as_ref()
            .and_then(|folder| folder.open_to_others())
        {
            problems.push(format!(
                "the data folder is open to others (mode {mode:04o}): run `chmod 700` on it"
            ));
        }
        Ok(Health { problems, ..health })
    }
}

/// What SQLite finds wrong with the database; empty when it is whole.
pub(super) async fn damage(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let found: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    let dangling: Vec<(String, Option<i64>, String, i64)> =
        sqlx::query_as("PRAGMA foreign_key_check")
            .fetch_all(connection)
            .await
            .map_err(from_sqlx)?;
    let found = found.into_iter().map(|(text,)| text);
    let dangling = dangling
        .into_iter()
        .map(|(table, _, parent, _)| format!("a row of {table} refers to nothing in {parent}"));
    Ok(found.filter(|text| text != "ok").chain(dangling).collect())
}

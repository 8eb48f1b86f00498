//! What `doctor` looks at: is the database whole, does what is sealed open, how much is in it.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::{Store, logins, schema};
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
    /// Examines the whole database: reads every page and opens all that is sealed.
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
        problems.extend(self.unopened(&mut connection).await?);
        problems.extend(self.unknown_keys(&mut connection).await?);
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

    /// Sealed values that do not open: tokens, passwords of the page, and app passwords that
    /// wait for their programs.
    async fn unopened(&self, connection: &mut SqliteConnection) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        for (id, _, token) in sealed(connection, "id, '', token FROM connections", "token").await? {
            let opened = self.open_token(ConnectionId(id), &token);
            problems.extend(opened.err().map(|error| error.chain()));
        }
        for (id, user, phc) in
            sealed(connection, "id, name, password FROM users", "password").await?
        {
            let opened = self.open_human_password(id, &user, &phc);
            problems.extend(opened.err().map(|error| error.chain()));
        }
        for (id, agent, password) in
            sealed(connection, "id, agent, password FROM logins", "password").await?
        {
            if self.open_sealed(logins::place(id), &password).is_err() {
                problems.push(format!(
                    "the app password that waits for {agent:?} cannot be opened: begin in that \
                     program again"
                ));
            }
        }
        Ok(problems)
    }

    /// App passwords that are hashed with a key that is not there: they let nobody in.
    async fn unknown_keys(&self, connection: &mut SqliteConnection) -> Result<Vec<String>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT key_id, count(*) FROM app_passwords GROUP BY key_id")
                .fetch_all(connection)
                .await
                .map_err(from_sqlx)?;
        let keys = self.keys();
        let lost = |(id, _): &(String, i64)| keys.all().iter().all(|key| key.id.to_string() != *id);
        let tell = |(id, count)| {
            format!(
                "{count} app passwords were hashed with key {id}, which is not in the key file: \
                 put it back, or make new ones"
            )
        };
        Ok(rows.into_iter().filter(lost).map(tell).collect())
    }
}

/// Rows with a sealed value: number, a word about it, the value.
async fn sealed(
    connection: &mut SqliteConnection,
    what: &str,
    column: &str,
) -> Result<Vec<(i64, String, Vec<u8>)>> {
    let sql = format!("SELECT {what} WHERE {column} IS NOT NULL");
    sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await
        .map_err(from_sqlx)
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

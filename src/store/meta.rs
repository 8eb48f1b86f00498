//! The row about the database itself: incarnation, generation, key check; and the one way to
//! make an administrative change.

use std::path::Path;
use std::sync::atomic::Ordering;

use chrono::Utc;
use data_encoding::HEXLOWER;
use secrecy::ExposeSecret;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::Store;
use super::error::from_sqlx;
use super::keys::{KeyId, KeyRing, fill_random};
use super::seal::{Place, Unopened, key_of};
use crate::domain::{Error, Kind, Result};

const CHECK: Place = Place {
    table: "meta",
    column: "key_check",
    row: 1,
};
const CHECK_TEXT: &str = "davbridge";

/// An administrative change under way: commits together with the next generation, or not at
/// all when dropped.
pub(super) struct Change<'a> {
    store: &'a Store,
    pub(super) tx: Transaction<'static, Sqlite>,
}

impl Change<'_> {
    /// Raises the generation and commits.
    pub(super) async fn commit(mut self) -> Result<()> {
        let (generation,): (i64,) = sqlx::query_as(
            "UPDATE meta SET generation = generation + 1 WHERE id = 1 RETURNING generation",
        )
        .fetch_one(&mut *self.tx)
        .await
        .map_err(from_sqlx)?;
        self.tx.commit().await.map_err(from_sqlx)?;
        self.store.saw(generation);
        Ok(())
    }
}

impl Store {
    /// Begins a write transaction that holds the write lock from the start.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(from_sqlx)
    }

    /// Begins an administrative change.
    pub(super) async fn change(&self) -> Result<Change<'_>> {
        let tx = self.begin().await?;
        Ok(Change { store: self, tx })
    }

    /// Notes a generation that was read or made; generations only rise.
    pub(super) fn saw(&self, generation: i64) {
        self.seen.fetch_max(generation, Ordering::AcqRel);
    }

    /// The newest generation this process has met: copies of users and connections made under an
    /// older one are dropped. Sign-in reads it anew for each request, so changes by another
    /// process show at the next request.
    #[must_use]
    pub fn seen_generation(&self) -> i64 {
        self.seen.load(Ordering::Acquire)
    }

    /// Names this life of the database: another one after a restore. Part of whatever a client
    /// must not carry over, such as sync tokens.
    pub async fn incarnation(&self) -> Result<String> {
        let (incarnation,): (String,) = sqlx::query_as("SELECT incarnation FROM meta WHERE id = 1")
            .fetch_one(&self.readers)
            .await
            .map_err(from_sqlx)?;
        Ok(incarnation)
    }
}

/// A name for a new life of the database.
pub(super) fn new_incarnation() -> Result<String> {
    let mut bytes = [0; 8];
    fill_random(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// The first row of a new database.
pub(super) async fn write_first(connection: &mut SqliteConnection, keys: &KeyRing) -> Result<()> {
    sqlx::query(
        "INSERT INTO meta (id, incarnation, generation, created, key_check) \
         VALUES (1, $1, 1, $2, $3)",
    )
    .bind(new_incarnation()?)
    .bind(Utc::now().timestamp_micros())
    .bind(keys.seal(CHECK, CHECK_TEXT)?)
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// Seals the check value with the current key of a ring, which thereby becomes the database's.
pub(super) async fn seal_check(connection: &mut SqliteConnection, keys: &KeyRing) -> Result<()> {
    sqlx::query("UPDATE meta SET key_check = $1 WHERE id = 1")
        .bind(keys.seal(CHECK, CHECK_TEXT)?)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// Refuses keys that do not belong to the database, with what to do about it; gives the one that
/// seals.
pub(super) async fn check_key(
    connection: &mut SqliteConnection,
    keys: &KeyRing,
    database: &Path,
    key_file: &Path,
    remedy: &str,
) -> Result<KeyId> {
    let (sealed,): (Vec<u8>,) = sqlx::query_as("SELECT key_check FROM meta WHERE id = 1")
        .fetch_one(connection)
        .await
        .map_err(from_sqlx)?;
    let (database, key_file) = (database.display(), key_file.display());
    let opened = keys.open(CHECK, &sealed);
    let sentence = match (opened, key_of(&sealed)) {
        (Ok(text), Some(id)) if text.expose_secret() == CHECK_TEXT => return Ok(id),
        (Err(Unopened::OtherKey(id)), _) => format!(
            "{database} belongs to key {id}, but the key file {key_file} holds {}: {remedy}",
            keys.ids()
        ),
        (Ok(_) | Err(Unopened::Damaged), _) => {
            format!("the check value of {database} is damaged: restore the database from a backup")
        }
    };
    Err(Error::bridge(Kind::Down, sentence))
}

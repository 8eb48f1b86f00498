//! New master keys, and old ones that go.
//!
//! A rotation writes the new key to the key file first, then seals everything with it in one
//! transaction. Killed in between, the database still belongs to the old key, and the next
//! rotation takes the key that is in the file already.

use std::collections::BTreeMap;
use std::fs::File;

use secrecy::ExposeSecret;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::folder::Folder;
use super::keys::{KeyId, KeyRing};
use super::logins::{self, Gone};
use super::seal::{self, Place, Unopened, key_of};
use super::{Action, Store, Trace, key_file, meta};
use crate::domain::{Error, Kind, Result};

/// Every sealed column beside the check value of `meta` and those of [`PASSING`].
const SEALED: &[(&str, &str)] = &[("connections", "token"), ("users", "password")];
/// Sealed columns of what is under way and over within minutes.
const PASSING: &[(&str, &str)] = &[
    ("consents", "verifier"),
    ("sign_ins", "verifier"),
    ("sign_ins", "back"),
    ("logins", "password"),
];

/// A key and what needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Its name, which tells nothing of it.
    pub id: String,
    /// Whether it seals.
    pub current: bool,
    /// Values that are sealed with it.
    pub sealed: u64,
    /// App passwords that are hashed with it: they get the newest key when they are used.
    pub passwords: u64,
}

impl Store {
    /// Makes a new key and seals everything with it, also while a server runs; gives its id. Old
    /// keys stay in the file for the app passwords that are hashed with them.
    pub async fn rotate_key(&self, trace: Trace<'_>) -> Result<String> {
        let (folder, _lock) = self.locked().await?;
        let file = KeyRing::read(folder.key_file())?;
        let mut change = self.change().await?;
        let before = self.sealing_keys(&mut change.tx).await?.current().id;
        // the last key of the file was made by a rotation that was killed
        let ring = if file.newest() == before {
            key_file::append(folder.key_file())?;
            KeyRing::read(folder.key_file())?
        } else {
            file
        };
        let id = ring.newest();
        let lost = || Error::bridge(Kind::Broken, "a key just made is not in the key file");
        let ring = ring.with_current(id).ok_or_else(lost)?;
        forget_passing(&mut change.tx, &ring, trace).await?;
        for (table, column) in SEALED.iter().chain(PASSING) {
            seal_anew(&mut change.tx, &ring, table, column).await?;
        }
        meta::seal_check(&mut change.tx, &ring).await?;
        let (rotated, name) = (Action::KeyRotated, id.to_string());
        trace.note(&mut change.tx, rotated, None, &name).await?;
        change.commit().await?;
        self.keep(ring);
        Ok(name)
    }

    /// All keys of the key file, in its order.
    pub async fn key_uses(&self) -> Result<Vec<KeyUse>> {
        let mut connection = self.readers.acquire().await.map_err(from_sqlx)?;
        self.sealing_keys(&mut connection).await?;
        let uses = uses(&mut connection).await?;
        let keys = self.keys();
        let about = keys.all().iter().map(|key| {
            let (sealed, passwords) = uses.get(&key.id.to_string()).copied().unwrap_or_default();
            KeyUse {
                id: key.id.to_string(),
                current: self.is_current(key.id),
                sealed,
                passwords,
            }
        });
        Ok(about.collect())
    }

    /// Takes the keys out of the key file that nothing needs; gives their ids. Backups that were
    /// made before need them still.
    pub async fn prune_keys(&self, trace: Trace<'_>) -> Result<Vec<String>> {
        let (folder, _lock) = self.locked().await?;
        // under the write lock: nobody hashes or seals with them in the meantime
        let mut change = self.change().await?;
        let current = self.sealing_keys(&mut change.tx).await?.current().id;
        let uses = uses(&mut change.tx).await?;
        let ring = KeyRing::read(folder.key_file())?;
        let needless = ring.all().iter().map(|key| key.id);
        let needless: Vec<KeyId> = needless
            .filter(|id| *id != current && !uses.contains_key(&id.to_string()))
            .collect();
        if !needless.is_empty() {
            key_file::remove(folder.key_file(), &needless)?;
            let ring = KeyRing::read(folder.key_file())?;
            ring.with_current(current).map(|ring| self.keep(ring));
        }
        let ids: Vec<String> = needless.iter().map(ToString::to_string).collect();
        if !ids.is_empty() {
            let pruned = Action::KeysPruned;
            trace
                .note(&mut change.tx, pruned, None, &ids.join(" "))
                .await?;
        }
        change.commit().await?;
        Ok(ids)
    }

    async fn locked(&self) -> Result<(&Folder, File)> {
        let folder = self.folder.as_ref().ok_or_else(|| {
            Error::bridge(
                Kind::Unsupported,
                "a store in memory has one key for its life",
            )
        })?;
        Ok((folder, folder.lock().await?))
    }
}

/// Values and app passwords by the key that they need.
async fn uses(connection: &mut SqliteConnection) -> Result<BTreeMap<String, (u64, u64)>> {
    let mut uses: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (table, column) in SEALED.iter().chain(PASSING) {
        for (_, sealed) in sealed(connection, table, column).await? {
            if let Some(id) = key_of(&sealed) {
                uses.entry(id.to_string()).or_default().0 += 1;
            }
        }
    }
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT key_id, count(*) FROM app_passwords GROUP BY key_id")
            .fetch_all(connection)
            .await
            .map_err(from_sqlx)?;
    for (id, count) in rows {
        uses.entry(id).or_default().1 += count.unsigned_abs();
    }
    Ok(uses)
}

async fn sealed(
    connection: &mut SqliteConnection,
    table: &str,
    column: &str,
) -> Result<Vec<(i64, Vec<u8>)>> {
    let sql = format!("SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL");
    sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await
        .map_err(from_sqlx)
}

/// Forgets what is over, and what is under way and cannot be opened: it can be begun anew, and a
/// rotation must not fail for it.
async fn forget_passing(
    connection: &mut SqliteConnection,
    ring: &KeyRing,
    trace: Trace<'_>,
) -> Result<()> {
    logins::forget(connection, Gone::Over, trace).await?;
    for (table, column) in PASSING {
        let sql = format!("DELETE FROM {table} WHERE expires <= $1");
        run(connection, sql, trace.at.timestamp_micros()).await?;
        for (row, value) in sealed(connection, table, column).await? {
            let place = Place { table, column, row };
            if ring.open(place, &value).is_ok() {
                continue;
            }
            tracing::warn!(table, row, "what was under way cannot be opened: forgotten");
            if *table == "logins" {
                logins::forget(connection, Gone::Row(row), trace).await?;
            } else {
                run(
                    connection,
                    format!("DELETE FROM {table} WHERE id = $1"),
                    row,
                )
                .await?;
            }
        }
    }
    Ok(())
}

async fn run(connection: &mut SqliteConnection, sql: String, value: i64) -> Result<()> {
    let query = sqlx::query(AssertSqlSafe(sql)).bind(value);
    query.execute(connection).await.map_err(from_sqlx)?;
    Ok(())
}

/// Seals a column with the key that is current in the ring. What is damaged stays as it is.
async fn seal_anew(
    connection: &mut SqliteConnection,
    ring: &KeyRing,
    table: &'static str,
    column: &'static str,
) -> Result<()> {
    for (row, value) in sealed(connection, table, column).await? {
        let place = Place { table, column, row };
        let secret = match ring.open(place, &value) {
            Ok(secret) => secret,
            Err(Unopened::Damaged) => {
                tracing::warn!(table, row, "a damaged secret stays as it is");
                continue;
            }
            Err(Unopened::OtherKey(id)) => {
                let sentence = format!(
                    "{table} holds a secret sealed with key {id}, which is not in the key file: \
                     put that key back first"
                );
                return Err(Error::bridge(Kind::Down, sentence));
            }
        };
        seal::put(connection, ring, place, secret.expose_secret()).await?;
    }
    Ok(())
}

//! Restoring a backup into a database that may be in use.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::Utc;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, SqlitePool};

use super::error::{from_io, from_sqlx};
use super::folder::{Folder, make_private};
use super::meta::new_incarnation;
use super::pool::{Role, options};
use super::{Action, By, Settings, Store, Trace, health, meta, schema};
use crate::domain::{Error, Kind, Result};

impl Store {
    /// Replaces users, passwords, connections and addresses by those of a backup, in one
    /// transaction: any error leaves everything as it was. Sessions, links and what is under way
    /// end; the audit log stays. The database begins a new incarnation
    /// and generation, so a running server notices at its next request.
    ///
    /// # Errors
    /// A sentence where `file` is not a backup of davbridge, is damaged, of a newer version or
    /// sealed with a key that is not in the key file.
    pub async fn restore(&self, file: &Path) -> Result<()> {
        let (copy, _lock) = match &self.folder {
            Some(folder) => (folder.restoring(), Some(folder.lock().await?)),
            None => {
                let name = format!("davbridge-{}.restore", new_incarnation()?);
                (std::env::temp_dir().join(name), None)
            }
        };
        self.refuse_itself(file)?;
        Folder::discard(&copy);
        let copy = Discarded(copy);
        self.examine(file, &copy.0).await?;
        // On its own task: a caller that goes away does not leave it half attached.
        let (writer, path) = (self.writer.clone(), copy.0.clone());
        let name = file.display().to_string();
        let restored = tokio::spawn(async move { take_over(&writer, &path, &name).await });
        let generation = restored
            .await
            .map_err(|error| Error::bridge(Kind::Down, "restoring broke off").because(error))??;
        self.saw(generation);
        Ok(())
    }

    /// The database in use is no backup: its newest changes are in its journal.
    fn refuse_itself(&self, file: &Path) -> Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let same = fs::canonicalize(file)
            .ok()
            .is_some_and(|file| fs::canonicalize(folder.database()).is_ok_and(|own| own == file));
        if same {
            let sentence = "this is the database in use, not a backup of it";
            return Err(Error::client(Kind::Invalid, sentence));
        }
        Ok(())
    }

    /// Copies the backup, checks the copy and brings it to this program's version.
    async fn examine(&self, file: &Path, copy: &Path) -> Result<()> {
        let unreadable = |error| from_io(format!("{} cannot be read", file.display()), error);
        make_private(copy).map_err(unreadable)?;
        tokio::fs::copy(file, copy).await.map_err(unreadable)?;
        restrict(copy).map_err(unreadable)?;
        let settings = Settings {
            read_only: false,
            max_bytes: None,
            ..self.settings.clone()
        };
        let mut connection = options(&settings, copy, Role::Writer)
            .connect()
            .await
            .map_err(|error| damaged(file, error))?;
        let version = schema::version(&mut connection, file, settings.migrations).await?;
        if let Some(problem) = health::damage(&mut connection).await?.first() {
            let sentence = format!("{} is damaged: {problem}", file.display());
            return Err(Error::bridge(Kind::Down, sentence));
        }
        let key_file = self.folder.as_ref().map(Folder::key_file);
        let key_file = key_file.unwrap_or(Path::new("in memory"));
        let remedy = "put the line of that key above the others in the key file, start davbridge \
                      again, and restore";
        meta::check_key(&mut connection, &self.keys(), file, key_file, remedy).await?;
        if version < schema::latest(settings.migrations) {
            schema::migrate(&mut connection, settings.migrations).await?;
        }
        connection.close().await.map_err(from_sqlx)
    }
}

fn damaged(file: &Path, error: sqlx::Error) -> Error {
    Error::bridge(
        Kind::Down,
        format!(
            "{} is not a backup of davbridge, or is damaged",
            file.display()
        ),
    )
    .because(error)
}

/// `fs::copy` takes the source's permissions along.
fn restrict(copy: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(copy, fs::Permissions::from_mode(0o600))
}

/// A file that goes away with this value.
struct Discarded(PathBuf);

impl Drop for Discarded {
    fn drop(&mut self) {
        Folder::discard(&self.0);
    }
}

/// `name`: the backup, as the audit log names it.
async fn take_over(writer: &SqlitePool, copy: &Path, name: &str) -> Result<i64> {
    let path = copy
        .to_str()
        .ok_or_else(|| Error::client(Kind::Invalid, "the data folder is not a name in UTF-8"))?;
    let mut connection = writer.acquire().await.map_err(from_sqlx)?;
    sqlx::query("ATTACH DATABASE $1 AS backup")
        .bind(path)
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    let replaced = replace_all(&mut connection, name).await;
    let detached = sqlx::query("DETACH DATABASE backup")
        .execute(&mut *connection)
        .await;
    if detached.is_err() {
        // Never back into the pool with a stranger's tables on it.
        let _ = connection.detach().close().await;
    }
    replaced
}

/// Calendars, events and contacts newer than the backup are missing from it: nothing of it is served
/// before the cloud told the lists of calendars and address books (`Store::RESTORED`), everything was
/// looked at, and what single readings told was read again.
const UNTRUSTED: [&str; 5] = [
    "UPDATE main.collections SET complete = NULL",
    "UPDATE main.feeds SET full_look = NULL, near_look = NULL, lease = NULL, lease_until = NULL, \
     done = 0, total = 0",
    "UPDATE main.parts SET version = '' WHERE source = 1",
    "DELETE FROM main.shelf_lists",
    "INSERT INTO main.shelf_lists (connection_id, kind, looked, generation) \
     SELECT DISTINCT connection_id, kind, 0, -1 FROM main.collections",
];

/// Replaces the content of every table; gives the new generation.
async fn replace_all(connection: &mut SqliteConnection, name: &str) -> Result<i64> {
    let mut tx = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(from_sqlx)?;
    // Generations only rise, also over a restore: what is in memory of any connection is older.
    let (floor,): (i64,) = sqlx::query_as(
        "SELECT max(coalesce((SELECT max(generation) FROM main.connections), 0), \
         coalesce((SELECT max(generation) FROM backup.connections), 0))",
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    for table in schema::PASSING.iter().chain(schema::TABLES.iter().rev()) {
        run(&mut tx, format!("DELETE FROM main.{table}")).await?;
    }
    for table in schema::TABLES {
        run(
            &mut tx,
            format!("INSERT INTO main.{table} SELECT * FROM backup.{table}"),
        )
        .await?;
    }
    for statement in UNTRUSTED {
        run(&mut tx, statement.to_owned()).await?;
    }
    sqlx::query("UPDATE main.connections SET generation = generation + $1 + 1")
        .bind(floor)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
    let (generation,): (i64,) = sqlx::query_as(
        "UPDATE main.meta SET incarnation = $1, generation = 1 + max(generation, \
         (SELECT generation FROM backup.meta WHERE id = 1)) WHERE id = 1 RETURNING generation",
    )
    .bind(new_incarnation()?)
    .fetch_one(&mut *tx)
    .await
    .map_err(from_sqlx)?;
    let trace = Trace {
        at: Utc::now(),
        by: &By::command(),
    };
    let restored = Action::Restored;
    trace.note(&mut tx, restored, None, name).await?;
    tx.commit().await.map_err(from_sqlx)?;
    Ok(generation)
}

async fn run(connection: &mut SqliteConnection, statement: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

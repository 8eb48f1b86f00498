//! Opening: makes what a first start needs, migrates, and refuses what does not fit together.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::error::{from_io, from_sqlx};
use super::folder::{Folder, make_private, sync};
use super::keys::KeyRing;
use super::pool::{Role, common, options, pool};
use super::recall::Recall;
use super::schema::{self, MIGRATIONS, Migrations};
use super::{Store, backup, meta};
use crate::domain::{Error, Kind, Result};

/// Connections that only read: sign-in never waits behind a writer.
const READERS: u32 = 4;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Data folder; made if it is missing.
    pub dir: PathBuf,
    /// The key file where it is not `davbridge.key` in the data folder.
    pub key_file: Option<PathBuf>,
    /// How long a writer waits for another process's lock.
    pub busy_timeout: Duration,
    /// Makes, migrates and changes nothing; writing fails.
    pub read_only: bool,
    /// Largest size of the database in bytes; beyond it the store is full.
    pub max_bytes: Option<u64>,
    /// Tests bring their own.
    pub(super) migrations: Migrations,
}

impl Settings {
    /// Defaults for a data folder.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            key_file: None,
            busy_timeout: Duration::from_secs(5),
            read_only: false,
            max_bytes: None,
            migrations: MIGRATIONS,
        }
    }
}

impl Store {
    /// Opens the store in a data folder; makes folder, database and key file at first start.
    ///
    /// # Errors
    /// A sentence that says what to do: a database without its key or with another one, a key
    /// file open to others, a newer database, a damaged one, no space.
    pub async fn open(dir: &Path) -> Result<Self> {
        Self::open_with(&Settings::new(dir)).await
    }

    /// Opens the store as [`Store::open`] does, with other settings.
    pub async fn open_with(settings: &Settings) -> Result<Self> {
        let folder = Folder::new(&settings.dir, settings.key_file.as_deref());
        make_what_is_missing(&folder, settings).await?;
        let keys = read_keys(&folder)?;
        let keys = bring_up_to_date(&folder, settings, keys).await?;
        let path = folder.database();
        let writer = pool(options(settings, &path, Role::Writer), 1).await?;
        let readers = pool(options(settings, &path, Role::Reader), READERS).await?;
        Ok(Self {
            writer,
            readers,
            ring: RwLock::new(Arc::new(keys)),
            seen: AtomicI64::new(0),
            matches: Recall::of(&path),
            folder: Some(folder),
            settings: settings.clone(),
        })
    }

    /// A store in memory with a key of its own, for tests; gone when dropped.
    pub async fn in_memory() -> Result<Self> {
        let settings = Settings::new("");
        let options = SqliteConnectOptions::new().in_memory(true);
        // One connection for all: another one would be another database.
        let writer = pool(common(&settings, options), 1).await?;
        let keys = KeyRing::in_memory()?;
        let mut connection = writer.acquire().await.map_err(from_sqlx)?;
        furnish(&mut connection, &settings, &keys).await?;
        drop(connection);
        Ok(Self {
            readers: writer.clone(),
            writer,
            ring: RwLock::new(Arc::new(keys)),
            seen: AtomicI64::new(0),
            matches: Recall::nothing(),
            folder: None,
            settings,
        })
    }

    /// Closes all connections; what was committed is in the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Store {
    /// The right to serve this store, until dropped; `None` for one in memory. `Locked` while
    /// another process has it.
    pub fn claim_serving(&self) -> Result<Option<std::fs::File>> {
        self.folder.as_ref().map(Folder::claim).transpose()
    }
}

async fn make_what_is_missing(folder: &Folder, settings: &Settings) -> Result<()> {
    if settings.read_only {
        if folder.has_database()? {
            return Ok(());
        }
        return Err(Error::bridge(
            Kind::Down,
            format!(
                "there is no database in {}: `davbridge serve` makes it at its first start",
                settings.dir.display()
            ),
        ));
    }
    folder.make()?;
    if folder.has_database()? {
        return Ok(());
    }
    let _lock = folder.lock().await?;
    if folder.has_database()? {
        return Ok(());
    }
    folder.refuse_orphaned_journal()?;
    // A key that was put here before the first start is used: that is how a backup is restored
    // on a new machine.
    if !folder.has_key()? {
        KeyRing::make(folder.key_file())?;
        sync(folder.key_file()).map_err(|error| from_io("the key file cannot be kept", error))?;
    }
    create(folder, settings).await
}

/// Makes the database complete under another name, then gives it its own: a crash leaves either
/// none or a whole one.
async fn create(folder: &Folder, settings: &Settings) -> Result<()> {
    let keys = KeyRing::read(folder.key_file())?;
    let path = folder.unfinished();
    let failed = |error| from_io("the database cannot be made", error);
    Folder::discard(&path);
    make_private(&path).map_err(failed)?;
    let mut connection = options(settings, &path, Role::Writer)
        .connect()
        .await
        .map_err(from_sqlx)?;
    furnish(&mut connection, settings, &keys).await?;
    connection.close().await.map_err(from_sqlx)?;
    fs::rename(&path, folder.database()).map_err(failed)?;
    sync(&folder.database()).map_err(failed)
}

/// Tables and first row of an empty database.
async fn furnish(
    connection: &mut SqliteConnection,
    settings: &Settings,
    keys: &KeyRing,
) -> Result<()> {
    schema::mark(connection).await?;
    schema::migrate(connection, settings.migrations).await?;
    meta::write_first(connection, keys).await
}

fn read_keys(folder: &Folder) -> Result<KeyRing> {
    if !folder.has_key()? {
        return Err(Error::bridge(
            Kind::Down,
            format!(
                "the key file {key} is missing, and without it the database {database} cannot be \
                 used: put back the copy of the key file that was made of it",
                key = folder.key_file().display(),
                database = folder.database().display()
            ),
        ));
    }
    KeyRing::read(folder.key_file())
}

/// Checks database and key; migrates an older database after putting a copy aside.
async fn bring_up_to_date(folder: &Folder, settings: &Settings, keys: KeyRing) -> Result<KeyRing> {
    let path = folder.database();
    let mut connection = options(settings, &path, Role::Visitor)
        .connect()
        .await
        .map_err(from_sqlx)?;
    let version = schema::version(&mut connection, &path, settings.migrations).await?;
    let remedy = "put back the key file that holds it";
    let id = meta::check_key(&mut connection, &keys, &path, folder.key_file(), remedy).await?;
    if version < schema::latest(settings.migrations) {
        if settings.read_only {
            return Err(Error::bridge(
                Kind::Down,
                format!(
                    "{} is of an older davbridge: `davbridge serve` brings it up to date",
                    path.display()
                ),
            ));
        }
        let _lock = folder.lock().await?;
        // Another process may have been faster.
        let version = schema::version(&mut connection, &path, settings.migrations).await?;
        if version < schema::latest(settings.migrations) {
            backup::put_aside(&mut connection, &folder.before(version)).await?;
            schema::migrate(&mut connection, settings.migrations).await?;
        }
    }
    connection.close().await.map_err(from_sqlx)?;
    let lost = || Error::bridge(Kind::Broken, "a key that opens is not in the ring");
    keys.with_current(id).ok_or_else(lost)
}

//! The data folder: its files, their permissions, and the lock under which they are made.

use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::from_io;
use crate::domain::{Error, Kind, Result};

/// Paths of what the store keeps.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    dir: PathBuf,
    key_file: PathBuf,
}

impl Folder {
    pub(super) fn new(dir: &Path, key_file: Option<&Path>) -> Self {
        Self {
            dir: dir.to_owned(),
            key_file: key_file.map_or_else(|| dir.join("davbridge.key"), Path::to_owned),
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        self.dir.join("davbridge.db")
    }

    /// The database while it is being made.
    pub(super) fn unfinished(&self) -> PathBuf {
        self.dir.join("davbridge.db.new")
    }

    /// The copy put aside before a migration from schema `version`.
    pub(super) fn before(&self, version: i64) -> PathBuf {
        self.dir.join(format!("davbridge.db.before-{version}"))
    }

    /// The backup under examination while it is restored.
    pub(super) fn restoring(&self) -> PathBuf {
        self.dir.join("davbridge.db.restore")
    }

    pub(super) fn key_file(&self) -> &Path {
        &self.key_file
    }

    pub(super) fn has_database(&self) -> Result<bool> {
        exists(&self.database())
    }

    pub(super) fn has_key(&self) -> Result<bool> {
        exists(&self.key_file)
    }

    /// Makes the folder for the owner alone; one that is there is left as it is.
    pub(super) fn make(&self) -> Result<()> {
        let shown = self.dir.display();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)
            .map_err(|error| from_io(format!("the data folder {shown} cannot be made"), error))?;
        if let Some(mode) = self.open_to_others() {
            tracing::warn!("the data folder {shown} is open to others (mode {mode:04o})");
        }
        Ok(())
    }

    /// The folder's mode where it lets others in.
    pub(super) fn open_to_others(&self) -> Option<u32> {
        let mode = fs::metadata(&self.dir).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then_some(mode)
    }

    /// Waits until nobody else makes, migrates or restores the database; held until dropped.
    pub(super) async fn lock(&self) -> Result<File> {
        let path = self.dir.join("davbridge.lock");
        let locked = tokio::task::spawn_blocking(move || {
            let file = fs::OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(&path)?;
            file.lock().map(|()| file)
        })
        .await;
        locked
            .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
            .map_err(|error| from_io("the data folder cannot be locked", error))
    }

    /// The right to serve the folder, until dropped: two servers would look at the clouds twice and
    /// end each other's owner links.
    pub(super) fn claim(&self) -> Result<File> {
        let path = self.dir.join("davbridge.serve.lock");
        let file = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| from_io("the data folder cannot be locked", error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => {
                let shown = self.dir.display();
                let sentence = format!("another davbridge serves the data folder {shown}");
                Err(Error::client(Kind::Locked, sentence))
            }
            Err(fs::TryLockError::Error(error)) => {
                Err(from_io("the data folder cannot be locked", error))
            }
        }
    }

    /// Refuses a folder whose database was taken away but not its journal.
    pub(super) fn refuse_orphaned_journal(&self) -> Result<()> {
        let mut journal = self.database().into_os_string();
        journal.push("-wal");
        if exists(Path::new(&journal))? {
            return Err(Error::bridge(
                Kind::Down,
                format!(
                    "davbridge.db is missing in {dir} but its journal davbridge.db-wal is there: \
                     put davbridge.db back, or restore a backup into an empty folder",
                    dir = self.dir.display()
                ),
            ));
        }
        Ok(())
    }

    /// Removes a leftover database file and its journals.
    pub(super) fn discard(path: &Path) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let mut file = path.as_os_str().to_owned();
            file.push(suffix);
            let _ = fs::remove_file(file);
        }
    }
}

/// Makes an empty file that only the owner can read; one that is there is an error.
pub(super) fn make_private(path: &Path) -> std::io::Result<()> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

/// Writes a file and the folder that names it to the disk.
pub(super) fn sync(path: &Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()?;
    match path.parent() {
        Some(parent) if parent != Path::new("") => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn exists(path: &Path) -> Result<bool> {
    fs::exists(path)
        .map_err(|error| from_io(format!("{} cannot be reached", path.display()), error))
}

//! Copies of the database, consistent while it is in use.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::Store;
use super::error::{from_io, from_sqlx};
use super::folder::{Folder, make_private, sync};
use super::pool::{Role, options};
use crate::domain::{Error, Kind, Result};

impl Store {
    /// Writes a complete copy of the database as of now to `file`, readable by the owner alone,
    /// while readers and writers go on. The key file is not in it. `Invalid` where `file` is
    /// there already, unless a backup that was ended in its middle left it.
    pub async fn backup(&self, file: &Path) -> Result<()> {
        let _name = hold(file)?;
        let done = self.copy_over(file).await;
        if done.is_err() {
            let _ = fs::remove_file(file);
        }
        done
    }

    async fn copy_over(&self, file: &Path) -> Result<()> {
        let Some(folder) = &self.folder else {
            let mut connection = self.writer.acquire().await.map_err(from_sqlx)?;
            return put_aside(&mut connection, file).await;
        };
        // A connection of its own: a long copy keeps neither readers nor writers waiting.
        let mut connection = options(&self.settings, &folder.database(), Role::Writer)
            .connect()
            .await
            .map_err(from_sqlx)?;
        put_aside(&mut connection, file).await?;
        connection.close().await.map_err(from_sqlx)
    }
}

/// Holds a name with an empty file while the copy is made beside it, against other backups too.
/// One that was left behind is taken over: empty, closed to others, and held by nobody.
fn hold(file: &Path) -> Result<File> {
    let failed = |error| from_io(format!("{} cannot be made", file.display()), error);
    match make_private(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(failed(error));
        }
        _ => {}
    }
    let taken = || {
        let message = format!("{} is there already: choose another name", file.display());
        Error::client(Kind::Invalid, message)
    };
    let is_left = || {
        let known = fs::symlink_metadata(file)?;
        let closed = known.permissions().mode() & 0o077 == 0;
        Ok(known.is_file() && known.len() == 0 && closed)
    };
    if !is_left().map_err(failed)? {
        return Err(taken());
    }
    let held = File::options().write(true).open(file).map_err(failed)?;
    // A file system without locks has to do without.
    let others = matches!(held.try_lock(), Err(TryLockError::WouldBlock));
    // The other one may have ended just now.
    if others || !is_left().map_err(failed)? {
        return Err(taken());
    }
    Ok(held)
}

/// Copies the database to `file`, which appears complete or not at all; one that is there is
/// replaced.
pub(super) async fn put_aside(connection: &mut SqliteConnection, file: &Path) -> Result<()> {
    let unfinished = with_suffix(file, ".unfinished");
    let failed = |error| from_io(format!("{} cannot be made", file.display()), error);
    Folder::discard(&unfinished);
    make_private(&unfinished).map_err(failed)?;
    let copied = vacuum_into(connection, &unfinished).await;
    let kept = copied.and_then(|()| {
        sync(&unfinished)
            .and_then(|()| fs::rename(&unfinished, file))
            .and_then(|()| sync(file))
            .map_err(failed)
    });
    if kept.is_err() {
        Folder::discard(&unfinished);
    }
    kept
}

async fn vacuum_into(connection: &mut SqliteConnection, file: &Path) -> Result<()> {
    let path = file.to_str().ok_or_else(|| {
        Error::client(
            Kind::Invalid,
            format!("{} is not a name in UTF-8", file.display()),
        )
    })?;
    sqlx::query("VACUUM INTO $1")
        .bind(path)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

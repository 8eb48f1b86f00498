//! Copies of the database, consistent while it is in use.

use std::fs;
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
    /// there already.
    pub async fn backup(&self, file: &Path) -> Result<()> {
        // Holds the name while the copy is made beside it.
        make_private(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Error::client(
                Kind::Invalid,
                format!("{} is there already: choose another name", file.display()),
            ),
            _ => from_io(format!("{} cannot be made", file.display()), error),
        })?;
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

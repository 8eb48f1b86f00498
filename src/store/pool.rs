//! Connections to the database.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::Settings;
use super::error::from_sqlx;
use crate::domain::Result;

/// A request waits this long for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// Bytes of a database page, SQLite's default.
const PAGE: u64 = 4096;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Looks before it touches: the file may be a stranger's, so nothing is set that stays in it.
    Visitor,
    Writer,
    Reader,
}

/// Options of a connection to a database file that exists.
pub(super) fn options(settings: &Settings, path: &Path, role: Role) -> SqliteConnectOptions {
    let options = common(settings, SqliteConnectOptions::new().filename(path));
    if settings.read_only {
        return options.read_only(true);
    }
    match role {
        Role::Visitor => options,
        Role::Writer => options.journal_mode(SqliteJournalMode::Wal),
        Role::Reader => {
            let options = options.journal_mode(SqliteJournalMode::Wal);
            options.pragma("query_only", "ON")
        }
    }
}

/// Options of any connection.
pub(super) fn common(settings: &Settings, options: SqliteConnectOptions) -> SqliteConnectOptions {
    let options = options
        .create_if_missing(false)
        .foreign_keys(true)
        // What was told to a client, and what was revoked, is so after a power loss too: a revision
        // is never given twice.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(settings.busy_timeout)
        // Damage is noticed before it is believed.
        .pragma("cell_size_check", "ON")
        .pragma("trusted_schema", "OFF")
        // What was deleted is gone from the file.
        .pragma("secure_delete", "ON")
        .disable_statement_logging();
    match settings.max_bytes {
        Some(bytes) => options.pragma("max_page_count", (bytes / PAGE).max(1).to_string()),
        None => options,
    }
}

/// A pool that keeps its connections.
pub(super) async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<SqlitePool> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(is_sound(connection)))
        .connect_with(options)
        .await
        .map_err(from_sqlx)
}

/// Whether a connection may be used again. After some errors (a full disk) SQLite itself rolls
/// back, the driver's own rollback then fails, and the driver believes for ever that the
/// transaction goes on: such a connection is closed.
async fn is_sound(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    if connection.is_in_transaction() {
        // Queues behind a rollback that was begun by a drop.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

//! The schema's versions and how a database gets from one to the next.

use std::path::Path;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqliteConnection};

use super::error::{from_migration, from_sqlx};
use crate::domain::{Error, Kind, Result};

/// In the database's header, so that a stranger's database is told from ours: "DavB".
const APPLICATION: i64 = 0x4461_7642;

/// Each migration: version, name, text; ascending. A released one never changes.
pub(super) type Migrations = &'static [(i64, &'static str, &'static str)];

/// The way to the schema this program works with.
pub(super) const MIGRATIONS: Migrations = &[
    (1, "first", include_str!("migrations/0001_first.sql")),
    (2, "items", include_str!("migrations/0002_items.sql")),
    (3, "consents", include_str!("migrations/0003_consents.sql")),
    (4, "people", include_str!("migrations/0004_people.sql")),
    (
        5,
        "list_problems",
        include_str!("migrations/0005_list_problems.sql"),
    ),
    (6, "standing", include_str!("migrations/0006_standing.sql")),
    (7, "services", include_str!("migrations/0007_services.sql")),
];

/// Tables that a restore replaces, referred ones first. `meta` is not among them: it is about the
/// database, not its content.
pub(super) const TABLES: &[&str] = &[
    "users",
    "app_passwords",
    "connections",
    "connection_scopes",
    "hidden",
    "drive_slugs",
    "file_names",
    "collections",
    "shelf_lists",
    "feeds",
    "parts",
    "items",
    "item_texts",
];

/// Tables that a restore empties: what is under way or went wrong last, and sign-ins, which may
/// have been ended since the backup.
pub(super) const PASSING: &[&str] = &[
    "sessions",
    "invites",
    "sign_ins",
    "pending_connections",
    "logins",
    "consents",
    "list_problems",
];

/// Tables that a restore leaves alone: what was done stays known. No table may be forgotten here.
#[cfg(test)]
pub(super) const KEPT: &[&str] = &["audit"];

/// The version that migrations lead to.
pub(super) fn latest(migrations: Migrations) -> i64 {
    migrations.last().map_or(0, |(version, ..)| *version)
}

fn migrator(migrations: Migrations) -> Migrator {
    let migrations = migrations.iter().map(|(version, name, text)| {
        let kind = MigrationType::Simple;
        Migration::new(*version, (*name).into(), kind, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Brings a database to the latest version; each step is one transaction.
pub(super) async fn migrate(
    connection: &mut SqliteConnection,
    migrations: Migrations,
) -> Result<()> {
    let done = migrator(migrations)
        .run_direct(None, connection, false)
        .await;
    done.map_err(from_migration)
}

/// Marks a new database as ours.
pub(super) async fn mark(connection: &mut SqliteConnection) -> Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "PRAGMA application_id = {APPLICATION}"
    )))
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

/// The version of a database of ours; a stranger's or a newer one is refused with a sentence.
pub(super) async fn version(
    connection: &mut SqliteConnection,
    path: &Path,
    migrations: Migrations,
) -> Result<i64> {
    let shown = path.display();
    let (application,): (i64,) = sqlx::query_as("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    if application != APPLICATION {
        return Err(Error::bridge(
            Kind::Down,
            format!("{shown} is not a database of davbridge: restore it from a backup"),
        ));
    }
    let (version,): (Option<i64>,) = sqlx::query_as("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await
        .map_err(from_sqlx)?;
    let version = version.unwrap_or(0);
    if version > latest(migrations) {
        return Err(Error::bridge(
            Kind::Down,
            format!(
                "{shown} was written by a newer davbridge (schema {version}, this program knows \
                 {}): install that version again, or restore a backup made before the upgrade",
                latest(migrations)
            ),
        ));
    }
    Ok(version)
}

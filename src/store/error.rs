//! From the database's errors to the bridge's: trouble of the store is never a statement about
//! the data.

use std::io;
use std::time::Duration;

use sqlx::migrate::MigrateError;

use crate::domain::{Error, Kind};

/// After this long a locked database is likely to be free again.
const RETRY_LOCKED: Duration = Duration::from_secs(2);

// Primary result codes: https://www.sqlite.org/rescode.html
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const IO: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANNOT_OPEN: u32 = 14;
const CONSTRAINT: u32 = 19;
const NOT_A_DATABASE: u32 = 26;
// The extended code where the journal's index cannot grow, which a full disk brings
const NO_SPACE_FOR_INDEX: u32 = IO | 19 << 8;

/// Maps an error of sqlx. `Full` for a full disk, `Busy` for a lock that others hold, `Broken`
/// for a rule of the schema that was broken, else `Down`; the fault is always the bridge's.
pub(super) fn from_sqlx(error: sqlx::Error) -> Error {
    let (kind, message) = classify(&error);
    Error::bridge(kind, message).because(error)
}

fn classify(error: &sqlx::Error) -> (Kind, &'static str) {
    let locked = Kind::Busy {
        retry_after: Some(RETRY_LOCKED),
    };
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().and_then(|code| code.parse::<u32>().ok());
            let full = code == Some(NO_SPACE_FOR_INDEX);
            match code.map(|extended| if full { FULL } else { extended & 0xff }) {
                Some(BUSY | LOCKED) => (locked, "the store is locked"),
                Some(READ_ONLY) => (Kind::Down, "the store cannot be written"),
                Some(FULL) => (Kind::Full, "no space is left for the store"),
                Some(CORRUPT | NOT_A_DATABASE) => (
                    Kind::Down,
                    "the store is damaged: restore davbridge.db from a backup",
                ),
                Some(IO | CANNOT_OPEN) => (Kind::Down, "the store cannot be reached"),
                Some(CONSTRAINT) => (Kind::Broken, "the store refused a change"),
                _ => (Kind::Down, "the store is in trouble"),
            }
        }
        sqlx::Error::PoolTimedOut => (locked, "the store is busy"),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            (Kind::Down, "the store holds a value that cannot be read")
        }
        _ => (Kind::Down, "the store is in trouble"),
    }
}

/// Maps an error of the migrations.
pub(super) fn from_migration(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => from_sqlx(inner),
        other => {
            Error::bridge(Kind::Down, "the store could not be brought up to date").because(other)
        }
    }
}

/// Maps an error of the file system around the database.
pub(super) fn from_io(what: impl Into<String>, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::Full,
        _ => Kind::Down,
    };
    Error::bridge(kind, what.into()).because(error)
}

/// Whether a row broke a uniqueness rule.
pub(super) fn is_duplicate(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(database) if database.is_unique_violation())
}

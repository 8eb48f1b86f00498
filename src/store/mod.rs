//! The store: one SQLite database and its key file in the data folder.
//!
//! Repositories of users, app passwords, connections and addresses. Cloud tokens are sealed
//! (XChaCha20-Poly1305), app passwords are keyed hashes; the key is in a file of its own, so a
//! stolen database or backup gives neither. Trouble of the store (full, read-only, locked,
//! damaged) is an error of the bridge, never a statement about users or their data.

mod addresses;
mod backup;
mod connections;
mod error;
mod folder;
mod health;
mod keys;
mod meta;
mod open;
mod passwords;
mod pool;
mod restore;
mod schema;
mod seal;
mod slug;
#[cfg(test)]
mod tests;
mod tokens;
mod users;

use std::sync::atomic::AtomicI64;

use sqlx::SqlitePool;

pub use connections::{ConnectionRow, RowState, ScopeRow};
pub use health::Health;
pub use open::Settings;
pub use passwords::{Match, NewPasswordRow, PasswordRow};
pub use tokens::NewConnection;
pub use users::UserRow;

/// The open store. Clones of it are not needed: share it in an `Arc`.
#[derive(Debug)]
pub struct Store {
    /// One connection: writers queue here instead of colliding in the database.
    writer: SqlitePool,
    readers: SqlitePool,
    keys: keys::KeyRing,
    /// Newest generation met by this process.
    seen: AtomicI64,
    /// `None`: in memory.
    folder: Option<folder::Folder>,
    settings: Settings,
}

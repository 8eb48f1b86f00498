//! The store: one SQLite database and its key file in the data folder.
//!
//! Repositories of users, their passwords, sessions and links, connections, addresses, the audit
//! log, and the copy of items. Cloud tokens are sealed
//! (XChaCha20-Poly1305), app passwords are keyed hashes; the key is in a file of its own, so a
//! stolen database or backup gives neither. Trouble of the store (full, read-only, locked,
//! damaged) is an error of the bridge, never a statement about users or their data.

mod action;
mod addresses;
mod audit;
mod backup;
mod collections;
mod complete;
mod connection_changes;
mod connections;
mod consents;
mod error;
mod feeds;
mod folder;
mod health;
mod hidden;
mod human_passwords;
mod invites;
mod items;
mod key_file;
mod keys;
mod logins;
mod matches;
mod meta;
mod open;
mod parts;
mod passwords;
mod pending;
mod pool;
mod publish;
mod published;
mod purge;
mod recall;
mod restore;
mod ring;
mod rotate;
mod schema;
mod seal;
mod session_ends;
mod sessions;
mod sign_ins;
mod slug;
mod stage;
mod standing;
mod subjects;
mod sweep;
#[cfg(test)]
mod tests;
mod tokens;
mod users;

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, RwLock};

use sqlx::SqlitePool;

pub use action::Action;
pub use audit::{AuditRow, By, Trace, Via};
pub use collections::CollectionRow;
pub use complete::Completed;
pub use connections::{ConnectionRow, RowState, ScopeRow};
pub use consents::{ConsentRow, NewConsent};
pub use feeds::{FeedKey, FeedRow};
pub use health::Health;
pub use human_passwords::Before;
pub use invites::{InviteRow, NewOwner, stale_link};
pub use items::ItemRow;
pub use logins::{Grant, NewLogin};
pub use matches::Match;
pub use open::Settings;
pub use parts::{KnownPart, NewPart, StoredPart};
pub use passwords::{NewPasswordRow, PasswordRow};
pub use publish::{Publish, Revisions, Text};
pub use published::{LiveItem, PublishedRow};
pub use rotate::KeyUse;
pub use sessions::{NewSession, SessionRow};
pub use sign_ins::{NewSignIn, SignInRow};
pub use stage::Stage;
pub use subjects::Subject;
pub use tokens::NewConnection;
pub use users::UserRow;

/// The open store. Clones of it are not needed: share it in an `Arc`.
#[derive(Debug)]
pub struct Store {
    /// One connection: writers queue here instead of colliding in the database.
    writer: SqlitePool,
    readers: SqlitePool,
    ring: RwLock<Arc<keys::KeyRing>>,
    /// Newest generation met by this process.
    seen: AtomicI64,
    /// App passwords that were found.
    matches: recall::Recall<Match>,
    /// `None`: in memory.
    folder: Option<folder::Folder>,
    settings: Settings,
}

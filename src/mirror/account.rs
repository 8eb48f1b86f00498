//! One opened account and its state.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{Connection, ConnectionState, Error, Files, Kind, Result, UserName};

use super::Mirror;
use super::drives::Drives;
use super::flight::Flight;
use super::trouble::Trouble;

/// One opened account. A new one is made when the connection's generation changes.
pub struct AccountTree {
    /// The connection as it was when opened.
    pub connection: Connection,
    files: Arc<dyn Files>,
    /// Tells listings made by an earlier opening apart; never 0.
    pub(super) epoch: u64,
    pub(super) trouble: Trouble,
    pub(super) drives: Mutex<Option<(Instant, Drives)>>,
    pub(super) drives_flight: Flight<Drives>,
    /// When a look after the start found no drive where some were served before.
    pub(super) missed: Mutex<Option<Instant>>,
    /// The state last noted, so that it is noted once.
    noted: Mutex<ConnectionState>,
}

static EPOCHS: AtomicU64 = AtomicU64::new(1);

impl AccountTree {
    pub(super) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// The last complete list of drives, and when it was asked for.
    pub(super) fn known_drives(&self) -> Option<(Instant, Drives)> {
        self.drives
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Mirror {
    /// A user's connections.
    pub async fn connections(&self, user: &UserName) -> Result<Arc<[Connection]>> {
        let connections = self.connections.of_user(user).await?;
        // What was disconnected is closed, its token forgotten.
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|id, account| {
            account.connection.user != *user
                || connections.iter().any(|connection| connection.id == *id)
        });
        drop(accounts);
        Ok(connections)
    }

    /// The opened account of a connection. `Unsupported` where it has no drives.
    pub async fn account(&self, connection: &Connection) -> Result<Arc<AccountTree>> {
        if let Some(account) = self.opened(connection) {
            return Ok(account);
        }
        let provider = self.connections.provider(connection).await?;
        let files = provider
            .files()
            .ok_or_else(|| Error::client(Kind::NotFound, "this connection has no drives"))?;
        let account = Arc::new(AccountTree {
            connection: connection.clone(),
            files,
            epoch: EPOCHS.fetch_add(1, Ordering::Relaxed),
            trouble: Trouble::default(),
            drives: Mutex::default(),
            drives_flight: Flight::default(),
            missed: Mutex::default(),
            noted: Mutex::new(connection.state),
        });
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let before = accounts.insert(connection.id, account.clone());
        if let Some((_, drives)) = before.and_then(|before| before.known_drives()) {
            // Kept for times of trouble only: long out of date.
            let long_ago = self.clock.instant().checked_sub(Duration::from_hours(24));
            let long_ago = long_ago.unwrap_or_else(|| self.clock.instant());
            let drives = drives
                .iter()
                .map(|drive| drive.reopened(&account))
                .collect();
            *account
                .drives
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some((long_ago, drives));
        }
        Ok(account)
    }

    fn opened(&self, connection: &Connection) -> Option<Arc<AccountTree>> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.get(&connection.id)?;
        (account.connection.generation == connection.generation).then(|| account.clone())
    }

    /// Notes how a call to the cloud went: trouble, and whether the token is accepted.
    pub(super) async fn note(&self, account: &AccountTree, outcome: Result<(), &Error>) {
        let state = match outcome {
            Ok(()) => {
                account.trouble.over();
                ConnectionState::Active
            }
            Err(error) => {
                account.trouble.again(self.clock.instant(), error);
                if !error.wants_token() {
                    return;
                }
                ConnectionState::SignedOut
            }
        };
        let changed = {
            let mut noted = account.noted.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *noted, state) != state
        };
        if changed
            && let Err(error) = self
                .connections
                .note_state(&account.connection, state)
                .await
        {
            tracing::warn!(connection = %account.connection.slug, error = %error.chain(), "state not noted");
        }
    }
}

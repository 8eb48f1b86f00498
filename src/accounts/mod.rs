//! Who may come in, and with which clouds: users, app passwords, sign-in, connections and their
//! tokens.
//!
//! [`Accounts`] answers for all of it and implements the ports [`crate::domain::Connections`]
//! and [`crate::domain::Vault`]. Another process may work on the same database: sign-in reads
//! the store's generation with each request, and what is in memory under an older one is read
//! anew.

mod basic;
mod callback;
mod connect;
mod connections;
mod consent;
mod consent_error;
#[cfg(test)]
mod fake;
mod last_used;
mod oidc;
mod passwords;
mod secret;
mod sign_in;
#[cfg(test)]
mod tests;
mod throttle;
mod users;
mod vault;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::{Clock, Connector, UserName};
use crate::store::Store;

pub use callback::{Callback, CallbackAnswer};
pub use connect::{ConnectError, ConnectionStatus};
pub use consent::Begun;
pub use consent_error::ConsentError;
pub use oidc::{Audience, Oidc, OidcError, OidcSettings, Person, RoleRules, TokenFault};
pub use passwords::{AppPassword, NewPassword};
pub use sign_in::SignIn;

pub use crate::domain::ConnectionId;
pub use crate::store::{PasswordRow as PasswordInfo, RowState, ScopeRow, UserRow as User};

/// How guessing of passwords is slowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Failed attempts of one user name, or from one address, that are answered at once within
    /// a window. More are told to slow down. Right credentials always come in.
    pub failures: u32,
    /// Length of the window.
    pub window: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            failures: 10,
            window: Duration::from_secs(60),
        }
    }
}

/// Users, app passwords, sign-in and connections.
pub struct Accounts {
    store: Arc<Store>,
    connectors: Vec<Arc<dyn Connector>>,
    clock: Arc<dyn Clock>,
    throttle: throttle::Throttle,
    last_used: last_used::LastUsed,
    vault: Arc<vault::TokenVault>,
    /// Connections by user, as read under a generation of the store.
    known: Mutex<HashMap<UserName, connections::Known>>,
    opened: Mutex<HashMap<ConnectionId, connections::Opened>>,
}

impl Accounts {
    /// With default settings.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        connectors: Vec<Arc<dyn Connector>>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        Self::with_settings(store, connectors, clock, Settings::default())
    }

    /// With other settings.
    #[must_use]
    pub fn with_settings(
        store: Arc<Store>,
        connectors: Vec<Arc<dyn Connector>>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Arc<Self> {
        Arc::new(Self {
            throttle: throttle::Throttle::new(settings.failures, settings.window),
            last_used: last_used::LastUsed::default(),
            vault: Arc::new(vault::TokenVault::new(Arc::clone(&store))),
            known: Mutex::default(),
            opened: Mutex::default(),
            store,
            connectors,
            clock,
        })
    }

    /// Waits for what is still written in the background; for a graceful end.
    pub async fn finish(&self) {
        self.last_used.finish().await;
    }
}

/// Locks; a panic elsewhere does not spoil what is behind these locks, whole values only.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

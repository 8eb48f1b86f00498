//! Who may come in, and with which clouds: users and their roles, sign-in on the page and on DAV,
//! sessions, app passwords, connections and their tokens, the audit log.
//!
//! [`Accounts`] answers for all of it and implements the ports [`crate::domain::Connections`]
//! and [`crate::domain::Vault`]. Another process may work on the same database: sign-in reads
//! the store's generation with each request, and what is in memory under an older one is read
//! anew.

mod audit;
mod basic;
mod callback;
mod connect;
mod connect_error;
mod connections;
mod consent;
mod consent_error;
#[cfg(test)]
mod fake;
mod hashing;
mod invites;
mod keys;
mod last_used;
mod logins;
mod offers;
mod oidc;
mod page_sign_in;
mod passwords;
mod pending;
mod refusals;
mod secret;
mod sessions;
mod sign_in;
#[cfg(test)]
mod tests;
mod throttle;
mod users;
mod vault;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::domain::{Clock, Connector, UserName};
use crate::store::Store;

pub use audit::Client;
pub use callback::{Callback, CallbackAnswer};
pub use connect::ConnectionStatus;
pub use connect_error::ConnectError;
pub use consent::Begun;
pub use consent_error::ConsentError;
pub use logins::ProgramLogin;
pub use offers::{Offer, OfferWay};
pub use oidc::{Audience, Oidc, OidcError, OidcSettings, Person, RoleRules, SignedIn, TokenFault};
pub use page_sign_in::{PageSignIn, PasswordChange};
pub use passwords::{AppPassword, NewPassword};
pub use sessions::{NewSession, Session};
pub use sign_in::SignIn;
pub use throttle::{Windows, network};

pub use crate::domain::ConnectionId;
pub use crate::store::{
    Action, AuditRow as AuditLine, By, InviteRow as Invite, KeyUse, PasswordRow as PasswordInfo,
    RowState, ScopeRow, SessionRow as SessionInfo, Subject, UserRow as User, Via,
};

/// How often rows whose time is over are forgotten.
const SWEEP: Duration = Duration::from_secs(10 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How guessing of passwords is slowed, and how long sign-ins last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Failed attempts of one user name, or from one address, that are answered at once within
    /// a window. More are told to slow down. Right app passwords and tokens always come in;
    /// those of the page as [`Accounts::sign_in_with_password`] says.
    pub failures: u32,
    /// Length of the window.
    pub window: Duration,
    /// A session ends when it was not used for this long.
    pub session_idle: Duration,
    /// A session ends this long after sign-in.
    pub session_longest: Duration,
    /// App passwords are refused while their user's last sign-in on the page is longer ago.
    pub sign_in_within: Option<Duration>,
    /// Whether users of the identity provider may set a password of their own for the page.
    pub own_passwords: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            failures: 10,
            window: Duration::from_secs(60),
            session_idle: 14 * DAY,
            session_longest: 90 * DAY,
            sign_in_within: None,
            own_passwords: false,
        }
    }
}

/// Users, app passwords, sign-in and connections.
pub struct Accounts {
    store: Arc<Store>,
    connectors: Vec<Arc<dyn Connector>>,
    clock: Arc<dyn Clock>,
    settings: Settings,
    /// For work in the background.
    me: Weak<Self>,
    throttle: throttle::Throttle,
    hasher: hashing::Hasher,
    refusals: refusals::Refusals,
    last_used: last_used::LastUsed,
    vault: Arc<vault::TokenVault>,
    /// The identity provider.
    oidc: Option<Arc<Oidc>>,
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
        Self::with_settings(store, connectors, clock, Settings::default(), None)
    }

    /// With other settings, and an identity provider where there is one.
    #[must_use]
    pub fn with_settings(
        store: Arc<Store>,
        connectors: Vec<Arc<dyn Connector>>,
        clock: Arc<dyn Clock>,
        settings: Settings,
        oidc: Option<Arc<Oidc>>,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            settings,
            me: Weak::clone(me),
            hasher: hashing::Hasher::default(),
            refusals: refusals::Refusals::default(),
            throttle: throttle::Throttle::new(settings.failures, settings.window),
            last_used: last_used::LastUsed::default(),
            vault: Arc::new(vault::TokenVault::new(Arc::clone(&store))),
            oidc,
            known: Mutex::default(),
            opened: Mutex::default(),
            store,
            connectors,
            clock,
        })
    }

    /// Forgets what is over, now and then, until dropped.
    pub async fn tend(self: Arc<Self>) {
        loop {
            if let Err(error) = self.store.sweep(self.clock.now()).await {
                tracing::warn!(error = error.chain(), "what is over was not forgotten");
            }
            self.clock.sleep(SWEEP).await;
        }
    }

    /// Waits for what is still written in the background; for a graceful end.
    pub async fn finish(&self) {
        self.last_used.finish().await;
        let tasks = &self.refusals.tasks;
        tasks.close();
        tasks.wait().await;
        tasks.reopen();
    }
}

/// Locks; a panic elsewhere does not spoil what is behind these locks, whole values only.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

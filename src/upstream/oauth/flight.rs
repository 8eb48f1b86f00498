//! The refresh under way for a connection, and what the last ones left behind.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::future::{BoxFuture, Shared};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::Error;

/// How a refresh ended, for all who waited for it.
pub(super) type Outcome = Result<SecretString, Arc<Error>>;

/// A refresh under way.
pub(super) type Running = Shared<BoxFuture<'static, Outcome>>;

/// A refresh token that was refused is not sent again so soon.
const REST: Duration = Duration::from_secs(300);

/// Shared by all that opened a connection.
#[derive(Default)]
pub(super) struct Flight(Mutex<State>);

#[derive(Default)]
pub(super) struct State {
    pub(super) running: Option<Running>,
    pub(super) unsaved: Option<Unsaved>,
    refused: Option<(SecretString, Instant)>,
}

/// A token set that the store did not take: it is the only one that holds the new refresh token.
#[derive(Clone)]
pub(super) struct Unsaved {
    /// What was in the vault when it was made.
    pub(super) old: SecretString,
    pub(super) new: SecretString,
}

impl Flight {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // every change of the state is one assignment
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_unsaved(&self) -> bool {
        self.state().unsaved.is_some()
    }

    /// Notes that a refresh token was refused.
    pub(super) fn refuse(&self, token: SecretString, now: Instant) {
        self.state().refused = Some((token, now));
    }

    /// Whether the token was refused a short while ago.
    pub(super) fn is_refused(&self, token: &SecretString, now: Instant) -> bool {
        let state = self.state();
        let refused = state.refused.as_ref();
        refused.is_some_and(|(known, since)| {
            known.expose_secret() == token.expose_secret()
                && now.saturating_duration_since(*since) < REST
        })
    }
}

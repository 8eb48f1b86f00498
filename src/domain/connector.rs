//! The ports through which an account is connected.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Account, Call, Connection, Consent, Error, Provider, ProviderName, Vault};

/// Access that a token can carry, in the vendor's spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(pub String);

/// Whether a scope that was asked for is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeState {
    /// The token carries it.
    Granted,
    /// The token lacks it; its service is shown with this reason and not offered to clients.
    Missing {
        /// Sentence for people.
        reason: String,
    },
}

/// A token that was accepted: whose it is, and what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The account behind the token.
    pub account: Account,
    /// Each scope that was checked.
    pub scopes: Vec<(Scope, ScopeState)>,
}

/// Why a token was refused. Nothing is kept of it.
#[derive(Debug)]
pub enum ProbeFailure {
    /// The cloud does not know the token.
    NotAccepted {
        /// The scope whose call said so.
        scope: Scope,
    },
    /// The token lacks a scope that cannot be done without.
    ScopeMissing {
        /// The scope.
        scope: Scope,
    },
    /// The cloud cannot be reached or answered something unexpected; the token may be good.
    Unexpected(Error),
}

/// One per company: how an account of it is connected and opened.
pub trait Connector: Send + Sync {
    /// Which company.
    fn name(&self) -> ProviderName;

    /// How its accounts are connected.
    fn way(&self) -> Way<'_>;

    /// The signed-in account of a connection; loads its token from `vault` when it needs it. It
    /// gives no service whose scope is missing. Makes no call.
    fn open(&self, connection: &Connection, vault: Arc<dyn Vault>) -> Arc<dyn Provider>;
}

/// How accounts of a company are connected.
#[derive(Clone, Copy)]
pub enum Way<'a> {
    /// By a token that the user makes and pastes.
    Paste(&'a dyn Paste),
    /// By consent on the company's own page (OAuth 2.0).
    Consent(&'a dyn Consent),
}

/// Connecting by a pasted token.
#[async_trait]
pub trait Paste: Send + Sync {
    /// The scopes a user has to tick, in the order shown.
    fn scopes(&self) -> &'static [&'static str];

    /// Tries a pasted token against the cloud.
    async fn probe(&self, call: &Call, token: &SecretString) -> Result<Probe, ProbeFailure>;
}

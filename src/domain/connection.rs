//! Connections: the accounts that users have connected.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Error, Fault, Hidden, Kind, Provider, ProviderName, Result, Scope, UserName};

/// A connection's row number in the store; never reused for another account. Connecting the same
/// account of the same user again, also after a disconnect, gives the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub i64);

/// An account at a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The company's stable id of the account.
    pub id: String,
    /// Name for people, e.g. the owner's display name.
    pub label: String,
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// The token was accepted when last used.
    Active,
    /// The cloud refused the token: connect again.
    SignedOut,
}

impl ConnectionState {
    /// What the outcome of a call to the cloud says of the sign-in; `None`: nothing.
    #[must_use]
    pub fn told_by(outcome: Result<(), &Error>) -> Option<Self> {
        match outcome {
            Ok(()) => Some(Self::Active),
            Err(error) if error.kind() == Kind::SignedOut && error.fault() == Fault::Cloud => {
                Some(Self::SignedOut)
            }
            Err(_) => None,
        }
    }
}

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Row number.
    pub id: ConnectionId,
    /// Whose it is.
    pub user: UserName,
    /// The company.
    pub provider: ProviderName,
    /// Readable ASCII address part, unique per user, fixed for ever.
    pub slug: String,
    /// The account behind it; its label is the user's own name for it where there is one.
    pub account: Account,
    /// How it is.
    pub state: ConnectionState,
    /// Rises when its token was replaced or a refresh was asked for: copies in memory made
    /// under another number are dropped.
    pub generation: i64,
    /// Scopes that its token was found to lack when it was connected.
    pub missing: Arc<[Scope]>,
    /// What its user keeps from clients.
    pub hidden: Hidden,
}

impl Connection {
    /// Whether its token was found to lack this scope.
    #[must_use]
    pub fn lacks(&self, scope: &str) -> bool {
        self.missing.iter().any(|missing| missing.0 == scope)
    }
}

/// The connected accounts, and the way to each.
#[async_trait]
pub trait Connections: Send + Sync {
    /// All connections of a user, ordered by slug.
    async fn of_user(&self, user: &UserName) -> Result<Arc<[Connection]>>;

    /// The signed-in account of a connection. The same value until its token is replaced.
    async fn provider(&self, connection: &Connection) -> Result<Arc<dyn Provider>>;

    /// Notes that the cloud refused, or accepts again, the connection's token.
    async fn note_state(&self, connection: &Connection, state: ConnectionState) -> Result<()>;
}

/// Sealed tokens.
#[async_trait]
pub trait Vault: Send + Sync {
    /// The token of a connection. `SignedOut` where none is kept.
    async fn load(&self, connection: ConnectionId) -> Result<SecretString>;

    /// Replaces the token if it still is `old`; `Changed` otherwise.
    async fn replace(
        &self,
        connection: ConnectionId,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<()>;
}

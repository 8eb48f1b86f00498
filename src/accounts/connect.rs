//! Connecting accounts by a token, and what the commands show and change of connections.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::{Accounts, Action, By};
use crate::domain::{
    Account, Call, Connection, ConnectionId, Error, Kind, ProbeFailure, ProviderName, Result,
    Scope, ScopeState, UserName, Way,
};
use crate::store::{ConnectionRow, NewConnection, RowState, ScopeRow};

/// Longest time a company is given to take back a consent.
const REVOKE: Duration = Duration::from_secs(10);
/// Longest token in bytes.
const LONGEST_TOKEN: usize = 16 * 1024;

/// Why an account was not connected. Nothing is kept of the token.
#[derive(Debug)]
pub enum ConnectError {
    /// There is no such user.
    UnknownUser(UserName),
    /// There is no such provider.
    UnknownProvider {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// Its accounts are connected by consent on its own page, not by a token.
    ByConsent(ProviderName),
    /// What was begun was given up, or its hour is over.
    NotBegun,
    /// The text cannot be a token: empty, or with blanks or letters that no token has.
    NotAToken,
    /// The cloud does not know the token.
    NotAccepted {
        /// The scope whose call said so.
        scope: Scope,
    },
    /// The token lacks a scope that cannot be done without.
    ScopeMissing {
        /// The scope.
        scope: Scope,
        /// All scopes to be ticked.
        needed: &'static [&'static str],
    },
    /// The cloud cannot be reached or answered something unexpected; the token may be good.
    Unexpected(Error),
    /// The bridge's own store is in trouble.
    Store(Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownUser(user) => write!(f, "there is no user {user}"),
            Self::UnknownProvider { asked, known } => {
                write!(
                    f,
                    "there is no provider {asked}; there is: {}",
                    known.join(", ")
                )
            }
            Self::ByConsent(provider) => write!(
                f,
                "accounts of {provider} are connected on its own page, not by a token"
            ),
            Self::NotBegun => {
                f.write_str("this is not under way (any more): it was finished, given up, or begun more than an hour ago; begin anew")
            }
            Self::NotAToken => f.write_str(
                "this is not a token: it is empty, or holds blanks or letters no token has",
            ),
            Self::NotAccepted { scope } => write!(
                f,
                "the token is not accepted (asked for {}): copy it again, or make a new one",
                scope.0
            ),
            Self::ScopeMissing { scope, needed } => write!(
                f,
                "the token lacks the scope {}: make a new token with {}",
                scope.0,
                needed.join(", ")
            ),
            Self::Unexpected(error) => write!(
                f,
                "the cloud could not check the token, which may be good; try again: {}",
                error.chain()
            ),
            Self::Store(error) => f.write_str(&error.chain()),
        }
    }
}

impl std::error::Error for ConnectError {}

/// A connection as the commands show it; disconnected ones are remembered with their addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionStatus {
    /// Row number.
    pub id: ConnectionId,
    /// Whose it is.
    pub user: UserName,
    /// Name of the provider.
    pub provider: String,
    /// Address part, and its name for the commands.
    pub slug: String,
    /// The account behind it, as the cloud calls it.
    pub account: Account,
    /// The user's own name for it.
    pub name: Option<String>,
    /// How it is.
    pub state: RowState,
    /// Since when it is so.
    pub since: chrono::DateTime<chrono::Utc>,
    /// What is wrong and what to do, as a sentence.
    pub problem: Option<String>,
    /// The scopes as seen when it was connected.
    pub scopes: Vec<ScopeRow>,
}

impl Accounts {
    /// Connects an account by a pasted token: tries it, and keeps it sealed where it is
    /// accepted. The same account of the same user keeps its addresses and gets the new token.
    pub async fn connect(
        &self,
        by: &By,
        user: &UserName,
        provider: &str,
        token: &SecretString,
    ) -> Result<Connection, ConnectError> {
        let (provider, paste) = self.paste(provider)?;
        let token = checked(token)?;
        // Before the cloud is asked: a mistyped name is the most likely mistake.
        let unknown = |error| unknown_user(user, error);
        self.require_user(user).await.map_err(unknown)?;
        let probe = paste
            .probe(&Call::interactive(), &token)
            .await
            .map_err(|failure| refused(failure, paste.scopes()))?;
        let scopes: Vec<_> = probe.scopes.into_iter().map(scope_row).collect();
        let new = NewConnection {
            provider: provider.0,
            account: &probe.account,
            token: &token,
            scopes: &scopes,
            now: self.clock.now(),
        };
        let row = self.store.connect(user, new).await.map_err(unknown)?;
        self.connected(by, &row).await;
        self.connection(row).ok_or_else(|| {
            let sentence = "a connection just made has no token";
            ConnectError::Store(Error::bridge(Kind::Broken, sentence))
        })
    }

    /// The audit line of an account that was connected, for the first time or again.
    pub(super) async fn connected(&self, by: &By, row: &ConnectionRow) {
        let action = if row.generation > 1 {
            Action::Reconnected
        } else {
            Action::Connected
        };
        self.audit(by, action, Some(&row.user), &row.slug).await;
    }

    async fn require_user(&self, name: &UserName) -> Result<()> {
        let users = self.store.users().await?;
        if users.iter().any(|user| user.name == *name) {
            return Ok(());
        }
        let sentence = format!("there is no user {name}");
        Err(Error::client(Kind::NotFound, sentence))
    }

    /// Names of the providers that there are.
    #[must_use]
    pub fn providers(&self) -> Vec<&'static str> {
        let connectors = self.connectors.iter();
        connectors.map(|connector| connector.name().0).collect()
    }

    /// All connections of all users, or of one, by user and slug. `NotFound` without such a user.
    pub async fn list_connections(&self, user: Option<&UserName>) -> Result<Vec<ConnectionStatus>> {
        let rows = match user {
            Some(user) => self.store.connections_of(user).await?.1,
            None => self.store.connections().await?,
        };
        if let (true, Some(user)) = (rows.is_empty(), user) {
            self.require_user(user).await?;
        }
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            list.push(ConnectionStatus {
                scopes: self.store.scopes(row.id).await?,
                id: row.id,
                user: row.user,
                provider: row.provider,
                slug: row.slug,
                account: row.account,
                name: row.name,
                state: row.state,
                since: row.state_since,
                problem: row.problem,
            });
        }
        Ok(list)
    }

    /// Deletes a connection's token; its addresses stay for when the same account is connected
    /// again. `NotFound` where the user has no such connection. The company is told, where it can
    /// be, unless somebody else has the same account connected: a company takes back a whole
    /// consent. That it cannot be reached changes nothing.
    pub async fn disconnect(&self, by: &By, user: &UserName, slug: &str) -> Result<()> {
        let leaving = self.last_of_account(user, slug).await?;
        let token = match &leaving {
            Some(row) => self.store.token(row.id).await.ok().flatten(),
            None => None,
        };
        self.store.disconnect(user, slug, self.clock.now()).await?;
        self.audit(by, Action::Disconnected, Some(user), slug).await;
        if let (Some(row), Some(token)) = (leaving, token) {
            self.revoke(&row.provider, &token).await;
        }
        Ok(())
    }

    /// The connection, where no other one is to the same account.
    async fn last_of_account(&self, user: &UserName, slug: &str) -> Result<Option<ConnectionRow>> {
        let mut rows = self.store.connections().await?;
        rows.retain(|row| row.state != RowState::Disconnected);
        let mine = |row: &ConnectionRow| row.user == *user && row.slug == slug;
        let Some(at) = rows.iter().position(mine) else {
            return Ok(None);
        };
        let row = rows.swap_remove(at);
        let same = |other: &ConnectionRow| {
            other.provider == row.provider && other.account.id == row.account.id
        };
        Ok((!rows.iter().any(same)).then_some(row))
    }

    async fn revoke(&self, provider: &str, token: &SecretString) {
        let connector = self.connector(provider);
        let Some(Way::Consent(consent)) = connector.map(|connector| connector.way()) else {
            return;
        };
        let call = Call::interactive();
        let told = tokio::time::timeout(REVOKE, consent.revoke(&call, token)).await;
        match told {
            Ok(Err(error)) if error.kind() != Kind::Unsupported => {
                tracing::warn!(
                    provider,
                    error = error.chain(),
                    "a consent was not taken back"
                );
            }
            Ok(_) => {}
            Err(_) => tracing::warn!(provider, "a consent was not taken back in time"),
        }
    }

    /// Lets copies in memory of a connection be made anew at the next request. `NotFound` where
    /// the user has no such connection.
    pub async fn request_refresh(&self, user: &UserName, slug: &str) -> Result<()> {
        self.store.request_refresh(user, slug).await
    }
}

pub(super) fn unknown_user(user: &UserName, error: Error) -> ConnectError {
    match error.kind() {
        Kind::NotFound => ConnectError::UnknownUser(user.clone()),
        _ => ConnectError::Store(error),
    }
}

/// The token without the blanks that copying adds.
fn checked(token: &SecretString) -> Result<SecretString, ConnectError> {
    let token = token.expose_secret().trim();
    let plain = token.bytes().all(|byte| byte.is_ascii_graphic());
    if token.is_empty() || !plain || token.len() > LONGEST_TOKEN {
        return Err(ConnectError::NotAToken);
    }
    Ok(SecretString::from(token))
}

fn refused(failure: ProbeFailure, needed: &'static [&'static str]) -> ConnectError {
    match failure {
        ProbeFailure::NotAccepted { scope } => ConnectError::NotAccepted { scope },
        ProbeFailure::ScopeMissing { scope } => ConnectError::ScopeMissing { scope, needed },
        ProbeFailure::Unexpected(error) => ConnectError::Unexpected(error),
    }
}

pub(super) fn scope_row((scope, state): (Scope, ScopeState)) -> ScopeRow {
    ScopeRow {
        scope: scope.0,
        missing: match state {
            ScopeState::Granted => None,
            ScopeState::Missing { reason } => Some(reason),
        },
    }
}

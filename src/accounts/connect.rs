//! Connecting accounts by a token, and what the commands show and change of connections.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::connect_error::{refused, unknown_user};
use super::{Accounts, By, ConnectError};
use crate::domain::{
    Account, Call, Connection, ConnectionId, Error, Kind, Probe, ProviderName, Result, Scope,
    ScopeState, UserName, Way,
};
use crate::store::{ConnectionRow, NewConnection, RowState, ScopeRow};

/// Longest time a company is given to take back a consent.
const REVOKE: Duration = Duration::from_secs(10);
/// Longest token in bytes.
const LONGEST_TOKEN: usize = 16 * 1024;

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
        let kept = self.keep(by, user, provider, probe, &token).await;
        kept.map_err(unknown)
    }

    /// Stores an account with the token that it came with. `NotFound` without such a user.
    pub(super) async fn keep(
        &self,
        by: &By,
        user: &UserName,
        provider: ProviderName,
        probe: Probe,
        token: &SecretString,
    ) -> Result<Connection> {
        let scopes: Vec<_> = probe.scopes.into_iter().map(scope_row).collect();
        let new = NewConnection {
            provider: provider.0,
            account: &probe.account,
            token,
            scopes: &scopes,
        };
        let row = self.store.connect(user, new, self.trace(by)).await?;
        self.connection(row).ok_or_else(|| {
            let sentence = "a connection just made has no token";
            Error::bridge(Kind::Broken, sentence)
        })
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
        self.store.disconnect(user, slug, self.trace(by)).await?;
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

/// The token without the blanks that copying adds.
fn checked(token: &SecretString) -> Result<SecretString, ConnectError> {
    let token = token.expose_secret().trim();
    let plain = token.bytes().all(|byte| byte.is_ascii_graphic());
    if token.is_empty() || !plain || token.len() > LONGEST_TOKEN {
        return Err(ConnectError::NotAToken);
    }
    Ok(SecretString::from(token))
}

fn scope_row((scope, state): (Scope, ScopeState)) -> ScopeRow {
    ScopeRow {
        scope: scope.0,
        missing: match state {
            ScopeState::Granted => None,
            ScopeState::Missing { reason } => Some(reason),
        },
    }
}

//! The port to the connected accounts, from memory where nothing changed.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;

use super::{Accounts, locked};
use crate::domain::{
    Connection, ConnectionState, Connections, Connector, Error, Kind, Provider, ProviderName,
    Result, Scope, UserName, Vault,
};
use crate::store::{ConnectionRow, RowState};

/// A user's connections as read under a generation of the store.
pub(super) struct Known {
    generation: i64,
    connections: Arc<[Connection]>,
}

/// A provider in memory, opened for a generation of its connection.
pub(super) struct Opened {
    generation: i64,
    user: UserName,
    provider: Arc<dyn Provider>,
}

#[async_trait]
impl Connections for Accounts {
    async fn of_user(&self, user: &UserName) -> Result<Arc<[Connection]>> {
        if let Some(known) = self.known(user) {
            return Ok(known);
        }
        let (generation, rows) = self.store.connections_of(user).await?;
        let connections: Arc<[Connection]> = rows
            .into_iter()
            .filter_map(|row| self.connection(row))
            .collect();
        locked(&self.opened).retain(|id, opened| {
            opened.user != *user || connections.iter().any(|connection| connection.id == *id)
        });
        let mut known = locked(&self.known);
        known.retain(|_, known| known.generation >= generation);
        known.insert(
            user.clone(),
            Known {
                generation,
                connections: Arc::clone(&connections),
            },
        );
        Ok(connections)
    }

    async fn provider(&self, connection: &Connection) -> Result<Arc<dyn Provider>> {
        let connector = self.connector(connection.provider.0).ok_or_else(|| {
            let name = connection.provider;
            Error::bridge(Kind::Down, format!("this bridge has no provider {name}"))
        })?;
        let mut opened = locked(&self.opened);
        if let Some(opened) = opened.get(&connection.id)
            && opened.generation >= connection.generation
        {
            return Ok(Arc::clone(&opened.provider));
        }
        let vault: Arc<dyn Vault> = Arc::<super::vault::TokenVault>::clone(&self.vault);
        let provider = connector.open(connection, vault);
        opened.insert(
            connection.id,
            Opened {
                generation: connection.generation,
                user: connection.user.clone(),
                provider: Arc::clone(&provider),
            },
        );
        Ok(provider)
    }

    async fn note_state(&self, connection: &Connection, state: ConnectionState) -> Result<()> {
        let problem = match state {
            ConnectionState::Active => None,
            ConnectionState::SignedOut => Some(format!(
                "{} no longer accepts the token: connect the account again",
                connection.provider
            )),
        };
        let (id, generation) = (connection.id, connection.generation);
        self.store
            .note_connection_state(id, generation, state, problem.as_deref(), self.clock.now())
            .await
    }
}

impl Accounts {
    fn known(&self, user: &UserName) -> Option<Arc<[Connection]>> {
        let known = locked(&self.known);
        let known = known.get(user)?;
        let current = known.generation >= self.store.seen_generation();
        current.then(|| Arc::clone(&known.connections))
    }

    pub(super) fn connector(&self, provider: &str) -> Option<&Arc<dyn Connector>> {
        let mut connectors = self.connectors.iter();
        connectors.find(|connector| connector.name().0 == provider)
    }

    /// A stored connection as the other rooms know it; `None` for a disconnected one.
    pub(super) fn connection(&self, row: ConnectionRow) -> Option<Connection> {
        let state = match row.state {
            RowState::Active => ConnectionState::Active,
            RowState::SignedOut => ConnectionState::SignedOut,
            RowState::Disconnected => return None,
        };
        let mut account = row.account;
        if let Some(name) = row.name {
            account.label = name;
        }
        Some(Connection {
            id: row.id,
            user: row.user,
            provider: self.provider_name(&row.provider),
            slug: row.slug,
            account,
            state,
            generation: row.generation,
            missing: row.missing.into_iter().map(Scope).collect(),
            hidden: row.hidden.into_iter().collect(),
        })
    }

    fn provider_name(&self, name: &str) -> ProviderName {
        self.connector(name)
            .map_or_else(|| ProviderName(keep(name)), |connector| connector.name())
    }
}

/// The name of a provider that this program does not have. Its connections are still shown: an
/// account must not look gone because the program was changed. The few such names stay in memory.
fn keep(name: &str) -> &'static str {
    static KEPT: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = locked(&KEPT);
    if let Some(name) = kept.get(name) {
        return name;
    }
    let name: &'static str = Box::leak(name.into());
    kept.insert(name);
    name
}

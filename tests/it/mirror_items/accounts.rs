//! The connections of a real store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::Utc;
use davbridge::domain::{
    Account, Connection, ConnectionState, Connections, Provider, ProviderName, Result, Role,
    UserName,
};
use davbridge::store::{ConnectionRow, NewConnection, RowState, Store};
use tokio::sync::Barrier;

use crate::support::bridge::{trace, user};

/// The connections of a store, each with its cloud.
pub struct Accounts {
    pub store: Arc<Store>,
    providers: Mutex<HashMap<String, Arc<dyn Provider>>>,
    pub notes: Mutex<Vec<ConnectionState>>,
    /// Accounts are opened when so many wait for them.
    pub together: Mutex<Arc<Barrier>>,
}

fn alone() -> Mutex<Arc<Barrier>> {
    Mutex::new(Arc::new(Barrier::new(1)))
}

fn read(row: ConnectionRow) -> Connection {
    Connection {
        id: row.id,
        user: row.user,
        provider: ProviderName("reference"),
        slug: row.slug,
        account: row.account,
        state: match row.state {
            RowState::SignedOut => ConnectionState::SignedOut,
            RowState::Active | RowState::Disconnected => ConnectionState::Active,
        },
        generation: row.generation,
        missing: Arc::from([]),
        hidden: row.hidden.into_iter().collect(),
    }
}

impl Accounts {
    pub async fn new(store: Store) -> Arc<Self> {
        store
            .add_user(&user(), "Anna", Role::Editor, trace())
            .await
            .unwrap();
        Arc::new(Self {
            store: Arc::new(store),
            providers: Mutex::default(),
            notes: Mutex::default(),
            together: alone(),
        })
    }

    /// The same on another opening of the store.
    pub fn on(&self, store: Store) -> Arc<Self> {
        let providers = self.providers.lock().unwrap().clone();
        Arc::new(Self {
            store: Arc::new(store),
            providers: Mutex::new(providers),
            notes: Mutex::default(),
            together: alone(),
        })
    }

    /// Connects an account, or gives it a new token.
    pub async fn connect(&self, id: &str, provider: Arc<dyn Provider>) {
        self.providers
            .lock()
            .unwrap()
            .insert(id.to_owned(), provider);
        let account = Account {
            id: id.to_owned(),
            label: id.to_owned(),
        };
        let new = NewConnection {
            provider: "reference",
            account: &account,
            token: &"token".to_owned().into(),
            scopes: &[],
        };
        self.store.connect(&user(), new, trace()).await.unwrap();
    }
}

#[async_trait]
impl Connections for Accounts {
    async fn of_user(&self, user: &UserName) -> Result<Arc<[Connection]>> {
        let (_, rows) = self.store.connections_of(user).await?;
        let rows = rows.into_iter();
        let rows = rows.filter(|row| row.state != RowState::Disconnected);
        Ok(rows.map(read).collect())
    }

    async fn provider(&self, connection: &Connection) -> Result<Arc<dyn Provider>> {
        let together = self.together.lock().unwrap().clone();
        together.wait().await;
        let providers = self.providers.lock().unwrap();
        Ok(providers[&connection.account.id].clone())
    }

    async fn note_state(&self, connection: &Connection, state: ConnectionState) -> Result<()> {
        self.notes.lock().unwrap().push(state);
        let (id, generation) = (connection.id, connection.generation);
        let store = &self.store;
        store
            .note_connection_state(id, generation, state, None, Utc::now())
            .await
    }
}

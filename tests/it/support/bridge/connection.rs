//! One connection, and what stands for the store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use chrono::Utc;
use davbridge::domain::{
    Account, Addresses, Branch, Connection, ConnectionId, ConnectionState, Connections, DriveId,
    EntryId, Error, Hidden, Kind, Provider, Result, UserName,
};
use davbridge::store::{By, Store, Trace};
use tokio::runtime::Runtime;

/// One connection, and everything fixed for ever, in memory.
pub struct OneConnection {
    provider: Arc<dyn Provider>,
    connection: Mutex<Connection>,
    names: Mutex<HashMap<(String, EntryId), String>>,
    /// Whether a drive has been given its slug.
    served: AtomicBool,
    pub notes: Mutex<Vec<ConnectionState>>,
    /// Further connections of the user, to the same provider.
    pub others: Mutex<Vec<Connection>>,
    /// Where the copy of items is kept.
    pub items: Arc<Store>,
    /// Kind of trouble the store is in.
    pub trouble: Mutex<Option<Kind>>,
}

/// A store in memory for the copy of items; made on a runtime of its own that lives as long as
/// the tests, since nothing can be awaited here.
fn items() -> Arc<Store> {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    let made = std::thread::spawn(|| RUNTIME.block_on(Store::in_memory()).unwrap());
    Arc::new(made.join().unwrap())
}

/// An active connection of the user that lacks nothing.
pub fn connection(provider: davbridge::domain::ProviderName) -> Connection {
    Connection {
        id: ConnectionId(1),
        user: user(),
        provider,
        slug: "ref".to_owned(),
        account: Account {
            id: "account-1".to_owned(),
            label: "Anna".to_owned(),
        },
        state: ConnectionState::Active,
        generation: 1,
        missing: Arc::from([]),
        hidden: Hidden::default(),
    }
}

impl OneConnection {
    pub fn new(provider: Arc<dyn Provider>) -> Arc<Self> {
        let connection = connection(provider.name());
        Arc::new(Self {
            provider,
            connection: Mutex::new(connection),
            names: Mutex::default(),
            items: items(),
            served: AtomicBool::default(),
            notes: Mutex::default(),
            others: Mutex::default(),
            trouble: Mutex::default(),
        })
    }

    /// As after a new token or the command `refresh`.
    pub fn next_generation(&self) {
        self.connection.lock().unwrap().generation += 1;
    }

    /// What its user hides from now on.
    pub fn hide(&self, branches: impl IntoIterator<Item = Branch>) {
        self.connection.lock().unwrap().hidden = branches.into_iter().collect();
    }

    fn store(&self) -> Result<()> {
        match *self.trouble.lock().unwrap() {
            Some(kind) => Err(Error::bridge(kind, "the store is in trouble")),
            None => Ok(()),
        }
    }
}

/// An operator, now.
pub fn trace() -> Trace<'static> {
    static OPERATOR: By = By::command();
    let at = Utc::now();
    Trace { at, by: &OPERATOR }
}

pub fn user() -> UserName {
    UserName::parse("anna").unwrap()
}

#[async_trait]
impl Connections for OneConnection {
    async fn of_user(&self, user: &UserName) -> Result<Arc<[Connection]>> {
        self.store()?;
        let connection = self.connection.lock().unwrap().clone();
        Ok(if *user == connection.user {
            let others = self.others.lock().unwrap().clone();
            [connection].into_iter().chain(others).collect()
        } else {
            Arc::from([])
        })
    }

    async fn provider(&self, _: &Connection) -> Result<Arc<dyn Provider>> {
        Ok(self.provider.clone())
    }

    async fn note_state(&self, _: &Connection, state: ConnectionState) -> Result<()> {
        self.notes.lock().unwrap().push(state);
        Ok(())
    }
}

#[async_trait]
impl Addresses for OneConnection {
    async fn drive_slug(&self, _: ConnectionId, _: &DriveId, _: &str) -> Result<String> {
        self.store()?;
        self.served.store(true, Ordering::SeqCst);
        Ok("drive".to_owned())
    }

    async fn knows_drives(&self, _: ConnectionId) -> Result<bool> {
        self.store()?;
        Ok(self.served.load(Ordering::SeqCst))
    }

    async fn file_names(
        &self,
        _: ConnectionId,
        _: &DriveId,
        folder: &EntryId,
    ) -> Result<Vec<(EntryId, String)>> {
        self.store()?;
        let names = self.names.lock().unwrap();
        let here = names.iter().filter(|((of, _), _)| of == folder.as_str());
        Ok(here
            .map(|((_, id), name)| (id.clone(), name.clone()))
            .collect())
    }

    async fn keep_file_name(
        &self,
        _: ConnectionId,
        _: &DriveId,
        folder: &EntryId,
        entry: &EntryId,
        name: &str,
    ) -> Result<()> {
        self.store()?;
        let key = (folder.as_str().to_owned(), entry.clone());
        self.names
            .lock()
            .unwrap()
            .entry(key)
            .or_insert_with(|| name.to_owned());
        Ok(())
    }
}

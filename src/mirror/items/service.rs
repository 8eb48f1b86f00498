//! One kind of items of one opened account, and all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use data_encoding::HEXLOWER;

use super::super::{Settings, Turns};
use super::collection::{Collection, Listing};
use super::feed::FeedState;
use super::head::Heads;
use super::shelves::ShelfList;
use crate::domain::{
    Call, Clock, Connection, ConnectionId, ConnectionState, Connections, Contact, Error, Event,
    Hidden, ItemKind, Items, Kind, Result, ShelfId,
};
use crate::store::{FeedKey, Store};
use crate::text::Render;

/// So many read texts at once, of the store's four connections.
const READING: usize = 2;

/// Everything that items need, and what outlives the opening of an account.
pub(in crate::mirror) struct Services {
    pub(in crate::mirror) store: Arc<Store>,
    pub(super) connections: Arc<dyn Connections>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Settings,
    /// Names this process in leases.
    pub(super) owner: String,
    pub(super) heads: Heads,
    pub(super) listings: moka::future::Cache<i64, Arc<Listing>>,
    /// Who reads texts: others always find a connection to the store.
    pub(super) reading: Turns,
    feeds: Mutex<HashMap<FeedKey, Arc<FeedState>>>,
    open: Mutex<HashMap<(ConnectionId, ItemKind), Arc<dyn AnyService>>>,
}

impl Services {
    pub(in crate::mirror) fn new(
        store: Arc<Store>,
        connections: Arc<dyn Connections>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Arc<Self> {
        let mut name = [0; 8];
        // Without randomness the address of the store tells processes apart well enough.
        if getrandom::fill(&mut name).is_err() {
            name = (Arc::as_ptr(&store) as usize as u64).to_le_bytes();
        }
        let listings = moka::future::Cache::builder()
            .max_capacity(settings.listing_cache)
            .weigher(|_, listing: &Arc<Listing>| listing.weight())
            .build();
        Arc::new(Self {
            store,
            connections,
            reading: Turns::new(READING, clock.clone()),
            clock,
            settings,
            owner: HEXLOWER.encode(&name),
            heads: Heads::default(),
            listings,
            feeds: Mutex::default(),
            open: Mutex::default(),
        })
    }

    /// The state of a feed, the same for every opening of its account.
    pub(super) fn feed(&self, key: &FeedKey) -> Arc<FeedState> {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.entry(key.clone()).or_default().clone()
    }

    /// The service of a connection for a kind of items.
    pub(in crate::mirror) async fn service(
        self: &Arc<Self>,
        connection: &Connection,
        kind: ItemKind,
    ) -> Result<Arc<dyn AnyService>> {
        if let Some(service) = self.opened(connection, kind) {
            return Ok(service);
        }
        let provider = self.connections.provider(connection).await?;
        let service: Arc<dyn AnyService> = match kind {
            ItemKind::Event => self.open::<Event>(connection, provider.events()),
            ItemKind::Contact => self.open::<Contact>(connection, provider.contacts()),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have been faster: there is one for all.
        let known = open.get(&(connection.id, kind));
        if let Some(known) = known.filter(|known| is_as_new(known, connection)) {
            return Ok(known.clone());
        }
        open.insert((connection.id, kind), service.clone());
        Ok(service)
    }

    fn opened(&self, connection: &Connection, kind: ItemKind) -> Option<Arc<dyn AnyService>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let service = open.get(&(connection.id, kind))?;
        is_as_new(service, connection).then(|| service.clone())
    }

    fn open<K: Render>(
        self: &Arc<Self>,
        connection: &Connection,
        items: Option<Arc<dyn Items<K>>>,
    ) -> Arc<dyn AnyService> {
        Arc::new(Service {
            shared: self.clone(),
            connection: connection.clone(),
            items,
            list: ShelfList::default(),
            tending: AtomicBool::new(false),
            noted: Mutex::new(connection.state),
        })
    }

    /// Closes what is not among a user's connections any more.
    pub(super) fn close_others(&self, user: &crate::domain::UserName, connections: &[Connection]) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(id, _), service| {
            service.connection().user != *user
                || connections.iter().any(|connection| connection.id == *id)
        });
    }

    /// The opened services of accounts that are still connected as they were when opened, and
    /// what is hidden of each.
    pub(super) async fn current(&self) -> Vec<(Arc<dyn AnyService>, Hidden)> {
        let open: Vec<_> = {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.values().cloned().collect()
        };
        let mut current = Vec::new();
        for service in open {
            let opened = service.connection();
            let Ok(connections) = self.connections.of_user(&opened.user).await else {
                continue;
            };
            let same = |known: &&Connection| known.id == opened.id;
            if let Some(known) = connections.iter().find(same)
                && known.generation == opened.generation
            {
                current.push((service, known.hidden.clone()));
            }
        }
        current
    }
}

/// Whether a service was opened for this connection, or for a newer token of it.
fn is_as_new(service: &Arc<dyn AnyService>, connection: &Connection) -> bool {
    service.connection().generation >= connection.generation
}

/// A service whose kind of items does not matter.
#[async_trait]
pub(in crate::mirror) trait AnyService: Send + Sync {
    /// The connection as it was when opened.
    fn connection(&self) -> &Connection;

    /// Its collections: complete, or the last complete list in times of trouble.
    async fn collections(self: Arc<Self>, call: &Call) -> Result<Arc<[Arc<Collection>]>>;

    /// Brings a collection's copy up to date as the rules of freshness say. `Ok`: its content
    /// may be served.
    async fn freshen(self: Arc<Self>, call: &Call, shelf: &ShelfId) -> Result<()>;

    /// Begins the first look at a collection if there was none; waits for nothing.
    async fn begin(self: Arc<Self>, shelf: &ShelfId) -> Result<()>;

    /// Refreshes what clients used lately and is not hidden, if that does not go on already.
    async fn tend(self: Arc<Self>, hidden: Hidden);
}

/// One kind of items of an opened account.
pub(super) struct Service<K: Render> {
    pub(super) shared: Arc<Services>,
    pub(super) connection: Connection,
    /// `None` where the token lacks the scope.
    pub(super) items: Option<Arc<dyn Items<K>>>,
    pub(super) list: ShelfList,
    /// Whether the schedule's work on it goes on.
    tending: AtomicBool,
    noted: Mutex<ConnectionState>,
}

#[async_trait]
impl<K: Render> AnyService for Service<K> {
    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn collections(self: Arc<Self>, call: &Call) -> Result<Arc<[Arc<Collection>]>> {
        self.list_shelves(call).await
    }

    async fn freshen(self: Arc<Self>, call: &Call, shelf: &ShelfId) -> Result<()> {
        self.freshen_shelf(call, shelf).await
    }

    async fn begin(self: Arc<Self>, shelf: &ShelfId) -> Result<()> {
        self.begin_shelf(shelf).await
    }

    async fn tend(self: Arc<Self>, hidden: Hidden) {
        if !self.tending.swap(true, Ordering::AcqRel) {
            self.tend_feeds(&hidden).await;
            self.tending.store(false, Ordering::Release);
        }
    }
}

impl<K: Render> Service<K> {
    /// The port. `NotGranted` where the token lacks the scope.
    pub(super) fn items(&self) -> Result<&Arc<dyn Items<K>>> {
        self.items.as_ref().ok_or_else(|| {
            Error::cloud(
                Kind::NotGranted,
                "the token lacks the scope of this service: connect again",
            )
        })
    }

    /// Notes how a call to the cloud went: whether the token is accepted. That it is not good for
    /// this service is no word about the others: what the feeds note tells that.
    pub(super) async fn note(&self, outcome: Result<(), &Error>) {
        let Some(state) = ConnectionState::told_by(outcome) else {
            return;
        };
        let changed = {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *noted, state) != state
        };
        let connection = &self.connection;
        if changed && let Err(error) = self.shared.connections.note_state(connection, state).await {
            tracing::warn!(connection = %connection.slug, error = %error.chain(), "state not noted");
        }
    }
}

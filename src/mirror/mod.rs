//! The bridge's own copy of what the clouds hold: folder listings in a bounded cache, calendars and
//! address books in the store; kept fresh once for all clients, and served on when a cloud is in
//! trouble.
//!
//! A listing is complete or an error. Paths are resolved here; providers know ids only.

mod account;
mod cache;
mod content;
mod drive;
mod drives;
mod feed;
mod flight;
mod folder;
mod freshness;
mod items;
mod load;
mod name_plan;
mod names;
mod tree;
mod trouble;
mod turns;
mod walk;
mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::domain::{Addresses, Clock, Connections};
use crate::store::Store;

pub use account::AccountTree;
pub use drive::DriveTree;
pub use folder::{Folder, Named};
pub use freshness::Freshness;
pub use items::{
    Collection, Delta, FeedStatus, Head, Listing, Member, Problem, Row, ServiceStatus, Since, Why,
};
pub use tree::{Leaf, Tree};
pub use turns::{Turn, Turns};
pub use walk::{Found, Node};

/// Sizes and ages of the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How old a copy may be.
    pub freshness: Freshness,
    /// Memory for folder listings, in bytes, roughly.
    pub folder_cache: u64,
    /// Memory for lists of items, in bytes, roughly.
    pub listing_cache: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            freshness: Freshness::default(),
            folder_cache: 32 << 20,
            listing_cache: 16 << 20,
        }
    }
}

/// The bridge's own copy.
pub struct Mirror {
    connections: Arc<dyn Connections>,
    addresses: Arc<dyn Addresses>,
    clock: Arc<dyn Clock>,
    freshness: Freshness,
    folders: cache::Folders,
    accounts: Mutex<HashMap<crate::domain::ConnectionId, Arc<AccountTree>>>,
    items: Arc<items::Services>,
}

impl Mirror {
    /// An empty copy; nothing is asked of any cloud before a client asks.
    #[must_use]
    pub fn new(
        connections: Arc<dyn Connections>,
        addresses: Arc<dyn Addresses>,
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Arc<Self> {
        let items = items::Services::new(store, connections.clone(), clock.clone(), settings);
        Arc::new(Self {
            items,
            connections,
            addresses,
            clock,
            freshness: settings.freshness,
            folders: cache::Folders::new(settings.folder_cache),
            accounts: Mutex::default(),
        })
    }
}

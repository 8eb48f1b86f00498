//! Infomaniak: kDrive, calendars and contacts, with a personal access token.
//!
//! # What the sheet leaves open, and what this adapter does
//! - **Two views of a drive.** Everything is read from the v3 tree (`Private`, `Common
//!   documents`, `Shared` below folder 1). Only the whole-tree change feed is v2: it folds
//!   `Private` into folder 1, so its word about folder 1 is a word about two levels.
//! - **Hosts.** Accounts and drives are asked at `api.infomaniak.com`, where tokens of the token
//!   page are proven; the tree at `api.kdrive.infomaniak.com`, as the company's own apps do.
//! - **Status.** Shown are entries with status null, `ok`, `locked` or an unknown one. Hidden are
//!   `trashed`, `trash_inherited` and `erasing`, and `uploading` without content: an existing
//!   file whose new version is on its way must not look deleted.
//! - **Vaults** are folders; what the cloud says to their listing is passed on as it is.
//! - **Symbolic links** are the files the cloud describes; they are not resolved.
//! - **Trust in "not found".** Only an error envelope with a code that says so counts. A 404
//!   without it, a sign-in page or a proxy's error page never does.

mod account;
mod api;
mod calendars;
mod codes;
mod connect;
mod contacts;
mod digest;
mod drives;
mod export;
mod feed;
mod fields;
mod files;
mod lists;
mod map;
mod refusal;
mod settings;
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use secrecy::SecretString;

use crate::domain::{
    Call, Clock, Connection, ConnectionId, Connector, Paste, Probe, ProbeFailure, Provider,
    ProviderName, Result, Vault, Way,
};
use crate::upstream::Pacer;
use account::Account;
use api::Cloud;
pub use settings::{FeedMode, Settings};

/// The name in configuration, addresses and the store.
pub const NAME: ProviderName = ProviderName("infomaniak");

/// The scope for calendars.
const CALENDAR: &str = "workspace:calendar";
/// The scope for address books (§1.2).
const CONTACT: &str = "workspace:contact";

/// Scopes a user ticks, in the order of the token page's list in the README.
const SCOPES: [&str; 5] = ["accounts", "drive", "workspace:mail", CALENDAR, CONTACT];

/// The company.
pub struct Infomaniak {
    cloud: Arc<Cloud>,
    /// The pace of each connection outlives a new token.
    pacers: Mutex<HashMap<ConnectionId, Arc<Pacer>>>,
}

impl Infomaniak {
    /// # Errors
    /// `Invalid` when the settings cannot be used.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self {
            cloud: Arc::new(Cloud::new(settings, clock)?),
            pacers: Mutex::default(),
        })
    }

    fn pacer(&self, connection: ConnectionId) -> Arc<Pacer> {
        let mut pacers = self.pacers.lock().unwrap_or_else(PoisonError::into_inner);
        let pacer = pacers.entry(connection);
        Arc::clone(pacer.or_insert_with(|| self.cloud.pacer()))
    }
}

impl Connector for Infomaniak {
    fn name(&self) -> ProviderName {
        NAME
    }

    fn way(&self) -> Way<'_> {
        Way::Paste(self)
    }

    fn open(&self, connection: &Connection, vault: Arc<dyn Vault>) -> Arc<dyn Provider> {
        let pacer = self.pacer(connection.id);
        Arc::new(Account::new(
            Arc::clone(&self.cloud),
            pacer,
            connection,
            vault,
        ))
    }
}

#[async_trait]
impl Paste for Infomaniak {
    fn scopes(&self) -> &'static [&'static str] {
        &SCOPES
    }

    async fn probe(&self, call: &Call, token: &SecretString) -> Result<Probe, ProbeFailure> {
        connect::probe(&self.cloud, call, token).await
    }
}

//! The wiring: from settings to a bridge that can serve.

use std::sync::Arc;

use tokio::net::TcpListener;

use super::config::Settings;
use super::door::AccountsDoor;
use crate::accounts::{Accounts, Oidc};
use crate::dav::Dav;
use crate::domain::{Clock, Connector, Result, SystemClock};
use crate::mirror::Mirror;
use crate::providers;
use crate::server::{self, Shutdown, Tls};
use crate::store::{self, Store};
use crate::web::Web;

/// All rooms, wired. The commands, the demo and the tests begin here.
pub struct Bridge {
    settings: Settings,
    clock: Arc<dyn Clock>,
    store: Arc<Store>,
    connectors: Vec<Arc<dyn Connector>>,
    accounts: Arc<Accounts>,
}

impl Bridge {
    /// Opens the store in the data folder, which is made at first start, and the clouds.
    pub async fn open(settings: Settings) -> Result<Self> {
        Self::open_as(settings, false).await
    }

    /// The same without making or changing anything in the data folder.
    pub(super) async fn open_to_read(settings: Settings) -> Result<Self> {
        Self::open_as(settings, true).await
    }

    async fn open_as(settings: Settings, read_only: bool) -> Result<Self> {
        let mut place = store::Settings::new(&settings.data_dir);
        place.key_file.clone_from(&settings.key_file);
        place.read_only = read_only;
        let store = Arc::new(Store::open_with(&place).await?);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let connectors = providers::registry(&settings.providers, Arc::clone(&clock))?;
        Self::with(settings, store, connectors, clock)
    }

    /// With a store and clouds of the caller's choice.
    ///
    /// # Errors
    /// `Invalid` when the identity provider's settings cannot be used.
    pub fn with(
        settings: Settings,
        store: Arc<Store>,
        connectors: Vec<Arc<dyn Connector>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let oidc = settings.oidc.clone();
        let oidc = oidc.map(|oidc| Oidc::new(oidc, Arc::clone(&clock)));
        let accounts = Accounts::with_settings(
            Arc::clone(&store),
            connectors.clone(),
            Arc::clone(&clock),
            settings.sign_in,
            oidc.transpose()?,
        );
        Ok(Self {
            settings,
            clock,
            store,
            connectors,
            accounts,
        })
    }

    /// What it was told.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Users, passwords, connections.
    #[must_use]
    pub fn accounts(&self) -> &Arc<Accounts> {
        &self.accounts
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// How accounts of a company are connected.
    pub(super) fn connector(&self, provider: &str) -> Option<&Arc<dyn Connector>> {
        let mut all = self.connectors.iter();
        all.find(|connector| connector.name().0 == provider)
    }

    /// Serves on the given listeners until told to end. Whether all running requests could
    /// finish.
    pub async fn serve(&self, listeners: Vec<TcpListener>, shutdown: Shutdown) -> Result<bool> {
        let settings = self.server_settings()?;
        let mirror = Mirror::new(
            Arc::clone(&self.accounts) as _,
            Arc::clone(&self.store) as _,
            Arc::clone(&self.store),
            Arc::clone(&self.clock),
            self.settings.mirror,
        );
        let tending = tokio::spawn(Arc::clone(&mirror).tend());
        let web = Arc::new(Web::new(
            Arc::clone(&self.accounts),
            Arc::clone(&mirror),
            Arc::clone(&self.clock),
        ));
        let sweeping = tokio::spawn(Arc::clone(&self.accounts).tend());
        let dav = Arc::new(Dav::new(mirror, Arc::clone(&self.clock)));
        let door = Arc::new(AccountsDoor {
            accounts: Arc::clone(&self.accounts),
            store: Arc::clone(&self.store),
        });
        let finished = server::run(listeners, door, dav, web, settings, shutdown).await;
        tending.abort();
        sweeping.abort();
        self.accounts.finish().await;
        Ok(finished)
    }

    fn server_settings(&self) -> Result<server::Settings> {
        let tls = self.settings.tls.as_ref();
        let tls = tls.map(|(certificate, key)| Tls::load(certificate, key));
        Ok(server::Settings {
            public_url: self.settings.public_url.clone(),
            trusted_proxies: self.settings.trusted_proxies.clone(),
            tls: tls.transpose()?.map(Arc::new),
            limits: self.settings.limits,
        })
    }
}

//! Google: so far how an account is connected, and whose it is.

mod connect;
mod settings;

use std::sync::Arc;

use super::consent::{Account, Desk};
use crate::domain::{Clock, Connection, Connector, Provider, ProviderName, Result, Vault, Way};
pub use settings::Settings;

/// The name in configuration, addresses and the store.
pub const NAME: ProviderName = ProviderName("google");

/// The company.
pub struct Google {
    desk: Arc<Desk>,
}

impl Google {
    /// # Errors
    /// `Invalid` when the settings cannot be used.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let client = settings.client.clone();
        let desk = Desk::new(connect::company(settings)?, client, clock)?;
        Ok(Self { desk })
    }
}

impl Connector for Google {
    fn name(&self) -> ProviderName {
        NAME
    }

    fn way(&self) -> Way<'_> {
        Way::Consent(&*self.desk)
    }

    fn open(&self, connection: &Connection, vault: Arc<dyn Vault>) -> Arc<dyn Provider> {
        Arc::new(Account::new(&self.desk, connection, vault))
    }
}

//! Microsoft: so far how an account is connected, and whose it is.

mod account;
mod connect;
mod settings;

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{
    Ask, Call, Clock, Connection, Connector, Consent, ConsentFailure, Consented, Provider,
    ProviderName, Redemption, Result, Scope, Vault, Way,
};
use connect::Desk;
pub use settings::{Service, Settings};

/// The name in configuration, addresses and the store.
pub const NAME: ProviderName = ProviderName("microsoft");

/// The company.
pub struct Microsoft {
    desk: Arc<Desk>,
}

impl Microsoft {
    /// # Errors
    /// `Invalid` when the settings cannot be used.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self {
            desk: Arc::new(Desk::new(settings, clock)?),
        })
    }
}

impl Connector for Microsoft {
    fn name(&self) -> ProviderName {
        NAME
    }

    fn way(&self) -> Way<'_> {
        Way::Consent(self)
    }

    fn open(&self, connection: &Connection, vault: Arc<dyn Vault>) -> Arc<dyn Provider> {
        Arc::new(account::Account::new(
            Arc::clone(&self.desk),
            connection,
            vault,
        ))
    }
}

#[async_trait]
impl Consent for Microsoft {
    fn scopes(&self) -> Vec<Scope> {
        self.desk.scopes()
    }

    fn page(&self, ask: &Ask<'_>) -> String {
        self.desk.page(ask)
    }

    async fn redeem(
        &self,
        call: &Call,
        redemption: Redemption<'_>,
    ) -> Result<Consented, ConsentFailure> {
        self.desk.redeem(call, redemption).await
    }
}

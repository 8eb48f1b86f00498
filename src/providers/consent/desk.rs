//! The sign-in, and the one call that tells whose account it is.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Company, owner};
use crate::domain::{
    Account, Ask, Call, Clock, Connection, Consent, ConsentFailure, Consented, Probe, ProviderName,
    Redemption, Result, Scope, Vault,
};
use crate::upstream::oauth::{GrantError, OAuth, TokenSet, Tokens};
use crate::upstream::{Answer, Client, ClientSettings, Pacer, Request};

/// Where accounts of a company are connected.
pub(in crate::providers) struct Desk {
    company: Company,
    oauth: Arc<OAuth>,
    client: Client,
    pacer: Arc<Pacer>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// # Errors
    /// `Invalid` when the settings of the client cannot be used.
    pub(in crate::providers) fn new(
        company: Company,
        settings: ClientSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>> {
        let client = Client::new(company.name, settings.clone(), Arc::clone(&clock))?;
        let (app, endpoints) = (company.app.clone(), company.endpoints.clone());
        Ok(Arc::new(Self {
            oauth: OAuth::new(company.name, settings, app, endpoints, Arc::clone(&clock))?,
            client,
            pacer: Pacer::new(company.pace, Arc::clone(&clock)),
            clock,
            company,
        }))
    }

    pub(super) fn name(&self) -> ProviderName {
        self.company.name
    }

    /// The tokens of a connection.
    pub(super) fn tokens(&self, connection: &Connection, vault: Arc<dyn Vault>) -> Arc<Tokens> {
        self.oauth.tokens(connection.id, vault)
    }

    /// Whose account an access token opens.
    pub(super) async fn account(&self, call: &Call, access: &SecretString) -> Result<Account> {
        let request = Request::get(self.company.whose.clone(), access);
        let judge = |answer: Answer| owner::judge(&self.company, &answer);
        self.client.send(call, &self.pacer, &request, judge).await
    }
}

#[async_trait]
impl Consent for Desk {
    fn scopes(&self) -> Vec<Scope> {
        self.company.scopes()
    }

    fn page(&self, ask: &Ask<'_>) -> String {
        let more = (self.company.more)(ask.purpose);
        self.oauth.page(ask, &self.company.joined(), &more)
    }

    async fn redeem(
        &self,
        call: &Call,
        redemption: Redemption<'_>,
    ) -> Result<Consented, ConsentFailure> {
        let made = self.clock.now();
        let granted = self.oauth.exchange(call, redemption).await;
        let granted = granted.map_err(failure)?;
        let scopes = self.company.compare(&granted)?;
        if granted.refresh.is_none() {
            return Err(ConsentFailure::NotLasting);
        }
        let account = self.account(call, &granted.access).await;
        Ok(Consented {
            probe: Probe {
                account: account.map_err(ConsentFailure::Unexpected)?,
                scopes,
            },
            token: TokenSet::new(granted, made).write(),
        })
    }

    async fn revoke(&self, call: &Call, token: &SecretString) -> Result<()> {
        self.oauth.revoke(call, token).await
    }
}

fn failure(error: GrantError) -> ConsentFailure {
    match error {
        GrantError::NotAccepted { code } => ConsentFailure::NotAccepted { code },
        GrantError::Trouble(error) => ConsentFailure::Unexpected(error),
    }
}

//! The companies whose accounts can be connected here.

use super::Accounts;
use crate::domain::{ProviderName, Way};

/// A company, and how an account of it is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The company.
    pub provider: ProviderName,
    /// How.
    pub way: OfferWay,
}

/// How an account is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferWay {
    /// By a token that is pasted; the scopes to tick, in the order shown.
    Paste(&'static [&'static str]),
    /// On the company's own page.
    Consent,
}

impl Accounts {
    /// All companies that there are.
    #[must_use]
    pub fn offers(&self) -> Vec<Offer> {
        let offer = |connector: &std::sync::Arc<dyn crate::domain::Connector>| Offer {
            provider: connector.name(),
            way: match connector.way() {
                Way::Paste(paste) => OfferWay::Paste(paste.scopes()),
                Way::Consent(_) => OfferWay::Consent,
            },
        };
        self.connectors.iter().map(offer).collect()
    }

    /// How accounts of a company are connected; `None` where there is no such company.
    #[must_use]
    pub fn offer(&self, provider: &str) -> Option<Offer> {
        let mut offers = self.offers().into_iter();
        offers.find(|offer| offer.provider.0 == provider)
    }
}

//! The port to one signed-in account.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Ability, Call, Contact, Event, Files, Items, Result};

/// Name of a provider as it stands in configuration, addresses and the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderName(pub &'static str);

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One signed-in account of a company; each service is optional.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Which company.
    fn name(&self) -> ProviderName;

    /// What this account can do, for people and tests; may call the cloud (a change feed is
    /// probed).
    async fn ability(&self, call: &Call) -> Result<Ability>;

    /// Its drives, where it has any.
    fn files(&self) -> Option<Arc<dyn Files>>;

    /// Its calendars, where it has any.
    fn events(&self) -> Option<Arc<dyn Items<Event>>> {
        None
    }

    /// Its address books, where it has any.
    fn contacts(&self) -> Option<Arc<dyn Items<Contact>>> {
        None
    }
}

//! One signed-in account.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::OnceCell;

use super::NAME;
use super::api::{Api, Cloud};
use super::calendars::Calendars;
use super::contacts::Contacts;
use super::feed;
use super::files::Drives;
use super::{CALENDAR, CONTACT};
use crate::domain::{
    Ability, Call, Connection, ConnectionId, Contact, Event, Files, FilesAbility, Items,
    ItemsAbility, Provider, ProviderName, Result, Vault,
};
use crate::upstream::Pacer;

/// The way to the cloud for one connection: its pace and its token.
pub(super) struct Session {
    cloud: Arc<Cloud>,
    pacer: Arc<Pacer>,
    connection: ConnectionId,
    vault: Arc<dyn Vault>,
    token: OnceCell<SecretString>,
}

impl Session {
    /// Loads the token at first use; a failure to load is not kept.
    pub(super) async fn api<'a>(&'a self, call: &'a Call) -> Result<Api<'a>> {
        let load = || self.vault.load(self.connection);
        Ok(Api {
            cloud: &self.cloud,
            pacer: &self.pacer,
            token: self.token.get_or_try_init(load).await?,
            call,
        })
    }
}

/// The account behind a connection.
pub(super) struct Account {
    session: Arc<Session>,
    drives: Arc<Drives>,
    calendars: Option<Arc<Calendars>>,
    contacts: Option<Arc<Contacts>>,
}

impl Account {
    pub(super) fn new(
        cloud: Arc<Cloud>,
        pacer: Arc<Pacer>,
        connection: &Connection,
        vault: Arc<dyn Vault>,
    ) -> Self {
        let token = OnceCell::new();
        let session = Arc::new(Session {
            cloud,
            pacer,
            connection: connection.id,
            vault,
            token,
        });
        let has = |scope| !connection.lacks(scope);
        let own = || Arc::clone(&session);
        Self {
            drives: Arc::new(Drives::new(own())),
            calendars: has(CALENDAR).then(|| Arc::new(Calendars::new(own()))),
            contacts: has(CONTACT).then(|| Arc::new(Contacts::new(own()))),
            session,
        }
    }
}

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        NAME
    }

    async fn ability(&self, call: &Call) -> Result<Ability> {
        let change_feed = feed::probe(self.session.api(call).await?).await?;
        Ok(Ability {
            files: Some(FilesAbility {
                change_feed,
                write: false,
                search: false,
            }),
            events: self.calendars.as_ref().map(|_| ItemsAbility::default()),
            contacts: self.contacts.as_ref().map(|_| ItemsAbility::default()),
        })
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        let drives: Arc<dyn Files> = Arc::clone(&self.drives) as _;
        Some(drives)
    }

    fn events(&self) -> Option<Arc<dyn Items<Event>>> {
        let calendars: Arc<dyn Items<Event>> = Arc::clone(self.calendars.as_ref()?) as _;
        Some(calendars)
    }

    fn contacts(&self) -> Option<Arc<dyn Items<Contact>>> {
        let contacts: Arc<dyn Items<Contact>> = Arc::clone(self.contacts.as_ref()?) as _;
        Some(contacts)
    }
}

//! What the page shows of one connection, and how it sets its reading going.

use std::sync::Arc;

use super::{Collection, Mirror, ServiceStatus};
use crate::domain::{
    Call, Connection, ConnectionId, ConnectionState, Connections, ItemKind, Result,
};

impl Mirror {
    /// How the copy of a connection's calendars and address books stands; asks no cloud.
    pub async fn status(&self, connection: ConnectionId) -> Result<Vec<ServiceStatus>> {
        ServiceStatus::of(&self.items.store, connection).await
    }

    /// Calendars or address books of one connection: complete, or an error.
    pub async fn collections_of(
        &self,
        call: &Call,
        connection: &Connection,
        kind: ItemKind,
    ) -> Result<Arc<[Arc<Collection>]>> {
        let service = self.items.service(connection, kind).await?;
        service.collections(call).await
    }

    /// Brings all calendars and address books of a connection up to date, without anybody waiting
    /// for it: begins first looks, goes on with what is due. Trouble shows in the status.
    pub fn wake(self: &Arc<Self>, connection: &Connection) {
        let (connections, of) = (Arc::clone(&self.connections), connection.clone());
        tokio::spawn(async move {
            if let Err(error) = ask_without_services(&*connections, &of).await {
                let name = &of.slug;
                tracing::debug!(connection = %name, error = %error.chain(), "sign-in not asked about");
            }
        });
        for kind in [ItemKind::Event, ItemKind::Contact] {
            let (mirror, connection) = (Arc::clone(self), connection.clone());
            tokio::spawn(async move {
                let call = Call::background();
                let collections = mirror.collections_of(&call, &connection, kind).await;
                for collection in collections.iter().flat_map(|all| all.iter()) {
                    if let Err(error) = mirror.head(&call, collection).await {
                        let name = &connection.slug;
                        tracing::debug!(connection = %name, error = %error.chain(), "not woken");
                    }
                }
            });
        }
    }
}

/// Asks whether the sign-in still holds where no service would notice, and notes it.
async fn ask_without_services(
    connections: &dyn Connections,
    connection: &Connection,
) -> Result<()> {
    let provider = connections.provider(connection).await?;
    if provider.files().is_some() || provider.events().is_some() || provider.contacts().is_some() {
        return Ok(());
    }
    let asked = provider.ability(&Call::background()).await.map(|_| ());
    match ConnectionState::told_by(asked.as_ref().copied()) {
        Some(state) => connections.note_state(connection, state).await,
        None => asked,
    }
}

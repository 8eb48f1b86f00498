//! The port to the sealed tokens.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::Accounts;
use crate::domain::{ConnectionId, Error, Kind, Result, Vault};
use crate::store::Store;

/// What opened providers hold; not [`Accounts`] itself, which holds them.
pub(super) struct TokenVault {
    store: Arc<Store>,
}

impl TokenVault {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store }
    }
}

#[async_trait]
impl Vault for TokenVault {
    async fn load(&self, connection: ConnectionId) -> Result<SecretString> {
        let token = self.store.token(connection).await?;
        token.ok_or_else(|| {
            Error::cloud(
                Kind::SignedOut,
                "the account is not connected: connect it again",
            )
        })
    }

    async fn replace(
        &self,
        connection: ConnectionId,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<()> {
        self.store.replace_token(connection, old, new).await
    }
}

#[async_trait]
impl Vault for Accounts {
    async fn load(&self, connection: ConnectionId) -> Result<SecretString> {
        self.vault.load(connection).await
    }

    async fn replace(
        &self,
        connection: ConnectionId,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<()> {
        self.vault.replace(connection, old, new).await
    }
}

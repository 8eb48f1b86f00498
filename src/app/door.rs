//! The accounts and their store, as the server asks them.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;

use crate::accounts::{Accounts, SignIn};
use crate::domain::Result;
use crate::server::Door;
use crate::store::Store;

/// Sign-in by the accounts, health by the store.
pub(super) struct AccountsDoor {
    pub(super) accounts: Arc<Accounts>,
    pub(super) store: Arc<Store>,
}

#[async_trait]
impl Door for AccountsDoor {
    async fn sign_in(&self, authorization: Option<&str>, peer: IpAddr) -> Result<SignIn> {
        self.accounts.sign_in(authorization, peer).await
    }

    fn takes_bearer(&self) -> bool {
        self.accounts.takes_bearer()
    }

    async fn check(&self) -> Result<()> {
        self.store.incarnation().await.map(drop)
    }
}

//! One signed-in account.

use std::sync::Arc;

use async_trait::async_trait;

use super::NAME;
use super::connect::Desk;
use crate::domain::{Ability, Call, Connection, Files, Provider, ProviderName, Result, Vault};
use crate::upstream::oauth::Tokens;

pub(super) struct Account {
    desk: Arc<Desk>,
    tokens: Arc<Tokens>,
}

impl Account {
    pub(super) fn new(desk: Arc<Desk>, connection: &Connection, vault: Arc<dyn Vault>) -> Self {
        let tokens = desk.oauth.tokens(connection.id, vault);
        Self { desk, tokens }
    }
}

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        NAME
    }

    /// Asks whose account it is, which shows that the sign-in holds.
    async fn ability(&self, call: &Call) -> Result<Ability> {
        let ask = |access| async move { self.desk.identity(call, &access).await };
        self.tokens.signed(call, ask).await?;
        Ok(Ability::default())
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        None
    }
}

//! One signed-in account of a company that has no service yet.

use std::sync::Arc;

use async_trait::async_trait;

use super::Desk;
use crate::domain::{Ability, Call, Connection, Files, Provider, ProviderName, Result, Vault};
use crate::upstream::oauth::Tokens;

pub(in crate::providers) struct Account {
    desk: Arc<Desk>,
    tokens: Arc<Tokens>,
}

impl Account {
    pub(in crate::providers) fn new(
        desk: &Arc<Desk>,
        connection: &Connection,
        vault: Arc<dyn Vault>,
    ) -> Self {
        Self {
            tokens: desk.tokens(connection, vault),
            desk: Arc::clone(desk),
        }
    }
}

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        self.desk.name()
    }

    /// Asks whose account it is, which shows that the sign-in holds.
    async fn ability(&self, call: &Call) -> Result<Ability> {
        let ask = |access| async move { self.desk.account(call, &access).await };
        self.tokens.signed(call, ask).await?;
        Ok(Ability::default())
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        None
    }
}

//! The master keys, for the commands.

use super::{Accounts, Action, By, KeyUse};
use crate::domain::Result;

impl Accounts {
    /// Makes a new master key and seals all secrets with it, also while a server runs; gives its
    /// id. Old keys stay for the app passwords that are hashed with them.
    pub async fn rotate_key(&self, by: &By) -> Result<String> {
        let id = self.store.rotate_key().await?;
        self.audit(by, Action::KeyRotated, None, &id).await;
        Ok(id)
    }

    /// All keys, and what needs them.
    pub async fn list_keys(&self) -> Result<Vec<KeyUse>> {
        self.store.key_uses().await
    }

    /// Drops the keys that nothing in the database needs; gives their ids. Backups that were
    /// made before need them still.
    pub async fn prune_keys(&self, by: &By) -> Result<Vec<String>> {
        let ids = self.store.prune_keys().await?;
        if !ids.is_empty() {
            self.audit(by, Action::KeysPruned, None, &ids.join(" "))
                .await;
        }
        Ok(ids)
    }
}

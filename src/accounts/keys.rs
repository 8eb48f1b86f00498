//! The master keys, for the commands.

use super::{Accounts, By, KeyUse};
use crate::domain::Result;

impl Accounts {
    /// Makes a new master key and seals all secrets with it, also while a server runs; gives its
    /// id. Old keys stay for the app passwords that are hashed with them.
    pub async fn rotate_key(&self, by: &By) -> Result<String> {
        self.store.rotate_key(self.trace(by)).await
    }

    /// All keys, and what needs them.
    pub async fn list_keys(&self) -> Result<Vec<KeyUse>> {
        self.store.key_uses().await
    }

    /// Drops the keys that nothing in the database needs; gives their ids. Backups that were
    /// made before need them still.
    pub async fn prune_keys(&self, by: &By) -> Result<Vec<String>> {
        self.store.prune_keys(self.trace(by)).await
    }
}

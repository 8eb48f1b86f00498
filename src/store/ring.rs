//! The keys of an open store. Another process may rotate or prune them: the row `meta` names the
//! key that seals, and a writer asks it under the write lock, so nothing is ever sealed with a
//! key that is on its way out.

use std::sync::{Arc, PoisonError};

use secrecy::SecretString;
use sqlx::SqliteConnection;

use super::Store;
use super::error::from_sqlx;
use super::keys::{KeyId, KeyRing};
use super::seal::{self, Place, Unopened};
use crate::domain::{Error, Kind, Result};

impl Store {
    /// The keys as last read.
    pub(super) fn keys(&self) -> Arc<KeyRing> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&ring)
    }

    /// The keys to seal with in a write transaction; read anew where another process rotated
    /// them.
    pub(super) async fn sealing_keys(&self, tx: &mut SqliteConnection) -> Result<Arc<KeyRing>> {
        let (check,): (Vec<u8>,) = sqlx::query_as("SELECT key_check FROM meta WHERE id = 1")
            .fetch_one(tx)
            .await
            .map_err(from_sqlx)?;
        self.keys_of(&check)
    }

    /// The keys under which the check value of the database was sealed.
    pub(super) fn keys_of(&self, check: &[u8]) -> Result<Arc<KeyRing>> {
        let id = seal::key_of(check).ok_or_else(|| {
            Error::bridge(Kind::Down, "the check value of the database is damaged")
        })?;
        let keys = self.keys();
        if keys.current().id == id {
            return Ok(keys);
        }
        let keys = self.read_keys()?.with_current(id).ok_or_else(|| {
            let sentence =
                format!("the key file does not hold key {id}, with which the database was sealed");
            Error::bridge(Kind::Down, sentence)
        })?;
        Ok(self.keep(keys))
    }

    /// Opens what was sealed for a place, also with a key that came after this store was opened.
    pub(super) fn open_sealed(
        &self,
        place: Place,
        sealed: &[u8],
    ) -> Result<SecretString, Unopened> {
        match self.keys().open(place, sealed) {
            Err(Unopened::OtherKey(id)) => {
                let other = Unopened::OtherKey(id);
                let keys = self.read_keys().map_err(|error| {
                    tracing::error!(error = error.chain(), "keys not read again");
                    other
                })?;
                let current = self.keys().current().id;
                let keys = keys.with_current(current).ok_or(other)?;
                self.keep(keys).open(place, sealed)
            }
            done => done,
        }
    }

    fn read_keys(&self) -> Result<KeyRing> {
        match &self.folder {
            Some(folder) => KeyRing::read(folder.key_file()),
            None => Err(Error::bridge(Kind::Down, "the keys are in memory only")),
        }
    }

    pub(super) fn keep(&self, keys: KeyRing) -> Arc<KeyRing> {
        let keys = Arc::new(keys);
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        *ring = Arc::clone(&keys);
        keys
    }

    /// Which key seals, as `id` in lists.
    pub(super) fn is_current(&self, id: KeyId) -> bool {
        self.keys().current().id == id
    }
}

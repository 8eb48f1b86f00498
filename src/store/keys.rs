//! The master keys: a ring of 32-byte keys in a text file beside the database.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretBox;
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

use crate::domain::{Error, Kind, Result};

/// Names a key without telling anything of it: 8 hexadecimal digits, derived from the key, so
/// that a mistyped key is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyId([u8; 8]);

impl KeyId {
    /// Bytes of an id at the head of what was sealed.
    pub(super) const LEN: usize = 8;

    /// From the head of what was sealed.
    pub(super) fn read(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// One master key with the keys derived from it, one per purpose.
pub(super) struct Key {
    pub(super) id: KeyId,
    /// Seals cloud tokens.
    pub(super) sealing: SecretBox<[u8; 32]>,
    /// Hashes app passwords.
    pub(super) hashing: SecretBox<[u8; 32]>,
}

impl Key {
    pub(super) fn derive(master: &[u8; 32]) -> Self {
        let id = expand(master, "key id");
        let mut text = [0; KeyId::LEN];
        HEX.encode_mut(&id[..KeyId::LEN / 2], &mut text);
        Self {
            id: KeyId(text),
            sealing: SecretBox::new(Box::new(*expand(master, "sealing cloud tokens"))),
            hashing: SecretBox::new(Box::new(*expand(master, "hashing app passwords"))),
        }
    }
}

/// HKDF-SHA-256 (RFC 5869) of one block, the master key as input key material.
fn expand(master: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
    let pseudo_random = mac(b"davbridge", &[master]);
    Zeroizing::new(mac(&pseudo_random, &[purpose.as_bytes(), &[1]]))
}

/// HMAC-SHA-256 over the parts one after the other.
pub(super) fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// All keys that may open, and the one that seals. Never empty.
pub(super) struct KeyRing {
    keys: Vec<Key>,
    current: usize,
}

impl KeyRing {
    /// In the order of the file; `None` without any.
    pub(super) fn of(keys: Vec<Key>) -> Option<Self> {
        let current = keys.len().checked_sub(1)?;
        Some(Self { keys, current })
    }

    /// A new key that is kept nowhere.
    pub(super) fn in_memory() -> Result<Self> {
        Ok(Self {
            keys: vec![Key::derive(&*random_key()?)],
            current: 0,
        })
    }

    /// The key that seals and hashes anew: the database's, the last one while there is none.
    pub(super) fn current(&self) -> &Key {
        &self.keys[self.current]
    }

    /// The same keys, sealing with the one of that id.
    pub(super) fn with_current(self, id: KeyId) -> Option<Self> {
        let current = self.keys.iter().position(|key| key.id == id)?;
        Some(Self { current, ..self })
    }

    /// Id of the last key of the file.
    pub(super) fn newest(&self) -> KeyId {
        self.keys.last().expect("a ring is never empty").id
    }

    pub(super) fn all(&self) -> &[Key] {
        &self.keys
    }

    /// The key of that id.
    pub(super) fn find(&self, id: KeyId) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Ids for people, e.g. `1f2e3d4c`.
    pub(super) fn ids(&self) -> String {
        let ids: Vec<_> = self.keys.iter().map(|key| key.id.to_string()).collect();
        ids.join(", ")
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({})", self.ids())
    }
}

pub(super) fn random_key() -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    fill_random(&mut *key)?;
    Ok(key)
}

/// Fills with random bytes of the operating system.
pub(super) fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| {
        Error::bridge(Kind::Down, "the system gives no random numbers").because(error)
    })
}

//! Access tokens as credentials of DAV requests (RFC 6750).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::access;
use super::claims::{SKEW, seconds_of};
use super::error::Unverified;
use super::fault::TokenFault;
use super::provider::Oidc;
use crate::accounts::locked;
use crate::domain::{Call, Result};

/// Most tokens that are remembered.
const MOST: usize = 4096;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::accounts) enum Bearer {
    /// It is good, and this person's (`sub`).
    Of(String),
    /// It is not.
    Not(TokenFault),
}

type Hash = [u8; 32];

/// Tokens that were verified, by hash, until they expire. Those not met for longest are
/// forgotten: when `recent` is full it becomes `older`.
#[derive(Default)]
pub(super) struct Verified(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    recent: HashMap<Hash, Entry>,
    older: HashMap<Hash, Entry>,
}

#[derive(Clone)]
struct Entry {
    subject: String,
    expires: f64,
    /// The keys it was verified with: a key that is taken back ends its tokens.
    keys: Option<Hash>,
}

impl Oidc {
    /// Whose access token it is.
    ///
    /// # Errors
    /// Only when the provider's keys are not known and cannot be read.
    pub(in crate::accounts) async fn bearer(
        self: &Arc<Self>,
        call: &Call,
        token: &SecretString,
    ) -> Result<Bearer> {
        let now = self.clock.now();
        let hash: Hash = Sha256::digest(token.expose_secret()).into();
        let known = self.verified.find(&hash, self.keys_mark());
        if let Some(entry) = known.filter(|entry| seconds_of(now) < entry.expires + SKEW) {
            self.tend();
            return Ok(Bearer::Of(entry.subject));
        }
        let (head, claims) = match self.open(call, token).await {
            Ok(opened) => opened,
            Err(Unverified::Fault(fault)) => return Ok(Bearer::Not(fault)),
            Err(Unverified::Trouble(error)) => return Err(error),
        };
        let audience = &self.settings.audience;
        let checked = access::check(&head, &claims, &self.settings.issuer, audience, now);
        let subject = match checked.and_then(|()| claims.subject()) {
            Ok(subject) => subject.to_owned(),
            Err(fault) => return Ok(Bearer::Not(fault)),
        };
        let entry = Entry {
            subject: subject.clone(),
            expires: claims.expires().unwrap_or_default(),
            keys: self.keys_mark(),
        };
        self.verified.note(hash, entry);
        Ok(Bearer::Of(subject))
    }
}

impl Verified {
    fn find(&self, hash: &Hash, keys: Option<Hash>) -> Option<Entry> {
        let mut memory = locked(&self.0);
        let entry = match memory.recent.get(hash) {
            Some(entry) => entry.clone(),
            None => {
                let entry = memory.older.remove(hash)?;
                memory.put(*hash, entry.clone());
                entry
            }
        };
        (entry.keys == keys).then_some(entry)
    }

    fn note(&self, hash: Hash, entry: Entry) {
        locked(&self.0).put(hash, entry);
    }
}

impl Memory {
    fn put(&mut self, hash: Hash, entry: Entry) {
        if self.recent.len() >= MOST / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(hash, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let verified = Verified::default();
        let entry = |subject: &str| Entry {
            subject: subject.to_owned(),
            expires: 0.0,
            keys: None,
        };
        let hash = |number: usize| Hash::from(Sha256::digest(number.to_be_bytes()));
        verified.note(hash(0), entry("busy"));
        for number in 1..3 * MOST {
            verified.note(hash(number), entry("rare"));
            if number % 500 == 0 {
                assert_eq!(verified.find(&hash(0), None).unwrap().subject, "busy");
            }
        }
        assert!(verified.find(&hash(1), None).is_none());
        assert!(verified.find(&hash(0), Some([0; 32])).is_none());
        let memory = locked(&verified.0);
        assert!(memory.recent.len() + memory.older.len() <= MOST);
    }
}

//! Access tokens as credentials of DAV requests (RFC 6750).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::access;
use super::claims::{SKEW, seconds_of};
use super::error::Unverified;
use super::fault::TokenFault;
use super::provider::{Oidc, Opened};
use crate::accounts::locked;
use crate::domain::{Call, Result, Role};

/// Most tokens that are remembered.
const MOST: usize = 4096;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::accounts) enum Bearer {
    /// It is good, and this person's (`sub`).
    Of(Bearing),
    /// It is not.
    Not(TokenFault),
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::accounts) struct Bearing {
    pub(in crate::accounts) subject: String,
    /// The role that it grants, where it tells one.
    pub(in crate::accounts) role: Option<Role>,
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
    whose: Bearing,
    expires: f64,
    /// The keys it was verified with: a key that is taken back ends its tokens.
    keys: Hash,
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
            return Ok(Bearer::Of(entry.whose));
        }
        let Opened { head, claims, keys } = match self.open(call, token).await {
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
        let role = match self.settings.roles.told(&claims) {
            Some(None) => return Ok(Bearer::Not(TokenFault::NoRole)),
            told => told.flatten(),
        };
        let entry = Entry {
            whose: Bearing { subject, role },
            expires: claims.expires().unwrap_or_default(),
            keys,
        };
        self.verified.note(hash, entry.clone());
        Ok(Bearer::Of(entry.whose))
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
        (Some(entry.keys) == keys).then_some(entry)
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

    const KEYS: Hash = [7; 32];

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let verified = Verified::default();
        let entry = |subject: &str| Entry {
            whose: Bearing {
                subject: subject.to_owned(),
                role: None,
            },
            expires: 0.0,
            keys: KEYS,
        };
        let hash = |number: usize| Hash::from(Sha256::digest(number.to_be_bytes()));
        verified.note(hash(0), entry("busy"));
        for number in 1..3 * MOST {
            verified.note(hash(number), entry("rare"));
            if number % 500 == 0 {
                let found = verified.find(&hash(0), Some(KEYS)).unwrap();
                assert_eq!(found.whose.subject, "busy");
            }
        }
        assert!(verified.find(&hash(1), Some(KEYS)).is_none());
        for other in [Some([0; 32]), None] {
            assert!(verified.find(&hash(0), other).is_none());
        }
        let memory = locked(&verified.0);
        assert!(memory.recent.len() + memory.older.len() <= MOST);
    }
}

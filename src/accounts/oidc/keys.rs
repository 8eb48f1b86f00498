//! The keys that sign (RFC 7517).

use jsonwebtoken::jwk::AlgorithmParameters as Parameters;
use jsonwebtoken::jwk::{EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::Result;
use crate::upstream::json;

/// Most keys that are looked at.
const MOST: usize = 64;

/// All that can sign a token. A shared secret never can: whoever checks could forge.
pub(super) const ACCEPTED: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// The published keys.
pub(super) struct KeySet {
    keys: Vec<Key>,
    /// Tells one state of the document from another.
    pub(super) mark: [u8; 32],
}

struct Key {
    id: Option<String>,
    /// What it may sign with.
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads the document. Keys that are no signing keys of ours are passed over, one by one.
    ///
    /// # Errors
    /// `Broken` where it is no list of keys.
    pub(super) fn read(body: &[u8]) -> Result<Self> {
        let document: Document = json(body)?;
        let keys = document.keys.into_iter().take(MOST).filter_map(key);
        Ok(Self {
            keys: keys.collect(),
            mark: Sha256::digest(body).into(),
        })
    }

    /// The key of that id for the algorithm; without an id the only key that can be meant.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&DecodingKey> {
        let fits = |key: &&Key| key.algorithms.contains(&algorithm);
        let mut fitting = self.keys.iter().filter(fits);
        let found = match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        };
        found.map(|key| &key.key)
    }

    /// How many keys can sign.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }
}

fn key(value: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let common = &jwk.common;
    let signs = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let operations = common.key_operations.as_ref();
    let verifies = operations.is_none_or(|list| list.contains(&KeyOperations::Verify));
    if !signs || !verifies {
        return None;
    }
    let mut algorithms = by_kind(&jwk.algorithm);
    if let Some(told) = common.key_algorithm {
        algorithms.retain(|algorithm| KeyAlgorithm::from(*algorithm) == told);
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    (!algorithms.is_empty()).then(|| Key {
        id: jwk.common.key_id,
        algorithms,
        key,
    })
}

/// What a key of that kind can sign with.
fn by_kind(parameters: &Parameters) -> Vec<Algorithm> {
    let curve = match parameters {
        Parameters::RSA(_) => return ACCEPTED[..6].to_vec(),
        Parameters::EllipticCurve(key) => &key.curve,
        Parameters::OctetKeyPair(key) => &key.curve,
        // shared secrets, and what is not known
        _ => return Vec::new(),
    };
    match curve {
        EllipticCurve::P256 => vec![Algorithm::ES256],
        EllipticCurve::P384 => vec![Algorithm::ES384],
        EllipticCurve::Ed25519 => vec![Algorithm::EdDSA],
        _ => Vec::new(),
    }
}

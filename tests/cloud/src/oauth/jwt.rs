//! ID tokens.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A JWT of these claims. It looks signed, but its signature is a hash that no key verifies:
/// clients take the token from the token endpoint itself and need no signature.
pub(crate) fn token(claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "simulated" });
    let signed = format!("{}.{}", part(&header), part(claims));
    let signature = BASE64URL_NOPAD.encode(&Sha256::digest(&signed));
    format!("{signed}.{signature}")
}

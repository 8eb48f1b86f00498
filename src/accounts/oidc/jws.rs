//! Signed tokens (RFC 7515, RFC 7519): what they say before and after the signature is checked.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::{ExposeSecret, SecretString};

use super::claims::Claims;
use super::fault::TokenFault;
use super::keys::ACCEPTED;

/// Longest token that is looked at, in bytes.
pub(super) const LONGEST: usize = 32 * 1024;

/// What stands before the claims; nothing of it is believed before the signature is checked.
pub(super) struct Head {
    pub(super) algorithm: Algorithm,
    pub(super) key: Option<String>,
    /// `typ` in small letters, without `application/`.
    pub(super) kind: Option<String>,
}

/// Reads the head of a token.
///
/// # Errors
/// `NotAToken`; `Algorithm` for all but the accepted ones.
pub(super) fn head(token: &SecretString) -> Result<Head, TokenFault> {
    let token = token.expose_secret();
    let parts = token.split('.').count();
    if parts != 3 || token.len() > LONGEST {
        return Err(TokenFault::NotAToken);
    }
    // an algorithm that is not known, `none` among them, does not read
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Algorithm)?;
    if !ACCEPTED.contains(&header.alg) {
        return Err(TokenFault::Algorithm);
    }
    // RFC 7515 §4.1.11: what is critical has to be understood
    if header.crit.is_some() || header.enc.is_some() {
        return Err(TokenFault::NotAToken);
    }
    Ok(Head {
        algorithm: header.alg,
        key: header.kid,
        kind: header.typ.map(|kind| short(&kind)),
    })
}

fn short(kind: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    kind.strip_prefix("application/")
        .map_or_else(|| kind.clone(), str::to_owned)
}

/// The claims of a token that this key signed. None of them is checked yet.
///
/// # Errors
/// `Signature`.
pub(super) fn open(
    token: &SecretString,
    head: &Head,
    key: &DecodingKey,
) -> Result<Claims, TokenFault> {
    let mut validation = Validation::new(head.algorithm);
    // times are compared with our own clock, the rest with more care
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let read = jsonwebtoken::decode(token.expose_secret(), key, &validation);
    read.map(|data| Claims::new(data.claims))
        .map_err(|_| TokenFault::Signature)
}

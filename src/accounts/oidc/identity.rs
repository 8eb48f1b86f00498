//! ID tokens (OpenID Connect Core 1.0 §3.1.3.7).

use chrono::{DateTime, Utc};

use super::claims::Claims;
use super::fault::TokenFault;
use super::jws::Head;

/// What an ID token is measured by.
pub(super) struct Expected<'a, F> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    /// Whether it is the nonce that was sent.
    pub(super) is_nonce: F,
    pub(super) now: DateTime<Utc>,
}

/// Checks an ID token whose signature is right.
pub(super) fn check<F>(
    head: &Head,
    claims: &Claims,
    expected: &Expected<'_, F>,
) -> Result<(), TokenFault>
where
    F: Fn(&str) -> bool,
{
    // Keycloak tells the kind in a claim
    let kind = head.kind.as_deref().is_none_or(|kind| kind == "jwt");
    let told = claims.text("typ").is_none_or(|kind| kind == "ID");
    if !kind || !told || claims.has("events") {
        return Err(TokenFault::WrongKind);
    }
    claims.check(expected.issuer, expected.now)?;
    let audience = claims.texts("aud");
    if !audience.contains(&expected.client) {
        return Err(TokenFault::Audience);
    }
    match claims.get("azp") {
        Some(party) if party.as_str() != Some(expected.client) => return Err(TokenFault::Client),
        None if audience.len() > 1 => return Err(TokenFault::Client),
        Some(_) | None => {}
    }
    if claims.text("nonce").is_some_and(&expected.is_nonce) {
        Ok(())
    } else {
        Err(TokenFault::Nonce)
    }
}

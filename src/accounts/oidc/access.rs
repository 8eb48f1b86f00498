//! Access tokens that are JWTs (RFC 9068, and what providers made before it).

use chrono::{DateTime, Utc};

use super::claims::Claims;
use super::fault::TokenFault;
use super::jws::Head;
use super::settings::Audience;

/// Claims that only ID tokens have.
const OF_IDENTITY: [&str; 4] = ["nonce", "at_hash", "c_hash", "s_hash"];
/// Claims of which an access token has at least one, and an ID token none.
const OF_ACCESS: [&str; 4] = ["scope", "scp", "client_id", "cid"];

/// Checks an access token whose signature is right.
pub(super) fn check(
    head: &Head,
    claims: &Claims,
    issuer: &str,
    audience: &[Audience],
    now: DateTime<Utc>,
) -> Result<(), TokenFault> {
    if !is_access(head, claims) {
        return Err(TokenFault::WrongKind);
    }
    if claims.has("cnf") {
        return Err(TokenFault::Bound);
    }
    claims.check(issuer, now)?;
    let named = claims.texts("aud");
    let party = claims.text("azp").or_else(|| claims.text("client_id"));
    let ours = audience.iter().any(|audience| match audience {
        Audience::Named(name) => named.contains(&&**name),
        Audience::IssuedTo(client) => party == Some(client),
    });
    if ours {
        Ok(())
    } else {
        Err(TokenFault::Audience)
    }
}

/// Whether it is an access token. A provider that follows RFC 9068 says so in the head, Keycloak
/// in the claim `typ`; with others it shows in what an ID token never or always has.
fn is_access(head: &Head, claims: &Claims) -> bool {
    match (head.kind.as_deref(), claims.text("typ")) {
        (Some("at+jwt"), None | Some("Bearer" | "at+jwt")) => true,
        (None | Some("jwt"), Some("Bearer")) => true,
        (None | Some("jwt"), None) => {
            let has = |name: &&str| claims.has(name);
            !claims.has("events") && !OF_IDENTITY.iter().any(has) && OF_ACCESS.iter().any(has)
        }
        _ => false,
    }
}

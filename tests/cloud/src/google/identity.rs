//! Whose account it is (fact sheet §1.1).

use serde_json::{Value, json};

use super::State;
use super::people::{self, Person};
use crate::oauth::grant::Grant;
use crate::oauth::token::TokenKind;
use crate::reply::{self, Reply};
use crate::vendors::{Style, Visit};

/// The account behind the bearer token, or the answer that refuses.
fn who(state: &State, visit: &Visit<'_>) -> Result<(Person, Grant), Box<Reply>> {
    let token = visit.request.bearer().unwrap_or_default();
    let grant = state.book.live(TokenKind::Access, token);
    let found = grant.and_then(|grant| Some((people::by_sub(&grant.account)?, grant)));
    found.ok_or_else(|| {
        let text = "Request had invalid authentication credentials.";
        let mut reply = Style::Google.error(401, "UNAUTHENTICATED", text);
        let value = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
        reply::set(&mut reply, "www-authenticate", value);
        Box::new(reply)
    })
}

fn may(grant: &Grant, scope: &str) -> bool {
    grant.has(&format!("https://www.googleapis.com/auth/userinfo.{scope}"))
}

fn answer(state: &State, visit: &Visit<'_>, id: &str, verified: &str) -> Reply {
    let (person, grant) = match who(state, visit) {
        Ok(found) => found,
        Err(reply) => return *reply,
    };
    let (email, profile) = (may(&grant, "email"), may(&grant, "profile"));
    if !(email || profile || grant.has("openid")) {
        let text = "Request had insufficient authentication scopes.";
        return Style::Google.error(403, "PERMISSION_DENIED", text);
    }
    let mut body = json!({ id: person.sub });
    if email {
        body["email"] = json!(person.email);
        body[verified] = json!(true);
    }
    if profile {
        body["name"] = json!(person.name);
        body["given_name"] = json!(person.given);
        body["family_name"] = json!(person.family);
    }
    if let Some(hd) = person.hd {
        body["hd"] = json!(hd);
    }
    reply::json(200, &body)
}

/// `GET www:/oauth2/v2/userinfo`.
pub(super) fn userinfo(state: &mut State, visit: &Visit<'_>) -> Reply {
    answer(state, visit, "id", "verified_email")
}

/// `GET openidconnect:/v1/userinfo`.
pub(super) fn openid(state: &mut State, visit: &Visit<'_>) -> Reply {
    answer(state, visit, "sub", "email_verified")
}

/// The OpenID Connect metadata.
pub(super) fn discovery(state: &mut State, _: &Visit<'_>) -> Reply {
    let base = format!("{}/google", state.addresses.base);
    let metadata: Value = json!({
        "issuer": format!("{base}/accounts"),
        "authorization_endpoint": format!("{base}/accounts/o/oauth2/v2/auth"),
        "token_endpoint": format!("{base}/oauth2/token"),
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "userinfo_endpoint": format!("{base}/openid/v1/userinfo"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["plain", "S256"],
    });
    reply::json(200, &metadata)
}

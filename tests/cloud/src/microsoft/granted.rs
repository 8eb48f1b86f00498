//! What the token endpoint gives (fact sheet §1.4).

use serde_json::{Value, json};

use super::{State, people};
use crate::oauth::grant::Grant;
use crate::oauth::jwt;
use crate::oauth::token::TokenKind;

/// An access token for a grant, and what comes with it.
pub(super) fn answer(
    state: &mut State,
    grant: &Grant,
    refresh: Option<String>,
    nonce: Option<&str>,
) -> Value {
    let life = state.switches.expires_in;
    let text = format!("EwB4A8l6BAAU{}", state.book.draw());
    let text = state.book.issue(text, TokenKind::Access, grant, Some(life));
    let told = |seconds: u64| {
        if state.switches.expires_in_text {
            json!(seconds.to_string())
        } else {
            json!(seconds)
        }
    };
    let mut body = json!({
        "token_type": "Bearer",
        "scope": shown(state, grant),
        "expires_in": told(life),
        "access_token": text,
    });
    if state.switches.ext_expires_in {
        body["ext_expires_in"] = told(life);
    }
    if let Some(refresh) = refresh {
        body["refresh_token"] = json!(refresh);
    }
    if grant.has("openid") {
        body["id_token"] = json!(id_token(state, grant, nonce));
    }
    body
}

/// What was granted, without `offline_access`.
fn shown(state: &State, grant: &Grant) -> String {
    let told = grant
        .scopes
        .iter()
        .filter(|scope| *scope != "offline_access");
    let told = told.map(|scope| match state.switches.long_scopes {
        true if scope.contains('.') => format!("https://graph.microsoft.com/{scope}"),
        _ => scope.clone(),
    });
    told.collect::<Vec<_>>().join(" ")
}

fn id_token(state: &State, grant: &Grant, nonce: Option<&str>) -> String {
    let now = state.book.now();
    let mut claims = json!({
        "aud": grant.client,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "ver": "2.0",
    });
    if let Some(person) = people::by_id(&grant.account) {
        let base = &state.addresses.base;
        claims["iss"] = json!(format!("{base}/microsoft/login/{}/v2.0", person.tenant));
        claims["tid"] = json!(person.tenant);
        claims["oid"] = json!(person.id);
        claims["sub"] = json!(format!("{}-{}", person.id, grant.client));
        claims["name"] = json!(person.name);
        claims["preferred_username"] = json!(person.upn);
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    jwt::token(&claims)
}

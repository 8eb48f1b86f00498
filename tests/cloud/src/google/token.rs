//! The token endpoint and revocation (fact sheet §1.1, §1.3).

use serde_json::{Value, json};

use super::State;
use super::authorize::whole;
use super::people;
use crate::oauth::ask::words;
use crate::oauth::grant::Grant;
use crate::oauth::jwt;
use crate::oauth::post::Post;
use crate::oauth::token::TokenKind;
use crate::reply::{self, Reply};
use crate::vendors::{Style, Visit};

/// A refusal: status, `error`, `error_description`.
type Refusal = (u16, &'static str, &'static str);

const DEAD: Refusal = (400, "invalid_grant", "Token has been expired or revoked.");

/// `POST /token`.
pub(super) fn token(state: &mut State, visit: &Visit<'_>) -> Reply {
    match exchange(state, visit) {
        Ok(answer) => uncached(reply::json(200, &answer)),
        Err((status, code, text)) => uncached(Style::OAuth.error(status, code, text)),
    }
}

fn uncached(mut reply: Reply) -> Reply {
    reply::set(&mut reply, "cache-control", "no-store");
    reply
}

fn exchange(state: &mut State, visit: &Visit<'_>) -> Result<Value, Refusal> {
    let post = Post::read(visit.request);
    let post = post.ok_or((400, "invalid_request", "The body is not a form."))?;
    let kind = post.get("grant_type");
    let kind = kind.ok_or((
        400,
        "invalid_request",
        "Missing required parameter: grant_type",
    ))?;
    authenticate(state, &post)?;
    match kind {
        "authorization_code" => by_code(state, &post),
        "refresh_token" => by_refresh(state, &post),
        _ => Err((400, "unsupported_grant_type", "Invalid grant_type")),
    }
}

fn authenticate(state: &State, post: &Post) -> Result<(), Refusal> {
    if post.client.is_empty() {
        return Err((
            400,
            "invalid_request",
            "Could not determine client ID from request.",
        ));
    }
    let client = state.book.client(&post.client);
    let client = client.ok_or((401, "invalid_client", "The OAuth client was not found."))?;
    match (&client.secret, &post.secret) {
        (Some(_), None) => Err((400, "invalid_request", "client_secret is missing.")),
        (Some(secret), Some(sent)) if secret != sent => Err((
            401,
            "invalid_client",
            "The provided client secret is invalid.",
        )),
        _ => Ok(()),
    }
}

fn by_code(state: &mut State, post: &Post) -> Result<Value, Refusal> {
    let text = post.get("code");
    let text = text.ok_or((400, "invalid_request", "Missing required parameter: code"))?;
    let malformed = (400, "invalid_grant", "Malformed auth code.");
    let code = state.book.look(text).map_err(|_| malformed)?;
    if code.grant.client != post.client {
        return Err((400, "unauthorized_client", "Unauthorized"));
    }
    if post.get("redirect_uri") != Some(&code.redirect) {
        return Err((400, "redirect_uri_mismatch", "Bad Request"));
    }
    match (&code.challenge, post.get("code_verifier")) {
        (None, _) => {}
        (Some(_), None) => return Err((400, "invalid_grant", "Missing code verifier.")),
        (Some(challenge), Some(verifier)) if !challenge.fits(verifier) => {
            return Err((400, "invalid_grant", "Invalid code verifier."));
        }
        (Some(_), Some(_)) => {}
    }
    state.book.spend(text);
    let mut answer = access(state, &code.grant);
    if code.lasting {
        let life = state.switches.testing_life;
        let text = format!("1//0{}", state.book.draw());
        let text = state
            .book
            .issue(text, TokenKind::Refresh, &code.grant, life);
        state.book.cap(&code.grant, state.switches.refresh_tokens);
        answer["refresh_token"] = json!(text);
        if let Some(life) = life {
            answer["refresh_token_expires_in"] = json!(life);
        }
    }
    if code.grant.has("openid") {
        answer["id_token"] = json!(id_token(state, &code.grant, code.nonce.as_deref()));
    }
    Ok(answer)
}

fn by_refresh(state: &mut State, post: &Post) -> Result<Value, Refusal> {
    let text = post.get("refresh_token");
    let text = text.ok_or((
        400,
        "invalid_request",
        "Missing required parameter: refresh_token",
    ))?;
    let mut grant = state.book.live(TokenKind::Refresh, text).ok_or(DEAD)?;
    if grant.client != post.client {
        return Err((400, "unauthorized_client", "Unauthorized"));
    }
    let wanted = words(post.get("scope"));
    let wanted: Vec<String> = wanted.iter().map(|scope| whole(scope)).collect();
    if !wanted.iter().all(|scope| grant.has(scope)) {
        return Err((400, "invalid_scope", "Bad Request"));
    }
    if !wanted.is_empty() {
        grant.scopes = wanted;
    }
    let mut answer = access(state, &grant);
    if grant.has("openid") {
        answer["id_token"] = json!(id_token(state, &grant, None));
    }
    Ok(answer)
}

/// A new access token.
fn access(state: &mut State, grant: &Grant) -> Value {
    let life = state.switches.expires_in;
    let text = format!("ya29.{}", state.book.draw());
    let text = state.book.issue(text, TokenKind::Access, grant, Some(life));
    json!({
        "access_token": text,
        "expires_in": life,
        "scope": state.shown(&grant.scopes),
        "token_type": "Bearer",
    })
}

fn id_token(state: &State, grant: &Grant, nonce: Option<&str>) -> String {
    let now = state.book.now();
    let mut claims = json!({
        "iss": format!("{}/google/accounts", state.addresses.base),
        "aud": grant.client,
        "azp": grant.client,
        "sub": grant.account,
        "iat": now,
        "exp": now + 3600,
    });
    if let Some(person) = people::by_sub(&grant.account) {
        claims["email"] = json!(person.email);
        claims["email_verified"] = json!(true);
        claims["name"] = json!(person.name);
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    jwt::token(&claims)
}

/// `POST /revoke`: any token of a grant ends the whole grant.
pub(super) fn revoke(state: &mut State, visit: &Visit<'_>) -> Reply {
    let post = Post::read(visit.request);
    let form = post.as_ref().and_then(|post| post.get("token"));
    let text = form.or_else(|| visit.request.query.get("token"));
    let kinds = [TokenKind::Refresh, TokenKind::Access];
    let grant = text.and_then(|text| {
        let mut found = kinds.iter().filter_map(|kind| state.book.live(*kind, text));
        found.next()
    });
    match grant {
        Some(grant) => {
            state
                .book
                .revoke_grants(&grant.account, Some(&grant.client));
            reply::json(200, &json!({}))
        }
        None => Style::OAuth.error(400, "invalid_token", "Token expired or revoked"),
    }
}

//! The token endpoint (fact sheet §1.3 to §1.5).

use serde_json::Value;

use super::State;
use super::authorize::plain;
use super::granted::answer;
use super::people;
use super::refusal::Refusal;
use super::switches::RefreshRefusal;
use super::tenant;
use crate::oauth::ask::words;
use crate::oauth::grant::{Grant, Spent};
use crate::oauth::post::Post;
use crate::oauth::token::{TokenKind, TokenState};
use crate::reply::{self, Reply};
use crate::vendors::Visit;

const BAD_CODE: Refusal = Refusal::new(
    "invalid_grant",
    70000,
    "The provided value for the 'code' parameter is not valid.",
);

/// `POST …/token`.
pub(super) fn token(state: &mut State, visit: &Visit<'_>) -> Reply {
    let answer = exchange(state, visit);
    let mut reply = answer.map_or_else(|refusal| refusal.reply(), |body| reply::json(200, &body));
    reply::set(&mut reply, "cache-control", "no-store");
    reply
}

fn exchange(state: &mut State, visit: &Visit<'_>) -> Result<Value, Refusal> {
    const NO_FORM: Refusal = Refusal::new("invalid_request", 900_144, "The body is not a form.");
    const NO_TENANT: Refusal = Refusal::new("invalid_request", 90002, "Tenant not found.");
    tenant::people(visit.params.text(0)).ok_or(NO_TENANT)?;
    let post = Post::read(visit.request).ok_or(NO_FORM)?;
    authenticate(state, visit, &post)?;
    match post.get("grant_type") {
        Some("authorization_code") => by_code(state, &post),
        Some("refresh_token") => by_refresh(state, &post),
        Some(_) => Err(Refusal::new(
            "unsupported_grant_type",
            70003,
            "The app requested an unsupported grant type.",
        )),
        None => Err(missing("The request body must contain 'grant_type'.")),
    }
}

const fn missing(text: &'static str) -> Refusal {
    Refusal::new("invalid_request", 900_144, text)
}

fn authenticate(state: &State, visit: &Visit<'_>, post: &Post) -> Result<(), Refusal> {
    if post.client.is_empty() {
        return Err(missing("The request body must contain 'client_id'."));
    }
    let client = state.book.client(&post.client);
    let client = client.ok_or(Refusal::new(
        "unauthorized_client",
        700_016,
        "Application was not found in the directory.",
    ))?;
    let refused = |number, text| Refusal::new("invalid_client", number, text).status(401);
    match (&client.secret, &post.secret) {
        (None, Some(_)) => Err(refused(
            700_025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be \
             presented.",
        )),
        (Some(_), None) => Err(refused(
            7_000_218,
            "The request body must contain 'client_assertion' or 'client_secret'.",
        )),
        (Some(secret), Some(sent)) if secret != sent => {
            Err(refused(7_000_215, "Invalid client secret provided."))
        }
        (Some(_), _) if visit.request.header("origin").is_some() => Err(Refusal::new(
            "invalid_request",
            9_002_326,
            "Cross-origin token redemption is permitted only for single-page applications.",
        )),
        _ => Ok(()),
    }
}

fn by_code(state: &mut State, post: &Post) -> Result<Value, Refusal> {
    let text = post.get("code");
    let text = text.ok_or(missing("The request body must contain 'code'."))?;
    let code = state.book.look(text).map_err(|why| match why {
        Spent::Unknown => BAD_CODE,
        Spent::Used => Refusal::new(
            "invalid_grant",
            54005,
            "OAuth2 Authorization code was already redeemed.",
        ),
        Spent::Expired => Refusal::new("invalid_grant", 70008, "The provided code has expired."),
    })?;
    if code.grant.client != post.client {
        return Err(BAD_CODE.suberror("client_mismatch"));
    }
    if post.get("redirect_uri") != Some(&code.redirect) {
        return Err(Refusal::new(
            "invalid_grant",
            500_112,
            "The reply address does not match the one of the authorization request.",
        ));
    }
    let mismatch = Refusal::new(
        "invalid_grant",
        501_481,
        "The Code_Verifier does not match the code_challenge supplied in the authorization \
         request.",
    );
    if let Some(challenge) = &code.challenge {
        let verifier = post.get("code_verifier").ok_or(mismatch)?;
        if !challenge.fits(verifier) {
            return Err(mismatch);
        }
    }
    state.book.spend(text);
    shared_on_personal(&code.grant)?;
    let refresh = code.lasting.then(|| refresh_token(state, &code.grant));
    Ok(answer(state, &code.grant, refresh, code.nonce.as_deref()))
}

/// Scopes of shared things produce `invalid_grant` with personal accounts (§1.6).
fn shared_on_personal(grant: &Grant) -> Result<(), Refusal> {
    let personal = people::by_id(&grant.account).is_some_and(|person| person.is_personal());
    let shared = grant.scopes.iter().any(|scope| scope.ends_with(".Shared"));
    if personal && shared {
        Err(BAD_CODE)
    } else {
        Ok(())
    }
}

fn by_refresh(state: &mut State, post: &Post) -> Result<Value, Refusal> {
    let text = post.get("refresh_token");
    let text = text.ok_or(missing("The request body must contain 'refresh_token'."))?;
    refused(state.switches.refusal)?;
    let found = state.book.find(TokenKind::Refresh, text);
    let grant = match found {
        Some((TokenState::Live, grant)) => grant.clone(),
        Some((TokenState::Expired, _)) => {
            let text = "The refresh token has expired due to inactivity.";
            return Err(Refusal::new("invalid_grant", 700_082, text).suberror("token_expired"));
        }
        Some((TokenState::Revoked, _)) => {
            let text = "The provided grant has expired due to it being revoked.";
            return Err(Refusal::new("invalid_grant", 50173, text).suberror("bad_token"));
        }
        None => {
            let text = "The provided value for the 'refresh_token' parameter is not valid.";
            return Err(Refusal::new("invalid_grant", 70000, text).suberror("bad_token"));
        }
    };
    if grant.client != post.client {
        return Err(BAD_CODE.suberror("client_mismatch"));
    }
    let granted = narrowed(&grant, post)?;
    let refresh = state.switches.rotate.then(|| {
        if !state.switches.old_refresh_works {
            state.book.revoke(text);
        }
        refresh_token(state, &grant)
    });
    Ok(answer(state, &granted, refresh, None))
}

/// The grant with the scopes asked for, which must be granted ones.
fn narrowed(grant: &Grant, post: &Post) -> Result<Grant, Refusal> {
    let wanted = words(post.get("scope"));
    if wanted.is_empty() {
        return Ok(grant.clone());
    }
    let mut scopes = Vec::new();
    for scope in &wanted {
        let scope = plain(scope).filter(|scope| grant.has(scope));
        scopes.push(scope.map(str::to_owned).ok_or(Refusal::new(
            "invalid_grant",
            65001,
            "The user or administrator has not consented to use the application.",
        ))?);
    }
    Ok(Grant {
        scopes,
        ..grant.clone()
    })
}

fn refused(switch: RefreshRefusal) -> Result<(), Refusal> {
    const FACTOR: &str = "Due to a configuration change made by your administrator, you must use \
                          multi-factor authentication.";
    Err(match switch {
        RefreshRefusal::None => return Ok(()),
        RefreshRefusal::SecondFactor => {
            Refusal::new("invalid_grant", 50076, FACTOR).suberror("basic_action")
        }
        RefreshRefusal::Interaction => Refusal::new("interaction_required", 50076, FACTOR)
            .claims(r#"{"access_token":{"capolids":{"essential":true,"values":["1"]}}}"#),
        RefreshRefusal::Password => {
            let text = "The provided grant has expired due to it being revoked, a fresh auth \
                        token is needed.";
            Refusal::new("invalid_grant", 50173, text).suberror("bad_token")
        }
        RefreshRefusal::Unavailable => {
            let text = "A transient error has occurred. Please try again.";
            Refusal::new("temporarily_unavailable", 90033, text).status(503)
        }
    })
}

fn refresh_token(state: &mut State, grant: &Grant) -> String {
    let text = format!("0.AR-{}", state.book.draw());
    let life = Some(state.switches.refresh_life);
    state.book.issue(text, TokenKind::Refresh, grant, life)
}

//! What stands before every handler: token, scope, redirect to the sign-in page.

use std::collections::BTreeSet;

use super::envelope::Failure;
use super::people::{Grant, User};
use super::routes::{Needs, Params, Route};
use super::state::{Call, State};
use crate::reply::{self, Reply};
use crate::request::Request;

/// Answers a request that found its route.
pub(crate) fn answer(
    state: &mut State,
    route: &Route,
    params: Params<'_>,
    request: &Request,
) -> Reply {
    let grant = match admit(state, route, request) {
        Ok(grant) => grant,
        Err(Refusal::Failure(failure)) => return failure.reply(),
        Err(Refusal::SignIn) => return sign_in(state),
    };
    let mut call = Call {
        state,
        request,
        grant,
        params,
    };
    (route.handler)(&mut call).unwrap_or_else(|failure| failure.reply())
}

/// Answers a request that found none.
pub(crate) fn unknown() -> Reply {
    Failure::no_route().reply()
}

/// The redirect with which first-party endpoints meet personal access tokens (§1.4).
pub(crate) fn sign_in(state: &State) -> Reply {
    let base = &state.addresses.base;
    reply::redirect(&format!("{base}/login/authorize?response_type=code"))
}

enum Refusal {
    Failure(Failure),
    SignIn,
}

fn admit(state: &State, route: &Route, request: &Request) -> Result<Grant, Refusal> {
    if route.needs == Needs::Nothing {
        return Ok(nobody());
    }
    // a token in the query string is accepted for downloads too (§1.1), which clients should avoid
    let token = request
        .bearer()
        .or_else(|| request.query.get("access_token"));
    let grant = token.and_then(|token| state.tokens.get(token));
    let grant = grant.ok_or_else(|| Refusal::Failure(Failure::not_authorized()))?;
    let scope = match route.needs {
        Needs::Nothing => return Ok(nobody()),
        Needs::SignIn => return Err(Refusal::SignIn),
        Needs::Scope(scope) => scope,
        Needs::Contacts => "workspace:contact",
    };
    if grant.scopes.contains(scope) {
        return Ok(grant.clone());
    }
    let name = match route.needs {
        Needs::Contacts => state.switches.contact_scope.as_str(),
        _ => scope,
    };
    Err(Refusal::Failure(Failure::scopes(&[name])))
}

fn nobody() -> Grant {
    Grant {
        user: User {
            id: 0,
            login: "",
            email: "",
            name: "",
            accounts: &[],
        },
        scopes: BTreeSet::new(),
    }
}

//! What stands before every handler: token, scope, redirect to the sign-in page.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::envelope::Failure;
use super::people::{Grant, User};
use super::routes::{Needs, Route};
use super::state::{Call, State};
use crate::reply::{self, Reply};
use crate::request::Request;
use crate::template::Params;

/// Answers a request that found its route.
pub(crate) fn answer(
    state: &mut State,
    route: &Route,
    params: Params<'_>,
    request: &Request,
) -> Reply {
    let grant = match admit(state, route, request) {
        Ok(grant) => grant,
        Err(reply) => return *reply,
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

/// Who calls, or the answer that refuses.
fn admit(state: &mut State, route: &Route, request: &Request) -> Result<Arc<Grant>, Box<Reply>> {
    if route.needs == Needs::Nothing {
        return Ok(nobody());
    }
    // a token in the query string is accepted for downloads too (§1.1), which clients should avoid
    let token = request
        .bearer()
        .or_else(|| request.query.get("access_token"));
    if let Some(token) = token
        && let Some(reply) = state.limiter.count(token, &state.switches)
    {
        return Err(Box::new(reply));
    }
    let grant = token.and_then(|token| state.tokens.get(token));
    let grant = grant.ok_or_else(|| Box::new(Failure::not_authorized().reply()))?;
    let scope = match route.needs {
        Needs::Nothing => return Ok(nobody()),
        Needs::SignIn => return Err(Box::new(sign_in(state))),
        Needs::Scope(scope) => scope,
        Needs::Contacts => "workspace:contact",
    };
    if grant.scopes.contains(scope) {
        return Ok(Arc::clone(grant));
    }
    let name = match route.needs {
        Needs::Contacts => state.switches.contact_scope.as_str(),
        _ => scope,
    };
    Err(Box::new(Failure::scopes(&[name]).reply()))
}

fn nobody() -> Arc<Grant> {
    Arc::new(Grant {
        user: User {
            id: 0,
            login: "",
            email: "",
            name: "",
            accounts: &[],
        },
        scopes: BTreeSet::new(),
    })
}

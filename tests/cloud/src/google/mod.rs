//! Google as its fact sheet describes it: so far the sign-in (§1) and whose account it is.
//!
//! Hosts are folders of one listener: `/google/accounts` is `accounts.google.com`,
//! `/google/oauth2` is `oauth2.googleapis.com`, `/google/www` is `www.googleapis.com`,
//! `/google/openid` is `openidconnect.googleapis.com`.

mod authorize;
mod identity;
mod people;
pub(crate) mod switches;
mod token;

use std::sync::Arc;

use crate::infomaniak::state::Addresses;
use crate::oauth::book::Book;
use crate::oauth::client::OAuthClient;
use crate::options::Options;
use crate::vendors::{Row, Style};
use switches::GoogleSwitches;

/// Everything the simulated Google knows.
pub(crate) struct State {
    pub(crate) book: Book,
    pub(crate) switches: GoogleSwitches,
    addresses: Arc<Addresses>,
}

impl State {
    pub(crate) fn new(options: &Options, addresses: Arc<Addresses>) -> State {
        State {
            book: Book::new(&options.google_clients),
            switches: options.google.clone(),
            addresses,
        }
    }
}

/// The application there is at the start: a desktop one, whose addresses are on loopback.
pub(crate) fn sample_client() -> OAuthClient {
    OAuthClient {
        id: "sim-google.apps.example".to_owned(),
        secret: Some("sim-google-secret".to_owned()),
        redirects: vec!["https://dav.example/oauth/google".to_owned()],
        loopback: true,
    }
}

const fn row(
    key: &'static str,
    style: Style,
    handler: fn(&mut State, &crate::vendors::Visit<'_>) -> crate::reply::Reply,
) -> Row<State> {
    Row {
        key,
        style,
        handler,
    }
}

pub(crate) const ROUTES: &[Row<State>] = &[
    row(
        "GET /google/accounts/o/oauth2/v2/auth",
        Style::OAuth,
        authorize::show,
    ),
    row(
        "POST /google/accounts/o/oauth2/v2/auth",
        Style::OAuth,
        authorize::answer,
    ),
    row(
        "GET /google/accounts/.well-known/openid-configuration",
        Style::OAuth,
        identity::discovery,
    ),
    row("POST /google/oauth2/token", Style::OAuth, token::token),
    row("POST /google/oauth2/revoke", Style::OAuth, token::revoke),
    row(
        "GET /google/www/oauth2/v2/userinfo",
        Style::Google,
        identity::userinfo,
    ),
    row(
        "GET /google/openid/v1/userinfo",
        Style::Google,
        identity::openid,
    ),
];

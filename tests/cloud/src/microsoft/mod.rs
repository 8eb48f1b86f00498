//! Microsoft as its fact sheet describes it: so far the sign-in (§1) and whose account it is.
//!
//! Hosts are folders of one listener: `/microsoft/login` is `login.microsoftonline.com`,
//! `/microsoft/graph` is `graph.microsoft.com`.

mod authorize;
mod granted;
mod identity;
mod people;
mod refusal;
pub(crate) mod switches;
mod tenant;
mod token;

use std::sync::Arc;

use crate::infomaniak::state::Addresses;
use crate::oauth::book::Book;
use crate::oauth::client::OAuthClient;
use crate::options::Options;
use crate::vendors::{Row, Style};
use switches::MicrosoftSwitches;

/// Everything the simulated Microsoft knows.
pub(crate) struct State {
    pub(crate) book: Book,
    pub(crate) switches: MicrosoftSwitches,
    addresses: Arc<Addresses>,
}

impl State {
    pub(crate) fn new(options: &Options, addresses: Arc<Addresses>) -> State {
        State {
            book: Book::new(&options.microsoft_clients),
            switches: options.microsoft.clone(),
            addresses,
        }
    }
}

/// The applications there are at the start: a confidential and a public one.
pub(crate) fn sample_clients() -> Vec<OAuthClient> {
    let client = |id: &str, secret: Option<&str>| OAuthClient {
        id: id.to_owned(),
        secret: secret.map(str::to_owned),
        redirects: vec!["https://dav.example/oauth/microsoft".to_owned()],
        loopback: true,
    };
    vec![
        client(
            "5a6d6f8e-0000-4000-8000-00000000c0de",
            Some("sim-microsoft-secret"),
        ),
        client("5a6d6f8e-0000-4000-8000-00000000face", None),
    ]
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
        "GET /microsoft/login/{tenant}/oauth2/v2.0/authorize",
        Style::OAuth,
        authorize::show,
    ),
    row(
        "POST /microsoft/login/{tenant}/oauth2/v2.0/authorize",
        Style::OAuth,
        authorize::answer,
    ),
    row(
        "POST /microsoft/login/{tenant}/oauth2/v2.0/token",
        Style::OAuth,
        token::token,
    ),
    row(
        "GET /microsoft/login/{tenant}/v2.0/.well-known/openid-configuration",
        Style::OAuth,
        identity::discovery,
    ),
    row("GET /microsoft/graph/v1.0/me", Style::Graph, identity::me),
];

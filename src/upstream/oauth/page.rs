//! The address of the page of consent.

use url::Url;

use super::{App, Endpoints};
use crate::domain::Ask;

/// Address of the page that asks for `scopes`, with what the company wants besides.
pub(super) fn address(
    endpoints: &Endpoints,
    app: &App,
    ask: &Ask<'_>,
    scopes: &str,
    more: &[(&str, &str)],
) -> Url {
    let mut url = endpoints.authorize.clone();
    url.query_pairs_mut()
        .append_pair("client_id", &app.id)
        .append_pair("redirect_uri", ask.redirect)
        .append_pair("response_type", "code")
        .append_pair("scope", scopes)
        .append_pair("state", ask.state)
        .append_pair("code_challenge", ask.challenge)
        .append_pair("code_challenge_method", "S256")
        .extend_pairs(more);
    url
}

//! `/sign-in/oidc`: signing in at the identity provider, there and back.

use http::StatusCode;
use maud::html;
use serde::Deserialize;

use crate::accounts::{OidcError, TokenFault};
use crate::web::parts::alarm;
use crate::web::paths;
use crate::web::refusal::Refusal;
use crate::web::routes::count;
use crate::web::scene::Scene;
use crate::web::texts::fill;
use crate::web::{Answer, answer};

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    again: String,
    stale: String,
    denied: String,
    failed: String,
    not_accepted: String,
    bad_token: String,
    no_role: String,
    disabled: String,
    unexpected: String,
    faults: Faults,
}

/// What can be wrong with a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    not_a_token: String,
    algorithm: String,
    unknown_key: String,
    signature: String,
    wrong_kind: String,
    bound: String,
    issuer: String,
    audience: String,
    client: String,
    expired: String,
    not_yet: String,
    nonce: String,
    no_role: String,
    subject: String,
}

impl Faults {
    fn told(&self, fault: TokenFault) -> &str {
        match fault {
            TokenFault::NotAToken => &self.not_a_token,
            TokenFault::Algorithm => &self.algorithm,
            TokenFault::UnknownKey => &self.unknown_key,
            TokenFault::Signature => &self.signature,
            TokenFault::WrongKind => &self.wrong_kind,
            TokenFault::Bound => &self.bound,
            TokenFault::Issuer => &self.issuer,
            TokenFault::Audience => &self.audience,
            TokenFault::Client => &self.client,
            TokenFault::Expired => &self.expired,
            TokenFault::NotYet => &self.not_yet,
            TokenFault::Nonce => &self.nonce,
            TokenFault::NoRole => &self.no_role,
            TokenFault::Subject => &self.subject,
        }
    }
}

/// Where the provider gives the browser back.
const BACK: &str = "/sign-in/oidc/back";

/// Sends the browser to the provider. Counted like a form: each one leaves a trace in the store.
pub(in crate::web) async fn begin(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    count(scene)?;
    let asked = scene.query("back").unwrap_or_default();
    let to = paths::back(&asked).unwrap_or("/");
    let redirect = scene.url(BACK);
    let accounts = &scene.web.accounts;
    match accounts.begin_oidc(scene.guest(), &redirect, to).await {
        Ok(page) => Ok(answer::see(&page)),
        Err(error) => refused(scene, error),
    }
}

/// Back from the provider. Counted too: anybody can come back with anything.
pub(in crate::web) async fn back(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    count(scene)?;
    let query = scene.request.uri.query().unwrap_or_default();
    let (accounts, client) = (&scene.web.accounts, scene.client());
    match accounts.finish_oidc(scene.guest(), query, &client).await {
        Ok(came) => {
            let to = paths::back(&came.back).unwrap_or("/");
            Ok(scene.welcome(&came.session, to))
        }
        Err(error) => refused(scene, error),
    }
}

/// Says why nobody was signed in.
fn refused(scene: &Scene<'_>, error: OidcError) -> Result<Answer, Refusal> {
    let texts = &scene.texts().oidc;
    let (status, text, value) = match error {
        OidcError::NotConfigured => return Err(Refusal::NotFound),
        OidcError::Store(error) => return Err(error.into()),
        OidcError::Stale => (StatusCode::BAD_REQUEST, &texts.stale, String::new()),
        OidcError::Denied => (StatusCode::FORBIDDEN, &texts.denied, String::new()),
        OidcError::Failed { code } => (StatusCode::BAD_GATEWAY, &texts.failed, code),
        OidcError::NotAccepted { code } => (StatusCode::BAD_REQUEST, &texts.not_accepted, code),
        OidcError::BadToken(fault) => {
            let fault = texts.faults.told(fault).to_owned();
            (StatusCode::BAD_REQUEST, &texts.bad_token, fault)
        }
        OidcError::NoRole => (StatusCode::FORBIDDEN, &texts.no_role, String::new()),
        OidcError::Disabled(user) => (StatusCode::FORBIDDEN, &texts.disabled, user.to_string()),
        OidcError::Unexpected(error) => {
            tracing::warn!(
                error = error.chain(),
                "the identity provider could not be asked"
            );
            (StatusCode::BAD_GATEWAY, &texts.unexpected, String::new())
        }
    };
    let body = html! {
        (alarm(&fill(text, &[("what", &value)])))
        p { a.button href=(scene.path("/sign-in")) { (texts.again) } }
    };
    Ok(scene.page(&texts.title, body).with(status).answer())
}

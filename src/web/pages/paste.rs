//! `/connect/{provider}/{number}`: the dialog for a token that is pasted (requirements row 1).

use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::connect::way;
use crate::accounts::{ConnectError, OfferWay};
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{alarm, button, copyable, form};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// Where Infomaniak's users make tokens.
const TOKENS: &str = "https://manager.infomaniak.com/v3/ng/accounts/token/list";

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    open: String,
    link: String,
    tick: String,
    scopes: String,
    warning: String,
    paste: String,
    token: String,
    hint: String,
    submit: String,
    cancel: String,
    not_a_token: String,
    not_accepted: String,
    scope_missing: String,
    unexpected: String,
}

/// Begins a dialog.
pub(in crate::web) async fn begin(scene: &Scene<'_>, provider: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    match scene.web.accounts.begin_paste(&person.user, provider).await {
        Ok(id) => Ok(scene.see(&format!("/connect/{provider}/{id}"))),
        Err(error) => Err(told(scene, error).err().unwrap_or(Refusal::NotFound)),
    }
}

/// The dialog.
pub(in crate::web) async fn show(
    scene: &Scene<'_>,
    provider: &str,
    id: &str,
) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let id = number(id)?;
    match scene.web.accounts.pasting(&person.user, id).await {
        Ok(begun) if begun == provider => page(scene, provider, id, None),
        Ok(_) => Err(Refusal::NotFound),
        Err(ConnectError::NotBegun) => Ok(scene.see("/connect")),
        Err(error) => Err(told(scene, error).err().unwrap_or(Refusal::NotFound)),
    }
}

/// Tries the token.
pub(in crate::web) async fn submit(
    scene: &Scene<'_>,
    provider: &str,
    id: &str,
    form: &Form,
) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let id = number(id)?;
    let (token, by) = (form.secret("token"), scene.by());
    let accounts = &scene.web.accounts;
    let error = match accounts.finish_paste(&by, &person.user, id, &token).await {
        Ok(connection) => {
            scene.web.mirror.wake(&connection);
            return Ok(scene.see("/"));
        }
        Err(error) => error,
    };
    let (status, sentence) = told(scene, error)?;
    let answer = page(scene, provider, id, Some(&sentence))?;
    Ok(with(answer, status))
}

/// Deletes what was begun.
pub(in crate::web) async fn cancel(scene: &Scene<'_>, id: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    scene
        .web
        .accounts
        .cancel_paste(&person.user, number(id)?)
        .await?;
    Ok(scene.see("/"))
}

fn with(mut answer: Answer, status: StatusCode) -> Answer {
    *answer.status_mut() = status;
    answer
}

fn number(id: &str) -> Result<i64, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound)
}

/// Status and sentence of a failure: 400 where the token is the reason, 502 where the cloud is.
fn told(scene: &Scene<'_>, error: ConnectError) -> Result<(StatusCode, String), Refusal> {
    let texts = &scene.texts().paste;
    Ok(match error {
        ConnectError::NotAToken => (StatusCode::BAD_REQUEST, texts.not_a_token.clone()),
        ConnectError::NotAccepted { scope } => {
            let sentence = fill(&texts.not_accepted, &[("scope", &scope.0)]);
            (StatusCode::BAD_REQUEST, sentence)
        }
        ConnectError::ScopeMissing { scope, .. } => {
            let sentence = fill(&texts.scope_missing, &[("scope", &scope.0)]);
            (StatusCode::BAD_REQUEST, sentence)
        }
        ConnectError::Unexpected(error) => {
            tracing::warn!(error = error.chain(), "a token could not be tried");
            (StatusCode::BAD_GATEWAY, texts.unexpected.clone())
        }
        ConnectError::Store(error) => return Err(error.into()),
        ConnectError::UnknownUser(_) => return Err(Refusal::SignIn),
        ConnectError::NotBegun => return Err(Refusal::NotFound),
        ConnectError::UnknownProvider { .. } | ConnectError::ByConsent(_) => {
            return Err(Refusal::NotFound);
        }
    })
}

fn page(
    scene: &Scene<'_>,
    provider: &str,
    id: i64,
    wrong: Option<&str>,
) -> Result<Answer, Refusal> {
    let OfferWay::Paste(scopes) = way(scene, provider)? else {
        return Err(Refusal::NotFound);
    };
    let texts = &scene.texts().paste;
    let company = scene.texts().companies.name(provider);
    let title = fill(&texts.title, &[("company", company)]);
    let place = format!("/connect/{provider}/{id}");
    let body = html! {
        @if let Some(wrong) = wrong { (alarm(wrong)) }
        (steps(scene, scopes))
        (form(scene, &place, &fields(texts, wrong.is_some())))
        (button(scene, &format!("{place}/cancel"), "plain", &texts.cancel))
    };
    Ok(scene.page(&title, body).answer())
}

fn steps(scene: &Scene<'_>, scopes: &[&str]) -> Markup {
    let texts = &scene.texts().paste;
    html! {
        ol {
            li {
                (texts.open) " "
                a href=(TOKENS) target="_blank" rel="noopener noreferrer" { (texts.link) }
            }
            li {
                (texts.tick)
                ul.copies aria-label=(texts.scopes) {
                    @for scope in scopes { li { (copyable(scene, scope)) } }
                }
                p.warn { (texts.warning) }
            }
            li { (texts.paste) }
        }
    }
}

fn fields(texts: &Texts, wrong: bool) -> Markup {
    html! {
        label for="token" { (texts.token) }
        textarea #token name="token" rows="3" autocomplete="off" autocapitalize="none"
            spellcheck="false" required aria-describedby="token-hint" autofocus[wrong] {}
        p.soft #token-hint { (texts.hint) }
        button { (texts.submit) }
    }
}

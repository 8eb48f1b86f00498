//! `/connect/{provider}` and `/oauth/{provider}`: accounts that are connected on the company's own
//! page, there and back.

use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::connect::way;
use super::consent_refused::{Tried, failed, refused};
use crate::accounts::{Begun, Callback, OfferWay};
use crate::domain::Connection;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{csrf, note};
use crate::web::refusal::Refusal;
use crate::web::routes::count;
use crate::web::scene::Scene;
use crate::web::shown::Shown;
use crate::web::texts::fill;

/// Texts of the pages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    go: String,
    leave: String,
    leave_link: String,
    elsewhere: String,
    elsewhere_intro: String,
    address: String,
    finish: String,
    connected_title: String,
    connected: String,
    partly: String,
    pub(super) failed_title: String,
    pub(super) kept_title: String,
    pub(super) again: String,
    pub(super) home: String,
    not_an_address: String,
    pub(super) stale: String,
    pub(super) denied: String,
    pub(super) failed: String,
    pub(super) not_accepted: String,
    pub(super) nothing_granted: String,
    pub(super) not_lasting: String,
    pub(super) other_account: String,
    pub(super) unexpected: String,
}

/// What will happen, and the way for browsers that do not come back.
pub(in crate::web) fn show(scene: &Scene<'_>, provider: &str) -> Answer {
    let tried = Tried {
        provider,
        again: None,
    };
    before(scene, tried, &format!("/connect/{provider}"))
}

fn before(scene: &Scene<'_>, tried: Tried<'_>, place: &str) -> Answer {
    let texts = &scene.texts().consent;
    let company = scene.texts().companies.name(tried.provider);
    let values = [("company", company)];
    let title = fill(&texts.title, &values);
    let body = html! {
        p { (fill(&texts.intro, &values)) }
        form method="post" action=(scene.path(place)) data-popup="" {
            (csrf(scene))
            button { (fill(&texts.go, &values)) }
        }
        (elsewhere(scene, tried))
    };
    scene.page(&title, body).answer()
}

/// A bridge that the browser cannot be sent back to gets the address by hand.
fn elsewhere(scene: &Scene<'_>, tried: Tried<'_>) -> Markup {
    let texts = &scene.texts().consent;
    let place = format!("/oauth/{}", tried.provider);
    html! {
        details {
            summary { (texts.elsewhere) }
            p { (texts.elsewhere_intro) }
            form method="post" action=(scene.path(&place)) {
                (csrf(scene))
                @if let Some(slug) = tried.again { input type="hidden" name="again" value=(slug); }
                label for="address" { (texts.address) }
                textarea #address name="address" rows="3" autocomplete="off" autocapitalize="none"
                    spellcheck="false" required {}
                button { (texts.finish) }
            }
        }
    }
}

/// `POST /connect/{provider}`.
pub(in crate::web) async fn begin(scene: &Scene<'_>, provider: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let session = scene.session_secret()?;
    let back = redirect(scene, provider);
    let begun = scene
        .web
        .accounts
        .begin_consent(&person.user, provider, session, &back);
    let tried = Tried {
        provider,
        again: None,
    };
    match begun.await {
        Ok(begun) => Ok(leave(scene, tried, &begun)),
        Err(error) => refused(scene, tried, error),
    }
}

/// `GET /connections/{slug}/reconnect`: the same for an account that is connected again.
pub(in crate::web) async fn show_again(scene: &Scene<'_>, slug: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let shown = Shown::one(scene, &person.user, slug).await?;
    let shown = shown.ok_or(Refusal::NotFound)?;
    let provider = shown.status.provider.as_str();
    if way(scene, provider)? != OfferWay::Consent {
        return Err(Refusal::NotFound);
    }
    let place = format!("/connections/{slug}/reconnect");
    let again = Some(slug);
    Ok(before(scene, Tried { provider, again }, &place))
}

/// `POST /connections/{slug}/reconnect`.
pub(in crate::web) async fn reconnect(scene: &Scene<'_>, slug: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let shown = Shown::one(scene, &person.user, slug).await?;
    let provider = shown.ok_or(Refusal::NotFound)?.status.provider;
    let session = scene.session_secret()?;
    let back = redirect(scene, &provider);
    let begun = scene
        .web
        .accounts
        .begin_reconnect(&person.user, slug, session, &back);
    let tried = Tried {
        provider: &provider,
        again: Some(slug),
    };
    match begun.await {
        Ok(begun) => Ok(leave(scene, tried, &begun)),
        Err(error) => refused(scene, tried, error),
    }
}

/// The address at which the company's page gives the browser back.
fn redirect(scene: &Scene<'_>, provider: &str) -> String {
    scene.url(&format!("/oauth/{provider}"))
}

/// Sends the browser on. Not by a redirect: browsers hold the answer to a form to the policy for
/// forms, which names no site but ours.
fn leave(scene: &Scene<'_>, tried: Tried<'_>, begun: &Begun) -> Answer {
    let texts = &scene.texts().consent;
    let company = scene.texts().companies.name(tried.provider);
    let title = fill(&texts.go, &[("company", company)]);
    let body = html! {
        p { (texts.leave) }
        p { a.button href=(begun.page) { (texts.leave_link) } }
        (elsewhere(scene, tried))
    };
    scene.page(&title, body).onward(&begun.page).answer()
}

/// `GET /oauth/{provider}`: back from the company's page. Counted like the form beside it.
pub(in crate::web) async fn back(scene: &Scene<'_>, provider: &str) -> Result<Answer, Refusal> {
    count(scene)?;
    let query = scene.request.uri.query().unwrap_or_default().to_owned();
    finish(scene, provider, &query, None).await
}

/// `POST /oauth/{provider}`: back by hand.
pub(in crate::web) async fn pasted(
    scene: &Scene<'_>,
    provider: &str,
    form: &Form,
) -> Result<Answer, Refusal> {
    let again = match form.get("again") {
        "" => None,
        slug => Shown::one(scene, &scene.person()?.user, slug).await?,
    };
    let again = again.map(|shown| shown.status.slug);
    finish(scene, provider, form.get("address"), again).await
}

/// `again`: the connection that the form was for; what was begun tells better.
async fn finish(
    scene: &Scene<'_>,
    provider: &str,
    text: &str,
    again: Option<String>,
) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    if way(scene, provider)? != OfferWay::Consent {
        return Err(Refusal::NotFound);
    }
    let texts = &scene.texts().consent;
    let Some(callback) = Callback::parse(text) else {
        let again = again.as_deref();
        let (tried, status) = (Tried { provider, again }, StatusCode::BAD_REQUEST);
        return Ok(failed(scene, tried, status, &texts.not_an_address));
    };
    let (session, accounts) = (scene.session_secret()?, &scene.web.accounts);
    let client = scene.client();
    let begun = accounts.reconnecting(&person.user, session, &callback.state);
    let again = begun.await?.or(again);
    let again = again.as_deref();
    let finished = accounts.finish_consent(session, &callback, &client);
    match finished.await {
        Ok(connection) => connected(scene, &connection).await,
        Err(error) => refused(scene, Tried { provider, again }, error),
    }
}

async fn connected(scene: &Scene<'_>, connection: &Connection) -> Result<Answer, Refusal> {
    scene.web.mirror.wake(connection);
    let texts = &scene.texts().consent;
    let shown = Shown::one(scene, &connection.user, &connection.slug).await?;
    let missing = shown.map(|shown| shown.missing).unwrap_or_default();
    let name = connection.account.label.as_str();
    let place = format!("/connections/{}", connection.slug);
    let body = html! {
        div data-done data-close=[missing.is_empty().then_some("")] {
            (note(&fill(&texts.connected, &[("account", name)])))
            @if !missing.is_empty() {
                div.warn {
                    p { (texts.partly) }
                    ul { @for sentence in &missing { li { (sentence) } } }
                }
                p { a.button.plain href=(scene.path(&format!("{place}/reconnect"))) { (texts.again) } }
            }
            p { a.button href=(scene.path("/")) { (texts.home) } }
        }
    };
    Ok(scene.page(&texts.connected_title, body).answer())
}

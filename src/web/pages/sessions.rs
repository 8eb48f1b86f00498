//! `/sessions`: browsers in which somebody is signed in.

use maud::{Markup, html};
use serde::Deserialize;

use crate::accounts::SessionInfo;
use crate::web::Answer;
use crate::web::parts::{button, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::times::{ago, day};

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    browser: String,
    address: String,
    begun: String,
    seen: String,
    this: String,
    end: String,
    ended: String,
    unknown: String,
}

/// The list.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().sessions;
    let all = scene.web.accounts.list_sessions(&person.user).await?;
    let body = html! {
        @if scene.query("done").as_deref() == Some("ended") { (note(&texts.ended)) }
        p { (texts.intro) }
        div.table { table {
            thead { tr {
                th scope="col" { (texts.browser) }
                th scope="col" { (texts.address) }
                th scope="col" { (texts.begun) }
                th scope="col" { (texts.seen) }
                td {}
            } }
            tbody { @for one in &all { (row(scene, one, one.id == person.session)) } }
        } }
    };
    Ok(scene.page(&texts.title, body).answer())
}

fn row(scene: &Scene<'_>, one: &SessionInfo, this: bool) -> Markup {
    let texts = &scene.texts().sessions;
    let agent = if one.agent.is_empty() {
        &texts.unknown
    } else {
        &one.agent
    };
    html! {
        tr {
            td { (agent) }
            td data-label=(texts.address) { (one.address) }
            td data-label=(texts.begun) { (day(one.created)) }
            td data-label=(texts.seen) { (ago(scene, one.last_seen)) }
            td {
                @if this {
                    span.state.good { (texts.this) }
                } @else {
                    (button(scene, &format!("/sessions/{}/end", one.id), "danger", &texts.end))
                }
            }
        }
    }
}

/// Ends one.
pub(in crate::web) async fn end(scene: &Scene<'_>, id: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let accounts = &scene.web.accounts;
    accounts
        .revoke_session(&scene.by(), &person.user, id)
        .await?;
    Ok(scene.see("/sessions?done=ended"))
}

//! `/sessions`: browsers in which somebody is signed in.

use maud::{Markup, html};
use serde::Deserialize;

use super::agent;
use crate::accounts::SessionInfo;
use crate::web::Answer;
use crate::web::parts::{button, button_about, note, table};
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
    end_others: String,
    ended: String,
    others_ended: String,
    unknown: String,
}

/// The list.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().sessions;
    let all = scene.web.accounts.list_sessions(&person.user).await?;
    let heads = [&*texts.browser, &texts.address, &texts.begun, &texts.seen];
    let rows = html! { @for one in &all { (row(scene, one, one.id == person.session)) } };
    let body = html! {
        @match scene.query("done").as_deref() {
            Some("ended") => (note(&texts.ended)),
            Some("others") => (note(&texts.others_ended)),
            _ => {}
        }
        p { (texts.intro) }
        (table(&heads, true, &rows))
        @if all.len() > 1 { (button(scene, "/sessions/others/end", "danger", &texts.end_others)) }
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
    let about = format!("session-{}", one.id);
    let end = format!("/sessions/{}/end", one.id);
    html! {
        tr {
            td id=(about) { bdi title=(one.agent) { (agent::short(&one.agent).unwrap_or_else(|| agent.clone())) } }
            td data-label=(texts.address) { (one.address) }
            td data-label=(texts.begun) { (day(one.created)) }
            td data-label=(texts.seen) { (ago(scene, one.last_seen)) }
            td {
                @if this {
                    span.state.good { (texts.this) }
                } @else {
                    (button_about(scene, &end, "danger", &texts.end, &about))
                }
            }
        }
    }
}

/// Ends one, or all `others`.
pub(in crate::web) async fn end(scene: &Scene<'_>, id: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    if id == "others" {
        let (by, accounts) = (scene.by(), &scene.web.accounts);
        let others = accounts.revoke_other_sessions(&by, &person.user, person.session);
        others.await?;
        return Ok(scene.see("/sessions?done=others"));
    }
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let accounts = &scene.web.accounts;
    accounts
        .revoke_session(&scene.by(), &person.user, id)
        .await?;
    Ok(scene.see("/sessions?done=ended"))
}

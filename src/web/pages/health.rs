//! `/admin/connections`: how all connections are; nothing of what is in them.

use maud::{Markup, html};
use serde::Deserialize;

use crate::accounts::RowState;
use crate::web::Answer;
use crate::web::parts::table;
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::shown::{Health, Shown};
use crate::web::times::{ago, ago_or_never};

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    user: String,
    connection: String,
    state: String,
    since: String,
    looked: String,
    problems: String,
    none: String,
}

/// The list.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    scene.admin()?;
    let texts = &scene.texts().health;
    let mut all = Vec::new();
    for status in scene.web.accounts.list_connections(None).await? {
        if status.state != RowState::Disconnected {
            // no drives are asked for: an administrator's look costs no cloud anything
            all.push(Shown::of(scene, status, None).await?);
        }
    }
    let heads = [
        &*texts.user,
        &texts.connection,
        &texts.state,
        &texts.since,
        &texts.looked,
        &texts.problems,
    ];
    let body = html! {
        p { (texts.intro) }
        @if all.is_empty() { p.soft { (texts.none) } } @else {
            (table(&heads, false, &html! { @for one in &all { (row(scene, one)) } }))
        }
    };
    Ok(scene.page(&texts.title, body).answer())
}

fn row(scene: &Scene<'_>, one: &Shown) -> Markup {
    let texts = &scene.texts().health;
    let good = one.health() == Health::Good;
    html! {
        tr {
            td { code { (one.status.user) } }
            td data-label=(texts.connection) {
                (scene.texts().companies.name(&one.status.provider)) " " code { (one.status.slug) }
            }
            td data-label=(texts.state) {
                span.state.good[good].bad[!good] { (one.state(&scene.texts().shown)) }
            }
            td data-label=(texts.since) { (ago(scene, one.status.since)) }
            td data-label=(texts.looked) { (ago_or_never(scene, one.looked())) }
            td data-label=(texts.problems) {
                @for problem in one.problems.iter().chain(&one.missing).chain(&one.lost) { p { (problem) } }
            }
        }
    }
}

//! `/admin/log`: who did what, when and from where.

use maud::{Markup, html};
use serde::Deserialize;

use crate::accounts::AuditLine;
use crate::domain::UserName;
use crate::web::Answer;
use crate::web::parts::table;
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::times::second;

/// Lines of a page.
const LINES: u32 = 100;

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    at: String,
    who: String,
    what: String,
    whom: String,
    from: String,
    older: String,
    newest: String,
    none: String,
    nobody: String,
}

/// A page of it, the newest line first.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    scene.admin()?;
    let texts = &scene.texts().log;
    let before = scene.query("before").and_then(|text| text.parse().ok());
    let lines = scene.web.accounts.list_audit(before, LINES).await?;
    let full = lines.len() >= LINES as usize;
    let older = lines.last().filter(|_| full).map(|line| line.id);
    let heads = [
        &*texts.at,
        &texts.who,
        &texts.what,
        &texts.whom,
        &texts.from,
    ];
    let body = html! {
        p { (texts.intro) }
        @if lines.is_empty() { p.soft { (texts.none) } } @else {
            (table(&heads, false, &html! { @for line in &lines { (row(scene, line)) } }))
        }
        p.row {
            @if before.is_some() { a.button.plain href=(scene.path("/admin/log")) { (texts.newest) } }
            @if let Some(id) = older {
                a.button.plain rel="next" href=(scene.path(&format!("/admin/log?before={id}"))) { (texts.older) }
            }
        }
    };
    Ok(scene.page(&texts.title, body).answer())
}

fn row(scene: &Scene<'_>, line: &AuditLine) -> Markup {
    let texts = &scene.texts().log;
    html! {
        tr {
            td { (second(line.at)) }
            td data-label=(texts.who) { (line.actor.as_ref().map_or(texts.nobody.as_str(), UserName::as_str)) }
            td data-label=(texts.what) { (line.action) }
            td data-label=(texts.whom) { (line.user.as_ref().map_or("", UserName::as_str)) " " bdi { (line.object) } }
            td data-label=(texts.from) { bdi { (line.client) } }
        }
    }
}

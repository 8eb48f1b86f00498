//! `/connections/{slug}`: one connection, its name, what of it clients see, its end.

use maud::{Markup, html};
use serde::Deserialize;

use super::overview;
use super::tree::tree;
use crate::accounts::OfferWay;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{alarm, button, csrf, form, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::shown::Shown;
use crate::web::texts::fill;

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    rename_title: String,
    name: String,
    name_hint: String,
    save: String,
    renamed: String,
    reconnect_title: String,
    reconnect: String,
    reconnect_button: String,
    disconnect_title: String,
    disconnect: String,
    disconnect_button: String,
    confirm_title: String,
    confirm: String,
    confirm_button: String,
    keep: String,
    check: String,
}

async fn find(scene: &Scene<'_>, slug: &str) -> Result<Shown, Refusal> {
    let person = scene.person()?;
    let shown = Shown::one(scene, &person.user, slug).await?;
    shown.ok_or(Refusal::NotFound)
}

/// The page.
pub(in crate::web) async fn show(scene: &Scene<'_>, slug: &str) -> Result<Answer, Refusal> {
    let shown = find(scene, slug).await?;
    let texts = &scene.texts().connection;
    let place = format!("/connections/{slug}");
    let body = html! {
        @if scene.query("done").as_deref() == Some("renamed") { (note(&texts.renamed)) }
        section.card {
            div.row.spread {
                span { (scene.texts().companies.name(&shown.status.provider)) }
                (overview::state(scene, &shown))
            }
            (overview::services(scene, &shown))
            (overview::problems(scene, &shown))
            (button(scene, &format!("{place}/check"), "plain", &texts.check))
        }
        @if let Some(connection) = &shown.connection { (tree(scene, connection, &shown).await) }
        (rename_form(scene, &place, &shown))
        (reconnect_form(scene, &place, &shown))
        h2 { (texts.disconnect_title) }
        p { (texts.disconnect) }
        p { a.button.plain href=(scene.path(&format!("{place}/disconnect"))) { (texts.disconnect_button) } }
    };
    Ok(scene.page(shown.name(), body).answer())
}

fn rename_form(scene: &Scene<'_>, place: &str, shown: &Shown) -> Markup {
    let texts = &scene.texts().connection;
    let fields = html! {
        label for="name" { (texts.name) }
        input #name name="name" maxlength="100" value=(shown.name()) aria-describedby="name-hint";
        p.soft #name-hint { (texts.name_hint) }
        button.plain { (texts.save) }
    };
    html! {
        h2 { (texts.rename_title) }
        (form(scene, &format!("{place}/rename"), &fields))
    }
}

fn reconnect_form(scene: &Scene<'_>, place: &str, shown: &Shown) -> Markup {
    let texts = &scene.texts().connection;
    let offer = scene.web.accounts.offer(&shown.status.provider);
    let by_consent = offer.is_some_and(|offer| offer.way == OfferWay::Consent);
    html! {
        @if by_consent {
            h2 { (texts.reconnect_title) }
            p { (texts.reconnect) }
            form method="post" action=(scene.path(&format!("{place}/reconnect"))) data-popup="" {
                (csrf(scene))
                button.plain { (texts.reconnect_button) }
            }
        }
    }
}

/// Gives it another name.
pub(in crate::web) async fn rename(
    scene: &Scene<'_>,
    slug: &str,
    form: &Form,
) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let (accounts, name) = (&scene.web.accounts, form.get("name"));
    accounts
        .rename(&scene.by(), &person.user, slug, name)
        .await?;
    Ok(scene.see(&format!("/connections/{slug}?done=renamed")))
}

/// Asks whether it is meant.
pub(in crate::web) async fn confirm(scene: &Scene<'_>, slug: &str) -> Result<Answer, Refusal> {
    let shown = find(scene, slug).await?;
    let texts = &scene.texts().connection;
    let place = format!("/connections/{slug}");
    let name = [("name", shown.name())];
    let body = html! {
        (alarm(&texts.confirm))
        div.row {
            (button(scene, &format!("{place}/disconnect"), "danger", &texts.confirm_button))
            a.button.plain href=(scene.path(&place)) { (texts.keep) }
        }
    };
    Ok(scene
        .page(&fill(&texts.confirm_title, &name), body)
        .answer())
}

/// Ends it.
pub(in crate::web) async fn disconnect(scene: &Scene<'_>, slug: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let accounts = &scene.web.accounts;
    accounts.disconnect(&scene.by(), &person.user, slug).await?;
    Ok(scene.see("/?done=disconnected"))
}

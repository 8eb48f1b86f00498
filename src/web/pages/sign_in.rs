//! Signing in.

use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::accounts::PageSignIn;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{alarm, form};
use crate::web::paths::back;
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    name: String,
    password: String,
    submit: String,
    refused: String,
    plain: String,
    organisation: String,
}

/// The form.
pub(in crate::web) fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    if scene.somebody().is_some() {
        return Ok(scene.see("/"));
    }
    let texts = &scene.texts().sign_in;
    let back = scene.query("back").unwrap_or_default();
    Ok(scene
        .page(&texts.title, fields(scene, &back, None))
        .answer())
}

fn fields(scene: &Scene<'_>, to: &str, wrong: Option<&str>) -> Markup {
    let texts = &scene.texts().sign_in;
    let fields = html! {
        @if let Some(to) = back(to) { input type="hidden" name="back" value=(to); }
        label for="name" { (texts.name) }
        input #name name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required;
        label for="password" { (texts.password) }
        input #password name="password" type="password" autocomplete="current-password" required;
        button { (texts.submit) }
    };
    html! {
        @if !scene.secure && !scene.is_loopback() { (alarm(&texts.plain)) }
        @if let Some(wrong) = wrong { (alarm(wrong)) }
        @if scene.web.accounts.has_oidc() { (organisation(scene, to)) }
        (form(scene, "/sign-in", &fields))
    }
}

/// The way by the identity provider.
fn organisation(scene: &Scene<'_>, to: &str) -> Markup {
    let place = match back(to) {
        Some(to) => scene.path(&format!("/sign-in/oidc?back={to}")),
        None => scene.path("/sign-in/oidc"),
    };
    html! { p { a.button href=(place) { (scene.texts().sign_in.organisation) } } }
}

/// Signs in.
pub(in crate::web) async fn submit(scene: &Scene<'_>, form: &Form) -> Result<Answer, Refusal> {
    let texts = &scene.texts().sign_in;
    let (name, password, client) = (form.get("name"), form.secret("password"), scene.client());
    let came = scene
        .web
        .accounts
        .sign_in_with_password(name, &password, &client);
    match came.await? {
        PageSignIn::In(session) => {
            let to = back(form.get("back")).unwrap_or("/");
            Ok(scene.welcome(&session, to))
        }
        PageSignIn::Refused => {
            let body = fields(scene, form.get("back"), Some(&texts.refused));
            let page = scene.page(&texts.title, body);
            Ok(page.with(StatusCode::FORBIDDEN).answer())
        }
        PageSignIn::Slow { retry_after } => Err(Refusal::Slow(retry_after)),
    }
}

/// Signs out.
pub(in crate::web) async fn leave(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    if scene.somebody().is_some() {
        let secret = scene.session_secret()?;
        scene.web.accounts.sign_out(&scene.by(), secret).await?;
    }
    Ok(scene.farewell())
}

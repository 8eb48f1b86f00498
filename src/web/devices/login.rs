//! Nextcloud's login flow v2, as far as DAVx⁵ goes: `POST /index.php/login/v2`, a page in the
//! browser, one `POST` for the app password when the browser is closed. Then it looks for
//! `remote.php/dav` below the server's address, which leads to `/dav/`.

use http::StatusCode;
use maud::html;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::domain::Services;
use crate::web::form::Form;
use crate::web::parts::{button, form, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;
use crate::web::{Answer, answer};

/// A program begins.
pub(super) async fn begin(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let login = scene.web.accounts.begin_login(&scene.client()).await?;
    let page = format!("/devices/login/{}", login.flow.expose_secret());
    Ok(answer::json(&json!({
        "poll": {
            "token": login.poll.expose_secret(),
            "endpoint": scene.url("/index.php/login/v2/poll"),
        },
        "login": scene.url(&page),
    })))
}

/// A program fetches what it was granted.
pub(super) async fn poll(scene: &Scene<'_>, form: &Form) -> Result<Answer, Refusal> {
    let token = form.secret("token");
    match scene.web.accounts.fetch_login(&token).await? {
        Some((user, password)) => Ok(answer::json(&json!({
            "server": scene.url(""),
            "loginName": user.as_str(),
            "appPassword": password.expose_secret(),
        }))),
        None => Ok(answer::body(
            StatusCode::NOT_FOUND,
            "application/json",
            "[]",
        )),
    }
}

/// Asks whether the program is to be let in.
pub(super) async fn ask(scene: &Scene<'_>, flow: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().devices.grant;
    let Some(agent) = scene.web.accounts.open_login(&secret(flow)).await? else {
        return Ok(over(scene));
    };
    let place = format!("/devices/login/{flow}");
    let body = html! {
        p { (fill(&texts.asks, &[("user", person.user.as_str())])) }
        p { strong { bdi { (called(scene, &agent)) } } }
        p { (texts.warning) }
        (form(scene, &place, &html! {
            label.tick { input type="checkbox" name="files" value="yes"; (texts.files) }
            button { (texts.agree) }
        }))
        (button(scene, &format!("{place}/refuse"), "plain", &texts.refuse))
    };
    Ok(scene.page(&texts.title, body).answer())
}

/// Lets the program in.
pub(super) async fn agree(scene: &Scene<'_>, flow: &str, form: &Form) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().devices.grant;
    let (flow, accounts) = (secret(flow), &scene.web.accounts);
    let Some(agent) = accounts.open_login(&flow).await? else {
        return Ok(over(scene));
    };
    let by = scene.by();
    let label: String = called(scene, &agent).chars().take(100).collect();
    let services = match form.get("files") {
        "" => Services::CalendarsAndContacts,
        _ => Services::All,
    };
    let granted = accounts.grant_login(&by, &person.user, &flow, &label, services);
    Ok(match granted.await? {
        true => told(scene, &texts.done_title, &texts.done),
        false => over(scene),
    })
}

/// Does not let it in.
pub(super) async fn refuse(scene: &Scene<'_>, flow: &str) -> Result<Answer, Refusal> {
    scene.person()?;
    let texts = &scene.texts().devices.grant;
    Ok(
        match scene.web.accounts.refuse_login(&secret(flow)).await? {
            true => told(scene, &texts.refused_title, &texts.refused),
            false => over(scene),
        },
    )
}

fn secret(flow: &str) -> SecretString {
    SecretString::from(flow)
}

/// What a program calls itself.
fn called<'a>(scene: &'a Scene<'_>, agent: &'a str) -> &'a str {
    match agent.trim() {
        "" => &scene.texts().devices.unknown_device,
        agent => agent,
    }
}

fn over(scene: &Scene<'_>) -> Answer {
    let texts = &scene.texts().devices.grant;
    let body = html! { p { (texts.over) } };
    let page = scene.page(&texts.over_title, body);
    page.with(StatusCode::NOT_FOUND).answer()
}

fn told(scene: &Scene<'_>, title: &str, text: &str) -> Answer {
    scene.page(title, note(text)).answer()
}

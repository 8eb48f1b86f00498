//! `/account`: one's own password.

use http::StatusCode;
use maud::{Markup, html};
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::accounts::PasswordChange;
use crate::domain::{Kind, UserName};
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{alarm, form, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    user: String,
    role: String,
    password_title: String,
    password_intro: String,
    old: String,
    new: String,
    again: String,
    change: String,
    changed: String,
    not_equal: String,
    wrong: String,
}

/// The page.
pub(in crate::web) fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let texts = &scene.texts().account;
    let body = body(scene, None)?;
    Ok(scene.page(&texts.title, body).answer())
}

fn body(scene: &Scene<'_>, wrong: Option<&str>) -> Result<Markup, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().account;
    let fields = html! {
        (whose(&person.user))
        label for="old" { (texts.old) }
        input #old name="old" type="password" autocomplete="current-password";
        (new_password(scene))
        button { (texts.change) }
    };
    Ok(html! {
        @if scene.query("done").as_deref() == Some("changed") { (note(&texts.changed)) }
        @if let Some(wrong) = wrong { (alarm(wrong)) }
        dl {
            dt { (texts.user) } dd { code { (person.user) } }
            dt { (texts.role) } dd { (scene.texts().users.role(person.role)) }
        }
        h2 { (texts.password_title) }
        p { (texts.password_intro) }
        (form(scene, "/account/password", &fields))
    })
}

/// Tells password managers whose password it is.
pub(super) fn whose(user: &UserName) -> Markup {
    html! { input type="text" name="user" value=(user) autocomplete="username" readonly hidden; }
}

/// The two fields of a new password.
pub(super) fn new_password(scene: &Scene<'_>) -> Markup {
    let texts = &scene.texts().account;
    html! {
        label for="new" { (texts.new) }
        input #new name="new" type="password" autocomplete="new-password" minlength="10" required;
        label for="again" { (texts.again) }
        input #again name="again" type="password" autocomplete="new-password" required;
    }
}

/// The new password, where both fields are equal.
pub(super) fn chosen(scene: &Scene<'_>, form: &Form) -> Result<secrecy::SecretString, String> {
    let new = form.secret("new");
    if new.expose_secret() == form.get("again") {
        Ok(new)
    } else {
        Err(scene.texts().account.not_equal.clone())
    }
}

/// Changes it.
pub(in crate::web) async fn change(scene: &Scene<'_>, form: &Form) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().account;
    let wrong = match chosen(scene, form) {
        Err(sentence) => sentence,
        Ok(new) => {
            let accounts = &scene.web.accounts;
            let old = form.secret("old");
            let (client, session) = (scene.client(), Some(person.session));
            let change = accounts.set_password(&client, &person.user, Some(&old), &new, session);
            match change.await {
                Ok(PasswordChange::Done) => return Ok(scene.see("/account?done=changed")),
                Ok(PasswordChange::Refused) => texts.wrong.clone(),
                Ok(PasswordChange::Slow { retry_after }) => return Err(Refusal::Slow(retry_after)),
                Err(error) if matches!(error.kind(), Kind::Forbidden | Kind::Invalid) => {
                    scene.told(&error).to_owned()
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let page = scene.page(&texts.title, body(scene, Some(&wrong))?);
    Ok(page.with(StatusCode::BAD_REQUEST).answer())
}

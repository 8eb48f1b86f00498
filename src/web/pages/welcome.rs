//! `/welcome/{link}`: one-time links, by which the owner and new users begin.

use http::StatusCode;
use maud::{Markup, html};
use secrecy::SecretString;
use serde::Deserialize;

use super::account::{chosen, new_password, whose};
use crate::accounts::Invite;
use crate::domain::{Kind, UserName};
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{alarm, form};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// Texts of the pages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    owner_title: String,
    owner_intro: String,
    name: String,
    name_hint: String,
    display_name: String,
    create: String,
    user_title: String,
    user_intro: String,
    choose: String,
    gone_title: String,
    gone: String,
    bad_name: String,
}

/// The form.
pub(in crate::web) async fn show(scene: &Scene<'_>, link: &str) -> Result<Answer, Refusal> {
    let link = SecretString::from(link);
    match scene.web.accounts.invite(&link).await? {
        Some(invited) => Ok(page(scene, &invited, "", None)),
        None => Ok(gone(scene)),
    }
}

fn page(scene: &Scene<'_>, invited: &Invite, name: &str, wrong: Option<&str>) -> Answer {
    let texts = &scene.texts().welcome;
    let place = scene.request.uri.path();
    let (title, body) = match invited {
        Invite::Owner => (texts.owner_title.clone(), owner(scene, place, name)),
        Invite::User(user) => {
            let title = fill(&texts.user_title, &[("user", user.as_str())]);
            (title, somebody(scene, place, user))
        }
    };
    let body = html! {
        @if let Some(wrong) = wrong { (alarm(wrong)) }
        (body)
    };
    scene.page(&title, body).answer()
}

fn owner(scene: &Scene<'_>, place: &str, name: &str) -> Markup {
    let texts = &scene.texts().welcome;
    let fields = html! {
        label for="name" { (texts.name) }
        input #name name="name" autocomplete="username" autocapitalize="none" spellcheck="false"
            maxlength="64" pattern="[a-z0-9][a-z0-9._\\-]*" required value=(name) aria-describedby="name-hint";
        p.soft #name-hint { (texts.name_hint) }
        label for="display_name" { (texts.display_name) }
        input #display_name name="display_name" autocomplete="name" maxlength="100";
        (new_password(scene))
        button { (texts.create) }
    };
    html! {
        p { (texts.owner_intro) }
        (form(scene, place, &fields))
    }
}

fn somebody(scene: &Scene<'_>, place: &str, user: &UserName) -> Markup {
    let texts = &scene.texts().welcome;
    let fields = html! {
        (whose(user))
        (new_password(scene))
        button { (texts.choose) }
    };
    html! {
        p { (texts.user_intro) }
        (form(scene, place, &fields))
    }
}

/// The link was used, has ended, or never was.
fn gone(scene: &Scene<'_>) -> Answer {
    let texts = &scene.texts().welcome;
    let body = html! { p { (texts.gone) } };
    let page = scene.page(&texts.gone_title, body);
    page.with(StatusCode::NOT_FOUND).answer()
}

/// Takes the link.
pub(in crate::web) async fn submit(
    scene: &Scene<'_>,
    link: &str,
    form: &Form,
) -> Result<Answer, Refusal> {
    let link = SecretString::from(link);
    let accounts = &scene.web.accounts;
    let Some(invited) = accounts.invite(&link).await? else {
        return Ok(gone(scene));
    };
    let wrong = |sentence: &str| {
        let mut answer = page(scene, &invited, form.get("name"), Some(sentence));
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        Ok(answer)
    };
    let password = match chosen(scene, form) {
        Ok(password) => password,
        Err(sentence) => return wrong(&sentence),
    };
    let client = scene.client();
    let came = match &invited {
        Invite::User(_) => accounts.accept_invite(&link, &password, &client).await,
        Invite::Owner => {
            let Some(name) = UserName::parse(form.get("name").trim()) else {
                return wrong(&scene.texts().welcome.bad_name);
            };
            let shown = form.get("display_name");
            let claim = accounts.claim_owner(&link, &name, shown, &password, &client);
            claim.await
        }
    };
    match came {
        Ok(session) => Ok(scene.welcome(&session, "/")),
        Err(error) if error.kind() == Kind::Invalid => wrong(scene.told(&error)),
        Err(error) if error.kind() == Kind::NotFound => Ok(gone(scene)),
        Err(error) => Err(error.into()),
    }
}

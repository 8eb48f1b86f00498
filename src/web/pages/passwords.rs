//! `/passwords`: app passwords, one per device.

use chrono::{Days, NaiveTime, TimeDelta};
use maud::{Markup, html};
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::accounts::{AppPassword, NewPassword, PasswordInfo};
use crate::domain::{Access, Services};
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::once::{self, once};
use crate::web::parts::{self, button_about, copyable, form, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::times::{ago_or_never, day};

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    make_title: String,
    label: String,
    label_hint: String,
    services: String,
    all: String,
    files: String,
    calendars: String,
    contacts: String,
    calendars_contacts: String,
    read_only: String,
    expires: String,
    expires_hint: String,
    make: String,
    made_title: String,
    made: String,
    user: String,
    password: String,
    once: String,
    back: String,
    list_title: String,
    none: String,
    access: String,
    reads: String,
    writes: String,
    made_on: String,
    ends: String,
    used: String,
    revoke: String,
    revoked: String,
    no_label: String,
    bad_services: String,
    bad_day: String,
}

impl Texts {
    /// A scope in words.
    pub(in crate::web) fn services(&self, services: Services) -> &str {
        match services {
            Services::All => &self.all,
            Services::Files => &self.files,
            Services::Calendars => &self.calendars,
            Services::Contacts => &self.contacts,
            Services::CalendarsAndContacts => &self.calendars_contacts,
        }
    }
}

/// The list and the form.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().passwords;
    let all = scene.web.accounts.list_passwords(&person.user).await?;
    let body = html! {
        @if scene.query("done").as_deref() == Some("revoked") { (note(&texts.revoked)) }
        p { (texts.intro) }
        h2 { (texts.list_title) }
        @if all.is_empty() { p.soft { (texts.none) } } @else { (table(scene, &all)) }
        h2 { (texts.make_title) }
        (form(scene, "/passwords", &fields(texts)))
    };
    Ok(scene.page(&texts.title, body).answer())
}

fn table(scene: &Scene<'_>, all: &[PasswordInfo]) -> Markup {
    let texts = &scene.texts().passwords;
    let heads = [
        &*texts.label,
        &texts.access,
        &texts.made_on,
        &texts.used,
        &texts.ends,
    ];
    parts::table(
        &heads,
        true,
        &html! { @for one in all { (row(scene, one)) } },
    )
}

fn row(scene: &Scene<'_>, one: &PasswordInfo) -> Markup {
    let texts = &scene.texts().passwords;
    let access = match one.access {
        Access::Read => &texts.reads,
        Access::ReadWrite => &texts.writes,
    };
    let label = if one.label.is_empty() {
        &texts.no_label
    } else {
        &one.label
    };
    let action = format!("/passwords/{}/revoke", one.id);
    let about = format!("password-{}", one.id);
    html! {
        tr {
            td id=(about) { strong { bdi { (label) } } }
            td data-label=(texts.access) { (texts.services(one.services)) ", " (access) }
            td data-label=(texts.made_on) { (day(one.created)) }
            td data-label=(texts.used) { (ago_or_never(scene, one.last_used)) }
            td data-label=(texts.ends) { @if let Some(end) = one.expires { (day(end - TimeDelta::seconds(1))) } @else { "–" } }
            td { (button_about(scene, &action, "danger", &texts.revoke, &about)) }
        }
    }
}

fn fields(texts: &Texts) -> Markup {
    html! {
        (once::field())
        label for="label" { (texts.label) }
        input #label name="label" maxlength="100" required aria-describedby="label-hint";
        p.soft #label-hint { (texts.label_hint) }
        label for="services" { (texts.services) }
        select #services name="services" {
            @for choice in Services::EVERY {
                option value=(choice.as_str()) { (texts.services(choice)) }
            }
        }
        label.tick { input type="checkbox" name="read_only" value="yes"; (texts.read_only) }
        label for="expires" { (texts.expires) }
        input #expires name="expires" type="date" aria-describedby="expires-hint";
        p.soft #expires-hint { (texts.expires_hint) }
        button { (texts.make) }
    }
}

/// Makes one and shows it, this once.
pub(in crate::web) async fn make(scene: &Scene<'_>, form: &Form) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().passwords;
    let new = read(texts, form)?;
    let accounts = &scene.web.accounts;
    let by = scene.by();
    let made = once(scene, form, accounts.add_password(&by, &person.user, new)).await?;
    let body = html! {
        (note(&texts.made))
        (credentials(scene, person.user.as_str(), &made))
        p { (texts.once) }
        p { a.button.plain href=(scene.path("/passwords")) { (texts.back) } }
    };
    Ok(scene.page(&texts.made_title, body).answer())
}

/// User name and password of an app password just made.
pub(in crate::web) fn credentials(scene: &Scene<'_>, user: &str, made: &AppPassword) -> Markup {
    let texts = &scene.texts().passwords;
    html! {
        dl {
            dt { (texts.user) }
            dd { (copyable(scene, user)) }
            dt { (texts.password) }
            dd.secret { (copyable(scene, made.secret.expose_secret())) }
        }
    }
}

fn read(texts: &Texts, form: &Form) -> Result<NewPassword, Refusal> {
    let services = match form.get("services") {
        "" => Services::All,
        name => {
            let services = Services::parse(name);
            services.ok_or_else(|| Refusal::Wrong(texts.bad_services.clone()))?
        }
    };
    let access = match form.get("read_only") {
        "" => Access::ReadWrite,
        _ => Access::Read,
    };
    let expires = match form.get("expires").trim() {
        "" => None,
        day => {
            let day = day.parse::<chrono::NaiveDate>().ok();
            // to the end of that day
            let end = day.and_then(|day| day.checked_add_days(Days::new(1)));
            let end = end.ok_or_else(|| Refusal::Wrong(texts.bad_day.clone()))?;
            Some(end.and_time(NaiveTime::MIN).and_utc())
        }
    };
    Ok(NewPassword {
        label: form.get("label").to_owned(),
        access,
        services,
        expires,
    })
}

/// Ends one.
pub(in crate::web) async fn revoke(scene: &Scene<'_>, id: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    scene
        .web
        .accounts
        .revoke_password(&scene.by(), &person.user, id)
        .await?;
    Ok(scene.see("/passwords?done=revoked"))
}

//! `/`: what is connected, how it is, what to do.

use chrono::TimeDelta;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::accounts::OfferWay;
use crate::web::parts::{alarm, button_about, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::shown::{Health, Service, Shown};
use crate::web::times::ago_or_never;
use crate::web::{Answer, answer};

/// For so long after it was connected an account of which nothing is known is read for the first
/// time.
const FRESH: TimeDelta = TimeDelta::minutes(2);
/// How often a browser without script asks again, in seconds.
const AGAIN: u32 = 5;

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    none: String,
    connect: String,
    connect_more: String,
    looked: String,
    check: String,
    manage: String,
    again: String,
    set_up: String,
    problems: String,
    missing: String,
    checked: String,
    disconnected: String,
}

/// The page.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let texts = &scene.texts().overview;
    let all = Shown::all(scene, &person.user).await?;
    let mut going = false;
    for shown in &all {
        going |= wake(scene, shown);
    }
    let body = html! {
        @match scene.query("done").as_deref() {
            Some("checked") => (note(&texts.checked)),
            Some("disconnected") => (note(&texts.disconnected)),
            _ => {}
        }
        @if all.is_empty() {
            p { (texts.none) }
            p { a.button href=(scene.path("/connect")) { (texts.connect) } }
        } @else {
            div data-progress=[going.then(|| scene.path("/connections/progress"))] {
                @for shown in &all { (card(scene, shown)) }
            }
            p.row {
                a.button href=(scene.path("/devices")) { (texts.set_up) }
                a.button.plain href=(scene.path("/connect")) { (texts.connect_more) }
            }
        }
    };
    let page = scene.page(&texts.title, body);
    Ok(page.again(going.then_some(AGAIN)).answer())
}

/// Sets the first reading going where it has not come to its end; whether it has not.
fn wake(scene: &Scene<'_>, shown: &Shown) -> bool {
    let age = scene.web.clock.now() - shown.status.since;
    let fresh = shown.services.is_empty() && age < FRESH;
    let unread = shown.health() != Health::SignedOut && (shown.is_unread() || fresh);
    if let (true, Some(connection)) = (unread, &shown.connection) {
        scene.web.mirror.wake(connection);
    }
    unread
}

fn card(scene: &Scene<'_>, shown: &Shown) -> Markup {
    let texts = &scene.texts().overview;
    let place = format!("/connections/{}", shown.status.slug);
    let about = format!("c-{}", shown.status.slug);
    let check = format!("{place}/check");
    html! {
        section.card aria-labelledby=(about) {
            (heading(scene, shown, &about))
            (services(scene, shown))
            (problems(scene, shown))
            div.row {
                a.button.plain href=(scene.path(&place)) aria-describedby=(about) { (texts.manage) }
                (button_about(scene, &check, "plain", &texts.check, &about))
            }
        }
    }
}

fn heading(scene: &Scene<'_>, shown: &Shown, id: &str) -> Markup {
    html! {
        div.row.spread {
            h2 id=(id) { (shown.name()) }
            (state(scene, shown))
        }
        p.soft { (scene.texts().companies.name(&shown.status.provider)) }
    }
}

/// How it is, in a word.
pub(in crate::web) fn state(scene: &Scene<'_>, shown: &Shown) -> Markup {
    let class = match shown.health() {
        Health::Good => "state good",
        Health::Trouble | Health::SignedOut => "state bad",
        Health::Disconnected => "state",
    };
    html! { span class=(class) { (shown.state(&scene.texts().shown)) } }
}

/// What there is, and first readings.
pub(in crate::web) fn services(scene: &Scene<'_>, shown: &Shown) -> Markup {
    let texts = &scene.texts().overview;
    html! {
        ul {
            @if let Some(drives) = &shown.drives { li { (drives) } }
            @for service in &shown.services {
                li {
                    (service.words)
                    @if service.first.is_some() { (bar(scene, shown, service)) }
                }
            }
        }
        @if !shown.services.is_empty() {
            p.soft { (texts.looked) " " (ago_or_never(scene, shown.looked())) }
        }
    }
}

fn bar(scene: &Scene<'_>, shown: &Shown, service: &Service) -> Markup {
    let Some(progress) = service.first else {
        return html! {};
    };
    let texts = &scene.texts().shown;
    let id = key(shown, service);
    let label = format!("{} – {}", texts.first_reading(), service.words);
    let known = progress.of > 0;
    html! {
        div.bar {
            progress #(id) data-connection=(id) aria-label=(label)
                value=[known.then_some(progress.done)] max=[known.then_some(progress.of)] {}
            small #{ (id) "-text" } { (progress.words(texts)) }
        }
    }
}

fn key(shown: &Shown, service: &Service) -> String {
    format!("{}-{}", shown.status.slug, service.kind)
}

/// What is wrong and what to do.
pub(in crate::web) fn problems(scene: &Scene<'_>, shown: &Shown) -> Markup {
    let texts = &scene.texts().overview;
    let place = format!("/connections/{}", shown.status.slug);
    let offer = scene.web.accounts.offer(&shown.status.provider);
    let way = offer.map(|offer| offer.way);
    let again = match way {
        Some(OfferWay::Paste(_)) => Some(format!("/connect/{}", shown.status.provider)),
        Some(OfferWay::Consent) => Some(format!("{place}/reconnect")),
        None => None,
    };
    let again = html! {
        @if let Some(place) = again { p { a.button href=(scene.path(&place)) { (texts.again) } } }
    };
    let signed_out = shown.health() == Health::SignedOut;
    html! {
        @if !shown.missing.is_empty() {
            div.warn {
                p { (texts.missing) }
                ul { @for sentence in &shown.missing { li { (sentence) } } }
            }
        }
        @for sentence in &shown.lost { p.warn { (sentence) } }
        @if !shown.lost.is_empty() && !signed_out { (again) }
        @if signed_out {
            @for problem in &shown.problems { (alarm(problem)) }
            (again)
        } @else if !shown.problems.is_empty() {
            div.warn {
                p { (texts.problems) }
                ul { @for problem in &shown.problems { li { (problem) } } }
            }
        }
    }
}

/// `/connections/progress`: how far first readings have come, for the script.
pub(in crate::web) async fn progress(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let mut all = Map::new();
    for shown in Shown::all(scene, &person.user).await? {
        for service in &shown.services {
            let texts = &scene.texts().shown;
            let value = match service.first {
                Some(going) => json!({
                    "done": going.done,
                    // not known yet is not done
                    "of": going.of.max(going.done + u32::from(going.of == 0)),
                    "text": going.words(texts),
                }),
                None => json!({ "done": 1, "of": 1, "text": service.words }),
            };
            all.insert(key(&shown, service), value);
        }
    }
    Ok(answer::json(&Value::Object(all)))
}

/// `/connections/{slug}/check`: everything is looked at anew.
pub(in crate::web) async fn check(scene: &Scene<'_>, slug: &str) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let accounts = &scene.web.accounts;
    accounts.request_refresh(&person.user, slug).await?;
    // The next opening of the connection is one of the new generation.
    if let Some(shown) = Shown::one(scene, &person.user, slug).await?
        && let Some(connection) = &shown.connection
    {
        scene.web.mirror.wake(connection);
    }
    Ok(scene.see("/?done=checked"))
}

//! Instants in words.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use maud::{Markup, html};
use serde::Deserialize;

use super::scene::Scene;
use super::texts::Plural;

/// Texts of instants.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    now: String,
    minutes: Plural,
    hours: Plural,
    never: String,
}

/// How long ago, within a day; else the day.
pub(super) fn ago(scene: &Scene<'_>, at: DateTime<Utc>) -> Markup {
    let texts = &scene.texts().times;
    let past = scene.web.clock.now() - at;
    let words = if past < TimeDelta::minutes(1) {
        texts.now.clone()
    } else if past < TimeDelta::hours(1) {
        texts.minutes.count(past.num_minutes().unsigned_abs())
    } else if past < TimeDelta::days(1) {
        texts.hours.count(past.num_hours().unsigned_abs())
    } else {
        at.format("%Y-%m-%d").to_string()
    };
    html! { time datetime=(stamp(at)) title=(at.format("%Y-%m-%d %H:%M UTC")) { (words) } }
}

/// The same, or "never".
pub(super) fn ago_or_never(scene: &Scene<'_>, at: Option<DateTime<Utc>>) -> Markup {
    match at {
        Some(at) => ago(scene, at),
        None => html! { (scene.texts().times.never) },
    }
}

/// The day.
pub(super) fn day(at: DateTime<Utc>) -> Markup {
    html! { time datetime=(stamp(at)) { (at.format("%Y-%m-%d")) } }
}

/// The second.
pub(super) fn second(at: DateTime<Utc>) -> Markup {
    html! { time datetime=(stamp(at)) { (at.format("%Y-%m-%d %H:%M:%S")) } }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

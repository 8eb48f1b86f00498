//! Setting up devices: exact steps for a program, with its user's addresses.

use maud::html;
use serde::Deserialize;

use super::Answer;
use super::form::Form;
use super::refusal::Refusal;
use super::scene::Scene;

/// Texts of these pages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    title: String,
}

/// `GET /devices/…`; `rest`: the segments after `devices`.
pub(super) async fn get(scene: &Scene<'_>, rest: &[&str]) -> Result<Answer, Refusal> {
    scene.person()?;
    match rest {
        [] => Ok(scene.page(&scene.texts().devices.title, html! {}).answer()),
        _ => Err(Refusal::NotFound),
    }
}

/// `POST /devices/…` of a form of ours.
pub(super) async fn post(
    scene: &Scene<'_>,
    rest: &[&str],
    _form: &Form,
) -> Result<Answer, Refusal> {
    scene.person()?;
    match rest {
        _ => Err(Refusal::NotFound),
    }
}

/// `/index.php/…`: what programs ask, without cookies and forms of ours; `rest`: the segments
/// after `index.php`. The form is empty for GET.
pub(super) async fn program(
    _scene: &Scene<'_>,
    rest: &[&str],
    _form: &Form,
) -> Result<Answer, Refusal> {
    match rest {
        _ => Err(Refusal::NotFound),
    }
}

//! Setting up devices: exact steps for a program, with its user's addresses.
//!
//! [`programs`] lists the programs; their steps are texts, their [`snippets`] are not. A program's
//! page ([`page`]) makes an app password and shows it once, with all that carries it further: a
//! [`link`], a code to be scanned ([`qr`]), Apple's [`profile`]. [`login`] is the way in which
//! DAVx⁵ asks by itself.

mod addresses;
mod link;
mod login;
mod page;
mod profile;
#[cfg(test)]
mod profile_tests;
mod programs;
mod qr;
mod snippets;
mod texts;
mod words;

use super::Answer;
use super::form::Form;
use super::refusal::Refusal;
use super::scene::Scene;

pub(super) use texts::Texts;

/// `GET /devices/…`; `rest`: the segments after `devices`.
pub(super) async fn get(scene: &Scene<'_>, rest: &[&str]) -> Result<Answer, Refusal> {
    match rest {
        [] => page::list(scene),
        ["login", flow] => login::ask(scene, flow).await,
        [id] => page::show(scene, id),
        _ => Err(Refusal::NotFound),
    }
}

/// `POST /devices/…` of a form of ours.
pub(super) async fn post(scene: &Scene<'_>, rest: &[&str], form: &Form) -> Result<Answer, Refusal> {
    match rest {
        ["login", flow] => login::agree(scene, flow, form).await,
        ["login", flow, "refuse"] => login::refuse(scene, flow).await,
        [id] => page::make(scene, id, form).await,
        [id, "profile"] => page::download(scene, id, form),
        _ => Err(Refusal::NotFound),
    }
}

/// `POST /index.php/…`: what programs ask, without cookies and forms of ours; `rest`: the segments
/// after `index.php`.
pub(super) async fn program(
    scene: &Scene<'_>,
    rest: &[&str],
    form: &Form,
) -> Result<Answer, Refusal> {
    match rest {
        ["login", "v2"] => login::begin(scene).await,
        ["login", "v2", "poll"] => login::poll(scene, form).await,
        _ => Err(Refusal::NotFound),
    }
}

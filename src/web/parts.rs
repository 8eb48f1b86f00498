//! Pieces that several pages have.

use maud::{Markup, html};
use secrecy::ExposeSecret;

use super::scene::Scene;

/// The field that shows that a form is one of ours.
pub(super) fn csrf(scene: &Scene<'_>) -> Markup {
    html! { input type="hidden" name="csrf" value=(scene.csrf().expose_secret()); }
}

/// A form that changes something.
pub(super) fn form(scene: &Scene<'_>, action: &str, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(scene.path(action)) {
            (csrf(scene))
            (fields)
        }
    }
}

/// A form of one button.
pub(super) fn button(scene: &Scene<'_>, action: &str, class: &str, text: &str) -> Markup {
    form(scene, action, &html! { button class=(class) { (text) } })
}

/// The same in a row or card of many: `about` is the id of what tells which one it is for; both
/// together name the button.
pub(super) fn button_about(
    scene: &Scene<'_>,
    action: &str,
    class: &str,
    text: &str,
    about: &str,
) -> Markup {
    let verb = action.rsplit('/').next().unwrap_or_default();
    let id = format!("{about}-{verb}");
    let name = format!("{id} {about}");
    let button = html! { button #(id) class=(class) aria-labelledby=(name) { (text) } };
    form(scene, action, &button)
}

/// A table. `acts`: a last column, without a name, is for buttons.
pub(super) fn table(heads: &[&str], acts: bool, rows: &Markup) -> Markup {
    html! {
        div.table { table {
            thead { tr {
                @for head in heads { th scope="col" { (head) } }
                @if acts { td {} }
            } }
            tbody { (rows) }
        } }
    }
}

/// Good news, told to screen readers.
pub(super) fn note(text: &str) -> Markup {
    html! { p.note role="status" { (text) } }
}

/// Bad news, told to screen readers at once.
pub(super) fn alarm(text: &str) -> Markup {
    html! { p.alarm role="alert" { (text) } }
}

/// A text to be copied, with a button where there is script.
pub(super) fn copyable(scene: &Scene<'_>, text: &str) -> Markup {
    html! {
        span.copy {
            code { (text) }
            button.plain type="button" hidden data-copy=(text) aria-live="polite" { (scene.texts().parts.copy) }
        }
    }
}

/// Texts of the pieces.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    copy: String,
}

//! What clients see of a connection, with switches to hide a drive, a calendar, an address book.

use std::time::Duration;

use maud::{Markup, html};
use serde::Deserialize;

use crate::domain::{Branch, Connection, ItemKind, Result as Outcome};
use crate::mirror::Leaf;
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::form;
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::shown::Shown;
use crate::web::texts::{Plural, fill};

/// The page does not wait longer for the cloud.
const PATIENCE: Duration = Duration::from_secs(4);

/// Texts of this part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    intro: String,
    drives: String,
    calendars: String,
    books: String,
    none: String,
    unknown: String,
    hide: String,
    show: String,
    hide_label: String,
    show_label: String,
    hidden: String,
    lost: String,
    items: Plural,
}

/// The tree.
pub(super) async fn tree(scene: &Scene<'_>, connection: &Connection, shown: &Shown) -> Markup {
    let texts = &scene.texts().tree;
    let mirror = &scene.web.mirror;
    let tree = mirror.tree(&scene.visit.call, connection, PATIENCE).await;
    let parts = [
        (&texts.drives, &tree.drives, false),
        (
            &texts.calendars,
            &tree.calendars,
            shown.has_lost(ItemKind::Event),
        ),
        (&texts.books, &tree.books, shown.has_lost(ItemKind::Contact)),
    ];
    html! {
        h2 { (texts.title) }
        p { (texts.intro) }
        @for (name, leaves, lost) in parts {
            h3 { (name) }
            @if lost { p.soft { (texts.lost) } }
            (part(scene, connection, leaves))
        }
    }
}

fn part(scene: &Scene<'_>, connection: &Connection, leaves: &Outcome<Vec<Leaf>>) -> Markup {
    let texts = &scene.texts().tree;
    html! {
        @match leaves {
            Err(_) => p.soft { (texts.unknown) },
            Ok(leaves) if leaves.is_empty() => p.soft { (texts.none) },
            Ok(leaves) => {
                ul.tree { @for leaf in leaves { li { (switch(scene, connection, leaf)) } } }
            }
        }
    }
}

fn switch(scene: &Scene<'_>, connection: &Connection, leaf: &Leaf) -> Markup {
    let texts = &scene.texts().tree;
    let (word, label) = if leaf.hidden {
        (&texts.show, &texts.show_label)
    } else {
        (&texts.hide, &texts.hide_label)
    };
    let fields = html! {
        input type="hidden" name="kind" value=(leaf.branch.kind());
        input type="hidden" name="id" value=(leaf.branch.id());
        input type="hidden" name="hide" value=(if leaf.hidden { "no" } else { "yes" });
        button.plain aria-label=(fill(label, &[("name", &leaf.name)])) { (word) }
    };
    html! {
        span {
            span.hidden-item[leaf.hidden] { (leaf.name) }
            @if leaf.hidden { " " span.state { (texts.hidden) } }
            @if let Some(items) = leaf.items { " " small { (texts.items.count(items)) } }
        }
        (form(scene, &format!("/connections/{}/hide", connection.slug), &fields))
    }
}

/// `POST /connections/{slug}/hide`: hides, or shows again.
pub(in crate::web) async fn hide(
    scene: &Scene<'_>,
    slug: &str,
    form: &Form,
) -> Result<Answer, Refusal> {
    let person = scene.person()?;
    let branch = Branch::parse(form.get("kind"), form.get("id")).ok_or(Refusal::Unreadable)?;
    let hide = match form.get("hide") {
        "yes" => true,
        "no" => false,
        _ => return Err(Refusal::Unreadable),
    };
    let mirror = &scene.web.mirror;
    let by = scene.by();
    let done = mirror.set_hidden(&by, &person.user, slug, &branch, hide);
    done.await?;
    Ok(scene.see(&format!("/connections/{slug}")))
}

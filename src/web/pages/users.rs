//! `/admin/users`: who may come in, and as what.

use maud::{Markup, html};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::accounts::User;
use crate::domain::{Kind, Role, UserName};
use crate::web::Answer;
use crate::web::form::Form;
use crate::web::parts::{button_about, copyable, form, note, table};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;
use crate::web::times::{ago_or_never, day};

/// Texts of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    title: String,
    name: String,
    role: String,
    added: String,
    last_sign_in: String,
    admin: String,
    editor: String,
    viewer: String,
    roles_hint: String,
    disabled: String,
    you: String,
    change: String,
    disable: String,
    enable: String,
    remove: String,
    link: String,
    role_of: String,
    add_title: String,
    add_name: String,
    add_hint: String,
    display_name: String,
    add: String,
    bad_name: String,
    invited_title: String,
    invited: String,
    no_link: String,
    no_role: String,
    back: String,
    changed: String,
    removed: String,
    pub(super) confirm_title: String,
    pub(super) confirm: String,
    pub(super) confirm_button: String,
    pub(super) keep: String,
}

impl Texts {
    /// A role in words.
    pub(in crate::web) fn role(&self, role: Role) -> &str {
        match role {
            Role::Admin => &self.admin,
            Role::Editor => &self.editor,
            Role::Viewer => &self.viewer,
        }
    }
}

/// The list, and the form for another one.
pub(in crate::web) async fn show(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let admin = scene.admin()?;
    let texts = &scene.texts().users;
    let all = scene.web.accounts.list_users().await?;
    let heads = [&*texts.name, &texts.role, &texts.added, &texts.last_sign_in];
    let rows = html! { @for one in &all { (row(scene, one, one.name == admin.user)) } };
    let body = html! {
        @match scene.query("done").as_deref() {
            Some("changed") => (note(&texts.changed)),
            Some("removed") => (note(&texts.removed)),
            _ => {}
        }
        p.soft { (texts.roles_hint) }
        (table(&heads, true, &rows))
        h2 { (texts.add_title) }
        (form(scene, "/admin/users", &fields(texts)))
    };
    Ok(scene.page(&texts.title, body).answer())
}

fn row(scene: &Scene<'_>, one: &User, own: bool) -> Markup {
    let texts = &scene.texts().users;
    let place = format!("/admin/users/{}", one.name);
    let (switch, action) = if one.disabled {
        (&texts.enable, "enable")
    } else {
        (&texts.disable, "disable")
    };
    let about = format!("user-{}", one.name);
    let link = format!("{place}/link");
    let switch_place = format!("{place}/{action}");
    html! {
        tr {
            td id=(about) {
                strong { bdi { (one.display_name) } } " " code { (one.name) }
                @if own { " " span.state.good { (texts.you) } }
                @if one.disabled { " " span.state.bad { (texts.disabled) } }
            }
            td data-label=(texts.role) {
                @if own { (texts.role(one.role)) } @else { (role_form(scene, &place, one)) }
            }
            td data-label=(texts.added) { (day(one.created)) }
            td data-label=(texts.last_sign_in) { (ago_or_never(scene, one.last_sign_in)) }
            td {
                @if !own {
                    div.row {
                        (button_about(scene, &link, "plain", &texts.link, &about))
                        (button_about(scene, &switch_place, "plain", switch, &about))
                        a.button.plain href=(scene.path(&format!("{place}/remove"))) aria-describedby=(about) { (texts.remove) }
                    }
                }
            }
        }
    }
}

fn role_form(scene: &Scene<'_>, place: &str, one: &User) -> Markup {
    let texts = &scene.texts().users;
    let label = fill(&texts.role_of, &[("user", &one.display_name)]);
    let fields = html! {
        div.row {
            (roles(texts, one.role, &label, None))
            button.plain aria-describedby={ "user-" (one.name) } { (texts.change) }
        }
    };
    form(scene, &format!("{place}/role"), &fields)
}

fn roles(texts: &Texts, chosen: Role, label: &str, id: Option<&str>) -> Markup {
    html! {
        select name="role" id=[id] aria-label=[id.is_none().then_some(label)] {
            @for role in Role::ALL {
                option value=(role.as_str()) selected[role == chosen] { (texts.role(role)) }
            }
        }
    }
}

fn fields(texts: &Texts) -> Markup {
    html! {
        label for="name" { (texts.add_name) }
        input #name name="name" autocapitalize="none" spellcheck="false" maxlength="64"
            pattern="[a-z0-9][a-z0-9._\\-]*" required aria-describedby="name-hint";
        p.soft #name-hint { (texts.add_hint) }
        label for="display_name" { (texts.display_name) }
        input #display_name name="display_name" maxlength="100";
        label for="role" { (texts.role) }
        (roles(texts, Role::Editor, &texts.role, Some("role")))
        button { (texts.add) }
    }
}

/// Adds a user and shows their link.
pub(in crate::web) async fn add(scene: &Scene<'_>, form: &Form) -> Result<Answer, Refusal> {
    scene.admin()?;
    let texts = &scene.texts().users;
    let name = UserName::parse(form.get("name").trim());
    let name = name.ok_or_else(|| Refusal::Wrong(texts.bad_name.clone()))?;
    let role = chosen_role(texts, form)?;
    let accounts = &scene.web.accounts;
    let shown = form.get("display_name");
    accounts.add_user(&scene.by(), &name, shown, role).await?;
    let link = accounts.invite_user(&scene.by(), &name).await?;
    Ok(invited(scene, &name, &link))
}

fn chosen_role(texts: &Texts, form: &Form) -> Result<Role, Refusal> {
    let role = Role::parse(form.get("role"));
    role.ok_or_else(|| Refusal::Wrong(texts.no_role.clone()))
}

/// Makes a new link for a user who has lost password or link.
pub(in crate::web) async fn link(scene: &Scene<'_>, name: &str) -> Result<Answer, Refusal> {
    scene.admin()?;
    let name = user(name)?;
    match scene.web.accounts.invite_user(&scene.by(), &name).await {
        Ok(link) => Ok(invited(scene, &name, &link)),
        Err(error) if error.kind() == Kind::Forbidden => {
            let text = &scene.texts().users.no_link;
            let sentence = fill(text, &[("user", name.as_str())]);
            Err(Refusal::Wrong(sentence))
        }
        Err(error) => Err(error.into()),
    }
}

fn invited(scene: &Scene<'_>, name: &UserName, link: &SecretString) -> Answer {
    let texts = &scene.texts().users;
    let address = scene.url(&format!("/welcome/{}", link.expose_secret()));
    let body = html! {
        p { (fill(&texts.invited, &[("user", name.as_str())])) }
        p { (copyable(scene, &address)) }
        p { a.button.plain href=(scene.path("/admin/users")) { (texts.back) } }
    };
    scene.page(&texts.invited_title, body).answer()
}

fn user(name: &str) -> Result<UserName, Refusal> {
    UserName::parse(name).ok_or(Refusal::NotFound)
}

/// Somebody else: nobody locks themselves out by a slip.
pub(super) fn other(scene: &Scene<'_>, name: &str) -> Result<UserName, Refusal> {
    let admin = scene.admin()?;
    let name = user(name)?;
    if name == admin.user {
        return Err(Refusal::Oneself);
    }
    Ok(name)
}

/// Gives another role.
pub(in crate::web) async fn role(
    scene: &Scene<'_>,
    name: &str,
    form: &Form,
) -> Result<Answer, Refusal> {
    let name = other(scene, name)?;
    let role = chosen_role(&scene.texts().users, form)?;
    let accounts = &scene.web.accounts;
    accounts.set_role(&scene.by(), &name, role).await?;
    Ok(scene.see("/admin/users?done=changed"))
}

/// Refuses sign-in from now on, or allows it again.
pub(in crate::web) async fn switch(
    scene: &Scene<'_>,
    name: &str,
    disabled: bool,
) -> Result<Answer, Refusal> {
    let name = other(scene, name)?;
    let accounts = &scene.web.accounts;
    accounts.set_disabled(&scene.by(), &name, disabled).await?;
    Ok(scene.see("/admin/users?done=changed"))
}

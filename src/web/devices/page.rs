//! The pages of programs.

use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, StatusCode};
use maud::{Markup, html};
use secrecy::ExposeSecret;

use super::addresses::Addresses;
use super::programs::{ALL, Group, Help, Program};
use super::words::Values;
use super::{link, profile, qr};
use crate::accounts::NewPassword;
use crate::domain::Access;
use crate::web::form::Form;
use crate::web::once::{self, once};
use crate::web::parts::{alarm, copyable, form, note};
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;
use crate::web::{Answer, answer};

/// Longest password that is written into a profile.
const LONGEST: usize = 200;

/// The addresses of who is signed in.
fn addresses(scene: &Scene<'_>) -> Result<Addresses, Refusal> {
    let user = &scene.person()?.user;
    let (origin, prefix) = (scene.address(), &scene.visit.prefix);
    Ok(Addresses::new(origin, prefix, user.as_str()))
}

fn program(id: &str) -> Result<&'static Program, Refusal> {
    Program::find(id).ok_or(Refusal::NotFound)
}

/// `/devices`: all programs.
pub(super) fn list(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    scene.person()?;
    let texts = &scene.texts().devices;
    let groups = [
        (Group::Phone, &texts.phone),
        (Group::Computer, &texts.computer),
        (Group::Server, &texts.server),
    ];
    let body = html! {
        p { (texts.intro) }
        (warning(scene))
        @for (group, title) in groups {
            h2 { (title) }
            ul.programs {
                @for program in ALL.iter().filter(|program| program.group == group) {
                    @let words = texts.program(program.id);
                    li {
                        a href=(scene.path(&format!("/devices/{}", program.id))) { (words.name) }
                        " " span.soft { (words.what) }
                    }
                }
            }
        }
    };
    Ok(scene.page(&texts.title, body).answer())
}

/// `/devices/{program}`: how it is set up, before there is a password for it.
pub(super) fn show(scene: &Scene<'_>, id: &str) -> Result<Answer, Refusal> {
    let (addresses, program) = (addresses(scene)?, program(id)?);
    let texts = &scene.texts().devices;
    let words = texts.program(id);
    let fields = html! {
        (once::field())
        label for="label" { (texts.label) }
        input #label name="label" maxlength="100" required value=(words.name);
        label.tick { input type="checkbox" name="read_only" value="yes"; (texts.read_only) }
        button { (texts.make) }
    };
    let body = html! {
        p { (words.what) }
        (warning(scene))
        h2 { (texts.make_title) }
        p { (texts.make_intro) }
        (form(scene, &format!("/devices/{id}"), &fields))
        (steps(scene, program, &Values::new(&addresses, None)))
        (scan(scene, &program.address(&addresses)))
    };
    Ok(scene.page(&title(scene, id), body).answer())
}

/// Makes an app password for a program and shows it, this once.
pub(super) async fn make(scene: &Scene<'_>, id: &str, form: &Form) -> Result<Answer, Refusal> {
    let (addresses, program) = (addresses(scene)?, program(id)?);
    let user = &scene.person()?.user;
    let texts = &scene.texts().devices;
    let access = match form.get("read_only") {
        "" => Access::ReadWrite,
        _ => Access::Read,
    };
    let new = NewPassword {
        label: form.get("label").to_owned(),
        access,
        services: program.services,
        expires: None,
    };
    let by = scene.by();
    let made = scene.web.accounts.add_password(&by, user, new);
    let made = once(scene, form, made).await?;
    let password = made.secret.expose_secret();
    let address = program.address(&addresses);
    let body = html! {
        (note(&texts.made))
        (warning(scene))
        (credentials(scene, &address, password))
        (help(scene, program, &addresses, password))
        (steps(scene, program, &Values::new(&addresses, Some(password))))
        (scan(scene, &address))
        p { a.button.plain href=(scene.path("/devices")) { (texts.again) } }
    };
    Ok(scene.page(&title(scene, id), body).answer())
}

fn credentials(scene: &Scene<'_>, address: &str, password: &str) -> Markup {
    let texts = &scene.texts().devices;
    let user = scene.somebody().map_or("", |person| person.user.as_str());
    html! {
        dl {
            dt { (texts.address) }
            dd { (copyable(scene, address)) }
            dt { (texts.user) }
            dd { (copyable(scene, user)) }
            dt { (texts.password) }
            dd.secret { (copyable(scene, password)) }
        }
    }
}

fn title(scene: &Scene<'_>, id: &str) -> String {
    let texts = &scene.texts().devices;
    let name = &texts.program(id).name;
    fill(&texts.for_program, &[("program", name)])
}

fn warning(scene: &Scene<'_>) -> Markup {
    let texts = &scene.texts().devices;
    html! {
        @if scene.is_loopback() {
            div.warn { p { (fill(&texts.local, &[("address", scene.address())])) } }
        } @else if !scene.secure { (alarm(&texts.plain)) }
    }
}

fn steps(scene: &Scene<'_>, program: &Program, values: &Values) -> Markup {
    let texts = &scene.texts().devices;
    let words = texts.program(program.id);
    html! {
        h2 { (texts.steps) }
        ol.steps { @for step in &words.steps { li { (values.told(scene, step)) } } }
        @for note in &words.notes { p.soft { (values.told(scene, note)) } }
        @if let Help::Snippet(snippet) = program.help {
            h2 { (texts.snippet_title) }
            pre.snippet tabindex="0" role="region" aria-label=(texts.snippet_title) { code { (values.filled(snippet)) } }
        }
    }
}

/// The code of an address that is shown beside it.
fn scan(scene: &Scene<'_>, address: &str) -> Markup {
    let texts = &scene.texts().devices;
    let alternative = fill(&texts.code, &[("address", address)]);
    html! {
        @if let Ok(image) = qr::image(address) {
            figure.code {
                img src=(image) alt=(alternative) width="200" height="200";
                figcaption { (texts.scan) ": " code { (address) } }
            }
        }
    }
}

/// What carries the password further.
fn help(scene: &Scene<'_>, program: &Program, addresses: &Addresses, password: &str) -> Markup {
    let texts = &scene.texts().devices;
    match program.help {
        Help::Link => {
            let link = link::davx5(addresses, password);
            html! {
                h2 { (texts.link_title) }
                p { a.button href=(link) { (texts.link) } }
                p.soft { (texts.link_text) }
                @if let Ok(image) = qr::image(&link) {
                    img.code src=(image) alt=(texts.link_code) width="200" height="200";
                }
            }
        }
        Help::Profile => {
            let fields = html! {
                input type="hidden" name="password" value=(password);
                button { (texts.profile) }
            };
            html! {
                h2 { (texts.profile_title) }
                p { (texts.profile_intro) }
                (form(scene, &format!("/devices/{}/profile", program.id), &fields))
            }
        }
        Help::Snippet(_) | Help::None => html! {},
    }
}

/// The configuration profile with the password that the form holds.
pub(super) fn download(scene: &Scene<'_>, id: &str, form: &Form) -> Result<Answer, Refusal> {
    let addresses = addresses(scene)?;
    let password = form.get("password");
    let bad = password.len() > LONGEST || password.chars().any(char::is_control);
    match program(id)?.help {
        Help::Profile if !bad => {}
        Help::Profile => return Err(Refusal::Unreadable),
        _ => return Err(Refusal::NotFound),
    }
    let name = &scene.texts().devices.profile_name;
    let name = fill(name, &[("user", &addresses.user)]);
    let profile = profile::profile(&addresses, password, &name);
    let mut answer = answer::body(StatusCode::OK, profile::CONTENT_TYPE, profile);
    let file = HeaderValue::from_static("attachment; filename=\"davbridge.mobileconfig\"");
    answer.headers_mut().insert(CONTENT_DISPOSITION, file);
    Ok(answer)
}

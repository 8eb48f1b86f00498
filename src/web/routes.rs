//! From an address to the page that answers.

use bytes::Bytes;
use http::Method;

use super::form::Form;
use super::guard::{equal, is_own};
use super::refusal::Refusal;
use super::scene::Scene;
use super::{Answer, BoxError, devices, methods, pages};

/// What a browser does with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
}

/// Answers a request.
pub(super) async fn answer<B>(scene: &Scene<'_>, body: B) -> Result<Answer, Refusal>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let path = scene.request.uri.path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let methods = methods::of(&segments).ok_or(Refusal::NotFound)?;
    if !methods::allows(methods, &scene.request.method) {
        return Err(Refusal::Method(methods));
    }
    if let ["index.php", rest @ ..] = segments.as_slice() {
        return program(scene, rest, body).await;
    }
    if scene.request.method == Method::POST {
        let form = guarded(scene, body).await?;
        return route(scene, Verb::Post, &segments, &form).await;
    }
    route(scene, Verb::Get, &segments, &Form::default()).await
}

/// What programs ask, by POST: no cookie comes with it, so that no other site can misuse it.
async fn program<B>(scene: &Scene<'_>, rest: &[&str], body: B) -> Result<Answer, Refusal>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    count(scene)?;
    let form = Form::read(&scene.request.headers, body).await?;
    devices::program(scene, rest, &form).await
}

/// Counts what leaves a trace in the store, or costs as much as a form.
pub(super) fn count(scene: &Scene<'_>) -> Result<(), Refusal> {
    match scene.count_form() {
        Some(wait) => Err(Refusal::Slow(wait)),
        None => Ok(()),
    }
}

/// The form, where it is one of ours and not one too many. One of another site is not counted:
/// that site would lock its visitors out.
async fn guarded<B>(scene: &Scene<'_>, body: B) -> Result<Form, Refusal>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    if !is_own(&scene.request.headers, &scene.origin) {
        return Err(Refusal::Foreign);
    }
    count(scene)?;
    let form = Form::read(&scene.request.headers, body).await?;
    if equal(&scene.csrf(), form.get("csrf")) {
        Ok(form)
    } else {
        Err(Refusal::Foreign)
    }
}

async fn route(
    scene: &Scene<'_>,
    verb: Verb,
    segments: &[&str],
    form: &Form,
) -> Result<Answer, Refusal> {
    use Verb::{Get, Post};
    match (verb, segments) {
        (Get, []) => pages::overview::show(scene).await,
        (Get, ["sign-in"]) => pages::sign_in::show(scene),
        (Post, ["sign-in"]) => pages::sign_in::submit(scene, form).await,
        (Get, ["sign-in", "oidc"]) => pages::oidc::begin(scene).await,
        (Get, ["sign-in", "oidc", "back"]) => pages::oidc::back(scene).await,
        (Post, ["sign-out"]) => pages::sign_in::leave(scene).await,
        (Get, ["welcome", link]) => pages::welcome::show(scene, link).await,
        (Post, ["welcome", link]) => pages::welcome::submit(scene, link, form).await,
        (_, ["connect" | "oauth", rest @ ..]) => {
            connecting(scene, verb, segments, rest, form).await
        }
        (_, ["connections", rest @ ..]) => connection(scene, verb, rest, form).await,
        (Get, ["passwords"]) => pages::passwords::show(scene).await,
        (Post, ["passwords"]) => pages::passwords::make(scene, form).await,
        (Post, ["passwords", id, "revoke"]) => pages::passwords::revoke(scene, id).await,
        (Get, ["sessions"]) => pages::sessions::show(scene).await,
        (Post, ["sessions", id, "end"]) => pages::sessions::end(scene, id).await,
        (Get, ["account"]) => pages::account::show(scene),
        (Post, ["account", "password"]) => pages::account::change(scene, form).await,
        (Get, ["devices", rest @ ..]) => devices::get(scene, rest).await,
        (Post, ["devices", rest @ ..]) => devices::post(scene, rest, form).await,
        (_, ["admin", rest @ ..]) => administration(scene, verb, rest, form).await,
        _ => Err(Refusal::NotFound),
    }
}

async fn connecting(
    scene: &Scene<'_>,
    verb: Verb,
    segments: &[&str],
    rest: &[&str],
    form: &Form,
) -> Result<Answer, Refusal> {
    use Verb::{Get, Post};
    match (verb, segments[0], rest) {
        (Get, "connect", []) => pages::connect::show(scene),
        (Get, "connect", [provider]) => pages::connect::company(scene, provider),
        (Post, "connect", [provider]) => pages::connect::begin(scene, provider).await,
        (Get, "connect", [provider, id]) => pages::paste::show(scene, provider, id).await,
        (Post, "connect", [provider, id]) => pages::paste::submit(scene, provider, id, form).await,
        (Post, "connect", [_, id, "cancel"]) => pages::paste::cancel(scene, id).await,
        (Get, "oauth", [provider]) => pages::consent::back(scene, provider).await,
        (Post, "oauth", [provider]) => pages::consent::pasted(scene, provider, form).await,
        _ => Err(Refusal::NotFound),
    }
}

async fn connection(
    scene: &Scene<'_>,
    verb: Verb,
    rest: &[&str],
    form: &Form,
) -> Result<Answer, Refusal> {
    use Verb::{Get, Post};
    match (verb, rest) {
        (Get, ["progress"]) => pages::overview::progress(scene).await,
        (Get, [slug]) => pages::connection::show(scene, slug).await,
        (Post, [slug, "check"]) => pages::overview::check(scene, slug).await,
        (Post, [slug, "hide"]) => pages::tree::hide(scene, slug, form).await,
        (Post, [slug, "rename"]) => pages::connection::rename(scene, slug, form).await,
        (Get, [slug, "reconnect"]) => pages::consent::show_again(scene, slug).await,
        (Post, [slug, "reconnect"]) => pages::consent::reconnect(scene, slug).await,
        (Get, [slug, "disconnect"]) => pages::connection::confirm(scene, slug).await,
        (Post, [slug, "disconnect"]) => pages::connection::disconnect(scene, slug).await,
        _ => Err(Refusal::NotFound),
    }
}

async fn administration(
    scene: &Scene<'_>,
    verb: Verb,
    rest: &[&str],
    form: &Form,
) -> Result<Answer, Refusal> {
    use Verb::{Get, Post};
    scene.admin()?;
    match (verb, rest) {
        (Get, ["users"]) => pages::users::show(scene).await,
        (Post, ["users"]) => pages::users::add(scene, form).await,
        (Post, ["users", name, "link"]) => pages::users::link(scene, name).await,
        (Post, ["users", name, "role"]) => pages::users::role(scene, name, form).await,
        (Post, ["users", name, "disable"]) => pages::users::switch(scene, name, true).await,
        (Post, ["users", name, "enable"]) => pages::users::switch(scene, name, false).await,
        (Get, ["users", name, "remove"]) => pages::user_removal::confirm(scene, name),
        (Post, ["users", name, "remove"]) => pages::user_removal::remove(scene, name).await,
        (Get, ["connections"]) => pages::health::show(scene).await,
        (Get, ["log"]) => pages::log::show(scene).await,
        _ => Err(Refusal::NotFound),
    }
}

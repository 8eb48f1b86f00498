//! From an address to the page that answers.

use bytes::Bytes;
use http::Method;

use super::form::Form;
use super::guard::{equal, is_own};
use super::refusal::Refusal;
use super::scene::Scene;
use super::{Answer, BoxError, devices, pages};

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
    if let ["index.php", rest @ ..] = segments.as_slice() {
        return program(scene, rest, body).await;
    }
    match scene.request.method {
        Method::GET | Method::HEAD => route(scene, Verb::Get, &segments, &Form::default()).await,
        Method::POST => {
            let form = guarded(scene, body).await?;
            route(scene, Verb::Post, &segments, &form).await
        }
        _ => Err(Refusal::Method),
    }
}

/// What programs ask: no cookie comes with it, so that no other site can misuse it.
async fn program<B>(scene: &Scene<'_>, rest: &[&str], body: B) -> Result<Answer, Refusal>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let form = match scene.request.method {
        Method::GET | Method::HEAD => Form::default(),
        Method::POST => match scene.count_form() {
            Some(wait) => return Err(Refusal::Slow(wait)),
            None => Form::read(&scene.request.headers, body).await?,
        },
        _ => return Err(Refusal::Method),
    };
    devices::program(scene, rest, &form).await
}

/// The form, where it is one of ours and not one too many.
async fn guarded<B>(scene: &Scene<'_>, body: B) -> Result<Form, Refusal>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    if let Some(wait) = scene.count_form() {
        return Err(Refusal::Slow(wait));
    }
    if !is_own(&scene.request.headers, &scene.origin) {
        return Err(Refusal::Foreign);
    }
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
        (Get, ["sign-in"]) => pages::sign_in::show(scene),
        (Post, ["sign-in"]) => pages::sign_in::submit(scene, form).await,
        (Get, ["devices", rest @ ..]) => devices::get(scene, rest).await,
        (Post, ["devices", rest @ ..]) => devices::post(scene, rest, form).await,
        _ => Err(Refusal::NotFound),
    }
}

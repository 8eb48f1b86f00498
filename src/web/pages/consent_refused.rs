//! Why no account was connected on the company's page.

use http::StatusCode;
use maud::html;

use crate::accounts::ConsentError;
use crate::web::Answer;
use crate::web::parts::alarm;
use crate::web::refusal::Refusal;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// What was tried: an account of a company, or one that is connected is connected again.
#[derive(Clone, Copy)]
pub(super) struct Tried<'a> {
    pub(super) provider: &'a str,
    /// Address part of the connection that is connected again.
    pub(super) again: Option<&'a str>,
}

/// Says why nothing came of it; nothing was changed.
pub(super) fn refused(
    scene: &Scene<'_>,
    tried: Tried<'_>,
    error: ConsentError,
) -> Result<Answer, Refusal> {
    let texts = &scene.texts().consent;
    let company = scene.texts().companies.name(tried.provider);
    let (text, code, wanted, came) = match &error {
        ConsentError::UnknownUser(_) => return Err(Refusal::SignIn),
        ConsentError::NotByConsent(_) | ConsentError::UnknownConnection(_) => {
            return Err(Refusal::NotFound);
        }
        ConsentError::Stale => (&texts.stale, "", "", ""),
        ConsentError::Denied => (&texts.denied, "", "", ""),
        ConsentError::Failed { code } => (&texts.failed, code.as_str(), "", ""),
        ConsentError::NotAccepted { code } => (&texts.not_accepted, code.as_str(), "", ""),
        ConsentError::NothingGranted => (&texts.nothing_granted, "", "", ""),
        ConsentError::NotLasting => (&texts.not_lasting, "", "", ""),
        ConsentError::OtherAccount { wanted, came } => {
            (&texts.other_account, "", wanted.as_str(), came.as_str())
        }
        ConsentError::Unexpected(cause) => {
            tracing::warn!(error = cause.chain(), "a consent could not be redeemed");
            (&texts.unexpected, "", "", "")
        }
        ConsentError::Store(_) => {
            let ConsentError::Store(cause) = error else {
                return Err(Refusal::NotFound);
            };
            return Err(cause.into());
        }
    };
    let status = match error {
        ConsentError::Unexpected(_) => StatusCode::BAD_GATEWAY,
        _ => StatusCode::BAD_REQUEST,
    };
    let values = [
        ("company", company),
        ("code", code),
        ("wanted", wanted),
        ("came", came),
    ];
    Ok(failed(scene, tried, status, &fill(text, &values)))
}

/// The page that says so.
pub(super) fn failed(
    scene: &Scene<'_>,
    tried: Tried<'_>,
    status: StatusCode,
    sentence: &str,
) -> Answer {
    let texts = &scene.texts().consent;
    let (title, place) = match tried.again {
        Some(slug) => (&texts.kept_title, format!("/connections/{slug}/reconnect")),
        None => (&texts.failed_title, format!("/connect/{}", tried.provider)),
    };
    let body = html! {
        div data-told=(sentence) { (alarm(sentence)) }
        p.row {
            a.button href=(scene.path(&place)) { (texts.again) }
            a.button.plain href=(scene.path("/")) { (texts.home) }
        }
    };
    scene.page(title, body).with(status).answer()
}

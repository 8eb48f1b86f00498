//! Why a page is not shown, in words.

use std::time::Duration;

use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use maud::html;
use serde::Deserialize;

use super::scene::Scene;
use super::texts::fill;
use super::{Answer, answer};
use crate::domain::{Error, Kind};

/// When to come back where nothing else is known.
const LATER: Duration = Duration::from_secs(30);

/// Why something is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody is signed in.
    SignIn,
    /// There is no such page, or not for this user.
    NotFound,
    /// Only administrators may.
    Forbidden,
    /// The form was sent by another site, or is from an older session.
    Foreign,
    /// The form is too long.
    TooLarge,
    /// The form cannot be read.
    Unreadable,
    /// Too many forms.
    Slow(Duration),
    /// Too much at once, on the bridge's own side.
    Busy(Duration),
    /// Another method.
    Method,
    /// The request cannot be answered as it is; the sentence says why.
    Wrong(String),
    /// The bridge's own store is in trouble.
    Trouble(Error),
}

/// Texts of refusals.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    not_found: Told,
    forbidden: Told,
    foreign: Told,
    too_large: Told,
    unreadable: Told,
    slow: Told,
    busy: Told,
    method: Told,
    wrong: String,
    trouble: Told,
    home: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    title: String,
    text: String,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.kind() {
            Kind::NotFound => Self::NotFound,
            Kind::Forbidden => Self::Forbidden,
            Kind::Invalid => Self::Wrong(error.message().to_owned()),
            Kind::Busy { retry_after } => Self::Busy(retry_after.unwrap_or(LATER)),
            _ => Self::Trouble(error),
        }
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Foreign => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable | Self::Wrong(_) => StatusCode::BAD_REQUEST,
            Self::Slow(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Busy(_) | Self::Trouble(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The page that says so.
    pub(super) fn answer(&self, scene: &Scene<'_>) -> Answer {
        let texts = &scene.texts().refusals;
        let told = match self {
            Self::SignIn => return answer::see(&scene.to_sign_in()),
            Self::NotFound => &texts.not_found,
            Self::Forbidden => &texts.forbidden,
            Self::Foreign => &texts.foreign,
            Self::TooLarge => &texts.too_large,
            Self::Unreadable => &texts.unreadable,
            Self::Slow(_) => &texts.slow,
            Self::Busy(_) => &texts.busy,
            Self::Method => &texts.method,
            Self::Wrong(sentence) => return self.page(scene, &texts.wrong, sentence),
            Self::Trouble(error) => {
                tracing::error!(error = error.chain(), "the page is in trouble");
                &texts.trouble
            }
        };
        let seconds = self.seconds().to_string();
        let (id, origin) = (scene.address(), seconds.as_str());
        let text = fill(&told.text, &[("address", id), ("seconds", origin)]);
        self.page(scene, &told.title, &text)
    }

    fn seconds(&self) -> u64 {
        match self {
            Self::Slow(wait) | Self::Busy(wait) => wait.as_secs().max(1),
            _ => LATER.as_secs(),
        }
    }

    fn page(&self, scene: &Scene<'_>, title: &str, text: &str) -> Answer {
        let body = html! {
            p { (text) }
            p { a href=(scene.path("/")) { (scene.texts().refusals.home) } }
        };
        let mut answer = scene.page(title, body).with(self.status()).answer();
        let headers = answer.headers_mut();
        if matches!(self, Self::Slow(_) | Self::Busy(_) | Self::Trouble(_)) {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.seconds()));
        }
        if matches!(self, Self::Method) {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
        }
        answer
    }
}

/// The store does not even tell who asks.
pub(super) fn without_scene(error: &Error) -> Answer {
    tracing::error!(error = error.chain(), "the page is in trouble");
    let text = "The bridge's own store is in trouble. Try again later.\n";
    let kind = "text/plain; charset=utf-8";
    let mut answer = answer::body(StatusCode::SERVICE_UNAVAILABLE, kind, text);
    let later = HeaderValue::from_static("30");
    answer.headers_mut().insert(RETRY_AFTER, later);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_meets_a_crowd_is_told_when_to_come_back() {
        for (retry_after, seconds) in [(Some(Duration::from_secs(2)), 2), (None, 30)] {
            let error = Error::bridge(Kind::Busy { retry_after }, "a crowd");
            let refusal = Refusal::from(error);
            assert_eq!(refusal.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(refusal.seconds(), seconds);
        }
    }
}

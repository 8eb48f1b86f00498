//! Why a page is not shown, in words.

use std::time::Duration;

use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use maud::html;
use serde::Deserialize;

use super::scene::Scene;
use super::texts::{english, fill};
use super::{Answer, answer};
use crate::domain::{Error, Kind, Rule};

/// When to come back where nothing tells, and the longest wait in seconds that is told.
const COME_BACK: Duration = Duration::from_secs(30);
const LONGEST: u64 = 3600;

/// Why something is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody is signed in.
    SignIn,
    /// There is no such page, or not for this user.
    NotFound,
    /// Only administrators may.
    Forbidden,
    /// Nobody takes their own rights away.
    Oneself,
    /// The form was sent by another site, or is from an older session.
    Foreign,
    /// The form is good for one time, and was used.
    Used,
    /// The form is too long.
    TooLarge,
    /// The form cannot be read.
    Unreadable,
    /// Too many forms.
    Slow(Duration),
    /// Another method than those.
    Method(&'static str),
    /// The request cannot be answered as it is; the sentence says why.
    Wrong(String),
    /// The request breaks a rule.
    Against(Error),
    /// Too much is going on.
    Busy(Duration),
    /// The bridge's own store is in trouble.
    Trouble(Error),
}

/// Texts of refusals.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    not_found: Told,
    forbidden: Told,
    oneself: Told,
    foreign: Told,
    used: Told,
    too_large: Told,
    unreadable: Told,
    slow: Told,
    method: Told,
    wrong: String,
    busy: Told,
    trouble: Told,
    home: String,
    rules: Rules,
}

/// What requests may break, in sentences.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    name_taken: String,
    last_admin: String,
    long_line: String,
    one_line: String,
    short_password: String,
    long_password: String,
    past_end: String,
    at_provider: String,
    other: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    title: String,
    text: String,
}

impl Texts {
    /// Which rule a request breaks, in the words of the page; those of other rooms are for logs
    /// and commands.
    pub(super) fn told(&self, error: &Error) -> &str {
        let rules = &self.rules;
        match error.rule() {
            Some(Rule::NameTaken) => &rules.name_taken,
            Some(Rule::LastAdmin) => &rules.last_admin,
            Some(Rule::LongLine) => &rules.long_line,
            Some(Rule::OneLine) => &rules.one_line,
            Some(Rule::ShortPassword) => &rules.short_password,
            Some(Rule::LongPassword) => &rules.long_password,
            Some(Rule::PastEnd) => &rules.past_end,
            Some(Rule::AtProvider) => &rules.at_provider,
            None => {
                tracing::info!(error = error.chain(), "a request was refused");
                &rules.other
            }
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.kind() {
            Kind::NotFound => Self::NotFound,
            Kind::Forbidden => Self::Forbidden,
            Kind::Invalid => Self::Against(error),
            Kind::Busy { retry_after } => Self::Busy(retry_after.unwrap_or(COME_BACK)),
            _ => Self::Trouble(error),
        }
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Oneself | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Used => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable | Self::Wrong(_) | Self::Against(_) => StatusCode::BAD_REQUEST,
            Self::Slow(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
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
            Self::Oneself => &texts.oneself,
            Self::Foreign => &texts.foreign,
            Self::Used => &texts.used,
            Self::TooLarge => &texts.too_large,
            Self::Unreadable => &texts.unreadable,
            Self::Slow(_) => &texts.slow,
            Self::Method(_) => &texts.method,
            Self::Wrong(sentence) => return self.page(scene, &texts.wrong, sentence),
            Self::Against(error) => return self.page(scene, &texts.wrong, texts.told(error)),
            Self::Busy(_) => &texts.busy,
            Self::Trouble(error) => {
                tracing::error!(error = error.chain(), "the page is in trouble");
                &texts.trouble
            }
        };
        let seconds = self.seconds().to_string();
        let text = fill(
            &told.text,
            &[("address", scene.address()), ("seconds", &seconds)],
        );
        self.page(scene, &told.title, &text)
    }

    /// Whole seconds after which trying again makes sense.
    fn seconds(&self) -> u64 {
        let wait = match self {
            Self::Slow(wait) | Self::Busy(wait) => *wait,
            _ => COME_BACK,
        };
        let begun = u64::from(wait.subsec_nanos() > 0);
        wait.as_secs().saturating_add(begun).clamp(1, LONGEST)
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
        if let Self::Method(methods) = self {
            headers.insert(ALLOW, HeaderValue::from_static(methods));
        }
        answer
    }
}

/// The store does not even tell who asks.
pub(super) fn without_scene(error: Error) -> Answer {
    tracing::error!(error = error.chain(), "the page is in trouble");
    let refusal = Refusal::Trouble(error);
    let told = &english().refusals.trouble;
    let seconds = refusal.seconds().to_string();
    let text = fill(&told.text, &[("seconds", &seconds)]);
    let text = format!("{}\n\n{text}\n", told.title);
    let mut answer = answer::body(refusal.status(), "text/plain; charset=utf-8", text);
    let later = HeaderValue::from(refusal.seconds());
    answer.headers_mut().insert(RETRY_AFTER, later);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_other_rooms_have_their_status_and_time() {
        let wait = |retry_after| Kind::Busy { retry_after };
        let long = Duration::from_millis(6_100);
        for (kind, status, seconds) in [
            (wait(Some(long)), 503, 7),
            (wait(Some(Duration::ZERO)), 503, 1),
            (wait(None), 503, 30),
            (Kind::Down, 503, 30),
            (Kind::Full, 503, 30),
            (Kind::NotFound, 404, 30),
            (Kind::Forbidden, 403, 30),
            (Kind::Invalid, 400, 30),
        ] {
            let refusal = Refusal::from(Error::bridge(kind, "words of another room"));
            assert_eq!(refusal.status().as_u16(), status, "{kind:?}");
            assert_eq!(refusal.seconds(), seconds, "{kind:?}");
        }
        assert_eq!(Refusal::Slow(Duration::from_millis(1)).seconds(), 1);
        let never = Refusal::Slow(Duration::MAX);
        assert_eq!(never.seconds(), 3600);
    }

    #[test]
    fn rules_are_told_in_the_words_of_the_page() {
        let texts = &english().refusals;
        let error = |rule| Error::against(rule, "words of another room");
        assert_eq!(
            texts.told(&error(Rule::NameTaken)),
            "There is already a user of that name."
        );
        let plain = Error::client(Kind::Invalid, "words of another room");
        assert_eq!(texts.told(&plain), texts.rules.other);
    }
}

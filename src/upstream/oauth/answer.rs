//! What a token endpoint answers.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Error, Kind};
use crate::upstream::{Answer, Verdict, json};

/// Longest token in bytes.
const LONGEST_TOKEN: usize = 16 * 1024;
/// Life of an access token whose life is not told.
const UNTOLD: Duration = Duration::from_secs(600);
/// No token is trusted longer.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// Tokens that were given.
#[derive(Debug)]
pub struct Granted {
    /// Sent with each call.
    pub access: SecretString,
    /// How long it is good for, from when it was asked for.
    pub life: Duration,
    /// Exchanged for the next access token; `None`: the one before stays.
    pub refresh: Option<SecretString>,
    /// What it carries, where that is told.
    pub scopes: Option<Vec<String>>,
    /// ID token of OpenID Connect, where one was asked for. Not checked.
    pub identity: Option<SecretString>,
}

/// Why no tokens were given.
#[derive(Debug)]
pub enum GrantError {
    /// The code or refresh token is not accepted, or the user has to be asked again: no later
    /// attempt will do.
    NotAccepted {
        /// `error` of the answer, e.g. `invalid_grant`, with the company's number where there is
        /// one.
        code: String,
    },
    /// Anything else; the grant may be good.
    Trouble(Error),
}

#[derive(Deserialize)]
struct Success {
    access_token: String,
    expires_in: Option<Value>,
    refresh_token: Option<String>,
    scope: Option<String>,
    token_type: Option<String>,
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_codes: Vec<u64>,
}

/// What an answer means. Only an error object with a code that says so counts as "not accepted":
/// an error page of a proxy never does.
pub(super) fn judge(answer: &Answer) -> Verdict<Result<Granted, GrantError>> {
    match answer.status() {
        200 => match json::<Success>(answer.body()).and_then(granted) {
            Ok(granted) => Verdict::Done(Ok(Ok(granted))),
            Err(error) => Verdict::Again(error),
        },
        status @ (400 | 401 | 403) => match json::<Refusal>(answer.body()) {
            Ok(refusal) => refused(&refusal),
            Err(error) => strange(status, Some(error)),
        },
        status => strange(status, None),
    }
}

fn strange<T>(status: u16, cause: Option<Error>) -> Verdict<T> {
    let kind = if status >= 500 {
        Kind::Down
    } else {
        Kind::Broken
    };
    let mut error = Error::cloud(kind, format!("the sign-in answered with status {status}"));
    if let Some(cause) = cause {
        error = error.because(cause);
    }
    if status >= 500 {
        Verdict::Again(error)
    } else {
        Verdict::Done(Err(error))
    }
}

fn granted(success: Success) -> Result<Granted, Error> {
    let bearer = |kind: &String| kind.eq_ignore_ascii_case("bearer");
    if !success.token_type.as_ref().is_none_or(bearer) {
        return Err(Error::cloud(
            Kind::Broken,
            "the sign-in gave no bearer token",
        ));
    }
    // absent and empty are the same: the one before stays
    let refresh = success.refresh_token.filter(|token| !token.is_empty());
    Ok(Granted {
        access: token(success.access_token)?,
        life: life(success.expires_in.as_ref()),
        refresh: refresh.map(token).transpose()?,
        scopes: success.scope.map(|scope| words(&scope)),
        identity: success.id_token.map(token).transpose()?,
    })
}

fn token(text: String) -> Result<SecretString, Error> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || !plain || text.len() > LONGEST_TOKEN {
        let message = "the sign-in gave a token that cannot be one";
        return Err(Error::cloud(Kind::Broken, message));
    }
    Ok(SecretString::from(text))
}

/// A number, or a text of one, as older stacks send it.
fn life(told: Option<&Value>) -> Duration {
    let seconds = match told {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_u64(),
        None => None,
    };
    seconds
        .map_or(UNTOLD, Duration::from_secs)
        .min(LONGEST_LIFE)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn refused(refusal: &Refusal) -> Verdict<Result<Granted, GrantError>> {
    let code = readable(refusal);
    let trouble = |kind, message: String| Error::cloud(kind, message);
    match refusal.error.as_str() {
        "invalid_grant"
        | "interaction_required"
        | "consent_required"
        | "login_required"
        | "unauthorized_client"
        | "access_denied" => Verdict::Done(Ok(Err(GrantError::NotAccepted { code }))),
        "temporarily_unavailable" | "server_error" | "internal_failure" | "slow_down" => {
            let message = format!("the sign-in is in trouble ({code})");
            Verdict::Again(trouble(Kind::Down, message))
        }
        "invalid_client" => Verdict::Done(Err(trouble(
            Kind::Down,
            format!(
                "the company does not take this bridge's client id and secret ({code}): \
                     the operator has to correct them"
            ),
        ))),
        _ => Verdict::Done(Err(trouble(
            Kind::Down,
            format!("the sign-in refuses the bridge's request ({code})"),
        ))),
    }
}

/// The code without anything that is none, and the company's number.
fn readable(refusal: &Refusal) -> String {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let plain = refusal.error.len() <= 40 && refusal.error.bytes().all(fits);
    let code = if plain { &refusal.error } else { "unknown" };
    match refusal.error_codes.first() {
        Some(number) => format!("{code} {number}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;

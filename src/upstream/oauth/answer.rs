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
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(status: u16, body: &str) -> Verdict<Result<Granted, GrantError>> {
        judge(&Answer::plain(status, body))
    }

    fn good(body: &str) -> Granted {
        match read(200, body) {
            Verdict::Done(Ok(Ok(granted))) => granted,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn lives_are_read_in_every_spelling() {
        let life = |text: &str| {
            good(&format!(r#"{{"access_token":"a"{text}}}"#))
                .life
                .as_secs()
        };
        assert_eq!(life(r#","expires_in":3599"#), 3599);
        assert_eq!(life(r#","expires_in":"3912""#), 3912);
        assert_eq!(life(""), 600);
        for odd in ["-5", "null", "\"soon\"", "[]"] {
            assert_eq!(life(&format!(r#","expires_in":{odd}"#)), 600, "{odd}");
        }
        assert_eq!(life(r#","expires_in":99999999999"#), 86_400);
    }

    #[test]
    fn an_absent_or_empty_refresh_token_is_none() {
        for body in [
            r#"{"access_token":"a"}"#,
            r#"{"access_token":"a","refresh_token":""}"#,
            r#"{"access_token":"a","refresh_token":null}"#,
        ] {
            assert!(good(body).refresh.is_none(), "{body}");
        }
        let both = good(r#"{"access_token":"a","refresh_token":"r","scope":" x  y "}"#);
        assert_eq!(both.refresh.expect("a token").expose_secret(), "r");
        assert_eq!(both.scopes.expect("scopes"), ["x", "y"]);
    }

    #[test]
    fn what_is_no_token_is_broken() {
        let long = "x".repeat(LONGEST_TOKEN + 1);
        for body in [
            "<html>",
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":"a b"}"#,
            r#"{"access_token":"a","refresh_token":"r\r\nx"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
            &format!(r#"{{"access_token":"{long}"}}"#),
        ] {
            let verdict = read(200, body);
            let broken = matches!(&verdict, Verdict::Again(error) if error.kind() == Kind::Broken);
            assert!(broken, "{verdict:?}");
        }
    }

    #[test]
    fn only_an_error_object_signs_out() {
        for code in [
            "invalid_grant",
            "interaction_required",
            "consent_required",
            "login_required",
            "unauthorized_client",
        ] {
            let verdict = read(400, &format!(r#"{{"error":"{code}"}}"#));
            let refused = matches!(
                &verdict,
                Verdict::Done(Ok(Err(GrantError::NotAccepted { code: told }))) if told == code
            );
            assert!(refused, "{verdict:?}");
        }
        for (status, body, kind) in [
            (400, "<html>invalid_grant</html>", Kind::Broken),
            (404, r#"{"error":"invalid_grant"}"#, Kind::Broken),
            (503, r#"{"error":"invalid_grant"}"#, Kind::Down),
            (401, r#"{"error":"invalid_client"}"#, Kind::Down),
            (400, r#"{"error":"invalid_scope"}"#, Kind::Down),
            (400, r#"{"error":{"code":400}}"#, Kind::Broken),
            (302, "", Kind::Broken),
        ] {
            match read(status, body) {
                Verdict::Done(Err(error)) | Verdict::Again(error) => {
                    assert_eq!(error.kind(), kind, "{status} {body}");
                }
                Verdict::Done(Ok(other)) => panic!("{status} {body}: {other:?}"),
            }
        }
    }

    #[test]
    fn codes_are_told_clean_and_short() {
        let told = |body: &str| match read(400, body) {
            Verdict::Done(Err(error)) => error.chain(),
            other => panic!("{other:?}"),
        };
        assert!(told(r#"{"error":"a\r\nSecret: x"}"#).contains("(unknown)"));
        let numbered = told(r#"{"error":"invalid_client","error_codes":[7000215]}"#);
        assert!(numbered.contains("(invalid_client 7000215)"), "{numbered}");
    }
}

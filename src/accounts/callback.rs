//! What the browser comes back with from a page of consent.

use secrecy::SecretString;
use url::form_urlencoded;

/// Longest address or query that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// What came back.
#[derive(Debug)]
pub struct Callback {
    /// The state that was sent along.
    pub state: SecretString,
    /// Who says it, where that is told (RFC 9207).
    pub issuer: Option<String>,
    /// What the company says.
    pub answer: CallbackAnswer,
}

/// What the company says.
#[derive(Debug)]
pub enum CallbackAnswer {
    /// The user consented, to all or to a part.
    Code(SecretString),
    /// The user pressed Cancel, or an administrator does not allow it.
    Denied,
    /// Anything else, e.g. `server_error`.
    Failed {
        /// The code, letters and underscores only.
        code: String,
    },
}

impl Callback {
    /// Reads the query of the address the browser was sent to, or that whole address as a person
    /// pastes it. `None` where it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let get = |name: &str| {
            let pair = pairs.iter().find(|pair| pair.0 == name)?;
            (!pair.1.is_empty()).then(|| pair.1.clone().into_owned())
        };
        let answer = match (get("error"), get("code")) {
            (Some(error), _) if error == "access_denied" => CallbackAnswer::Denied,
            (Some(error), _) => CallbackAnswer::Failed {
                code: readable(&error),
            },
            (None, Some(code)) => CallbackAnswer::Code(code.into()),
            (None, None) => return None,
        };
        Some(Self {
            state: get("state")?.into(),
            issuer: get("iss"),
            answer,
        })
    }
}

fn readable(code: &str) -> String {
    let plain = code
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if plain && code.len() <= 40 {
        code.to_owned()
    } else {
        "unknown".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn queries_and_pasted_addresses_are_read() {
        for text in [
            "state=s&code=4%2F0x&scope=a+b",
            "?code=4/0x&state=s",
            "  http://127.0.0.1:8080/oauth/google?state=s&code=4%2F0x#\n",
        ] {
            let callback = Callback::parse(text).unwrap();
            assert_eq!(callback.state.expose_secret(), "s");
            let CallbackAnswer::Code(code) = callback.answer else {
                panic!("{text}")
            };
            assert_eq!(code.expose_secret(), "4/0x");
        }
    }

    #[test]
    fn errors_go_before_codes_and_are_cleaned() {
        let answer = |text: &str| Callback::parse(text).unwrap().answer;
        let denied = answer("error=access_denied&error_description=x&state=s&code=c");
        assert!(matches!(denied, CallbackAnswer::Denied));
        for (text, told) in [("server_error", "server_error"), ("<b>x</b>", "unknown")] {
            let failed = answer(&format!("error={text}&state=s"));
            assert!(matches!(failed, CallbackAnswer::Failed { code } if code == told));
        }
    }

    #[test]
    fn what_is_no_callback_is_none() {
        let long = format!("state=s&code={}", "x".repeat(LONGEST));
        for text in [
            "",
            "hello",
            "code=c",
            "state=s",
            "state=&code=c",
            "state=s&code=",
            &long,
        ] {
            assert!(Callback::parse(text).is_none(), "{text}");
        }
    }
}

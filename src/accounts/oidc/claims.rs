//! What a token says, and the checks that all tokens share (RFC 7519 §4.1).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::fault::TokenFault;

/// How far the clocks may differ, in seconds.
pub(super) const SKEW: f64 = 60.0;
/// Longest subject in characters (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;

/// Claims of a token, or of the userinfo endpoint.
#[derive(Debug, Clone)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A text, or all texts of a list.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        self.get(name).map(texts).unwrap_or_default()
    }

    /// Seconds since 1970, with fractions.
    fn seconds(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }

    /// When it ends.
    pub(super) fn expires(&self) -> Option<f64> {
        self.seconds("exp")
    }

    /// Whose it is.
    pub(super) fn subject(&self) -> Result<&str, TokenFault> {
        let subject = self.text("sub").ok_or(TokenFault::Subject)?;
        let plain = !subject.chars().any(char::is_control);
        if plain && subject.chars().count() <= LONGEST_SUBJECT {
            Ok(subject)
        } else {
            Err(TokenFault::Subject)
        }
    }

    /// Issuer, times and subject.
    pub(super) fn check(&self, issuer: &str, now: DateTime<Utc>) -> Result<(), TokenFault> {
        if self.text("iss") != Some(issuer) {
            return Err(TokenFault::Issuer);
        }
        let now = seconds_of(now);
        let ends = self.expires().ok_or(TokenFault::Expired)?;
        if now >= ends + SKEW {
            return Err(TokenFault::Expired);
        }
        for name in ["nbf", "iat"] {
            let told = self.get(name).map(Value::as_f64);
            if told.is_some_and(|begins| begins.is_none_or(|begins| begins > now + SKEW)) {
                return Err(TokenFault::NotYet);
            }
        }
        self.subject().map(drop)
    }

    /// With what another answer about the same person says besides.
    pub(super) fn and(mut self, others: Self) -> Self {
        for (name, value) in others.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// The value of a claim, or of a path of names joined by `.`; names may hold dots themselves.
    pub(super) fn at(&self, path: &str) -> Option<&Value> {
        at(&self.0, path)
    }
}

fn at<'v>(claims: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    path.match_indices('.').find_map(|(dot, _)| {
        let inner = claims.get(&path[..dot])?.as_object()?;
        at(inner, &path[dot + 1..])
    })
}

/// A text, or all texts of a list.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Seconds since 1970.
pub(super) fn seconds_of(now: DateTime<Utc>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our days fit")]
    let milliseconds = now.timestamp_millis() as f64;
    milliseconds / 1000.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_760_000_000;

    fn claims(value: &Value) -> Claims {
        Claims::new(value.as_object().unwrap().clone())
    }

    fn check(changes: &Value) -> Result<(), TokenFault> {
        let base = json!({ "iss": "i", "sub": "s", "exp": NOW + 300, "iat": NOW });
        let claims = claims(changes).and(claims(&base));
        claims.check("i", DateTime::from_timestamp(NOW, 0).unwrap())
    }

    #[test]
    fn times_are_checked_with_a_minute_of_grace() {
        for (changes, expected) in [
            (json!({}), Ok(())),
            (json!({ "exp": NOW - 59 }), Ok(())),
            (json!({ "exp": NOW - 60 }), Err(TokenFault::Expired)),
            (json!({ "exp": NOW as f64 + 0.5 }), Ok(())),
            (json!({ "exp": null }), Err(TokenFault::Expired)),
            (json!({ "exp": "2099" }), Err(TokenFault::Expired)),
            (json!({ "nbf": NOW + 60 }), Ok(())),
            (json!({ "nbf": NOW + 61 }), Err(TokenFault::NotYet)),
            (json!({ "nbf": "now" }), Err(TokenFault::NotYet)),
            (json!({ "iat": NOW + 3600 }), Err(TokenFault::NotYet)),
            (json!({ "iat": null }), Ok(())),
        ] {
            assert_eq!(check(&changes), expected, "{changes}");
        }
    }

    #[test]
    fn issuer_and_subject_have_to_be_there() {
        for issuer in [json!("i/"), json!("I"), json!(null), json!(["i"])] {
            assert_eq!(check(&json!({ "iss": issuer })), Err(TokenFault::Issuer));
        }
        let long = "x".repeat(256);
        for subject in [json!(""), json!(null), json!(7), json!("a\nb"), json!(long)] {
            assert_eq!(check(&json!({ "sub": subject })), Err(TokenFault::Subject));
        }
    }

    #[test]
    fn paths_lead_through_objects_and_names_with_dots() {
        let claims = claims(&json!({
            "groups": ["/a"],
            "realm_access": { "roles": ["r"] },
            "resource_access": { "dav.example": { "roles": ["x"] } },
            "https://example.com/roles": ["u"],
        }));
        for (path, expected) in [
            ("groups", Some("/a")),
            ("realm_access.roles", Some("r")),
            ("resource_access.dav.example.roles", Some("x")),
            ("https://example.com/roles", Some("u")),
            ("realm_access.roles.r", None),
            ("realm_access.", None),
            (".", None),
            ("", None),
        ] {
            let found = claims.at(path).map(|value| texts(value)[0]);
            assert_eq!(found, expected, "{path}");
        }
    }
}

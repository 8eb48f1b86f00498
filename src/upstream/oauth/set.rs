//! The tokens of a connection, as they lie in the vault.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Granted;
use crate::domain::{Error, Kind, Result};

/// An access token is renewed so long before its end, or at three quarters of a short life.
const MARGIN: Duration = Duration::from_secs(60);
/// The clock may have been ahead so much when the token was made.
const SKEW: TimeDelta = TimeDelta::minutes(2);

/// An access token, how long it is good for, and what gives the next one.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// Sent with each call.
    pub access: SecretString,
    /// Exchanged for the next access token.
    pub refresh: Option<SecretString>,
    /// What the access token carries, as the company told it last.
    pub scopes: Vec<String>,
    /// When it was asked for.
    made: DateTime<Utc>,
    life: Duration,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    access: String,
    refresh: Option<String>,
    scopes: Vec<String>,
    /// Seconds since 1970.
    made: i64,
    /// Seconds.
    life: u64,
}

impl TokenSet {
    /// Tokens that were asked for at `made`.
    #[must_use]
    pub fn new(granted: Granted, made: DateTime<Utc>) -> Self {
        Self {
            access: granted.access,
            refresh: granted.refresh,
            scopes: granted.scopes.unwrap_or_default(),
            made,
            life: granted.life,
        }
    }

    /// The set after a refresh: what was not given anew stays.
    #[must_use]
    pub fn renewed(&self, granted: Granted, made: DateTime<Utc>) -> Self {
        Self {
            access: granted.access,
            refresh: granted.refresh.or_else(|| self.refresh.clone()),
            scopes: granted.scopes.unwrap_or_else(|| self.scopes.clone()),
            made,
            life: granted.life,
        }
    }

    /// Whether the access token can be sent at `now`. A token from the future was made when the
    /// clock was wrong: nothing is known of its end.
    #[must_use]
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let margin = MARGIN.min(self.life / 4);
        let good = TimeDelta::from_std(self.life.saturating_sub(margin));
        let age = now - self.made;
        age >= -SKEW && good.is_ok_and(|good| age < good)
    }

    /// The set as one text.
    #[must_use]
    pub fn write(&self) -> SecretString {
        let text = |secret: &SecretString| secret.expose_secret().to_owned();
        let stored = Stored {
            access: text(&self.access),
            refresh: self.refresh.as_ref().map(text),
            scopes: self.scopes.clone(),
            made: self.made.timestamp(),
            life: self.life.as_secs(),
        };
        let json = serde_json::to_string(&stored);
        SecretString::from(json.expect("texts and numbers are JSON"))
    }

    /// Reads what [`TokenSet::write`] wrote.
    ///
    /// # Errors
    /// `SignedOut` for anything else.
    pub fn read(text: &SecretString) -> Result<Self> {
        let unreadable = || {
            let message = "the stored sign-in cannot be read: connect the account again";
            Error::cloud(Kind::SignedOut, message)
        };
        // the error of the JSON reader could quote the text
        let stored: Stored =
            serde_json::from_str(text.expose_secret()).map_err(|_| unreadable())?;
        Ok(Self {
            access: SecretString::from(stored.access),
            refresh: stored.refresh.map(SecretString::from),
            scopes: stored.scopes,
            made: DateTime::from_timestamp(stored.made, 0).ok_or_else(unreadable)?,
            life: Duration::from_secs(stored.life),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_760_000_000 + seconds, 0).expect("a date")
    }

    fn set(life: u64) -> TokenSet {
        let granted = Granted {
            access: "a".into(),
            life: Duration::from_secs(life),
            refresh: Some("r".into()),
            scopes: Some(vec!["s".to_owned()]),
            identity: None,
        };
        TokenSet::new(granted, at(0))
    }

    #[test]
    fn a_token_is_fresh_from_its_making_to_shortly_before_its_end() {
        let hour = set(3600);
        for (seconds, fresh) in [
            (0, true),
            (3539, true),
            (3540, false),
            (-120, true),
            (-121, false),
            (-3600, false),
        ] {
            assert_eq!(hour.is_fresh(at(seconds)), fresh, "{seconds}");
        }
        assert!(set(4).is_fresh(at(2)) && !set(4).is_fresh(at(3)));
        assert!(!set(0).is_fresh(at(0)));
    }

    #[test]
    fn a_set_reads_as_it_was_written() {
        let read = TokenSet::read(&set(3600).write()).expect("it reads");
        assert_eq!(read.access.expose_secret(), "a");
        assert_eq!(
            read.refresh.as_ref().map(ExposeSecret::expose_secret),
            Some("r")
        );
        assert_eq!(
            (&*read.scopes[0], read.made, read.life.as_secs()),
            ("s", at(0), 3600)
        );
        for bad in ["", "pasted-token", "{}", r#"{"access":"SECRET"}"#] {
            let error = TokenSet::read(&bad.into()).expect_err(bad);
            assert_eq!(error.kind(), Kind::SignedOut);
            assert!(!error.chain().contains("SECRET"));
        }
    }

    #[test]
    fn a_refresh_without_a_new_refresh_token_keeps_the_old() {
        let granted = Granted {
            access: "b".into(),
            life: Duration::from_secs(60),
            refresh: None,
            scopes: None,
            identity: None,
        };
        let next = set(3600).renewed(granted, at(3600));
        assert_eq!(
            next.refresh.as_ref().map(ExposeSecret::expose_secret),
            Some("r")
        );
        assert_eq!(next.scopes, ["s"]);
        assert!(next.is_fresh(at(3601)));
    }
}

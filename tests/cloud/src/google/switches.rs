//! The switches for facts that are not certain, and for what people and operators choose.

use serde::{Deserialize, Serialize};

/// Facts of the Google sheet that can be one way or the other; each names its section.
///
/// `POST /_control/google/switches` takes any of them as a JSON object.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleSwitches {
    /// §1.3: life of access tokens, seconds.
    pub expires_in: u64,
    /// §1.2: whether single scopes can be left unticked.
    pub granular_consent: bool,
    /// §1.4: whether `email` and `profile` come back as `…/auth/userinfo.email` and
    /// `…/auth/userinfo.profile`.
    pub long_identity_scopes: bool,
    /// §1.3: life of refresh tokens in seconds while the application is being tested; then told as
    /// `refresh_token_expires_in`.
    pub testing_life: Option<u64>,
    /// §1.3: live refresh tokens of one account and application; the oldest die beyond that.
    pub refresh_tokens: usize,
    /// The account (its e-mail address) that consents to everything without a page being shown.
    pub auto_consent: Option<String>,
}

impl Default for GoogleSwitches {
    fn default() -> GoogleSwitches {
        GoogleSwitches {
            expires_in: 3599,
            granular_consent: true,
            long_identity_scopes: true,
            testing_life: None,
            refresh_tokens: 100,
            auto_consent: None,
        }
    }
}

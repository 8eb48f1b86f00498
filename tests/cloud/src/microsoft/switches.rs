//! The switches for facts that are not certain, and for what people and operators choose.

use serde::{Deserialize, Serialize};

/// Facts of the Microsoft sheet that can be one way or the other; each names its section.
///
/// `POST /_control/microsoft/switches` takes any of them as a JSON object.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct MicrosoftSwitches {
    /// §1.3: life of access tokens, seconds.
    pub expires_in: u64,
    /// §1.8: `expires_in` as a text, as older stacks sent it.
    pub expires_in_text: bool,
    /// §1.3: whether `ext_expires_in` is told.
    pub ext_expires_in: bool,
    /// §1.4: whether a refresh gives a new refresh token.
    pub rotate: bool,
    /// §1.4: whether the refresh token that was replaced goes on working.
    pub old_refresh_works: bool,
    /// §1.4: seconds that a refresh token is good for.
    pub refresh_life: u64,
    /// §1.3: whether granted scopes are told as `https://graph.microsoft.com/Files.Read`.
    pub long_scopes: bool,
    /// §1.5: what a refresh answers.
    pub refusal: RefreshRefusal,
    /// Scopes that an administrator must allow: asking for one is refused.
    pub admin_only: Vec<String>,
    /// The account (its e-mail address) that consents to everything without a page being shown.
    pub auto_consent: Option<String>,
}

impl Default for MicrosoftSwitches {
    fn default() -> MicrosoftSwitches {
        MicrosoftSwitches {
            expires_in: 3912,
            expires_in_text: false,
            ext_expires_in: true,
            rotate: true,
            old_refresh_works: true,
            refresh_life: 90 * 24 * 3600,
            long_scopes: false,
            refusal: RefreshRefusal::None,
            admin_only: Vec::new(),
            auto_consent: None,
        }
    }
}

/// What a refresh answers.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RefreshRefusal {
    /// Tokens.
    #[default]
    None,
    /// `invalid_grant` 50076: a second factor is asked for.
    SecondFactor,
    /// `interaction_required` 50076, with claims.
    Interaction,
    /// `invalid_grant` 50173: the password was changed.
    Password,
    /// `temporarily_unavailable` 90033, status 503.
    Unavailable,
}

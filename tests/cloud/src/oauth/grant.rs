//! What was granted, and the codes that tell of it.

use super::ask::Challenge;

/// What one account lets one application do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Id of the account.
    pub(crate) account: String,
    /// Id of the application.
    pub(crate) client: String,
    pub(crate) scopes: Vec<String>,
}

impl Grant {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }
}

/// A code on its way through the browser.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) nonce: Option<String>,
    /// Whether a refresh token comes with it.
    pub(crate) lasting: bool,
    pub(super) expires: u64,
    pub(super) used: bool,
}

impl Code {
    pub(crate) fn new(grant: Grant, redirect: &str, lasting: bool) -> Code {
        Code {
            grant,
            redirect: redirect.to_owned(),
            challenge: None,
            nonce: None,
            lasting,
            expires: 0,
            used: false,
        }
    }
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    Unknown,
    Used,
    Expired,
}

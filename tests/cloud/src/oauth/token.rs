//! Tokens that were issued.

use serde::{Deserialize, Serialize};

use super::grant::Grant;

/// What a token is for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Sent with each call.
    Access,
    /// Exchanged for access tokens.
    Refresh,
}

/// How a token is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It works.
    Live,
    /// Its time is over.
    Expired,
    /// Somebody revoked it.
    Revoked,
}

/// A token that was issued.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct TokenInfo {
    /// The token itself.
    pub token: String,
    /// What it is for.
    pub kind: TokenKind,
    /// Id of the account it opens.
    pub account: String,
    /// The application it was issued to.
    pub client: String,
    /// What it carries.
    pub scopes: Vec<String>,
    /// How it is.
    pub state: TokenState,
}

#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) kind: TokenKind,
    pub(super) grant: Grant,
    /// Simulated time; none: for ever.
    pub(super) expires: Option<u64>,
    pub(super) revoked: bool,
    pub(super) number: u64,
}

impl Issued {
    /// How it is at a simulated time.
    pub(super) fn state(&self, now: u64) -> TokenState {
        match self.expires {
            _ if self.revoked => TokenState::Revoked,
            Some(end) if now >= end => TokenState::Expired,
            _ => TokenState::Live,
        }
    }

    pub(super) fn info(&self, token: &str, now: u64) -> TokenInfo {
        TokenInfo {
            token: token.to_owned(),
            kind: self.kind,
            account: self.grant.account.clone(),
            client: self.grant.client.clone(),
            scopes: self.grant.scopes.clone(),
            state: self.state(now),
        }
    }
}

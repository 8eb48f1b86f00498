//! Why no connection came of a token.

use std::fmt;

use crate::domain::{Error, Kind, ProbeFailure, ProviderName, Scope, UserName};

/// Why an account was not connected. Nothing is kept of the token.
#[derive(Debug)]
pub enum ConnectError {
    /// There is no such user.
    UnknownUser(UserName),
    /// There is no such provider.
    UnknownProvider {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// Its accounts are connected by consent on its own page, not by a token.
    ByConsent(ProviderName),
    /// What was begun was given up, or its hour is over.
    NotBegun,
    /// The text cannot be a token: empty, or with blanks or letters that no token has.
    NotAToken,
    /// The cloud does not know the token.
    NotAccepted {
        /// The scope whose call said so.
        scope: Scope,
    },
    /// The token lacks a scope that cannot be done without.
    ScopeMissing {
        /// The scope.
        scope: Scope,
        /// All scopes to be ticked.
        needed: &'static [&'static str],
    },
    /// The cloud cannot be reached or answered something unexpected; the token may be good.
    Unexpected(Error),
    /// The bridge's own store is in trouble.
    Store(Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownUser(user) => write!(f, "there is no user {user}"),
            Self::UnknownProvider { asked, known } => {
                write!(
                    f,
                    "there is no provider {asked}; there is: {}",
                    known.join(", ")
                )
            }
            Self::ByConsent(provider) => write!(
                f,
                "accounts of {provider} are connected on its own page, not by a token"
            ),
            Self::NotBegun => {
                f.write_str("this is not under way (any more): it was finished, given up, or begun more than an hour ago; begin anew")
            }
            Self::NotAToken => f.write_str(
                "this is not a token: it is empty, or holds blanks or letters no token has",
            ),
            Self::NotAccepted { scope } => write!(
                f,
                "the token is not accepted (asked for {}): copy it again, or make a new one",
                scope.0
            ),
            Self::ScopeMissing { scope, needed } => write!(
                f,
                "the token lacks the scope {}: make a new token with {}",
                scope.0,
                needed.join(", ")
            ),
            Self::Unexpected(error) => write!(
                f,
                "the cloud could not check the token, which may be good; try again: {}",
                error.chain()
            ),
            Self::Store(error) => f.write_str(&error.chain()),
        }
    }
}

impl std::error::Error for ConnectError {}

pub(super) fn unknown_user(user: &UserName, error: Error) -> ConnectError {
    match error.kind() {
        Kind::NotFound => ConnectError::UnknownUser(user.clone()),
        _ => ConnectError::Store(error),
    }
}

/// What the cloud says of a token.
pub(super) fn refused(failure: ProbeFailure, needed: &'static [&'static str]) -> ConnectError {
    match failure {
        ProbeFailure::NotAccepted { scope } => ConnectError::NotAccepted { scope },
        ProbeFailure::ScopeMissing { scope } => ConnectError::ScopeMissing { scope, needed },
        ProbeFailure::Unexpected(error) => ConnectError::Unexpected(error),
    }
}

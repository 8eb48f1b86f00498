//! Why nobody was signed in.

use std::fmt;

use super::TokenFault;
use crate::domain::{Error, UserName};

/// Why a sign-in with the identity provider came to nothing.
#[derive(Debug)]
pub enum OidcError {
    /// No identity provider is configured.
    NotConfigured,
    /// The browser came back twice, too late, as another browser, or was never sent.
    Stale,
    /// The person pressed Cancel, or the provider does not let them in.
    Denied,
    /// The provider's page failed.
    Failed {
        /// What it says.
        code: String,
    },
    /// The provider does not take the code.
    NotAccepted {
        /// What it says.
        code: String,
    },
    /// What the provider gave is not a good ID token.
    BadToken(TokenFault),
    /// None of the person's groups or roles lets them in.
    NoRole,
    /// The user is disabled.
    Disabled(UserName),
    /// The provider cannot be reached or answered something unexpected.
    Unexpected(Error),
    /// The bridge's own store is in trouble.
    Store(Error),
}

impl fmt::Display for OidcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured => f.write_str("no identity provider is configured"),
            Self::Stale => f.write_str(
                "this sign-in is not under way (any more): it was finished, took longer than \
                 10 minutes, or was begun in another browser; begin anew",
            ),
            Self::Denied => f.write_str("the identity provider did not let you in"),
            Self::Failed { code } => {
                write!(f, "the identity provider's page failed ({code}); try again")
            }
            Self::NotAccepted { code } => write!(
                f,
                "the identity provider did not accept the sign-in ({code}): begin anew"
            ),
            Self::BadToken(fault) => write!(
                f,
                "the identity provider's answer is not accepted: {fault}; if it happens again, \
                 tell the administrator"
            ),
            Self::NoRole => f.write_str(
                "you are known to the identity provider, but none of your groups or roles may use \
                 this bridge: ask the administrator",
            ),
            Self::Disabled(user) => write!(f, "the user {user} is disabled"),
            Self::Unexpected(error) => write!(
                f,
                "the identity provider could not be asked; try again: {}",
                error.chain()
            ),
            Self::Store(error) => f.write_str(&error.chain()),
        }
    }
}

impl std::error::Error for OidcError {}

impl From<TokenFault> for OidcError {
    fn from(fault: TokenFault) -> Self {
        Self::BadToken(fault)
    }
}

/// Why a token could not be judged good.
#[derive(Debug)]
pub(super) enum Unverified {
    /// It is not.
    Fault(TokenFault),
    /// The provider's keys could not be read: the token may be good.
    Trouble(Error),
}

impl From<TokenFault> for Unverified {
    fn from(fault: TokenFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Unverified {
    fn from(error: Error) -> Self {
        Self::Trouble(error)
    }
}

impl From<Unverified> for OidcError {
    fn from(unverified: Unverified) -> Self {
        match unverified {
            Unverified::Fault(fault) => Self::BadToken(fault),
            Unverified::Trouble(error) => Self::Unexpected(error),
        }
    }
}

//! Why no connection came of a consent.

use std::fmt;

use crate::domain::{ConsentFailure, Error, UserName};

/// Why an account was not connected by consent. Nothing changed.
#[derive(Debug)]
pub enum ConsentError {
    /// There is no such user.
    UnknownUser(UserName),
    /// There is no such provider, or its accounts are not connected by consent.
    NotByConsent(String),
    /// The user has no such connection.
    UnknownConnection(String),
    /// The browser came back twice, too late, in another session, or was never sent.
    Stale,
    /// The user pressed Cancel, or an administrator does not allow it.
    Denied,
    /// The company's page failed.
    Failed {
        /// What it says.
        code: String,
    },
    /// The company does not take the code.
    NotAccepted {
        /// What it says.
        code: String,
    },
    /// No service was granted.
    NothingGranted,
    /// The consent ends within the hour.
    NotLasting,
    /// Another account came back than the one to be connected again.
    OtherAccount {
        /// Label of the account that was connected.
        wanted: String,
        /// Label of the account that came back.
        came: String,
    },
    /// The cloud cannot be reached or answered something unexpected.
    Unexpected(Error),
    /// The bridge's own store is in trouble.
    Store(Error),
}

impl fmt::Display for ConsentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownUser(user) => write!(f, "there is no user {user}"),
            Self::NotByConsent(provider) => {
                write!(f, "there is no provider {provider} with a page of consent")
            }
            Self::UnknownConnection(slug) => write!(f, "there is no connection {slug}"),
            Self::Stale => f.write_str(
                "this sign-in is not under way (any more): it was finished, took longer than \
                 10 minutes, or was begun in another browser; begin anew",
            ),
            Self::Denied => f.write_str("access was denied; nothing was changed"),
            Self::Failed { code } => {
                write!(
                    f,
                    "the company's page failed ({code}); nothing was changed, try again"
                )
            }
            Self::NotAccepted { code } => {
                write!(
                    f,
                    "the company did not accept the sign-in ({code}): begin anew"
                )
            }
            Self::NothingGranted => f.write_str(
                "access to no service was granted: begin anew and leave at least one box ticked",
            ),
            Self::NotLasting => f.write_str(
                "the company gave access for an hour only: begin anew and allow offline access",
            ),
            Self::OtherAccount { wanted, came } => write!(
                f,
                "you signed in as {came}, but this connection is {wanted}: begin anew and choose \
                 that account, or connect {came} as a new one"
            ),
            Self::Unexpected(error) => {
                write!(
                    f,
                    "the cloud could not be asked; try again: {}",
                    error.chain()
                )
            }
            Self::Store(error) => f.write_str(&error.chain()),
        }
    }
}

impl std::error::Error for ConsentError {}

impl From<ConsentFailure> for ConsentError {
    fn from(failure: ConsentFailure) -> Self {
        match failure {
            ConsentFailure::NotAccepted { code } => Self::NotAccepted { code },
            ConsentFailure::NothingGranted => Self::NothingGranted,
            ConsentFailure::NotLasting => Self::NotLasting,
            ConsentFailure::Unexpected(error) => Self::Unexpected(error),
        }
    }
}

//! Errors of the transport.

use crate::domain::{Error, Kind};

/// Why an attempt brought no answer.
pub(super) struct Trouble {
    /// For the counter.
    pub(super) outcome: &'static str,
    /// Whether a call that may be repeated is: the connection was refused or lost, which says
    /// nothing about the next one.
    pub(super) again: bool,
    pub(super) error: Error,
}

impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        let (outcome, again, message) = if error.is_connect() {
            ("connect", true, "the cloud cannot be reached")
        } else if error.is_timeout() {
            ("timeout", false, "the cloud did not answer in time")
        } else if error.is_builder() {
            ("invalid", false, "the call cannot be made")
        } else {
            ("broken_off", true, "the answer broke off")
        };
        let kind = if error.is_builder() {
            Kind::Broken
        } else {
            Kind::Down
        };
        Self {
            outcome,
            again,
            // the address may be signed or hold a query
            error: Error::cloud(kind, message).because(error.without_url()),
        }
    }
}

//! Why a command failed, and the exit code that says so.

use std::fmt;

use crate::accounts::ConnectError;
use crate::domain::Error;

/// A command's failure: one chain of sentences and an exit code.
#[derive(Debug)]
pub(super) struct Failure {
    sentence: String,
    code: u8,
}

impl Failure {
    /// A failure with the usual code.
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            code: 1,
        }
    }

    /// Exit code: 1, or for `connect` 3 (a scope is missing), 4 (token not accepted), 5 (the
    /// cloud is unreachable or unexpected). 2 is wrong usage.
    pub(super) fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // one line, whatever a cloud or a file name brought in
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let line: String = self.sentence.chars().map(plain).collect();
        f.write_str(line.trim_end())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.chain())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let code = match error {
            ConnectError::ScopeMissing { .. } => 3,
            ConnectError::NotAccepted { .. } => 4,
            ConnectError::Unexpected(_) => 5,
            ConnectError::UnknownUser(_)
            | ConnectError::UnknownProvider { .. }
            | ConnectError::ByConsent(_)
            | ConnectError::NotAToken
            | ConnectError::NotBegun
            | ConnectError::Store(_) => 1,
        };
        Self {
            sentence: error.to_string(),
            code,
        }
    }
}

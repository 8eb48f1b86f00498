//! Why a report is not answered.

use http::{Response, StatusCode};

use crate::domain::{Error, Kind, Result};

use super::super::body::Body;
use super::super::refuse;
use super::super::xml::XmlError;

/// Why a report is not answered.
#[derive(Debug)]
pub(super) enum Refusal {
    /// As for every request.
    Error(Error),
    /// A precondition does not hold (RFC 3253 §1.6).
    Precondition(StatusCode, &'static str),
}

impl Refusal {
    /// The report does not work here.
    pub(super) const fn unsupported() -> Self {
        Self::precondition("<D:supported-report/>")
    }

    /// 403 with a precondition.
    pub(super) const fn precondition(markup: &'static str) -> Self {
        Self::Precondition(StatusCode::FORBIDDEN, markup)
    }

    /// 400 with a sentence.
    pub(super) fn invalid(sentence: &'static str) -> Self {
        Self::Error(Error::client(Kind::Invalid, sentence))
    }

    /// The answer.
    pub(super) fn answer(self) -> Result<Response<Body>> {
        match self {
            Self::Error(error) => Err(error),
            Self::Precondition(status, markup) => Ok(refuse::precondition(status, markup)),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<XmlError> for Refusal {
    fn from(error: XmlError) -> Self {
        Self::Error(Error::client(Kind::Invalid, error.to_string()))
    }
}

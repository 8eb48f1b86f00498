//! What companies with a page of consent share.

use crate::domain::{ConsentFailure, Error, Kind, Scope, ScopeState};
use crate::upstream::Answer;
use crate::upstream::oauth::{GrantError, Granted};

/// A scope that is asked for, and the service it is for, as people call it.
pub(super) type Asked = (&'static str, &'static str);

/// Scopes as the page takes them.
pub(super) fn joined(identity: &str, asked: &[Asked]) -> String {
    let services = asked.iter().map(|(scope, _)| *scope);
    let all: Vec<&str> = std::iter::once(identity).chain(services).collect();
    all.join(" ")
}

/// The scopes asked for, each with whether it was granted; without a word of the company all are
/// (RFC 6749 §5.1). `same` compares a granted spelling with ours.
pub(super) fn compare(
    asked: &[Asked],
    granted: &Granted,
    same: fn(&str, &str) -> bool,
) -> Result<Vec<(Scope, ScopeState)>, ConsentFailure> {
    let has = |scope: &str| {
        let told = granted.scopes.as_ref();
        told.is_none_or(|told| told.iter().any(|one| same(one, scope)))
    };
    let state = |(scope, service): &Asked| {
        let state = if has(scope) {
            ScopeState::Granted
        } else {
            let reason = format!("Access to {service} was not granted.");
            ScopeState::Missing { reason }
        };
        (Scope((*scope).to_owned()), state)
    };
    let scopes: Vec<_> = asked.iter().map(state).collect();
    let any = scopes
        .iter()
        .any(|(_, state)| *state == ScopeState::Granted);
    if any {
        Ok(scopes)
    } else {
        Err(ConsentFailure::NothingGranted)
    }
}

/// Why a code gave no tokens.
pub(super) fn failure(error: GrantError) -> ConsentFailure {
    match error {
        GrantError::NotAccepted { code } => ConsentFailure::NotAccepted { code },
        GrantError::Trouble(error) => ConsentFailure::Unexpected(error),
    }
}

/// What an answer that is not 200 says to the question whose account it is.
pub(super) fn refusal(answer: &Answer) -> Error {
    let (kind, message) = match answer.status() {
        401 => (Kind::SignedOut, "the cloud does not take the access token"),
        403 => (
            Kind::Forbidden,
            "the cloud does not tell whose account it is",
        ),
        500.. => (Kind::Down, "the cloud is in trouble"),
        _ => (Kind::Broken, "the cloud's answer makes no sense"),
    };
    let status = answer.status();
    Error::cloud(kind, format!("{message} (status {status})"))
}

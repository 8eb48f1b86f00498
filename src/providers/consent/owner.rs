//! Whose account it is.

use super::Company;
use crate::domain::{Account, Error, Kind};
use crate::upstream::{Answer, Verdict};

/// Whose account it is, as the company says.
pub(in crate::providers) struct Owner {
    /// Stable id.
    pub(in crate::providers) id: String,
    /// The account's address, where it is told.
    pub(in crate::providers) address: Option<String>,
}

/// What an answer to the question whose account it is means: its id, and its address as the label.
pub(super) fn judge(company: &Company, answer: &Answer) -> Verdict<Account> {
    match answer.status() {
        200 => Verdict::Done((company.owner)(answer.body()).and_then(|owner| {
            let Owner { id, address } = owner;
            if id.is_empty() {
                return Err(Error::cloud(Kind::Broken, "the account has no id"));
            }
            let label = address.unwrap_or_else(|| format!("{} {id}", company.title));
            Ok(Account { id, label })
        })),
        500.. => Verdict::Again(refusal(answer.status())),
        status => Verdict::Done(Err(refusal(status))),
    }
}

fn refusal(status: u16) -> Error {
    let (kind, message) = match status {
        401 => (Kind::SignedOut, "the cloud does not take the access token"),
        403 => (
            Kind::Forbidden,
            "the cloud does not tell whose account it is",
        ),
        500.. => (Kind::Down, "the cloud is in trouble"),
        _ => (Kind::Broken, "the cloud's answer makes no sense"),
    };
    Error::cloud(kind, format!("{message} (status {status})"))
}

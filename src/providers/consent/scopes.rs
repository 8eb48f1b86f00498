//! Scopes: what is asked for, and what is granted of it.

use super::Company;
use crate::domain::{ConsentFailure, Scope, ScopeState};
use crate::upstream::oauth::Granted;

impl Company {
    /// The scopes of services, in the order shown.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        let scopes = self.asked.iter();
        scopes
            .map(|(scope, _)| Scope((*scope).to_owned()))
            .collect()
    }

    /// All scopes as the page takes them.
    pub(super) fn joined(&self) -> String {
        let services = self.asked.iter().map(|(scope, _)| *scope);
        let all: Vec<&str> = std::iter::once(self.identity).chain(services).collect();
        all.join(" ")
    }

    /// The scopes of services, each with whether it was granted; without a word of the company all
    /// are (RFC 6749 §5.1). `NothingGranted` where none is.
    pub(super) fn compare(
        &self,
        granted: &Granted,
    ) -> Result<Vec<(Scope, ScopeState)>, ConsentFailure> {
        let has = |scope: &str| {
            let told = granted.scopes.as_ref();
            told.is_none_or(|told| told.iter().any(|one| (self.same)(one, scope)))
        };
        if !self.asked.iter().any(|(scope, _)| has(scope)) {
            return Err(ConsentFailure::NothingGranted);
        }
        let services = self.asked.iter().map(|(_, service)| service);
        let states = self
            .scopes()
            .into_iter()
            .zip(services)
            .map(|(scope, service)| {
                if has(&scope.0) {
                    return (scope, ScopeState::Granted);
                }
                let reason = format!("Access to {service} was not granted.");
                (scope, ScopeState::Missing { reason })
            });
        Ok(states.collect())
    }
}

//! Tries the token of a connection against its cloud.

use super::Bridge;
use crate::accounts::ConnectionStatus;
use crate::domain::{Call, ProbeFailure, ScopeState, Vault, Way};

/// What came of it: remarks on scopes, or what is wrong and what to do.
pub(super) async fn probe(
    status: &ConnectionStatus,
    bridge: &Bridge,
) -> Result<Vec<(String, bool)>, String> {
    let provider = &status.provider;
    let connector = bridge.connector(provider);
    let connector = connector.ok_or_else(|| format!("this davbridge knows no {provider}"))?;
    let Way::Paste(paste) = connector.way() else {
        // its tokens are renewed in use, which tells more than a trial
        return Ok(Vec::new());
    };
    let token = Vault::load(bridge.accounts().as_ref(), status.id).await;
    let token = token.map_err(|error| error.chain())?;
    let again = format!(
        "make a new token and run `davbridge connect {provider} {} --token-file FILE`",
        status.user
    );
    match paste.probe(&Call::interactive(), &token).await {
        Ok(probe) => {
            let told = probe.scopes.into_iter().map(|(scope, state)| match state {
                ScopeState::Granted => (format!("scope {}: granted", scope.0), true),
                ScopeState::Missing { reason } => {
                    let sentence = format!("scope {} is missing ({reason}): {again}", scope.0);
                    (sentence, false)
                }
            });
            Ok(told.collect())
        }
        Err(ProbeFailure::NotAccepted { .. }) => {
            Err(format!("the token is no longer accepted: {again}"))
        }
        Err(ProbeFailure::ScopeMissing { scope }) => {
            Err(format!("scope {} is missing: {again}", scope.0))
        }
        Err(ProbeFailure::Unexpected(error)) => Err(format!(
            "{provider} cannot be asked, the token may be good: {}",
            error.chain()
        )),
    }
}

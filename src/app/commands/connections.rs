//! `davbridge connections`, `disconnect`, `refresh`

use super::{Bridge, Done, Failure, Output};
use crate::accounts::{ConnectionStatus, RowState};
use crate::domain::UserName;

/// Lists connections.
pub(super) async fn list(user: Option<&UserName>, bridge: &Bridge, out: &mut Output) -> Done {
    out.heading(&[
        "user", "name", "cloud", "state", "account", "address", "scopes", "problem",
    ]);
    for status in bridge.accounts().list_connections(user).await? {
        let address = format!("/dav/files/{}/{}/", status.user, status.slug);
        out.row(&[
            status.user.as_str(),
            &status.slug,
            &status.provider,
            state(status.state),
            &status.account.label,
            &address,
            &granted(&status),
            &problem(&status),
        ])?;
    }
    Ok(())
}

fn state(state: RowState) -> &'static str {
    match state {
        RowState::Active => "active",
        RowState::SignedOut => "signed-out",
        RowState::Disconnected => "disconnected",
    }
}

fn granted(status: &ConnectionStatus) -> String {
    let scopes = status.scopes.iter();
    let granted = scopes.filter(|scope| scope.missing.is_none());
    let names: Vec<_> = granted.map(|scope| scope.scope.as_str()).collect();
    names.join(",")
}

fn problem(status: &ConnectionStatus) -> String {
    let missing = status.scopes.iter().filter_map(|scope| {
        let reason = scope.missing.as_ref()?;
        Some(format!("{} is missing: {reason}", scope.scope))
    });
    let all: Vec<_> = status.problem.clone().into_iter().chain(missing).collect();
    all.join("; ")
}

/// Forgets a token.
pub(super) async fn disconnect(
    user: &UserName,
    connection: &str,
    bridge: &Bridge,
    out: &mut Output,
) -> Done {
    bridge.accounts().disconnect(user, connection).await?;
    out.note(&format!(
        "disconnected {connection} of {user}; connecting the same account again gives the same \
         addresses"
    ));
    Ok(())
}

/// Lets a running server read one connection, or all of a user, anew.
pub(super) async fn refresh(
    user: &UserName,
    connection: Option<&str>,
    bridge: &Bridge,
    out: &mut Output,
) -> Done {
    let accounts = bridge.accounts();
    if let Some(connection) = connection {
        accounts.request_refresh(user, connection).await?;
        out.note(&format!("{connection} of {user} will be read anew"));
        return Ok(());
    }
    let all = accounts.list_connections(Some(user)).await?;
    let connected = |status: &&ConnectionStatus| status.state != RowState::Disconnected;
    let mut count = 0;
    for status in all.iter().filter(connected) {
        accounts.request_refresh(user, &status.slug).await?;
        out.note(&format!("{} of {user} will be read anew", status.slug));
        count += 1;
    }
    if count == 0 {
        return Err(Failure::new(format!("{user} has no connected account")));
    }
    Ok(())
}

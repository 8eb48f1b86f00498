//! `davbridge connections`, `disconnect`, `refresh`

use super::{Bridge, Done, Failure, Output};
use crate::accounts::{By, ConnectionStatus, RowState};
use crate::domain::UserName;
use crate::mirror::ServiceStatus;

/// Lists connections.
pub(super) async fn list(user: Option<&UserName>, bridge: &Bridge, out: &mut Output) -> Done {
    out.heading(&[
        "user", "name", "cloud", "state", "account", "address", "scopes", "copy", "problem",
    ]);
    for status in bridge.accounts().list_connections(user).await? {
        let services = match status.state {
            RowState::Disconnected => Vec::new(),
            _ => ServiceStatus::of(bridge.store(), status.id).await?,
        };
        let address = format!("/dav/files/{}/{}/", status.user, status.slug);
        out.row(&[
            status.user.as_str(),
            &status.slug,
            &status.provider,
            state(status.state),
            status.name.as_ref().unwrap_or(&status.account.label),
            &address,
            &granted(&status),
            &copied(&services),
            &problem(&status, &services),
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

/// What is copied of calendars and contacts, and how far a look under way has come.
fn copied(services: &[ServiceStatus]) -> String {
    let mut all = Vec::new();
    for service in services {
        let items = match service.kind.as_str() {
            "event" => "events",
            _ => "contacts",
        };
        let (collections, count, shelves) = (service.collections, service.items, shelves(service));
        all.push(format!("{collections} {shelves} with {count} {items}"));
        let under_way = service.feeds.iter().filter_map(|feed| feed.progress);
        let (done, of) = under_way.fold((0, 0), |(done, of), (more_done, more)| {
            (done + more_done, of + more)
        });
        let first = service.feeds.iter().any(|feed| !feed.complete);
        if of > 0 {
            let first = if first { "first " } else { "" };
            all.push(format!("{first}reading {done} of {of}"));
        }
    }
    all.join(", ")
}

/// What a service has.
fn shelves(service: &ServiceStatus) -> &'static str {
    match service.kind.as_str() {
        "event" => "calendars",
        _ => "address books",
    }
}

fn problem(status: &ConnectionStatus, services: &[ServiceStatus]) -> String {
    let missing = status.scopes.iter().filter_map(|scope| {
        let reason = scope.missing.as_ref()?;
        Some(format!("{} is missing: {reason}", scope.scope))
    });
    let feeds = services.iter().flat_map(|service| &service.feeds);
    let unreadable: u32 = feeds.map(|feed| feed.unreadable).sum();
    let unreadable =
        (unreadable > 0).then(|| format!("{unreadable} records of the cloud cannot be read"));
    let unlisted = services.iter().filter_map(|service| {
        let problem = service.problem.as_ref()?;
        Some(format!("list of {} failed: {problem}", shelves(service)))
    });
    let told = status.problem.clone().into_iter();
    let all: Vec<_> = told
        .chain(missing)
        .chain(unlisted)
        .chain(services.iter().flat_map(readings_failed))
        .chain(unreadable)
        .collect();
    all.join("; ")
}

/// The readings of a service that failed at the last try.
fn readings_failed(service: &ServiceStatus) -> impl Iterator<Item = String> {
    service.feeds.iter().filter_map(|feed| {
        let reading = if feed.complete {
            "last reading"
        } else {
            "first reading"
        };
        let problem = feed.problem.as_ref()?;
        let what = match service.kind.as_str() {
            "event" => format!("calendar {}", feed.id),
            _ => format!("address books ({})", feed.id),
        };
        Some(format!("{reading} of {what} failed: {problem}"))
    })
}

/// Forgets a token.
pub(super) async fn disconnect(
    user: &UserName,
    connection: &str,
    bridge: &Bridge,
    out: &mut Output,
) -> Done {
    bridge
        .accounts()
        .disconnect(&By::command(), user, connection)
        .await?;
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

//! Tests of the whole store.

mod addresses;
mod consents;
mod copies;
mod logins;
mod recall;
mod start;
mod tokens;
mod trouble;
mod upgrade;

use std::path::Path;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{ConnectionRow, NewConnection, NewPasswordRow, Settings, Store};
use crate::domain::{Access, Account, Error, Fault, Kind, Result, Role, Services, UserName};

/// A data folder of its own, open to nobody else.
fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let private = std::fs::Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().permissions(private).tempdir();
    folder.unwrap()
}

fn anna() -> UserName {
    name("anna")
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap()
}

/// Settings that do not wait for locks.
fn impatient(dir: &Path) -> Settings {
    let mut settings = Settings::new(dir);
    settings.busy_timeout = std::time::Duration::from_millis(1);
    settings
}

async fn connect(store: &Store, user: &UserName, account: &str, token: &str) -> ConnectionRow {
    try_connect(store, user, account, token).await.unwrap()
}

async fn try_connect(
    store: &Store,
    user: &UserName,
    account: &str,
    token: &str,
) -> Result<ConnectionRow> {
    let account = Account {
        id: account.to_owned(),
        label: format!("Account {account}"),
    };
    let new = NewConnection {
        provider: "infomaniak",
        account: &account,
        token: &SecretString::from(token),
        scopes: &[],
        now: now(),
    };
    store.connect(user, new).await
}

async fn add_password(store: &Store, user: &UserName, password: &str) -> i64 {
    let row = NewPasswordRow {
        label: "telephone",
        access: Access::ReadWrite,
        services: Services::All,
        expires: None,
        created: now(),
    };
    store.add_password(user, password, row).await.unwrap()
}

/// A store with one user who has a password and a connection.
async fn furnished(dir: &Path) -> Store {
    let store = Store::open(dir).await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, now())
        .await
        .unwrap();
    add_password(&store, &anna(), "opensesame").await;
    connect(&store, &anna(), "4711", "token of 4711").await;
    store
}

/// Whether the whole of [`furnished`] is there.
async fn is_furnished(store: &Store) -> bool {
    let (_, connections) = store.connections_of(&anna()).await.unwrap();
    let Some(connection) = connections.first() else {
        return false;
    };
    let token = store.token(connection.id).await.unwrap();
    let found = store.find_password("anna", "opensesame").await.unwrap();
    found.is_some() && token.is_some_and(|token| token.expose_secret() == "token of 4711")
}

fn assert_trouble(error: &Error, kind: Kind) {
    assert_eq!(error.kind(), kind, "{}", error.chain());
    assert_eq!(error.fault(), Fault::Bridge, "{}", error.chain());
}

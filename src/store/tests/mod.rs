//! Tests of the whole store.

mod addresses;
mod audit;
mod consents;
mod copies;
mod hidden;
mod logins;
mod people;
mod recall;
mod rotation;
mod sealed;
mod standing;
mod start;
mod strangers;
mod tokens;
mod trouble;
mod upgrade;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Before, By, ConnectionRow, NewConnection, NewPasswordRow, NewSession, Settings, Store, Trace,
};
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

/// An operator, now.
fn trace() -> Trace<'static> {
    static OPERATOR: By = By::command();
    let at = now();
    Trace { at, by: &OPERATOR }
}

/// What the audit log tells, the oldest line first.
async fn told(store: &Store) -> Vec<(String, String)> {
    let mut lines = store.audit_lines(None, 100).await.unwrap();
    lines.reverse();
    let lines = lines.into_iter();
    lines.map(|line| (line.action, line.object)).collect()
}

async fn run(store: &Store, sql: &'static str) {
    sqlx::query(sql).execute(&store.writer).await.unwrap();
}

async fn count(store: &Store, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_one(&store.readers)
        .await
        .unwrap();
    count
}

/// A browser that signs in.
fn session(cookie: &SecretString) -> NewSession<'_> {
    NewSession {
        secret: cookie,
        agent: "Browser",
        address: "192.0.2.1",
        now: now(),
        expires: now() + TimeDelta::hours(2),
    }
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
    };
    store.connect(user, new, trace()).await
}

async fn add_password(store: &Store, user: &UserName, password: &str) -> i64 {
    let row = NewPasswordRow {
        label: "telephone",
        access: Access::ReadWrite,
        services: Services::All,
        expires: None,
    };
    let added = store.add_password(user, password, row, trace());
    added.await.unwrap()
}

/// A store with one user who has a password and a connection.
async fn furnished(dir: &Path) -> Store {
    let store = Store::open(dir).await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
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

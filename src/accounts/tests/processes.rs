//! Commands in another process on the same database, restarts and restores.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::super::fake::{Bench, anna};
use super::super::{By, NewPassword, SignIn};
use crate::domain::{Access, Call, Connections, Kind, Role, Services, Vault};
use crate::store::Store;

/// As a process of its own would have it.
async fn process(dir: &Path) -> Bench {
    Bench::over(Store::open(dir).await.unwrap())
}

async fn password(bench: &Bench) -> SecretString {
    let new = NewPassword {
        label: "telephone".to_owned(),
        access: Access::ReadWrite,
        services: Services::All,
        expires: None,
    };
    let made = bench
        .accounts
        .add_password(&By::command(), &anna(), new)
        .await;
    made.unwrap().secret
}

async fn connect(bench: &Bench, token: &str) {
    let token = SecretString::from(token);
    let made = bench
        .accounts
        .connect(&By::command(), &anna(), "infomaniak", &token)
        .await;
    made.unwrap();
}

async fn slugs(bench: &Bench) -> Vec<String> {
    let list = bench.accounts.of_user(&anna()).await.unwrap();
    list.iter()
        .map(|connection| connection.slug.clone())
        .collect()
}

#[tokio::test]
async fn a_running_server_sees_commands_at_the_next_request() {
    let dir = tempfile::tempdir().unwrap();
    let (server, command) = (process(dir.path()).await, process(dir.path()).await);
    command
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    let secret = password(&command).await;
    let secret = secret.expose_secret();
    let comes_in = async || matches!(server.sign_in("anna", secret).await, SignIn::In(_));

    assert!(comes_in().await);
    assert_eq!(slugs(&server).await, Vec::<String>::new());
    connect(&command, "42/first").await;
    assert!(comes_in().await);
    assert_eq!(slugs(&server).await, ["infomaniak"]);

    let before = server.accounts.of_user(&anna()).await.unwrap()[0].clone();
    let provider = server.accounts.provider(&before).await.unwrap();
    command
        .accounts
        .request_refresh(&anna(), "infomaniak")
        .await
        .unwrap();
    assert!(comes_in().await);
    let after = server.accounts.of_user(&anna()).await.unwrap()[0].clone();
    assert!(after.generation > before.generation);

    command
        .accounts
        .disconnect(&By::command(), &anna(), "infomaniak")
        .await
        .unwrap();
    // A request under way meets an account that is signed out, not an empty one.
    let late = provider.ability(&Call::interactive()).await.unwrap_err();
    assert_eq!(late.kind(), Kind::SignedOut);
    assert!(comes_in().await);
    assert_eq!(slugs(&server).await, Vec::<String>::new());

    command
        .accounts
        .set_disabled(&By::command(), &anna(), true)
        .await
        .unwrap();
    assert!(!comes_in().await);
}

#[tokio::test]
async fn connections_are_read_from_memory_while_nothing_changes() {
    let dir = tempfile::tempdir().unwrap();
    let server = process(dir.path()).await;
    server
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    connect(&server, "42/first").await;
    let first = server.accounts.of_user(&anna()).await.unwrap();
    server.sign_in("anna", "whatever").await;
    let second = server.accounts.of_user(&anna()).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &second));
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let dir = tempfile::tempdir().unwrap();
    let before = process(dir.path()).await;
    before
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    let secret = password(&before).await;
    connect(&before, "42/first").await;
    let connection = before.accounts.of_user(&anna()).await.unwrap()[0].clone();
    before.accounts.finish().await;
    before.store.close().await;

    let after = process(dir.path()).await;
    assert!(matches!(
        after.sign_in("anna", secret.expose_secret()).await,
        SignIn::In(_)
    ));
    assert_eq!(
        *after.accounts.of_user(&anna()).await.unwrap(),
        *std::slice::from_ref(&connection)
    );
    let token = after.accounts.load(connection.id).await.unwrap();
    assert_eq!(token.expose_secret(), "42/first");
}

#[tokio::test]
async fn a_restore_reaches_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let (server, command) = (process(dir.path()).await, process(dir.path()).await);
    server
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    let secret = password(&server).await;
    connect(&server, "42/first").await;
    let backup = dir.path().join("backup");
    command.store.backup(&backup).await.unwrap();

    connect(&server, "43/later").await;
    connect(&server, "42/newer").await;
    let later = password(&server).await;
    let live = server.accounts.of_user(&anna()).await.unwrap();
    for connection in live.iter() {
        server.accounts.provider(connection).await.unwrap();
    }
    command.store.restore(&backup).await.unwrap();

    assert_eq!(
        server.sign_in("anna", later.expose_secret()).await,
        SignIn::Refused
    );
    let came = server.sign_in("anna", secret.expose_secret()).await;
    assert!(matches!(came, SignIn::In(_)));
    assert_eq!(slugs(&server).await, ["infomaniak"]);
    let restored = server.accounts.of_user(&anna()).await.unwrap()[0].clone();
    let old = server.accounts.provider(&live[0]).await.unwrap();
    let new = server.accounts.provider(&restored).await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&old, &new), "opened anew");
    let token = server.accounts.load(restored.id).await.unwrap();
    assert_eq!(token.expose_secret(), "42/first");
}

//! Trouble of the store is the bridge's error, never a statement about users.

use std::fs;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::*;
use crate::domain::{Addresses, ConnectionId, ConnectionState, DriveId, EntryId};

/// Another program at the same database.
async fn stranger(dir: &Path) -> SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new()
        .filename(dir.join("davbridge.db"))
        .connect()
        .await
        .unwrap()
}

/// What every kind of writing gives.
async fn writes(store: &Store) -> Vec<Error> {
    let (drive, folder, entry) = (DriveId::new("d"), EntryId::new("f"), EntryId::new("e"));
    let id = ConnectionId(1);
    let (old, new) = (SecretString::from("token of 4711"), SecretString::from("b"));
    let password = NewPasswordRow {
        label: "",
        access: Access::Read,
        services: Services::All,
        expires: None,
    };
    let results = [
        store
            .add_user(&name("bert"), "Bert", Role::Editor, trace())
            .await
            .err(),
        store.set_user_disabled(&anna(), true, trace()).await.err(),
        store.remove_user(&anna(), trace()).await.err(),
        store
            .add_password(&anna(), "other", password, trace())
            .await
            .err(),
        store.delete_password(&anna(), 1, trace()).await.err(),
        store.touch_password(1, &anna(), trace()).await.err(),
        try_connect(store, &anna(), "4712", "x").await.err(),
        store.disconnect(&anna(), "infomaniak", trace()).await.err(),
        store.request_refresh(&anna(), "infomaniak").await.err(),
        store
            .note_connection_state(id, 1, ConnectionState::SignedOut, None, now())
            .await
            .err(),
        store.replace_token(id, &old, &new).await.err(),
        store.drive_slug(id, &drive, "Drive").await.err(),
        store
            .keep_file_name(id, &drive, &folder, &entry, "n")
            .await
            .err(),
    ];
    let count = results.len();
    let errors: Vec<_> = results.into_iter().flatten().collect();
    assert_eq!(errors.len(), count, "each write is an error");
    errors
}

/// What every kind of reading gives.
async fn reads(store: &Store) -> Vec<Option<Error>> {
    let (drive, folder) = (DriveId::new("d"), EntryId::new("f"));
    let id = ConnectionId(1);
    vec![
        store.find_password("anna", "opensesame").await.err(),
        store.find_password("anna", "wrong").await.err(),
        store.users().await.err(),
        store.passwords(&anna()).await.err(),
        store.connections_of(&anna()).await.err(),
        store.connections().await.err(),
        store.token(id).await.err(),
        store.drive_slug(id, &drive, "Drive").await.err(),
        store.file_names(id, &drive, &folder).await.err(),
        store.incarnation().await.err(),
    ]
}

#[tokio::test]
async fn locked_is_busy() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let store = Store::open_with(&impatient(dir.path())).await.unwrap();
    let mut other = stranger(dir.path()).await;
    let lock = other.begin_with("BEGIN EXCLUSIVE").await.unwrap();
    for error in writes(&store).await {
        assert!(matches!(
            error.kind(),
            Kind::Busy {
                retry_after: Some(_)
            }
        ));
        assert_eq!(error.fault(), Fault::Bridge);
    }
    // Readers, sign-in among them, go on beside a writer.
    assert!(is_furnished(&store).await);
    lock.rollback().await.unwrap();
    store
        .add_user(&name("bert"), "Bert", Role::Editor, trace())
        .await
        .unwrap();
}

#[tokio::test]
async fn locked_at_the_start_is_busy() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let mut other = stranger(dir.path()).await;
    for statement in ["PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"] {
        sqlx::query(statement).execute(&mut other).await.unwrap();
    }
    let error = Store::open_with(&impatient(dir.path())).await.unwrap_err();
    assert!(
        matches!(error.kind(), Kind::Busy { .. }),
        "{}",
        error.chain()
    );
}

#[tokio::test]
async fn read_only_is_down_and_still_reads() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let mut settings = impatient(dir.path());
    settings.read_only = true;
    let store = Store::open_with(&settings).await.unwrap();
    for error in writes(&store).await {
        assert_trouble(&error, Kind::Down);
    }
    assert!(is_furnished(&store).await);
    assert!(store.check().await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn a_full_disk_is_full_and_still_reads() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let database = dir.path().join("davbridge.db");
    let mut settings = Settings::new(dir.path());
    settings.max_bytes = Some(fs::metadata(&database).unwrap().len() + 2 * 4096);
    let store = Store::open_with(&settings).await.unwrap();
    let long = "x".repeat(1000);
    let mut full = None;
    for number in 0..100 {
        let user = name(&format!("user{number}"));
        full = store
            .add_user(&user, &long, Role::Editor, trace())
            .await
            .err();
        if full.is_some() {
            break;
        }
    }
    assert_trouble(&full.expect("the store fills up"), Kind::Full);
    assert!(is_furnished(&store).await);
    // What was refused left nothing behind, and removing makes room again.
    assert!(store.check().await.unwrap().problems.is_empty());
    store.remove_user(&name("user0"), trace()).await.unwrap();
}

/// Overwrites every page of the closed database but the first with what is no page.
fn damage(dir: &Path) {
    let database = dir.join("davbridge.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[4096..].fill(0xa5);
    fs::write(&database, bytes).unwrap();
}

#[tokio::test]
async fn damage_is_down() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    damage(dir.path());
    // Some writes come to no page that is damaged before they fail: all fail.
    for error in writes(&store).await {
        assert_trouble(&error, Kind::Down);
    }
    for error in reads(&store).await {
        assert_trouble(&error.expect("each read is an error"), Kind::Down);
    }
    store.close().await;
    let error = Store::open(dir.path()).await.unwrap_err();
    assert_trouble(&error, Kind::Down);
    assert!(error.chain().contains("restore"), "{}", error.chain());
}

#[tokio::test]
async fn a_cut_off_database_is_down() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let database = dir.path().join("davbridge.db");
    let bytes = fs::read(&database).unwrap();
    fs::write(&database, &bytes[..4096]).unwrap();
    let error = Store::open(dir.path()).await.unwrap_err();
    assert_trouble(&error, Kind::Down);
}

#[tokio::test]
async fn a_database_that_went_away_is_never_an_empty_one() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    store.close().await;
    for error in reads(&store).await {
        assert_trouble(&error.expect("each read is an error"), Kind::Down);
    }
}

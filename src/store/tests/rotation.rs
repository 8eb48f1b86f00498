//! New master keys: nothing is lost, whatever happens in between.

use std::fs;

use super::super::key_file;
use super::*;

const PHC: &str = "$argon2id$zqx-hash";

async fn with_everything(dir: &Path) -> Store {
    let store = furnished(dir).await;
    let phc = SecretString::from(PHC);
    store
        .set_human_password(&anna(), &phc, Before::Any, None, trace())
        .await
        .unwrap();
    store
}

/// Whether token, app password and the hash of the human password are there.
async fn is_whole(store: &Store) -> bool {
    let phc = store.human_password("anna").await.unwrap();
    is_furnished(store).await && phc.is_some_and(|phc| phc.expose_secret() == PHC)
}

fn key_file(dir: &Path) -> String {
    fs::read_to_string(dir.join("davbridge.key")).unwrap()
}

fn key_lines(dir: &Path) -> usize {
    let text = key_file(dir);
    text.lines().filter(|line| !line.starts_with('#')).count()
}

#[tokio::test]
async fn a_rotation_loses_nothing_and_old_keys_go_when_nothing_needs_them() {
    let dir = folder();
    let store = with_everything(dir.path()).await;
    let first = store.key_uses().await.unwrap().remove(0);
    assert_eq!((first.current, first.sealed, first.passwords), (true, 2, 1));
    let id = store.rotate_key(trace()).await.unwrap();
    assert_ne!(id, first.id);
    assert!(is_whole(&store).await);
    let uses = store.key_uses().await.unwrap();
    let about: Vec<_> = uses
        .iter()
        .map(|key| (&*key.id, key.current, key.sealed, key.passwords))
        .collect();
    assert_eq!(about, [(&*first.id, false, 0, 1), (&*id, true, 2, 0)]);

    // the old key is needed as long as the app password is hashed with it
    assert!(store.prune_keys(trace()).await.unwrap().is_empty());
    let found = store.find_password("anna", "opensesame").await.unwrap();
    let found = found.unwrap();
    assert!(found.stale);
    store
        .rehash_password(found.password, &anna(), "opensesame")
        .await
        .unwrap();
    assert!(is_whole(&store).await);
    assert_eq!(store.prune_keys(trace()).await.unwrap(), [&*first.id]);
    assert!(is_whole(&store).await);
    let text = key_file(dir.path());
    assert!(!text.contains(&first.id) && text.contains(&id) && text.starts_with('#'));
    store.close().await;
    assert!(is_whole(&Store::open(dir.path()).await.unwrap()).await);
}

#[tokio::test]
async fn the_key_file_stays_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    let store = furnished(dir.path()).await;
    store.rotate_key(trace()).await.unwrap();
    let mode = fs::metadata(dir.path().join("davbridge.key")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    assert!(!dir.path().join("davbridge.key.new").exists());
}

#[tokio::test]
async fn a_running_server_takes_the_new_key_over() {
    let dir = folder();
    let server = with_everything(dir.path()).await;
    let command = Store::open(dir.path()).await.unwrap();
    let old = server.key_uses().await.unwrap().remove(0).id;
    command.rotate_key(trace()).await.unwrap();
    assert!(is_whole(&server).await);
    // what either makes from now on, the other one opens, and nothing is under the old key
    command.rotate_key(trace()).await.unwrap();
    connect(&server, &anna(), "4711", "token of 4711").await;
    add_password(&server, &anna(), "of the server").await;
    command.rotate_key(trace()).await.unwrap();
    add_password(&command, &anna(), "of the command").await;
    for (store, password) in [(&server, "of the command"), (&command, "of the server")] {
        let found = store.find_password("anna", password).await.unwrap();
        assert!(found.is_some(), "{password}");
        assert!(is_whole(store).await);
    }
    let uses = command.key_uses().await.unwrap();
    let old = uses.iter().find(|key| key.id == old).unwrap();
    assert_eq!(old.sealed, 0);
}

#[tokio::test]
async fn nothing_is_sealed_with_a_key_that_another_process_dropped() {
    let dir = folder();
    let server = Store::open(dir.path()).await.unwrap();
    server
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let command = Store::open(dir.path()).await.unwrap();
    command.rotate_key(trace()).await.unwrap();
    assert_eq!(command.prune_keys(trace()).await.unwrap().len(), 1);
    // the server has met nothing of it
    connect(&server, &anna(), "4711", "token of 4711").await;
    add_password(&server, &anna(), "opensesame").await;
    let phc = SecretString::from(PHC);
    server
        .set_human_password(&anna(), &phc, Before::Any, None, trace())
        .await
        .unwrap();
    assert!(is_whole(&command).await && is_whole(&server).await);
}

#[tokio::test]
async fn killed_after_the_key_file_was_written_the_old_key_holds() {
    let dir = folder();
    let store = with_everything(dir.path()).await;
    key_file::append(&dir.path().join("davbridge.key")).unwrap();
    store.close().await;

    let store = Store::open(dir.path()).await.unwrap();
    assert!(is_whole(&store).await);
    connect(&store, &anna(), "4711", "token of 4711").await;
    let uses = store.key_uses().await.unwrap();
    assert_eq!((uses[0].current, uses[0].sealed), (true, 2));
    assert_eq!((uses[1].current, uses[1].sealed), (false, 0));
    // the next one takes the key that is there
    assert_eq!(store.rotate_key(trace()).await.unwrap(), uses[1].id);
    assert_eq!(key_lines(dir.path()), 2);
    assert!(is_whole(&store).await);
}

#[tokio::test]
async fn a_rotation_that_fails_changes_nothing() {
    let dir = folder();
    let store = with_everything(dir.path()).await;
    let before = store.key_uses().await.unwrap().remove(0);
    for statement in ["CREATE TRIGGER fault BEFORE UPDATE OF key_check ON meta \
         BEGIN SELECT RAISE(ABORT, 'planted'); END"]
    {
        sqlx::query(statement).execute(&store.writer).await.unwrap();
    }
    store.rotate_key(trace()).await.unwrap_err();
    assert!(is_whole(&store).await);
    let uses = store.key_uses().await.unwrap();
    assert_eq!(uses[0], before);
    sqlx::query("DROP TRIGGER fault")
        .execute(&store.writer)
        .await
        .unwrap();
    store.rotate_key(trace()).await.unwrap();
    assert!(is_whole(&store).await);
    assert_eq!(key_lines(dir.path()), 2);
}

#[tokio::test]
async fn a_stolen_database_gives_nothing_away() {
    const SECRETS: [&str; 5] = [
        "token of 4711",
        "opensesame",
        "$argon2id",
        "zqx-cookie",
        "zqx-link",
    ];
    let dir = folder();
    let store = with_everything(dir.path()).await;
    let (cookie, link) = ("zqx-cookie".into(), "zqx-link".into());
    let session = session(&cookie);
    store
        .open_session(&anna(), session, None, trace())
        .await
        .unwrap();
    store
        .invite_user(&anna(), &link, now(), trace())
        .await
        .unwrap();
    store.close().await;
    for file in ["davbridge.db", "davbridge.db-wal"] {
        let bytes = fs::read(dir.path().join(file)).unwrap_or_default();
        let holds = |text: &str| {
            let text = text.as_bytes();
            bytes.windows(text.len()).any(|window| window == text)
        };
        assert_eq!(holds("Browser"), file == "davbridge.db", "{file} was read");
        for secret in SECRETS {
            assert!(!holds(secret), "{file} {secret}");
        }
    }
    // nor does the database with a key of the thief's own
    let thief = folder();
    Store::open(thief.path()).await.unwrap().close().await;
    fs::copy(
        dir.path().join("davbridge.db"),
        thief.path().join("davbridge.db"),
    )
    .unwrap();
    assert_trouble(&Store::open(thief.path()).await.unwrap_err(), Kind::Down);
}

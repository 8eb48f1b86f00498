//! Sealed tokens and hashed passwords.

use std::fs;
use std::sync::Arc;

use super::*;

/// Every byte of every file of the database, not of the key.
fn raw(dir: &Path) -> Vec<u8> {
    let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    let stolen = files.filter(|file| file.extension().is_none_or(|end| end != "key"));
    stolen.flat_map(|file| fs::read(file).unwrap()).collect()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|part| part == needle)
}

#[tokio::test]
async fn a_stolen_database_gives_no_token_and_no_password() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    for closed in [false, true] {
        if closed {
            store.close().await;
        }
        let stolen = raw(dir.path());
        assert!(holds(&stolen, b"Anna"), "the search finds what is there");
        for secret in ["token of 4711", "opensesame"] {
            assert!(!holds(&stolen, secret.as_bytes()), "{secret}");
        }
        let (unkeyed, unsalted) = (super::super::keys::mac(b"", &[b"opensesame"]), {
            use sha2::Digest;
            sha2::Sha256::digest(b"opensesame")
        });
        assert!(!holds(&stolen, &unkeyed) && !holds(&stolen, &unsalted));
    }
    // With a key of the thief's own: refused at the start, and nothing opens or matches.
    let thief = folder();
    let other = Store::open(thief.path()).await.unwrap();
    other.close().await;
    fs::copy(
        dir.path().join("davbridge.db"),
        thief.path().join("davbridge.db"),
    )
    .unwrap();
    assert!(Store::open(thief.path()).await.is_err());
}

#[tokio::test]
async fn a_deleted_token_is_gone_from_the_file_even_sealed() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let (sealed,): (Vec<u8>,) = sqlx::query_as("SELECT token FROM connections")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    // Enough rows that the space of the deleted one is not taken by chance.
    for account in 0..50 {
        connect(&store, &anna(), &account.to_string(), "other").await;
    }
    store.close().await;
    assert!(holds(&raw(dir.path()), &sealed));
    let store = Store::open(dir.path()).await.unwrap();
    let disconnected = store.disconnect(&anna(), "infomaniak", trace()).await;
    disconnected.unwrap();
    store.close().await;
    assert!(!holds(&raw(dir.path()), &sealed[30..]));
}

#[tokio::test]
async fn rows_swapped_between_connections_do_not_open() {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let one = connect(&store, &anna(), "1", "first token").await;
    let two = connect(&store, &anna(), "2", "second token").await;
    let mut tokens: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT token FROM connections ORDER BY id")
        .fetch_all(&store.readers)
        .await
        .unwrap();
    tokens.reverse();
    for (connection, (token,)) in [&one, &two].into_iter().zip(tokens) {
        sqlx::query("UPDATE connections SET token = $2 WHERE id = $1")
            .bind(connection.id.0)
            .bind(token)
            .execute(&store.writer)
            .await
            .unwrap();
    }
    for connection in [&one, &two] {
        let error = store.token(connection.id).await.unwrap_err();
        assert_trouble(&error, Kind::Down);
    }
    assert_eq!(store.check().await.unwrap().problems.len(), 2);
}

#[tokio::test]
async fn a_hash_given_to_another_user_does_not_let_in() {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    store
        .add_user(&name("bert"), "Bert", Role::Editor, trace())
        .await
        .unwrap();
    add_password(&store, &anna(), "opensesame").await;
    sqlx::query("UPDATE app_passwords SET user_id = (SELECT id FROM users WHERE name = 'bert')")
        .execute(&store.writer)
        .await
        .unwrap();
    for user in ["anna", "bert"] {
        let found = store.find_password(user, "opensesame").await.unwrap();
        assert_eq!(found, None, "{user}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_replacements_at_once_one_wins() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let id = store.connections().await.unwrap()[0].id;
    // Half of them through another process's store.
    let stores = [
        Arc::new(store),
        Arc::new(Store::open(dir.path()).await.unwrap()),
    ];
    let tries = (0..16).map(|number| {
        let store = Arc::clone(&stores[number % 2]);
        tokio::spawn(async move {
            let old = SecretString::from("token of 4711");
            let new = format!("token {number}");
            let done = store.replace_token(id, &old, &new.clone().into()).await;
            done.map(|()| new)
        })
    });
    let mut won = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(token) => won.push(token),
            Err(error) => assert_eq!(error.kind(), Kind::Changed, "{}", error.chain()),
        }
    }
    assert_eq!(won.len(), 1, "{won:?}");
    let kept = stores[0].token(id).await.unwrap().unwrap();
    assert_eq!(kept.expose_secret(), won[0]);
}

#[tokio::test]
async fn a_connected_account_keeps_number_and_slug() {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let one = connect(&store, &anna(), "1", "a").await;
    let two = connect(&store, &anna(), "2", "b").await;
    assert_eq!((&*one.slug, &*two.slug), ("infomaniak", "infomaniak-2"));

    store.disconnect(&anna(), &one.slug, trace()).await.unwrap();
    assert!(store.token(one.id).await.unwrap().is_none());
    let again = store.disconnect(&anna(), &one.slug, trace()).await;
    assert_eq!(again.unwrap_err().kind(), Kind::NotFound);
    // Its slug is not given away meanwhile.
    let three = connect(&store, &anna(), "3", "c").await;
    assert_eq!(three.slug, "infomaniak-3");

    let revived = connect(&store, &anna(), "1", "d").await;
    assert_eq!((revived.id, &*revived.slug), (one.id, "infomaniak"));
    assert!(revived.generation > one.generation);
}

#[tokio::test]
async fn numbers_are_not_used_again() {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let gone = connect(&store, &anna(), "1", "a").await;
    store.remove_user(&anna(), trace()).await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let new = connect(&store, &anna(), "2", "b").await;
    assert_ne!(new.id, gone.id);
}

//! Backup and restore.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use super::*;
use crate::domain::{Addresses, DriveId, FeedId, ItemKind, Shelf, ShelfId};
use crate::store::{Completed, FeedKey};

/// A fresh folder with the key of another.
fn folder_with_key_of(dir: &Path) -> tempfile::TempDir {
    let new = folder();
    fs::copy(dir.join("davbridge.key"), new.path().join("davbridge.key")).unwrap();
    new
}

#[tokio::test]
async fn a_backup_is_private_complete_and_never_overwrites() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let file = dir.path().join("backup");
    store.backup(&file).await.unwrap();
    let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let before = fs::read(&file).unwrap();
    let error = store.backup(&file).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{}", error.chain());
    assert_eq!(fs::read(&file).unwrap(), before);

    // On a new machine: the key first, then the backup.
    let new = folder_with_key_of(dir.path());
    let restored = Store::open(new.path()).await.unwrap();
    restored.restore(&file).await.unwrap();
    assert!(is_furnished(&restored).await);
}

/// What a backup leaves behind that is ended in its middle.
#[tokio::test]
async fn a_backup_goes_on_where_one_was_ended() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let file = dir.path().join("backup");
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, mode(0o644)).unwrap();
    let error = store.backup(&file).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "it is a stranger's");
    fs::set_permissions(&file, mode(0o600)).unwrap();
    let held = fs::File::open(&file).unwrap();
    held.lock().unwrap();
    let error = store.backup(&file).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "another one goes on");
    assert_eq!(fs::metadata(&file).unwrap().len(), 0);
    drop(held);
    fs::write(dir.path().join("backup.unfinished"), "half").unwrap();
    store.backup(&file).await.unwrap();
    let new = folder_with_key_of(dir.path());
    let restored = Store::open(new.path()).await.unwrap();
    restored.restore(&file).await.unwrap();
    assert!(is_furnished(&restored).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_while_serving_is_one_moment() {
    let dir = folder();
    let store = Arc::new(furnished(dir.path()).await);
    let writer = Arc::clone(&store);
    let writing = tokio::spawn(async move {
        for number in 0..200 {
            let user = name(&format!("user{number:03}"));
            writer
                .add_user(&user, "", Role::Editor, trace())
                .await
                .unwrap();
            connect(&writer, &user, "1", "token").await;
        }
    });
    let new = folder_with_key_of(dir.path());
    let mut last = 0;
    for number in 0.. {
        let done = writing.is_finished();
        let file = dir.path().join(format!("backup{number}"));
        store.backup(&file).await.unwrap();
        let restored = Store::open(new.path()).await.unwrap();
        restored.restore(&file).await.unwrap();
        assert!(restored.check().await.unwrap().problems.is_empty());
        let users = restored.users().await.unwrap();
        let added: Vec<_> = users
            .iter()
            .skip(1)
            .map(|user| user.name.to_string())
            .collect();
        let expected: Vec<_> = (0..added.len())
            .map(|number| format!("user{number:03}"))
            .collect();
        assert_eq!(added, expected, "all up to one moment");
        assert!(added.len() >= last);
        last = added.len();
        restored.close().await;
        if done {
            break;
        }
    }
    writing.await.unwrap();
    assert_eq!(last, 200);
}

#[tokio::test]
async fn a_restore_shows_in_a_running_server() {
    let dir = folder();
    let running = furnished(dir.path()).await;
    let drive = DriveId::new("1");
    let row = running.connections().await.unwrap().remove(0);
    running.drive_slug(row.id, &drive, "Before").await.unwrap();
    let file = dir.path().join("backup");
    running.backup(&file).await.unwrap();

    running
        .add_user(&name("bert"), "Bert", Role::Editor, trace())
        .await
        .unwrap();
    let replaced = connect(&running, &anna(), "4711", "a newer token").await;
    add_password(&running, &anna(), "newer").await;
    let incarnation = running.incarnation().await.unwrap();
    let generation = running.seen_generation();

    let command = Store::open(dir.path()).await.unwrap();
    command.restore(&file).await.unwrap();
    command.close().await;

    assert!(is_furnished(&running).await);
    assert_eq!(running.users().await.unwrap().len(), 1);
    assert!(
        running
            .find_password("anna", "newer")
            .await
            .unwrap()
            .is_none()
    );
    assert!(running.seen_generation() > generation);
    assert_ne!(running.incarnation().await.unwrap(), incarnation);
    let restored = running.connections().await.unwrap().remove(0);
    assert_eq!((restored.id, &restored.slug), (row.id, &row.slug));
    // What is in memory of the connection is older, whatever it was.
    assert!(restored.generation > replaced.generation);
    let slug = running.drive_slug(row.id, &drive, "After").await.unwrap();
    assert_eq!(slug, "before");
    let leftovers = fs::read_dir(dir.path()).unwrap();
    let leftovers = leftovers.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(leftovers.filter(|file| file.contains("restore")).count() == 0);
}

#[tokio::test]
async fn what_is_no_backup_changes_nothing() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let good = dir.path().join("good");
    store.backup(&good).await.unwrap();
    let bytes = fs::read(&good).unwrap();
    let mut damaged = bytes.clone();
    damaged[4096..].fill(0xa5);
    let other = folder();
    let stranger = other.path().join("stranger");
    furnished(other.path())
        .await
        .backup(&stranger)
        .await
        .unwrap();

    let generation = {
        store.find_password("", "").await.unwrap();
        store.seen_generation()
    };
    let incarnation = store.incarnation().await.unwrap();
    for (file, text) in [
        ("empty", &b""[..]),
        ("text", &b"not a database".repeat(500)[..]),
        ("cut", &bytes[..bytes.len() - 5000]),
        ("damaged", &damaged),
        ("stranger", &fs::read(&stranger).unwrap()),
    ] {
        let path = dir.path().join(file);
        fs::write(&path, text).unwrap();
        let error = store.restore(&path).await.unwrap_err();
        assert_trouble(&error, Kind::Down);
        if file == "stranger" {
            assert!(
                error.chain().contains("put the line of that key"),
                "{}",
                error.chain()
            );
        }
        assert!(is_furnished(&store).await, "{file}");
    }
    let missing = store.restore(&dir.path().join("missing")).await;
    assert_trouble(&missing.unwrap_err(), Kind::Down);
    let itself = store.restore(&dir.path().join("davbridge.db")).await;
    assert_eq!(itself.unwrap_err().kind(), Kind::Invalid);
    store.find_password("", "").await.unwrap();
    assert_eq!(store.seen_generation(), generation);
    assert_eq!(store.incarnation().await.unwrap(), incarnation);
    store.restore(&good).await.unwrap();
}

#[tokio::test]
async fn a_restore_that_fails_half_way_leaves_the_old_state() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    // A backup far larger than the space there is.
    let big = folder_with_key_of(dir.path());
    let store = Store::open(big.path()).await.unwrap();
    for number in 0..100 {
        let user = name(&format!("user{number}"));
        store
            .add_user(&user, &"x".repeat(1000), Role::Editor, trace())
            .await
            .unwrap();
    }
    let file = big.path().join("backup");
    store.backup(&file).await.unwrap();

    let mut settings = Settings::new(dir.path());
    let size = fs::metadata(dir.path().join("davbridge.db")).unwrap().len();
    settings.max_bytes = Some(size + 4096);
    let store = Store::open_with(&settings).await.unwrap();
    let error = store.restore(&file).await.unwrap_err();
    assert_trouble(&error, Kind::Full);
    assert!(is_furnished(&store).await);
    assert_eq!(store.users().await.unwrap().len(), 1);
    // The connection is as good as before.
    store
        .add_user(&name("bert"), "Bert", Role::Editor, trace())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_backup_of_another_key_is_restored_once_its_key_is_there() {
    let (lost, dir) = (folder(), folder());
    let file = lost.path().join("backup");
    furnished(lost.path()).await.backup(&file).await.unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    assert_trouble(&store.restore(&file).await.unwrap_err(), Kind::Down);
    store.close().await;

    // As the refusal says: the line of the backup's key above the others.
    let key = dir.path().join("davbridge.key");
    let both = [lost.path().join("davbridge.key"), key.clone()];
    let both = both.map(|file| fs::read_to_string(file).unwrap());
    fs::write(&key, both.concat()).unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    store.restore(&file).await.unwrap();
    assert!(is_furnished(&store).await);
    store.close().await;
    assert!(is_furnished(&Store::open(dir.path()).await.unwrap()).await);
}

#[tokio::test]
async fn what_was_looked_at_before_a_backup_is_not_served_before_a_new_look() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let row = store.connections().await.unwrap().remove(0);
    let shelf = Shelf {
        id: ShelfId::new("1"),
        name: "Calendar".to_owned(),
        description: None,
        color: None,
        default: true,
    };
    let shelves = vec![shelf.id.clone()];
    let at = (now(), row.generation);
    store
        .keep_shelves(&anna(), row.id, ItemKind::Event, &[shelf], &[], at)
        .await
        .unwrap();
    let key = FeedKey {
        connection: row.id,
        kind: ItemKind::Event,
        feed: FeedId::new("1"),
    };
    assert!(store.claim(&key, "me", now()).await.unwrap());
    let done = Completed {
        cursor: None,
        full: true,
        generation: row.generation,
        unreadable: 0,
        shelves,
    };
    store.complete(&key, "me", now(), &done).await.unwrap();
    // The backup falls into the next look.
    assert!(store.claim(&key, "me", now()).await.unwrap());
    let file = dir.path().join("backup");
    store.backup(&file).await.unwrap();
    store.restore(&file).await.unwrap();

    let restored = store.feed(&key).await.unwrap();
    assert_eq!((restored.full_look, restored.near_look), (None, None));
    let kept = store.collections(row.id, ItemKind::Event).await.unwrap();
    assert!(kept.len() == 1 && !kept[0].complete);
    assert!(store.claim(&key, "another", now()).await.unwrap());
}

/// Fact sheet, T20.
#[tokio::test]
async fn no_new_collection_gets_an_address_that_ios_does_not_show() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let row = store.connections().await.unwrap().remove(0);
    let shelf = |id: &str| Shelf {
        id: ShelfId::new(id),
        name: "Default".to_owned(),
        description: None,
        color: None,
        default: true,
    };
    let shelves = [shelf("1"), shelf("2")];
    let at = (now(), row.generation);
    store
        .keep_shelves(&anna(), row.id, ItemKind::Event, &shelves, &[], at)
        .await
        .unwrap();
    let rows = store.collections(row.id, ItemKind::Event).await.unwrap();
    let slugs: Vec<_> = rows.iter().map(|row| row.slug.as_str()).collect();
    assert_eq!(slugs, ["default-2", "default-3"]);
}

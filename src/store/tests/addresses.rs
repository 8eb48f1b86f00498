//! Addresses are for ever.

use std::sync::Arc;

use super::*;
use crate::domain::{Addresses, ConnectionId, DriveId, EntryId};

const HERE: ConnectionId = ConnectionId(1);

#[tokio::test]
async fn a_drive_keeps_its_slug_over_renames_and_restarts() {
    let dir = folder();
    let store = Store::open(dir.path()).await.unwrap();
    let drive = DriveId::new("100");
    let slug = store.drive_slug(HERE, &drive, "Möbel AG").await.unwrap();
    assert_eq!(slug, "mobel-ag");
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    let renamed = store.drive_slug(HERE, &drive, "Other").await.unwrap();
    assert_eq!(renamed, "mobel-ag");
}

#[tokio::test]
async fn equal_wishes_are_told_apart_within_a_connection() {
    let store = Store::in_memory().await.unwrap();
    let slug = async |connection, drive| {
        let drive = DriveId::new(drive);
        store
            .drive_slug(connection, &drive, "kDrive")
            .await
            .unwrap()
    };
    assert_eq!(slug(HERE, "1").await, "kdrive");
    assert_eq!(slug(HERE, "2").await, "kdrive-2");
    assert_eq!(slug(HERE, "3").await, "kdrive-3");
    assert_eq!(slug(ConnectionId(2), "1").await, "kdrive");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_sights_at_the_same_time_agree() {
    let dir = folder();
    let store = Arc::new(Store::open(dir.path()).await.unwrap());
    let asked = (0..24).map(|number: usize| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let drive = DriveId::new(format!("{}", number % 3));
            let slug = store.drive_slug(HERE, &drive, "kDrive").await.unwrap();
            (number % 3, slug)
        })
    });
    let mut given = std::collections::BTreeSet::new();
    for slug in asked.collect::<Vec<_>>() {
        given.insert(slug.await.unwrap());
    }
    let slugs: std::collections::BTreeSet<_> = given.iter().map(|(_, slug)| slug.clone()).collect();
    assert_eq!((given.len(), slugs.len()), (3, 3), "{given:?}");
}

#[tokio::test]
async fn the_first_name_of_a_file_stays() {
    let store = Store::in_memory().await.unwrap();
    let (drive, folder) = (DriveId::new("1"), EntryId::new("5"));
    let keep = async |entry: &str, name: &str| {
        let entry = EntryId::new(entry);
        let kept = store.keep_file_name(HERE, &drive, &folder, &entry, name);
        kept.await.unwrap();
    };
    keep("10", "a~10").await;
    keep("11", "b~11").await;
    keep("10", "other").await;
    let names = store.file_names(HERE, &drive, &folder).await.unwrap();
    let expected = [("10", "a~10"), ("11", "b~11")];
    assert_eq!(
        names,
        expected.map(|(id, name)| (EntryId::new(id), name.to_owned()))
    );
    let elsewhere = [
        store.file_names(ConnectionId(2), &drive, &folder).await,
        store.file_names(HERE, &DriveId::new("2"), &folder).await,
        store.file_names(HERE, &drive, &EntryId::new("6")).await,
    ];
    for names in elsewhere {
        assert_eq!(names.unwrap(), []);
    }
}

#[tokio::test]
async fn a_removed_user_leaves_no_names() {
    let store = Store::in_memory().await.unwrap();
    let (drive, entry) = (DriveId::new("1"), EntryId::new("5"));
    for user in ["anna", "bert"] {
        store
            .add_user(&name(user), user, Role::Editor, trace())
            .await
            .unwrap();
        let id = connect(&store, &name(user), "1", "t").await.id;
        store.drive_slug(id, &drive, "d").await.unwrap();
        store
            .keep_file_name(id, &drive, &entry, &entry, "n")
            .await
            .unwrap();
    }
    store.remove_user(&anna(), trace()).await.unwrap();
    for table in ["users", "connections", "drive_slugs", "file_names"] {
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let (count,): (i64,) = sqlx::query_as(count)
            .fetch_one(&store.readers)
            .await
            .unwrap();
        assert_eq!(count, 1, "{table}");
    }
}

//! Drives and listings.

use std::collections::BTreeSet;

use cloud::{Options, Switches};
use davbridge::domain::{DriveId, EntryKind, Kind};

use crate::support::infomaniak::{DRIVE, PRIVATE, Sim, call, drive, id};

const LISTING: &str = "GET /3/drive/{drive}/files/{file}/files";

#[tokio::test]
async fn all_drives_of_all_accounts_are_there_once() {
    let sim = Sim::new().await;
    let call = call();
    let roots = sim.files.roots(&call).await.unwrap();
    let names: BTreeSet<(&str, &str)> = roots
        .iter()
        .map(|drive| (drive.id.as_str(), drive.name.as_str()))
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        names.iter().any(|drive| drive.0 == DRIVE.to_string()),
        "{names:?}"
    );
    assert_eq!(sim.cloud.calls("GET /1/accounts"), 1);
    assert_eq!(sim.cloud.calls("GET /2/drive"), 3, "one for each account");
    assert_eq!(call.upstream_calls(), 4);
}

#[tokio::test]
async fn the_root_holds_the_special_folders() {
    let sim = Sim::new().await;
    let children = sim.children(1).await.unwrap();
    let names: BTreeSet<&str> = children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["Private", "Common documents", "Shared"])
    );
    for child in &children {
        assert!(child.is_folder());
        assert_eq!(child.parent, Some(id(1)));
        let inside = sim
            .files
            .children(&call(), &drive(), &child.id)
            .await
            .unwrap();
        assert!(
            inside.unreadable.is_empty(),
            "{}: {:?}",
            child.name,
            inside.unreadable
        );
    }
    let root = sim.files.entry(&call(), &drive(), &id(1)).await.unwrap();
    assert_eq!((root.is_folder(), root.parent), (true, None));
}

#[tokio::test]
async fn a_large_folder_comes_in_few_pages_and_whole() {
    let options = Options {
        large: true,
        ..Options::default()
    };
    let sim = Sim::with(options, |_| {}).await;
    let folder = sim.find("Ten thousand").await;
    sim.cloud.reset_counters();
    let call = call();
    let listing = sim
        .files
        .children(&call, &drive(), &folder.id)
        .await
        .unwrap();
    assert_eq!(listing.entries.len(), 10_000);
    assert_eq!(sim.cloud.calls(LISTING), 10);
    assert_eq!(call.upstream_calls(), 10);
    let names: BTreeSet<&str> = listing.entries.iter().map(|entry| &*entry.name).collect();
    assert_eq!(names.len(), 10_000);
}

#[tokio::test]
async fn an_empty_cursor_is_an_end() {
    let switches = Switches {
        empty_cursor_at_end: true,
        ..Switches::default()
    };
    let sim = Sim::with(
        Options {
            switches,
            ..Options::default()
        },
        |settings| {
            settings.page_limit = 5;
        },
    )
    .await;
    let plain = Sim::new().await;
    assert_eq!(
        sim.children(PRIVATE).await.unwrap(),
        plain.children(PRIVATE).await.unwrap()
    );
    assert!(sim.cloud.calls(LISTING) > 1);
}

#[tokio::test]
async fn records_become_entries() {
    let sim = Sim::new().await;
    let folder = sim.find("Odd names").await;
    assert!(folder.is_folder() && folder.modified.is_some() && folder.created.is_some());
    let empty = sim.find("Odd names/empty.txt").await;
    let EntryKind::File {
        size,
        content_type,
        version,
    } = &empty.kind
    else {
        panic!("{empty:?}")
    };
    assert_eq!(
        (*size, content_type.as_deref()),
        (Some(0), Some("text/plain"))
    );
    assert!(!version.as_str().is_empty());
}

#[tokio::test]
async fn without_etags_the_version_is_made_of_facts() {
    let switches = Switches {
        etags: false,
        ..Switches::default()
    };
    let sim = Sim::switched(switches).await;
    let file = sim.put(&id(PRIVATE), "v.txt", "one".into()).await;
    let entry = sim.files.entry(&call(), &drive(), &file).await.unwrap();
    let EntryKind::File { version, .. } = entry.kind else {
        panic!("a file")
    };
    let tag = version.as_str();
    assert!(
        tag.starts_with(&format!("{file}-")) && tag.ends_with("-3"),
        "{tag}"
    );
}

#[tokio::test]
async fn hostile_names_arrive_as_they_are() {
    let sim = Sim::with(
        Options {
            hostile: true,
            ..Options::default()
        },
        |_| {},
    )
    .await;
    let folder = sim.find("Hostile").await;
    let listing = sim
        .files
        .children(&call(), &drive(), &folder.id)
        .await
        .unwrap();
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    for name in [
        "..",
        ".",
        "",
        "slash / inside.txt",
        "line\r\nX-Injected: yes.txt",
    ] {
        assert!(
            listing.entries.iter().any(|entry| entry.name == name),
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn absence_needs_the_clouds_word() {
    let sim = Sim::new().await;
    let gone = sim
        .files
        .entry(&call(), &drive(), &id(999_999))
        .await
        .unwrap_err();
    assert_eq!(gone.kind(), Kind::NotFound);
    let other = DriveId::new("1");
    let drive_gone = sim
        .files
        .children(&call(), &other, &id(1))
        .await
        .unwrap_err();
    assert!(
        matches!(drive_gone.kind(), Kind::NotFound | Kind::Forbidden),
        "{drive_gone:?}"
    );
    let switches = Switches {
        missing: cloud::Missing::Forbidden,
        ..Switches::default()
    };
    let sim = Sim::switched(switches).await;
    let refused = sim
        .files
        .entry(&call(), &drive(), &id(999_999))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), Kind::Forbidden);
}

#[tokio::test]
async fn what_is_in_the_trash_is_gone() {
    for stat_shows_trash in [false, true] {
        let switches = Switches {
            stat_shows_trash,
            ..Switches::default()
        };
        let sim = Sim::switched(switches).await;
        let file = sim.put(&id(PRIVATE), "short lived", "x".into()).await;
        sim.delete(&file).await;
        let gone = sim.files.entry(&call(), &drive(), &file).await.unwrap_err();
        assert_eq!(gone.kind(), Kind::NotFound, "{stat_shows_trash}");
        let children = sim.children(PRIVATE).await.unwrap();
        assert!(children.iter().all(|child| child.id != file));
    }
}

#[tokio::test]
async fn quota_is_that_of_the_drive() {
    let sim = Sim::new().await;
    let before = sim.files.quota(&call(), &drive()).await.unwrap();
    assert!(before.total.unwrap() > before.used);
    sim.put(&id(PRIVATE), "more", vec![0; 1000].into()).await;
    let after = sim.files.quota(&call(), &drive()).await.unwrap();
    assert_eq!(after.used, before.used + 1000);
}

//! The shared suite for the `Files` port. A provider's test file makes a [`World`] and calls
//! [`all`]; abilities decide which statements apply.

use std::collections::BTreeSet;

use async_trait::async_trait;
use bytes::Bytes;
use davbridge::domain::{
    ByteRange, Call, Change, Changes, Content, Cursor, DriveId, Entry, EntryId, EntryKind, Files,
    FilesAbility, Kind,
};
use futures::StreamExt;

/// A cloud as another of its clients changes it.
#[async_trait]
pub trait World: Send + Sync {
    /// The account's drives through the port.
    fn files(&self) -> &dyn Files;
    /// What the provider says it can do.
    async fn ability(&self) -> FilesAbility;
    /// A drive, and a folder in it that may be filled.
    async fn place(&self) -> (DriveId, EntryId);
    async fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId;
    async fn put(&self, parent: &EntryId, name: &str, content: Bytes) -> EntryId;
    async fn replace(&self, id: &EntryId, content: Bytes);
    async fn rename(&self, id: &EntryId, name: &str);
    async fn move_to(&self, id: &EntryId, parent: &EntryId);
    async fn delete(&self, id: &EntryId);
}

/// Runs every case; a failure names its case by the line that panics.
pub async fn all(world: &dyn World) {
    roots_are_stable(world).await;
    listings_are_complete(world).await;
    names_come_verbatim(world).await;
    an_entry_is_what_its_listing_says(world).await;
    absence_is_told_as_absence(world).await;
    content_is_exact(world).await;
    versions_follow_content(world).await;
    quota_is_sane(world).await;
    the_change_feed_is_honest(world).await;
}

fn call() -> Call {
    Call::interactive()
}

async fn children(world: &dyn World, drive: &DriveId, folder: &EntryId) -> Vec<Entry> {
    let listing = world
        .files()
        .children(&call(), drive, folder)
        .await
        .unwrap();
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    listing.entries
}

async fn names(world: &dyn World, drive: &DriveId, folder: &EntryId) -> BTreeSet<String> {
    children(world, drive, folder)
        .await
        .into_iter()
        .map(|entry| entry.name)
        .collect()
}

async fn bytes(content: Content) -> Bytes {
    let mut stream = content.stream;
    let mut all = Vec::new();
    while let Some(chunk) = stream.next().await {
        all.extend_from_slice(&chunk.unwrap());
    }
    all.into()
}

async fn roots_are_stable(world: &dyn World) {
    let (drive, _) = world.place().await;
    let first = world.files().roots(&call()).await.unwrap();
    let second = world.files().roots(&call()).await.unwrap();
    assert_eq!(first, second);
    let ids: BTreeSet<&str> = first.iter().map(|drive| drive.id.as_str()).collect();
    assert_eq!(ids.len(), first.len(), "every drive once");
    let own = first
        .iter()
        .find(|root| root.id == drive)
        .expect("the drive is listed");
    children(world, &drive, &own.root).await;
}

async fn listings_are_complete(world: &dyn World) {
    let (drive, place) = world.place().await;
    for count in [0, 1, 9, 10, 11, 1000, 1001] {
        let folder = world.make_folder(&place, &format!("with {count}")).await;
        let mut expected = BTreeSet::new();
        for number in 0..count {
            let name = format!("file {number:04}.txt");
            world.put(&folder, &name, Bytes::from_static(b"x")).await;
            expected.insert(name);
        }
        let entries = children(world, &drive, &folder).await;
        assert_eq!(entries.len(), count, "no entry twice");
        assert_eq!(
            entries
                .into_iter()
                .map(|entry| entry.name)
                .collect::<BTreeSet<_>>(),
            expected
        );
    }
}

async fn names_come_verbatim(world: &dyn World) {
    let (drive, place) = world.place().await;
    let folder = world.make_folder(&place, "odd names").await;
    let odd = [
        "a b",
        "#hash",
        "100%",
        "%41",
        "what?",
        "a&b",
        "a+b",
        "a;b",
        "[x]",
        "😀",
        "\u{DC}nfc",
        "u\u{308}nfd",
        "Case",
        "case",
        "quote\"s'",
        "<tag>",
        "back\\slash",
        "co:lon",
        "tilde~1",
        "...",
    ];
    for name in odd {
        world.put(&folder, name, Bytes::from_static(b"x")).await;
    }
    let expected: BTreeSet<String> = odd.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names(world, &drive, &folder).await, expected);
}

async fn an_entry_is_what_its_listing_says(world: &dyn World) {
    let (drive, place) = world.place().await;
    let folder = world.make_folder(&place, "records").await;
    world.make_folder(&folder, "sub").await;
    world
        .put(&folder, "file.pdf", Bytes::from_static(b"12345"))
        .await;
    world.put(&folder, "empty", Bytes::new()).await;
    for entry in children(world, &drive, &folder).await {
        let alone = world
            .files()
            .entry(&call(), &drive, &entry.id)
            .await
            .unwrap();
        assert_eq!(alone, entry);
        assert_eq!(entry.parent.as_ref(), Some(&folder));
        assert!(entry.modified.is_some(), "{}", entry.name);
        let size = match &entry.kind {
            EntryKind::File { size, .. } => *size,
            EntryKind::Folder => None,
        };
        let expected = match entry.name.as_str() {
            "file.pdf" => Some(5),
            "empty" => Some(0),
            _ => None,
        };
        assert_eq!(size, expected, "{}", entry.name);
    }
}

async fn absence_is_told_as_absence(world: &dyn World) {
    let (drive, place) = world.place().await;
    let folder = world.make_folder(&place, "short lived").await;
    let file = world.put(&folder, "f", Bytes::from_static(b"x")).await;
    let files = world.files();
    assert_eq!(
        files
            .children(&call(), &drive, &file)
            .await
            .unwrap_err()
            .kind(),
        Kind::Invalid
    );
    world.delete(&file).await;
    assert_eq!(
        files
            .entry(&call(), &drive, &file)
            .await
            .unwrap_err()
            .kind(),
        Kind::NotFound
    );
    assert_eq!(
        files
            .read(&call(), &drive, &file, None)
            .await
            .unwrap_err()
            .kind(),
        Kind::NotFound
    );
    assert!(names(world, &drive, &folder).await.is_empty());
    world.delete(&folder).await;
    assert_eq!(
        files
            .children(&call(), &drive, &folder)
            .await
            .unwrap_err()
            .kind(),
        Kind::NotFound
    );
    assert!(!names(world, &drive, &place).await.contains("short lived"));
}

async fn content_is_exact(world: &dyn World) {
    let (drive, place) = world.place().await;
    let content: Bytes = (0..300_000u32)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect();
    let file = world.put(&place, "content", content.clone()).await;
    let files = world.files();
    let whole = files.read(&call(), &drive, &file, None).await.unwrap();
    assert!(whole.total.is_none_or(|total| total == 300_000));
    assert_eq!(bytes(whole).await, content);
    for (first, last) in [
        (0, 0),
        (0, 299_999),
        (1, 2),
        (299_999, 299_999),
        (65_535, 65_537),
        (100_000, 299_999),
    ] {
        let range = ByteRange::new(first, last);
        let part = files.read(&call(), &drive, &file, range).await.unwrap();
        assert!(
            part.total.is_none_or(|total| total == 300_000),
            "the total is that of the file"
        );
        let expected =
            content.slice(usize::try_from(first).unwrap()..=usize::try_from(last).unwrap());
        assert_eq!(bytes(part).await, expected, "{first}-{last}");
    }
    let empty = world.put(&place, "nothing", Bytes::new()).await;
    assert!(
        bytes(files.read(&call(), &drive, &empty, None).await.unwrap())
            .await
            .is_empty()
    );
    world.replace(&file, Bytes::from_static(b"short")).await;
    let beyond = files
        .read(&call(), &drive, &file, ByteRange::new(100, 200))
        .await;
    assert_eq!(beyond.unwrap_err().kind(), Kind::Changed);
}

async fn versions_follow_content(world: &dyn World) {
    let (drive, place) = world.place().await;
    let file = world
        .put(&place, "versioned", Bytes::from_static(b"one"))
        .await;
    let version = async || match world
        .files()
        .entry(&call(), &drive, &file)
        .await
        .unwrap()
        .kind
    {
        EntryKind::File { version, .. } => version,
        EntryKind::Folder => panic!("a file"),
    };
    let one = version().await;
    assert_eq!(version().await, one, "looking changes nothing");
    world.replace(&file, Bytes::from_static(b"two")).await;
    let two = version().await;
    assert_ne!(one, two, "the same size, other bytes");
}

async fn quota_is_sane(world: &dyn World) {
    let (drive, _) = world.place().await;
    let quota = world.files().quota(&call(), &drive).await.unwrap();
    assert!(
        quota.total.is_none_or(|total| total >= quota.used),
        "{quota:?}"
    );
}

/// Whether `changes` make a mirror list `folder` anew, where `entry` was listed before or not.
fn tells(changes: &[Change], folder: &EntryId, above: &EntryId, listed: Option<&EntryId>) -> bool {
    changes.iter().any(|change| match change {
        Change::Everything => true,
        Change::Children(of) => of == folder,
        Change::ChildrenTwoDeep(of) => of == folder || of == above,
        Change::Entry(id) => id == folder || Some(id) == listed,
    })
}

async fn the_change_feed_is_honest(world: &dyn World) {
    let (drive, place) = world.place().await;
    let files = world.files();
    if !world.ability().await.change_feed {
        let asked = files.changes(&call(), &drive, None).await;
        assert_eq!(asked.unwrap_err().kind(), Kind::Unsupported);
        return;
    }
    let folder = world.make_folder(&place, "watched").await;
    let other = world.make_folder(&place, "other").await;
    let Changes {
        changes,
        mut cursor,
    } = files.changes(&call(), &drive, None).await.unwrap();
    assert!(changes.is_empty(), "the beginning is now");
    let next = async |cursor: &Cursor| files.changes(&call(), &drive, Some(cursor)).await.unwrap();
    let quiet = next(&cursor).await;
    assert!(quiet.changes.is_empty(), "{:?}", quiet.changes);
    cursor = quiet.cursor;
    let step = async |told: Changes, folder: &EntryId, listed: Option<&EntryId>, what: &str| {
        assert!(
            tells(&told.changes, folder, &place, listed),
            "{what}: {:?}",
            told.changes
        );
        told.cursor
    };
    let file = world.put(&folder, "f", Bytes::from_static(b"x")).await;
    cursor = step(next(&cursor).await, &folder, None, "creation").await;
    world.replace(&file, Bytes::from_static(b"y")).await;
    cursor = step(next(&cursor).await, &folder, Some(&file), "content").await;
    world.rename(&file, "g").await;
    cursor = step(next(&cursor).await, &folder, Some(&file), "rename").await;
    world.move_to(&file, &other).await;
    let moved = next(&cursor).await;
    assert!(
        tells(&moved.changes, &folder, &place, Some(&file)),
        "moved away: {:?}",
        moved.changes
    );
    cursor = step(moved, &other, None, "moved here").await;
    world.delete(&file).await;
    cursor = step(next(&cursor).await, &other, Some(&file), "deletion").await;
    assert!(next(&cursor).await.changes.is_empty(), "each change once");
    let stale = files
        .changes(&call(), &drive, Some(&Cursor::new("no such cursor")))
        .await;
    assert_eq!(stale.unwrap_err().kind(), Kind::StaleCursor);
}

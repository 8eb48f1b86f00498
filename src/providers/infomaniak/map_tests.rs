//! From records to entries.

use serde_json::json;

use super::*;

fn fixture(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).expect("a fixture");
    document["data"].clone()
}

fn file() -> Value {
    fixture(include_str!("../../../fixtures/infomaniak/file.json"))
}

fn changed(change: impl FnOnce(&mut Value)) -> Mapped {
    let mut value = file();
    change(&mut value);
    record(&value, Some(77))
}

fn entry(mapped: Mapped) -> Entry {
    match mapped {
        Mapped::Entry(entry) => entry,
        other => panic!("{other:?}"),
    }
}

fn version_of(mapped: Mapped) -> String {
    match entry(mapped).kind {
        EntryKind::File { version, .. } => version.as_str().to_owned(),
        EntryKind::Folder => panic!("a folder"),
    }
}

fn reason(mapped: Mapped) -> (Option<String>, String) {
    match mapped {
        Mapped::Unreadable(bad) => (bad.id.map(|id| id.as_str().to_owned()), bad.reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_what_its_record_says() {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let expected = Entry {
        id: entry_id(214),
        parent: Some(entry_id(77)),
        name: "offer.docx".to_owned(),
        kind: EntryKind::File {
            size: Some(50_274),
            content_type: Some(kind.to_owned()),
            version: Version::new("c0ffee0123456789"),
        },
        modified: DateTime::from_timestamp(1_760_000_500, 0),
        created: DateTime::from_timestamp(1_760_000_000, 0),
    };
    assert_eq!(record(&file(), Some(77)), Mapped::Entry(expected.clone()));
    assert_eq!(record(&file(), None), Mapped::Entry(expected));
    let told = changed(|file| file["created_at"] = json!(1_700_000_000));
    assert_eq!(
        entry(told).created,
        DateTime::from_timestamp(1_700_000_000, 0)
    );
}

#[test]
fn special_folders_are_folders() {
    let root = fixture(include_str!("../../../fixtures/infomaniak/root.json"));
    for folder in root.as_array().expect("a list") {
        let folder = entry(record(folder, Some(ROOT)));
        assert!(folder.is_folder());
        assert_eq!(folder.parent, Some(entry_id(ROOT)));
    }
    let vault = entry(changed(|file| file["type"] = json!("vault")));
    assert!(vault.is_folder());
    let root = entry(record(
        &json!({"id": 1, "name": "", "type": "dir", "parent_id": 0}),
        None,
    ));
    assert_eq!(root.parent, None);
}

#[test]
fn the_version_follows_the_content() {
    assert_eq!(version_of(changed(|_| {})), "c0ffee0123456789");
    for none in [json!(null), json!(""), json!(7)] {
        let version = version_of(changed(|file| file["etag"] = none));
        assert_eq!(version, "214-1760000500-50274");
    }
    // a damaged record: any change of it is a change
    let damaged = |size: i64, name: &str| {
        version_of(changed(|file| {
            file["etag"] = json!(null);
            file["size"] = json!(size);
            file["name"] = json!(name);
        }))
    };
    assert_eq!(damaged(-1, "a"), damaged(-1, "a"));
    assert_ne!(damaged(-1, "a"), damaged(-2, "a"));
    assert_ne!(damaged(-1, "a"), damaged(-1, "b"));
}

#[test]
fn status_decides_what_is_shown() {
    for shown in [
        json!(null),
        json!("ok"),
        json!("locked"),
        json!("brand_new"),
        json!(3),
    ] {
        entry(changed(|file| file["status"] = shown));
    }
    for hidden in ["trashed", "trash_inherited", "erasing"] {
        assert_eq!(
            changed(|file| file["status"] = json!(hidden)),
            Mapped::Hidden,
            "{hidden}"
        );
    }
    let uploading = |size: Value| {
        changed(|file| {
            file["status"] = json!("uploading");
            file["size"] = size;
        })
    };
    assert_eq!(uploading(json!(0)), Mapped::Hidden);
    assert_eq!(uploading(json!(null)), Mapped::Hidden);
    entry(uploading(json!(10)));
    let unnumbered = json!({"id": 0, "name": "video.mp4", "status": "uploading"});
    assert_eq!(record(&unnumbered, None), Mapped::Hidden);
}

#[test]
fn a_damaged_record_is_an_entry_while_id_name_and_type_are_sound() {
    let damaged = entry(changed(|file| {
        for field in [
            "size",
            "last_modified_at",
            "revised_at",
            "added_at",
            "mime_type",
            "etag",
        ] {
            file[field] = json!({"wrong": true});
        }
    }));
    assert_eq!((damaged.modified, damaged.created), (None, None));
    assert!(matches!(
        damaged.kind,
        EntryKind::File {
            size: None,
            content_type: None,
            ..
        }
    ));
    let far = entry(changed(|file| file["last_modified_at"] = json!(i64::MAX)));
    assert_eq!(
        far.modified,
        DateTime::from_timestamp(1_760_000_500, 0),
        "revised_at"
    );
}

#[test]
fn what_cannot_be_named_is_unreadable() {
    let some = Some("214".to_owned());
    let table = [
        (
            changed(|file| file["name"] = json!(null)),
            some.clone(),
            "the record has no name",
        ),
        (
            changed(|file| file["id"] = json!(-1)),
            None,
            "the record has no id",
        ),
        (
            changed(|file| file["id"] = json!(0)),
            None,
            "the record has no id",
        ),
        (
            changed(|file| file["type"] = json!("portal")),
            some.clone(),
            "the record is neither file nor folder",
        ),
        (
            changed(|file| file["parent_id"] = json!(78)),
            some,
            "the record belongs to another folder",
        ),
        (record(&json!(null), None), None, "the record is no object"),
    ];
    for (mapped, id, why) in table {
        assert_eq!(reason(mapped), (id, why.to_owned()));
    }
}

#[test]
fn what_others_share_keeps_its_own_parent() {
    let shared = entry(changed(|file| {
        file["parent_id"] = json!(4711);
        file["visibility"] = json!("is_in_shared_space");
    }));
    assert_eq!(shared.parent, Some(entry_id(77)));
}

#[test]
fn drives_are_named() {
    let drives = fixture(include_str!("../../../fixtures/infomaniak/drives.json"));
    let mut record = drives[0].as_object().expect("a drive").clone();
    let known = drive(&record).expect("a drive");
    assert_eq!(
        (known.id.as_str(), known.name.as_str()),
        ("598431", "Muster kDrive")
    );
    assert_eq!(known.root, entry_id(1));
    assert_eq!(known.created, DateTime::from_timestamp(1_651_401_746, 0));
    record.insert("name".to_owned(), json!(""));
    assert_eq!(drive(&record).expect("a drive").name, "kDrive 598431");
    record.remove("id");
    assert_eq!(drive(&record), None);
}

//! What a user hid is not there for clients; shown again it is as it was.

use davbridge::domain::{Branch, DriveId, ItemKind, ShelfId};
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::library::{BOOK, CALENDAR, Library, noon};
use crate::support::reference::{ROOT, Reference};

const TOKEN: &str =
    r#"<propfind xmlns="DAV:"><prop><sync-token/><displayname/><getetag/></prop></propfind>"#;

fn shelf(kind: ItemKind) -> Branch {
    Branch::Shelf(kind, ShelfId::new("s1"))
}

/// Every way to a collection, with the body that asks for it.
async fn ways(library: &Library, home: &str, collection: &str, item: &str) -> Vec<StatusCode> {
    let ask = r#"<propfind xmlns="DAV:"><prop><displayname/></prop></propfind>"#;
    let (whole, file) = (collection.to_owned(), format!("{collection}{item}"));
    let multiget = format!(
        "<calendar-multiget xmlns=\"urn:ietf:params:xml:ns:caldav\"><prop xmlns=\"DAV:\"><getetag/>\
         </prop><href xmlns=\"DAV:\">{file}</href></calendar-multiget>"
    );
    let mut statuses = Vec::new();
    for (method, path, depth, body) in [
        ("PROPFIND", &whole, "0", ask),
        ("PROPFIND", &whole, "1", ask),
        ("PROPFIND", &file, "0", ask),
        ("REPORT", &whole, "0", &multiget),
        ("GET", &file, "0", ""),
        ("GET", &whole, "0", ""),
    ] {
        let headers = [("depth", depth)];
        let answer = library.send(method, path, &headers, body.to_owned());
        statuses.push(answer.await.status);
    }
    let listing = library.send("PROPFIND", home, &[("depth", "1")], ask).await;
    assert_eq!(listing.status, StatusCode::MULTI_STATUS);
    let listed = listing.text().contains(collection);
    assert_eq!(listed, statuses[0] == StatusCode::MULTI_STATUS, "{home}");
    statuses
}

#[tokio::test]
async fn a_hidden_collection_is_nowhere_and_comes_back_unchanged() {
    let library = Library::with(&["a", "b"]);
    library.contacts.put("a", "s1", "Anna", noon());
    for (kind, home, collection, item) in [
        (ItemKind::Event, "/dav/calendars/anna/", CALENDAR, "a.ics"),
        (ItemKind::Contact, "/dav/addressbooks/anna/", BOOK, "a.vcf"),
    ] {
        // The first look.
        library.get(&format!("{collection}{item}"), &[]).await;
        let ask = async || {
            let headers = [("depth", "1")];
            let answer = library.send("PROPFIND", collection, &headers, TOKEN);
            answer.await.text().to_owned()
        };
        let before = ask().await;
        assert!(before.contains(":sync-token>urn:"), "{before}");
        library.connections.hide([shelf(kind)]);
        let statuses = ways(&library, home, collection, item).await;
        assert_eq!(statuses, [StatusCode::NOT_FOUND; 6], "{collection}");
        library.later();
        library.connections.hide([]);
        assert_eq!(ask().await, before, "{collection}");
        let statuses = ways(&library, home, collection, item).await;
        assert!(!statuses.contains(&StatusCode::NOT_FOUND), "{statuses:?}");
    }
}

#[tokio::test]
async fn what_is_hidden_hides_nothing_else() {
    let library = Library::with(&["a"]);
    let other = Branch::Shelf(ItemKind::Contact, ShelfId::new("s1"));
    let drive = Branch::Drive(DriveId::new("s1"));
    library.connections.hide([other, drive]);
    let answer = library.get(&format!("{CALENDAR}a.ics"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_hidden_drive_is_nowhere_and_comes_back_unchanged() {
    let cloud = Reference::new(true);
    let root = davbridge::domain::EntryId::new(ROOT);
    cloud.put(&root, "f", "text");
    let bridge = Bridge::over(&cloud);
    let file = format!("{DRIVE}/f");
    let before = bridge.get(&file, &[]).await;
    assert_eq!(before.status, StatusCode::OK);
    assert_eq!(bridge.list("/dav/files/anna/ref").await.unwrap().len(), 1);
    bridge.connections.hide([Branch::Drive(DriveId::new("d1"))]);
    for (method, path) in [("PROPFIND", DRIVE), ("PROPFIND", &file), ("GET", &file)] {
        let answer = bridge.send(method, path, &[("depth", "0")], "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
    }
    assert!(bridge.list("/dav/files/anna/ref").await.unwrap().is_empty());
    bridge.connections.hide([]);
    let after = bridge.get(&file, &[]).await;
    assert_eq!(after.header("etag"), before.header("etag"));
    assert_eq!(after.body, before.body);
}

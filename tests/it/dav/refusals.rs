//! What a reading bridge refuses.

use davbridge::domain::EntryId;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::library::Library;
use crate::support::reference::{ROOT, Reference};
use crate::support::xml::multistatus;

#[tokio::test]
async fn writing_needs_a_privilege() {
    let cloud = Reference::new(false);
    cloud.put(&EntryId::new(ROOT), "f", "x");
    let bridge = Bridge::over(&cloud);
    let methods = [
        ("PUT", "write-content"),
        ("PATCH", "write-content"),
        ("LOCK", "write-content"),
        ("UNLOCK", "write-content"),
        ("MKCOL", "bind"),
        ("COPY", "bind"),
        ("MKCALENDAR", "bind"),
        ("DELETE", "unbind"),
        ("MOVE", "unbind"),
    ];
    for (method, privilege) in methods {
        let answer = bridge
            .send(method, &format!("{DRIVE}/f"), &[], "body")
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method}");
        let expected = format!(
            "<D:need-privileges><D:resource><D:href>{DRIVE}/f</D:href><D:privilege><D:{privilege}/></D:privilege></D:resource></D:need-privileges>"
        );
        assert!(
            answer.text().contains(&expected),
            "{method}: {}",
            answer.text()
        );
        assert_eq!(answer.calls, 0);
    }
}

#[tokio::test]
async fn refused_collections_are_named_as_they_were_addressed() {
    let bridge = Bridge::over(&Reference::new(false));
    let answer = bridge.send("MKCOL", "/dav/files/new%20/", &[], "").await;
    let told = answer.text();
    assert!(
        told.contains("<D:href>/dav/files/new%20/</D:href>"),
        "{told}"
    );
}

#[tokio::test]
async fn calendars_and_address_books_cannot_be_written() {
    let bridge = Library::new();
    for (method, path, privilege) in [
        ("MKCALENDAR", "/dav/calendars/anna/new", "bind"),
        ("MKCOL", "/dav/addressbooks/anna/new", "bind"),
        ("PUT", "/dav/calendars/anna/first/x.ics", "write-content"),
        ("DELETE", "/dav/calendars/anna/first", "unbind"),
        ("MOVE", "/dav/calendars/anna/first/x.ics", "unbind"),
    ] {
        let answer = bridge.send(method, path, &[], "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method}");
        let expected = format!("<D:href>{path}</D:href><D:privilege><D:{privilege}/>");
        assert!(answer.text().contains(&expected), "{}", answer.text());
    }
    let post = bridge
        .send("POST", "/dav/calendars/anna/first/", &[], "")
        .await;
    assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(post.header("allow").ends_with("REPORT"));
    // Apple sends its order and colour just after the set-up: an error of HTTP would alarm.
    let body = r#"<A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><B:calendar-order xmlns:B="http://apple.com/ns/ical/">1</B:calendar-order></A:prop></A:set></A:propertyupdate>"#;
    let answer = bridge
        .send("PROPPATCH", "/dav/calendars/anna/first/", &[], body)
        .await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let (status, props) = &multistatus(&answer.body)[0].propstats[0];
    assert_eq!(status, "HTTP/1.1 403 Forbidden");
    assert!(props.contains_key("A:calendar-order"), "{props:?}");
}

#[tokio::test]
async fn properties_cannot_be_set() {
    let cloud = Reference::new(false);
    cloud.put(&EntryId::new(ROOT), "f", "x");
    let bridge = Bridge::over(&cloud);
    let body = r#"<D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop>
        <Z:Win32LastModifiedTime>x</Z:Win32LastModifiedTime><D:displayname>y</D:displayname></D:prop></D:set>
        <D:remove><D:prop><q xmlns="urn:q"/></D:prop></D:remove></D:propertyupdate>"#;
    let answer = bridge
        .send("PROPPATCH", &format!("{DRIVE}/f"), &[], body)
        .await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let responses = multistatus(&answer.body);
    let (status, props) = &responses[0].propstats[0];
    assert_eq!(status, "HTTP/1.1 403 Forbidden");
    let tags: Vec<&str> = props.keys().map(String::as_str).collect();
    assert_eq!(tags, ["D:displayname", "Z:Win32LastModifiedTime", "n2:q"]);
    let answer = bridge
        .send("PROPPATCH", &format!("{DRIVE}/nope"), &[], body)
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn options_tell_what_works_and_no_more() {
    let bridge = Bridge::over(&Reference::new(false));
    for path in ["/dav/files/", "/dav/files/anna/", DRIVE] {
        let answer = bridge.send("OPTIONS", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("dav"), "1, 3");
        assert_eq!(
            answer.header("allow"),
            "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH"
        );
    }
}

/// Thunderbird asks the parent of a calendar, Apple's accountsd and DAVx5 the principal, Evolution
/// the collection (fact sheet, rule 6).
#[tokio::test]
async fn every_level_above_items_tells_that_there_are_calendars_and_address_books() {
    let bridge = Library::new();
    for path in [
        "/",
        "/dav/",
        "/dav/principals/",
        "/dav/principals/anna/",
        "/dav/calendars/",
        "/dav/calendars/anna/",
        "/dav/calendars/anna",
        "/dav/calendars/anna/first/",
        "/dav/calendars/anna/first/x.ics",
        "/dav/addressbooks/anna/",
        "/nothing/here",
    ] {
        let answer = bridge.send("OPTIONS", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let classes: Vec<&str> = answer.header("dav").split(", ").collect();
        let expected = ["1", "3", "access-control", "calendar-access", "addressbook"];
        assert_eq!(classes, expected, "{path}");
        assert_eq!(
            answer.header("allow"),
            "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT"
        );
    }
    let answer = bridge.propfind("/dav/calendars/anna/first/", "0").await;
    assert!(answer.header("dav").starts_with("1, 3, access-control"));
}

#[tokio::test]
async fn methods_without_meaning() {
    let bridge = Bridge::over(&Reference::new(false));
    for method in ["POST", "TRACE", "BREW"] {
        let answer = bridge.send(method, DRIVE, &[], "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert!(!answer.header("allow").is_empty());
    }
    let report = bridge.send("REPORT", DRIVE, &[], "<x/>").await;
    assert_eq!(report.status, StatusCode::FORBIDDEN);
    assert!(report.text().contains("<D:supported-report/>"));
}

//! What a reading bridge refuses.

use davbridge::domain::EntryId;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
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
    for path in [
        "/",
        "/dav/",
        "/dav/principals/anna/",
        "/dav/files/anna/",
        DRIVE,
        "/nothing/here",
    ] {
        let answer = bridge.send("OPTIONS", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("dav"), "1, 3");
        assert_eq!(
            answer.header("allow"),
            "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH"
        );
    }
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

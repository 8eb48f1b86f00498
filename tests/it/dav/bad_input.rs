//! Requests that no honest client sends.

use http::StatusCode;
use proptest::prelude::*;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::library::{BOOK, CALENDAR, Library};
use crate::support::reference::Reference;

const BODY: &str = r#"<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><q:x xmlns:q="urn:q"/></D:prop></D:propfind>"#;

/// A report of each kind, as clients send it.
const REPORTS: [(&str, &str); 5] = [
    (
        CALENDAR,
        r#"<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/><C:calendar-data><C:comp name="VCALENDAR"><C:comp name="VEVENT"><C:prop name="UID"/></C:comp></C:comp><C:expand start="20260101T000000Z" end="20270101T000000Z"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20250101T000000Z"/><C:prop-filter name="SUMMARY"><C:text-match collation="i;octet" negate-condition="yes">x</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"#,
    ),
    (
        CALENDAR,
        r#"<C:calendar-multiget xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><C:calendar-data/></D:prop><D:href>/dav/calendars/anna/first/a.ics</D:href></C:calendar-multiget>"#,
    ),
    (
        BOOK,
        r#"<C:addressbook-query xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:D="DAV:"><D:prop><C:address-data/></D:prop><C:filter test="allof"><C:prop-filter name="FN"><C:param-filter name="X"><C:is-not-defined/></C:param-filter></C:prop-filter></C:filter><C:limit><C:nresults>1</C:nresults></C:limit></C:addressbook-query>"#,
    ),
    (
        BOOK,
        r#"<D:sync-collection xmlns:D="DAV:"><D:sync-token/><D:sync-level>1</D:sync-level><D:limit><D:nresults>3</D:nresults></D:limit><D:prop><D:getetag/></D:prop></D:sync-collection>"#,
    ),
    (
        "/dav/principals/anna/",
        r#"<D:expand-property xmlns:D="DAV:"><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>"#,
    ),
];

#[tokio::test]
async fn bad_bodies_are_named() {
    let bridge = Bridge::over(&Reference::new(false));
    let deep = "<a xmlns=\"DAV:\">".repeat(100);
    let dtd = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>";
    for body in [
        "<",
        "<propfind/>",
        &deep,
        dtd,
        "\u{0}",
        "<D:propfind xmlns:D=\"DAV:\"><D:prop>",
    ] {
        let answer = bridge
            .send("PROPFIND", DRIVE, &[("depth", "0")], body.to_owned())
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body:.40}");
        assert!(!answer.body.is_empty(), "a sentence says what is wrong");
    }
    let huge = vec![b' '; 5 << 20];
    let answer = bridge
        .send("PROPFIND", DRIVE, &[("depth", "0")], huge)
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn bad_paths_and_headers_are_named() {
    let bridge = Bridge::over(&Reference::new(false));
    for path in [
        "/dav/../etc",
        "/dav/files/anna/%2e%2e/x",
        "/dav/files/anna/a%2Fb",
        "/dav/%00",
        "/dav/%ff",
    ] {
        assert_eq!(
            bridge.propfind(path, "0").await.status,
            StatusCode::BAD_REQUEST,
            "{path}"
        );
    }
    for depth in ["2", "-1", "one", ""] {
        assert_eq!(
            bridge.propfind(DRIVE, depth).await.status,
            StatusCode::BAD_REQUEST,
            "{depth:?}"
        );
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: Some(Box::new(
        proptest::test_runner::FileFailurePersistence::Direct("fixtures/proptest/dav.txt"))), ..ProptestConfig::default() })]

    #[test]
    fn mutated_requests_never_fail_inside(at in 0usize..200, byte in any::<u8>(), depth in "[0-9a-z,]{0,10}", range in "[ -~]{0,20}", tag in "[ -~]{0,12}") {
        let mut body = BODY.as_bytes().to_vec();
        let at = at % body.len();
        body[at] = byte;
        run(async {
            let cloud = Reference::new(false);
            cloud.put(&davbridge::domain::EntryId::new("1"), "f", "hello");
            let bridge = Bridge::over(&cloud);
            let answer = bridge.send("PROPFIND", DRIVE, &[("depth", depth.as_str())], body).await;
            assert!(!answer.status.is_server_error(), "{}", answer.status);
            let headers = [("range", range.as_str()), ("if-match", &tag), ("if-none-match", &tag), ("if-range", &tag)];
            let answer = bridge.get(&format!("{DRIVE}/f"), &headers).await;
            assert!(!answer.status.is_server_error(), "{}", answer.status);
        });
    }

    #[test]
    fn mutated_reports_never_fail_inside(which in 0usize..5, at in 0usize..600, byte in any::<u8>()) {
        let (path, body) = REPORTS[which];
        let mut body = body.as_bytes().to_vec();
        let at = at % body.len();
        body[at] = byte;
        run(async {
            let library = Library::with(&["a"]);
            let answer = library.send("REPORT", path, &[], body).await;
            assert!(!answer.status.is_server_error(), "{}", answer.status);
            assert!(!answer.broken);
        });
    }

    #[test]
    fn any_path_is_answered(path in "(/[ -~&&[^ #?\"<>`{}|^\\\\]]{0,12}){1,6}") {
        prop_assume!(path.parse::<http::Uri>().is_ok());
        run(async {
            let bridge = Bridge::over(&Reference::new(false));
            let answer = bridge.propfind(&path, "0").await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        });
    }
}

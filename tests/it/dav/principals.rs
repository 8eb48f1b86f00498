//! Reports about principals, as Apple's clients send them.

use http::StatusCode;

use crate::support::library::{CALENDAR, Library};
use crate::support::xml::multistatus;

const PRINCIPALS: &str = "/dav/principals/";
const ANNA: &str = "/dav/principals/anna/";

#[tokio::test]
async fn what_can_be_searched_is_told() {
    let library = Library::new();
    let body = "<D:principal-search-property-set xmlns:D=\"DAV:\"/>";
    for path in [PRINCIPALS, "/", "/dav/"] {
        let answer = library.send("REPORT", path, &[("depth", "0")], body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            answer
                .text()
                .contains("<D:principal-search-property><D:prop><D:displayname/></D:prop>")
        );
    }
}

#[tokio::test]
async fn a_search_finds_the_caller() {
    let library = Library::new();
    let search = |prop: &str, text: &str| {
        format!(
            "<D:property-search><D:prop><D:{prop}/></D:prop><D:match>{text}</D:match></D:property-search>"
        )
    };
    let name = search("displayname", "ANN");
    let other = search("displayname", "bob");
    let unknown = search("getetag", "anna");
    for (test, searches, found) in [
        ("", name.clone(), true),
        ("", other.clone(), false),
        ("", unknown.clone(), false),
        ("", format!("{name}{other}"), false),
        ("test=\"anyof\"", format!("{name}{other}"), true),
    ] {
        let body = format!(
            "<D:principal-property-search xmlns:D=\"DAV:\" {test}>{searches}<D:prop><D:displayname/></D:prop></D:principal-property-search>"
        );
        let answer = library.send("REPORT", PRINCIPALS, &[], body).await;
        assert_eq!(answer.status, StatusCode::MULTI_STATUS);
        let hrefs: Vec<String> = multistatus(&answer.body)
            .into_iter()
            .map(|response| response.href)
            .collect();
        let expected: &[&str] = if found { &[ANNA] } else { &[] };
        assert_eq!(hrefs, expected, "{test} {searches}");
    }
    let nothing = "<D:principal-property-search xmlns:D=\"DAV:\"/>";
    let answer = library.send("REPORT", PRINCIPALS, &[], nothing).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_caller_matches_itself() {
    let library = Library::new();
    let body = "<D:principal-match xmlns:D=\"DAV:\"><D:self/><D:prop><D:principal-URL/></D:prop></D:principal-match>";
    let answer = library.send("REPORT", PRINCIPALS, &[], body).await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses[0].href, ANNA);
    assert!(responses[0].prop("D:principal-URL").is_some());
    let answer = library
        .send("REPORT", "/dav/calendars/anna/", &[], body)
        .await;
    assert!(multistatus(&answer.body).is_empty());
}

/// What Apple's Calendar asks of the principal.
#[tokio::test]
async fn values_are_expanded_in_place() {
    let library = Library::new();
    let body = "<A:expand-property xmlns:A=\"DAV:\"><A:property name=\"calendar-proxy-write-for\" namespace=\"http://calendarserver.org/ns/\"><A:property name=\"displayname\"/></A:property><A:property name=\"calendar-home-set\" namespace=\"urn:ietf:params:xml:ns:caldav\"><A:property name=\"owner\"><A:property name=\"resourcetype\"/></A:property></A:property><A:property name=\"owner\"/></A:expand-property>";
    let answer = library.send("REPORT", ANNA, &[("depth", "0")], body).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let responses = multistatus(&answer.body);
    assert_eq!(responses[0].href, ANNA);
    assert_eq!(responses[0].missing(), ["CS:calendar-proxy-write-for"]);
    assert_eq!(
        responses[0].prop("D:owner"),
        Some("<D:href>/dav/principals/anna/")
    );
    let inner = "<C:calendar-home-set><D:response><D:href>/dav/calendars/anna/</D:href><D:propstat><D:prop><D:owner><D:response><D:href>/dav/principals/anna/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/><D:principal/></D:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:owner></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></C:calendar-home-set>";
    assert!(answer.text().contains(inner), "{}", answer.text());
}

#[tokio::test]
async fn other_reports_are_refused_by_name() {
    let library = Library::new();
    for body in [
        "<D:acl-principal-prop-set xmlns:D=\"DAV:\"/>",
        "<D:version-tree xmlns:D=\"DAV:\"/>",
        "<x/>",
    ] {
        for path in [ANNA, PRINCIPALS, CALENDAR, "/"] {
            let answer = library.send("REPORT", path, &[], body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {body}");
            assert!(answer.text().contains("<D:supported-report/>"));
        }
    }
    let answer = library.send("REPORT", ANNA, &[], "<x").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

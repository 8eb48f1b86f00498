//! Homes, calendars and address books as they are discovered.

use davbridge::domain::{ItemKind, Kind};
use http::StatusCode;

use crate::support::bridge::Bridge;
use crate::support::library::Library;
use crate::support::xml::{Response, multistatus};

const CALENDAR: &str = "/dav/calendars/anna/work/";
const BOOK: &str = "/dav/addressbooks/anna/people/";

fn filled() -> (std::sync::Arc<Library>, Bridge) {
    let library = Library::new();
    library.shelf(ItemKind::Event, "work", "Work & play");
    library.shelf(ItemKind::Event, "nameless", " ");
    library.shelf(ItemKind::Contact, "people", "People");
    library.put("work", "a.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    let bridge = Bridge::with_items(&library);
    (library, bridge)
}

async fn ask(bridge: &Bridge, path: &str, depth: &str, props: &str) -> Vec<Response> {
    let body = format!(
        "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:CR=\"urn:ietf:params:xml:ns:carddav\" xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\"><D:prop>{props}</D:prop></D:propfind>"
    );
    let answer = bridge
        .send("PROPFIND", path, &[("depth", depth)], body)
        .await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS, "{path}");
    multistatus(&answer.body)
}

#[tokio::test]
async fn a_principal_leads_to_its_homes() {
    let (_, bridge) = filled();
    let props = "<C:calendar-home-set/><CR:addressbook-home-set/><C:calendar-user-address-set/><D:group-member-set/><C:schedule-inbox-URL/>";
    for path in ["/dav/principals/anna/", "/dav/principals/anna"] {
        let responses = ask(&bridge, path, "0", props).await;
        let principal = &responses[0];
        assert_eq!(principal.href, "/dav/principals/anna/");
        for (tag, href) in [
            ("C:calendar-home-set", "/dav/calendars/anna/"),
            ("CR:addressbook-home-set", "/dav/addressbooks/anna/"),
            ("C:calendar-user-address-set", "/dav/principals/anna/"),
        ] {
            let value = format!("<D:href>{href}");
            assert_eq!(principal.prop(tag), Some(value.as_str()), "{tag}");
        }
        assert_eq!(principal.missing(), ["C:schedule-inbox-URL"]);
    }
    let root = ask(&bridge, "/", "0", props).await;
    assert_eq!(root[0].prop("C:calendar-home-set"), None);
}

#[tokio::test]
async fn a_home_lists_its_collections_with_their_types() {
    let (_, bridge) = filled();
    let props = "<D:resourcetype/><D:displayname/><CS:getctag/><D:sync-token/><A:calendar-color/>";
    let responses = ask(&bridge, "/dav/calendars/anna/", "1", props).await;
    let told: Vec<_> = responses
        .iter()
        .map(|response| (response.href.as_str(), response.name()))
        .collect();
    let expected = [
        ("/dav/calendars/anna/", "anna"),
        ("/dav/calendars/anna/work/", "Work & play"),
        ("/dav/calendars/anna/nameless/", "nameless"),
    ];
    assert_eq!(told, expected);
    assert_eq!(responses[0].prop("D:resourcetype"), Some("<D:collection>"));
    let work = &responses[1];
    assert_eq!(
        work.prop("D:resourcetype"),
        Some("<D:collection><C:calendar>")
    );
    assert_eq!(work.prop("CS:getctag"), Some("k1-1"));
    assert_eq!(work.prop("D:sync-token"), Some("urn:davbridge:sync:1:k1:1"));
    assert_eq!(work.prop("A:calendar-color"), Some("#AA0033FF"));
    let books = ask(&bridge, "/dav/addressbooks/anna", "1", props).await;
    assert_eq!(books[1].href, BOOK);
    assert_eq!(
        books[1].prop("D:resourcetype"),
        Some("<D:collection><CR:addressbook>")
    );
    assert_eq!(books[1].prop("A:calendar-color"), None);
}

#[tokio::test]
async fn a_calendar_tells_what_clients_need() {
    let (_, bridge) = filled();
    let props = "<D:resourcetype/><D:supported-report-set/><C:supported-calendar-component-set/><C:calendar-description/><C:supported-calendar-data/><C:supported-collation-set/><C:schedule-calendar-transp/><C:max-resource-size/><A:calendar-order/><C:calendar-timezone/><D:current-user-privilege-set/><D:owner/><D:getetag/><CR:supported-address-data/>";
    let answer = ask(&bridge, "/dav/calendars/anna/work", "0", props).await;
    let [calendar] = answer.as_slice() else {
        panic!("{answer:?}")
    };
    assert_eq!(calendar.href, CALENDAR);
    assert_eq!(calendar.propstats[0].0, "HTTP/1.1 200 OK");
    for (tag, value) in [
        ("C:supported-calendar-component-set", "<C:comp>"),
        ("C:calendar-description", "All of us"),
        ("C:supported-calendar-data", "<C:calendar-data>"),
        ("C:schedule-calendar-transp", "<C:opaque>"),
        ("A:calendar-order", "0"),
        ("D:owner", "<D:href>/dav/principals/anna/"),
    ] {
        assert_eq!(calendar.prop(tag), Some(value), "{tag}");
    }
    assert_eq!(
        calendar.missing(),
        [
            "C:calendar-timezone",
            "CR:supported-address-data",
            "D:getetag"
        ]
    );
    let privileges = calendar.prop("D:current-user-privilege-set").unwrap();
    assert!(!privileges.contains("write"), "{privileges}");
}

#[tokio::test]
async fn an_address_book_offers_vcard_3_alone() {
    let (_, bridge) = filled();
    let body = "<propfind xmlns=\"DAV:\"><prop><C:supported-address-data xmlns:C=\"urn:ietf:params:xml:ns:carddav\"/></prop></propfind>";
    let answer = bridge.send("PROPFIND", BOOK, &[("depth", "0")], body).await;
    assert!(answer.text().contains(
        "<CR:supported-address-data><CR:address-data-type content-type=\"text/vcard\" version=\"3.0\"/></CR:supported-address-data>"
    ));
    assert!(!answer.text().contains("4.0"));
}

#[tokio::test]
async fn members_have_strong_tags_and_types() {
    let (_, bridge) = filled();
    let answer = bridge.propfind(CALENDAR, "1").await;
    let responses = multistatus(&answer.body);
    let item = &responses[1];
    assert_eq!(item.href, "/dav/calendars/anna/work/a.ics");
    for (tag, value) in [
        ("D:resourcetype", ""),
        ("D:getcontenttype", "text/calendar; charset=utf-8"),
        ("D:getetag", "\"20-1\""),
        ("D:getcontentlength", "32"),
        ("D:getlastmodified", "Thu, 09 Oct 2025 08:55:20 GMT"),
        ("D:creationdate", "2025-10-09T08:53:20Z"),
    ] {
        assert_eq!(item.prop(tag), Some(value), "{tag}");
    }
    let alone = bridge.propfind("/dav/calendars/anna/work/a.ics", "0").await;
    let alone = multistatus(&alone.body);
    assert_eq!(alone[0].propstats, item.propstats);
}

/// Before the first complete look a collection is there, without a state; its contents are not
/// told, neither a part of them nor none.
#[tokio::test]
async fn before_the_first_look_contents_wait() {
    let (library, bridge) = filled();
    library.forget("work");
    let props = "<D:resourcetype/><CS:getctag/><D:sync-token/>";
    for (path, depth, at) in [(CALENDAR, "0", 0), ("/dav/calendars/anna/", "1", 1)] {
        let responses = ask(&bridge, path, depth, props).await;
        assert_eq!(responses[at].href, CALENDAR);
        assert_eq!(responses[at].missing(), ["CS:getctag", "D:sync-token"]);
    }
    let multiget = "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:href>/dav/calendars/anna/work/a.ics</D:href></C:calendar-multiget>";
    let sync = "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token/><D:prop/></D:sync-collection>";
    let item = "/dav/calendars/anna/work/a.ics";
    for (method, path, body) in [
        ("PROPFIND", CALENDAR, ""),
        ("REPORT", CALENDAR, multiget),
        ("REPORT", CALENDAR, sync),
        ("GET", item, ""),
        ("PROPFIND", item, ""),
    ] {
        let answer = bridge.send(method, path, &[], body).await;
        assert_eq!(
            answer.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{method} {path} {body}"
        );
        assert!(!answer.header("retry-after").is_empty());
    }
}

#[tokio::test]
async fn a_signed_out_account_keeps_its_collections() {
    let (library, bridge) = filled();
    *library.trouble.lock().unwrap() = Some(Kind::SignedOut);
    let props = "<D:resourcetype/><D:sync-token/>";
    let responses = ask(&bridge, "/dav/calendars/anna/", "1", props).await;
    assert_eq!(responses.len(), 3);
    let answer = bridge.propfind(CALENDAR, "1").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (_, bridge) = filled();
    for path in [
        "/dav/calendars/bob/",
        "/dav/calendars/anna/people/",
        "/dav/calendars/anna/nope/",
        "/dav/calendars/anna/work/nope.ics",
        "/dav/calendars/anna/work/a.ics/b",
        "/dav/addressbooks/anna/work/",
    ] {
        let answer = bridge.propfind(path, "0").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

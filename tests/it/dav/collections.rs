//! Homes, calendars and address books as they are discovered.

use davbridge::domain::{ConnectionId, Kind};
use http::StatusCode;

use crate::support::bridge::connection;
use crate::support::items::NAME;
use crate::support::library::{BOOK, CALENDAR, Library};
use crate::support::xml::{Response, multistatus};

fn filled() -> Library {
    let library = Library::with(&["a"]);
    library.events.describe("s1", |shelf| {
        shelf.name = "First &".to_owned();
        shelf.description = Some("All of us".to_owned());
        shelf.color = Some("#AA0033".to_owned());
        shelf.default = true;
    });
    library
}

async fn ask(library: &Library, path: &str, depth: &str, props: &str) -> Vec<Response> {
    let body = format!(
        "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:CR=\"urn:ietf:params:xml:ns:carddav\" xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\"><D:prop>{props}</D:prop></D:propfind>"
    );
    let answer = library
        .send("PROPFIND", path, &[("depth", depth)], body)
        .await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS, "{path}");
    multistatus(&answer.body)
}

#[tokio::test]
async fn a_principal_leads_to_its_homes() {
    let library = filled();
    let props = "<C:calendar-home-set/><CR:addressbook-home-set/><C:calendar-user-address-set/><D:group-member-set/><C:schedule-inbox-URL/>";
    for path in ["/dav/principals/anna/", "/dav/principals/anna"] {
        let responses = ask(&library, path, "0", props).await;
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
    let root = ask(&library, "/", "0", props).await;
    assert_eq!(root[0].prop("C:calendar-home-set"), None);
}

#[tokio::test]
async fn a_home_lists_its_collections_with_their_types() {
    let library = filled();
    library.propfind(CALENDAR, "1").await;
    let props = "<D:resourcetype/><D:displayname/><CS:getctag/><D:sync-token/><A:calendar-color/>";
    let responses = ask(&library, "/dav/calendars/anna/", "1", props).await;
    let told: Vec<_> = responses
        .iter()
        .map(|response| (response.href.as_str(), response.name()))
        .collect();
    let expected = [
        ("/dav/calendars/anna/", "anna"),
        ("/dav/calendars/anna/first/", "First &"),
        ("/dav/calendars/anna/second/", "Second"),
    ];
    assert_eq!(told, expected);
    assert_eq!(responses[0].prop("D:resourcetype"), Some("<D:collection>"));
    let work = &responses[1];
    assert_eq!(
        work.prop("D:resourcetype"),
        Some("<D:collection><C:calendar>")
    );
    assert!(work.prop("CS:getctag").unwrap().ends_with("-1"));
    let token = work.prop("D:sync-token").unwrap();
    assert!(token.starts_with("urn:davbridge:sync:"), "{token}");
    assert!(token.ends_with(":1"), "{token}");
    assert_eq!(work.prop("A:calendar-color"), Some("#AA0033FF"));
    let books = ask(&library, "/dav/addressbooks/anna", "1", props).await;
    assert_eq!(books[1].href, BOOK);
    assert_eq!(
        books[1].prop("D:resourcetype"),
        Some("<D:collection><CR:addressbook>")
    );
    assert_eq!(books[1].prop("A:calendar-color"), None);
}

#[tokio::test]
async fn a_calendar_tells_what_clients_need() {
    let library = filled();
    let props = "<D:resourcetype/><D:supported-report-set/><C:supported-calendar-component-set/><C:calendar-description/><C:supported-calendar-data/><C:supported-collation-set/><C:schedule-calendar-transp/><C:max-resource-size/><A:calendar-order/><C:calendar-timezone/><D:current-user-privilege-set/><D:owner/><D:getetag/><CR:supported-address-data/>";
    let answer = ask(&library, "/dav/calendars/anna/first", "0", props).await;
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
    let library = filled();
    let body = "<propfind xmlns=\"DAV:\"><prop><C:supported-address-data xmlns:C=\"urn:ietf:params:xml:ns:carddav\"/></prop></propfind>";
    let answer = library
        .send("PROPFIND", BOOK, &[("depth", "0")], body)
        .await;
    assert!(answer.text().contains(
        "<CR:supported-address-data><CR:address-data-type content-type=\"text/vcard\" version=\"3.0\"/></CR:supported-address-data>"
    ));
    assert!(!answer.text().contains("4.0"));
}

#[tokio::test]
async fn members_have_strong_tags_and_types() {
    let library = filled();
    let answer = library.propfind(CALENDAR, "1").await;
    let responses = multistatus(&answer.body);
    let item = &responses[1];
    assert_eq!(item.href, "/dav/calendars/anna/first/a.ics");
    let got = library.get(&item.href, &[]).await;
    for (tag, value) in [
        ("D:resourcetype", ""),
        ("D:displayname", "a.ics"),
        ("D:getcontenttype", "text/calendar; charset=utf-8"),
        ("D:getetag", got.header("etag")),
        ("D:getcontentlength", got.header("content-length")),
        ("D:getlastmodified", got.header("last-modified")),
    ] {
        assert_eq!(item.prop(tag), Some(value), "{tag}");
    }
    assert!(item.prop("D:creationdate").unwrap().ends_with('Z'));
    let alone = library.propfind(&item.href, "0").await;
    let alone = multistatus(&alone.body);
    assert_eq!(alone[0].propstats, item.propstats);
}

/// Before the first complete look a collection is there, without a state; its contents are not
/// told, neither a part of them nor none.
#[tokio::test]
async fn before_the_first_look_contents_wait() {
    let library = filled();
    library.spoil(Kind::Down);
    let props = "<D:resourcetype/><CS:getctag/><D:sync-token/>";
    for (path, depth, at) in [(CALENDAR, "0", 0), ("/dav/calendars/anna/", "1", 1)] {
        let responses = ask(&library, path, depth, props).await;
        assert_eq!(responses[at].href, CALENDAR);
        assert_eq!(responses[at].missing(), ["CS:getctag", "D:sync-token"]);
    }
    let multiget = "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:href>/dav/calendars/anna/first/a.ics</D:href></C:calendar-multiget>";
    let sync = "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token/><D:prop/></D:sync-collection>";
    let item = "/dav/calendars/anna/first/a.ics";
    for (method, path, body) in [
        ("PROPFIND", CALENDAR, ""),
        ("REPORT", CALENDAR, multiget),
        ("REPORT", CALENDAR, sync),
        ("GET", item, ""),
        ("PROPFIND", item, ""),
    ] {
        let answer = library.send(method, path, &[], body).await;
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
    let library = filled();
    library.propfind(CALENDAR, "1").await;
    let told = ask(&library, CALENDAR, "0", "<D:sync-token/>").await;
    let token = told[0].prop("D:sync-token").expect("a token").to_owned();
    library.spoil(Kind::SignedOut);
    library.later();
    assert_eq!(
        library.propfind(CALENDAR, "1").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let props = "<D:resourcetype/><D:sync-token/>";
    let responses = ask(&library, "/dav/calendars/anna/", "1", props).await;
    assert_eq!(responses.len(), 3);
    assert_eq!(ask(&library, CALENDAR, "0", props).await.len(), 1);
    // a client that has everything is to learn that it hears of nothing new
    let sync = format!(
        "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"
    );
    let synced = library.send("REPORT", CALENDAR, &[], sync).await;
    assert_eq!(synced.status, StatusCode::SERVICE_UNAVAILABLE);
}

/// Trouble of the cloud is no statement about what was there.
#[tokio::test]
async fn in_trouble_the_last_state_is_told() {
    let library = filled();
    let before = library.propfind(CALENDAR, "1").await;
    library.spoil(Kind::Down);
    library.later();
    let after = library.propfind(CALENDAR, "1").await;
    assert_eq!(after.text(), before.text());
}

/// With several accounts, names on devices tell which one it is.
#[tokio::test]
async fn names_carry_the_account_where_there_are_several() {
    let library = filled();
    let props = "<D:displayname/>";
    assert_eq!(
        ask(&library, CALENDAR, "0", props).await[0].name(),
        "First &"
    );
    let mut other = connection(NAME);
    other.id = ConnectionId(2);
    other.slug = "other".to_owned();
    other.account.label = "Bob".to_owned();
    library.connections.others.lock().unwrap().push(other);
    assert_eq!(
        ask(&library, CALENDAR, "0", props).await[0].name(),
        "First & (Anna)"
    );
    let responses = ask(&library, "/dav/calendars/anna/", "1", props).await;
    let names: Vec<&str> = responses[1..].iter().map(Response::name).collect();
    let expected = [
        "First & (Anna)",
        "Second (Anna)",
        "First & (Bob)",
        "Second (Bob)",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let library = filled();
    for path in [
        "/dav/calendars/bob/",
        "/dav/calendars/anna/nope/",
        "/dav/calendars/anna/first/nope.ics",
        "/dav/calendars/anna/first/a.ics/b",
        "/dav/addressbooks/anna/people/a.ics",
    ] {
        let answer = library.propfind(path, "0").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

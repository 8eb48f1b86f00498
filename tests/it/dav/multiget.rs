//! calendar-multiget and addressbook-multiget.

use std::fmt::Write;
use std::sync::Arc;

use davbridge::domain::ItemKind;
use http::StatusCode;

use crate::support::bridge::{Answer, Bridge};
use crate::support::library::Library;
use crate::support::xml::multistatus;

const CALENDAR: &str = "/dav/calendars/anna/work/";

fn filled(names: &[&str]) -> (Arc<Library>, Bridge) {
    let library = Library::new();
    library.shelf(ItemKind::Event, "work", "Work");
    library.shelf(ItemKind::Event, "other", "Other");
    for name in names {
        library.put(
            "work",
            name,
            &format!("BEGIN:VCALENDAR\r\nX-A:{name}\r\nEND:VCALENDAR\r\n"),
        );
    }
    let bridge = Bridge::with_items(&library);
    (library, bridge)
}

async fn ask(bridge: &Bridge, hrefs: impl IntoIterator<Item = impl AsRef<str>>) -> Answer {
    let mut body = String::from(
        "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><D:getetag/><C:calendar-data/></D:prop>",
    );
    for href in hrefs {
        write!(body, "<D:href>{}</D:href>", href.as_ref()).unwrap();
    }
    body.push_str("</C:calendar-multiget>");
    bridge.send("REPORT", CALENDAR, &[], body).await
}

#[tokio::test]
async fn each_address_is_answered_once_in_any_spelling() {
    let (_, bridge) = filled(&["a@b.ics", "c.ics"]);
    let answer = ask(
        &bridge,
        [
            "/dav/calendars/anna/work/c.ics",
            "/dav/calendars/anna/work/a@b.ics",
            "https://elsewhere:8443/dav/calendars/anna/work/a%40b.ics",
            "\n /dav/calendars/anna/work/nope%2eics \n",
            "/dav/calendars/anna/other/c.ics",
            "/dav/calendars/anna/work/",
            "c.ics",
            "/dav/%FF",
        ],
    )
    .await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let responses = multistatus(&answer.body);
    let told: Vec<_> = responses
        .iter()
        .map(|response| (response.href.as_str(), response.status.as_str()))
        .collect();
    let gone = "HTTP/1.1 404 Not Found";
    let expected = [
        ("/dav/calendars/anna/work/c.ics", ""),
        ("/dav/calendars/anna/work/a%40b.ics", ""),
        ("/dav/calendars/anna/work/nope.ics", gone),
        ("/dav/calendars/anna/other/c.ics", gone),
        ("/dav/calendars/anna/work/", gone),
        ("/c.ics", gone),
        ("/dav/%FF", gone),
    ];
    assert_eq!(told, expected);
    let text = "BEGIN:VCALENDAR\r\nX-A:c.ics\r\nEND:VCALENDAR\r\n";
    assert_eq!(responses[0].prop("C:calendar-data"), Some(text));
    assert!(responses[0].prop("D:getetag").unwrap().starts_with('"'));
}

#[tokio::test]
async fn ten_thousand_addresses_are_answered() {
    let (library, bridge) = filled(&["c.ics"]);
    let hrefs = (0..10_000).map(|number| format!("{CALENDAR}{number}.ics"));
    let answer = ask(&bridge, hrefs.chain([format!("{CALENDAR}c.ics")])).await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses.len(), 10_001);
    assert!(responses[10_000].prop("C:calendar-data").is_some());
    assert_eq!(library.read.lock().unwrap().len(), 10_001);
    let longer = (0..110_000).map(|number| number.to_string());
    let answer = ask(&bridge, longer).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_text_is_told_unasked() {
    let (_, bridge) = filled(&["c.ics"]);
    let body = "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><D:getetag/></D:prop><D:href>/dav/calendars/anna/work/c.ics</D:href></C:calendar-multiget>";
    let answer = bridge.send("REPORT", CALENDAR, &[], body).await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses[0].propstats.len(), 1);
    assert!(!answer.text().contains("VCALENDAR"));
    // A PROPFIND has no data at all.
    let body = "<D:propfind xmlns:D=\"DAV:\"><D:prop><C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/></D:prop></D:propfind>";
    let answer = bridge.send("PROPFIND", CALENDAR, &[], body).await;
    assert_eq!(multistatus(&answer.body)[1].missing(), ["C:calendar-data"]);
}

#[tokio::test]
async fn reports_work_where_they_are_told_to() {
    let (_, bridge) = filled(&["c.ics"]);
    let cards = "<C:addressbook-multiget xmlns:C=\"urn:ietf:params:xml:ns:carddav\"/>";
    let answer = bridge.send("REPORT", CALENDAR, &[], cards).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("<D:supported-report/>"));
    let body =
        "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:supported-report-set/></D:prop></D:propfind>";
    let answer = bridge
        .send("PROPFIND", CALENDAR, &[("depth", "0")], body)
        .await;
    let multiget =
        "<D:supported-report><D:report><C:calendar-multiget/></D:report></D:supported-report>";
    assert!(answer.text().contains(multiget), "{}", answer.text());
    let nowhere = bridge
        .send("REPORT", "/dav/calendars/anna/nope/", &[], cards)
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

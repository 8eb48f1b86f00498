//! calendar-multiget and addressbook-multiget.

use std::fmt::Write;

use http::StatusCode;

use crate::support::bridge::Answer;
use crate::support::library::{CALENDAR, Library};
use crate::support::xml::multistatus;

async fn ask(library: &Library, hrefs: impl IntoIterator<Item = impl AsRef<str>>) -> Answer {
    let mut body = String::from(
        "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><D:getetag/><C:calendar-data/></D:prop>",
    );
    for href in hrefs {
        write!(body, "<D:href>{}</D:href>", href.as_ref()).unwrap();
    }
    body.push_str("</C:calendar-multiget>");
    library.send("REPORT", CALENDAR, &[], body).await
}

#[tokio::test]
async fn each_address_is_answered_once_in_any_spelling() {
    let library = Library::with(&["a", "c"]);

    let answer = ask(
        &library,
        [
            "/dav/calendars/anna/first/c.ics",
            "/dav/calendars/anna/first/a.ics",
            "https://elsewhere:8443/dav/calendars/%61nna/first/a%2Eics",
            "\n /dav/calendars/anna/first/nope%2eics \n",
            "/dav/calendars/anna/second/c.ics",
            "/dav/calendars/anna/first/",
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
        ("/dav/calendars/anna/first/c.ics", ""),
        ("/dav/calendars/anna/first/a.ics", ""),
        ("/dav/calendars/anna/first/nope.ics", gone),
        ("/dav/calendars/anna/second/c.ics", gone),
        ("/dav/calendars/anna/first/", gone),
        ("/c.ics", gone),
        ("/dav/%FF", gone),
    ];
    assert_eq!(told, expected);
    let got = library.get(&responses[0].href, &[]).await;
    assert_eq!(responses[0].prop("C:calendar-data"), Some(got.text()));
    assert_eq!(responses[0].prop("D:getetag"), Some(got.header("etag")));
}

#[tokio::test]
async fn ten_thousand_addresses_are_answered() {
    let library = Library::with(&["c"]);
    library.propfind(CALENDAR, "1").await;
    let hrefs = (0..10_000).map(|number| format!("{CALENDAR}{number}.ics"));
    let answer = ask(&library, hrefs.chain([format!("{CALENDAR}c.ics")])).await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses.len(), 10_001);
    assert!(responses[10_000].prop("C:calendar-data").is_some());
    assert_eq!(answer.calls, 0);
    let longer = (0..110_000).map(|number| number.to_string());
    let answer = ask(&library, longer).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_text_is_told_unasked() {
    let library = Library::with(&["c"]);
    let body = "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><D:getetag/></D:prop><D:href>/dav/calendars/anna/first/c.ics</D:href></C:calendar-multiget>";
    let answer = library.send("REPORT", CALENDAR, &[], body).await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses[0].propstats.len(), 1);
    assert!(!answer.text().contains("calendar-data"));
    // A PROPFIND has no data at all.
    let body = "<D:propfind xmlns:D=\"DAV:\"><D:prop><C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/></D:prop></D:propfind>";
    let answer = library.send("PROPFIND", CALENDAR, &[], body).await;
    assert_eq!(multistatus(&answer.body)[1].missing(), ["C:calendar-data"]);
}

#[tokio::test]
async fn reports_work_where_they_are_told_to() {
    let library = Library::with(&["c"]);
    let cards = "<C:addressbook-multiget xmlns:C=\"urn:ietf:params:xml:ns:carddav\"/>";
    let answer = library.send("REPORT", CALENDAR, &[], cards).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("<D:supported-report/>"));
    let body =
        "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:supported-report-set/></D:prop></D:propfind>";
    let answer = library
        .send("PROPFIND", CALENDAR, &[("depth", "0")], body)
        .await;
    let multiget =
        "<D:supported-report><D:report><C:calendar-multiget/></D:report></D:supported-report>";
    assert!(answer.text().contains(multiget), "{}", answer.text());
    let nowhere = library
        .send("REPORT", "/dav/calendars/anna/nope/", &[], cards)
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

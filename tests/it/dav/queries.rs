//! calendar-query and addressbook-query over the copy; the filters themselves have tests of
//! their own.

use davbridge::domain::{Event, Moment, Part};
use http::StatusCode;

use crate::support::bridge::Answer;
use crate::support::items::Sample;
use crate::support::library::{BOOK, CALENDAR, Library, noon};
use crate::support::xml::multistatus;

const EVENTS: &str =
    "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"/></C:comp-filter>";

async fn calendar(library: &Library, props: &str, filter: &str, more: &str) -> Answer {
    let body = format!(
        "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop>{props}</D:prop><C:filter>{filter}</C:filter>{more}</C:calendar-query>"
    );
    library
        .send("REPORT", CALENDAR, &[("depth", "1")], body)
        .await
}

async fn book(library: &Library, filter: &str, more: &str) -> Answer {
    let body = format!(
        "<C:addressbook-query xmlns:C=\"urn:ietf:params:xml:ns:carddav\" xmlns:D=\"DAV:\"><D:prop><D:getetag/><C:address-data/></D:prop>{filter}{more}</C:addressbook-query>"
    );
    library.send("REPORT", BOOK, &[], body).await
}

/// Last parts of the addresses told, sorted.
fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::MULTI_STATUS, "{}", answer.text());
    let mut names: Vec<String> = multistatus(&answer.body)
        .iter()
        .map(|response| response.href.rsplit('/').next().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn titled(title: &str) -> String {
    format!(
        "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>{title}</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>"
    )
}

#[tokio::test]
async fn events_are_found() {
    let library = Library::new();
    library.put("a", "Lunch");
    library.put("b", "Dinner");
    let all = calendar(&library, "<D:getetag/>", EVENTS, "").await;
    assert_eq!(names(&all), ["a.ics", "b.ics"]);
    let listed = library.propfind(CALENDAR, "1").await;
    let listed = multistatus(&listed.body);
    for response in multistatus(&all.body) {
        let same = listed.iter().find(|one| one.href == response.href).unwrap();
        assert_eq!(response.prop("D:getetag"), same.prop("D:getetag"));
    }
    let some = calendar(&library, "<C:calendar-data/>", &titled("DINN"), "").await;
    assert_eq!(names(&some), ["b.ics"]);
    let data = multistatus(&some.body);
    assert!(
        data[0]
            .prop("C:calendar-data")
            .unwrap()
            .contains("SUMMARY:Dinner\r\n")
    );
    let todo = EVENTS.replace("VEVENT", "VTODO");
    assert!(names(&calendar(&library, "<D:getetag/>", &todo, "").await).is_empty());
}

#[tokio::test]
async fn one_event_can_be_asked() {
    let library = Library::with(&["a", "b"]);
    let ask = async |title: &str| {
        let filter = titled(title);
        let body = format!(
            "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:filter>{filter}</C:filter></C:calendar-query>"
        );
        let path = format!("{CALENDAR}a.ics");
        names(&library.send("REPORT", &path, &[], body).await)
    };
    assert_eq!(ask("title").await, ["a.ics"]);
    assert!(ask("other").await.is_empty());
}

#[tokio::test]
async fn cards_are_found() {
    let library = Library::new();
    library.contacts.put("a", "s1", "Ünal", noon());
    library.contacts.put("b", "s1", "Bob", noon());
    assert_eq!(names(&book(&library, "", "").await), ["a.vcf", "b.vcf"]);
    let filter = "<C:filter><C:prop-filter name=\"FN\"><C:text-match>üNA</C:text-match></C:prop-filter></C:filter>";
    let found = book(&library, filter, "").await;
    assert_eq!(names(&found), ["a.vcf"]);
    let card = multistatus(&found.body);
    assert!(card[0].prop("CR:address-data").unwrap().contains("FN:Ünal"));
}

/// RFC 6352 §8.6.2
#[tokio::test]
async fn a_limit_is_told() {
    let library = Library::new();
    for name in ["a", "b", "c"] {
        library.contacts.put(name, "s1", name, noon());
    }
    for (most, told) in [(1, 1), (2, 2), (3, 3), (9, 3)] {
        let limit = format!("<C:limit><C:nresults>{most}</C:nresults></C:limit>");
        let answer = book(&library, "", &limit).await;
        let responses = multistatus(&answer.body);
        let (cut, items): (Vec<_>, Vec<_>) = responses
            .iter()
            .partition(|response| !response.status.is_empty());
        assert_eq!(items.len(), told, "{most}");
        assert_eq!(cut.len(), usize::from(told < 3), "{most}");
        if let Some(cut) = cut.first() {
            assert_eq!(cut.status, "HTTP/1.1 507 Insufficient Storage");
            assert_eq!(cut.href, BOOK);
            assert!(
                answer
                    .text()
                    .contains("<D:number-of-matches-within-limits/>")
            );
        }
    }
}

#[tokio::test]
async fn broken_queries_are_refused() {
    let library = Library::with(&["a"]);
    let broken = calendar(&library, "", "<C:comp-filter name=\"VEVENT\"/>", "").await;
    assert_eq!(broken.status, StatusCode::FORBIDDEN);
    assert!(broken.text().contains("<D:error xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:valid-filter/></D:error>"));
    let json = "<C:calendar-data content-type=\"application/calendar+json\"/>";
    let json = calendar(&library, json, EVENTS, "").await;
    assert_eq!(json.status, StatusCode::FORBIDDEN);
    assert!(json.text().contains("<C:supported-calendar-data/>"));
    let unknown = "<C:filter><C:prop-filter name=\"FN\"><C:text-match collation=\"x\">a</C:text-match></C:prop-filter></C:filter>";
    let unknown = book(&library, unknown, "").await;
    assert_eq!(unknown.status, StatusCode::FORBIDDEN);
    assert!(unknown.text().contains("<CR:supported-collation/>"));
}

/// A large calendar is answered in pieces, and completely.
#[tokio::test]
async fn two_thousand_events_are_found() {
    let library = Library::new();
    for number in 0..2_000 {
        library.put(&format!("e{number}"), "Lunch");
    }
    let answer = calendar(
        &library,
        "<D:getetag/><C:calendar-data/>",
        &titled("lunch"),
        "",
    )
    .await;
    assert_eq!(names(&answer).len(), 2_000);
    assert!(!answer.broken);
}

/// Noon to one o'clock, in the form of the protocol.
fn lunch() -> (String, String) {
    let at = |minutes| (noon() + chrono::TimeDelta::minutes(minutes)).format("%Y%m%dT%H%M%SZ");
    (at(0).to_string(), at(60).to_string())
}

#[tokio::test]
async fn time_ranges_and_expansion_work_over_the_copy() {
    let library = Library::with(&["a"]);
    let (start, end) = lunch();
    let within = |start: &str, end: &str| {
        format!(
            "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range start=\"{start}\" end=\"{end}\"/></C:comp-filter></C:comp-filter>"
        )
    };
    let data =
        format!("<C:calendar-data><C:expand start=\"{start}\" end=\"{end}\"/></C:calendar-data>");
    let found = calendar(&library, &data, &within(&start, &end), "").await;
    assert_eq!(names(&found), ["a.ics"]);
    assert!(found.text().contains(&format!("DTSTART:{start}")));
    let before = within("20200101T000000Z", &start);
    assert!(names(&calendar(&library, &data, &before, "").await).is_empty());
    let half = format!("<C:calendar-data><C:expand start=\"{start}\"/></C:calendar-data>");
    let half = calendar(&library, &half, EVENTS, "").await;
    assert_eq!(half.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn busy_times_are_told() {
    let library = Library::with(&["a"]);
    let (start, end) = lunch();
    let ask = async |range: &str| {
        let body = format!(
            "<C:free-busy-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:time-range {range}/></C:free-busy-query>"
        );
        library
            .send("REPORT", CALENDAR, &[("depth", "1")], body)
            .await
    };
    let answer = ask(&format!("start=\"20200101T000000Z\" end=\"{end}\"")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    let busy = format!("FREEBUSY;FBTYPE=BUSY:{start}/{end}");
    assert!(answer.text().contains(&busy), "{}", answer.text());
    for range in ["", "start=\"20200101T000000Z\"", "start=\"x\" end=\"y\""] {
        assert_eq!(ask(range).await.status, StatusCode::BAD_REQUEST, "{range}");
    }
}

/// A day that the filter lets pass, because it may be in the range by somebody's clock, is told
/// with its day; an event that passes for another reason is left out.
#[tokio::test]
async fn no_expanded_event_is_told_without_an_instance() {
    let library = Library::new();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let mut event = Event::sample("Day", noon());
    (event.start, event.end) = (Some(Moment::Date(day)), None);
    let row = vec![(Part::Master, event)];
    library.events.put_rows("day", "s1", row, None);
    library.put("far", "Lunch");
    let range = "start=\"20260302T000000Z\" end=\"20260303T000000Z\"";
    let data = format!("<D:getetag/><C:calendar-data><C:expand {range}/></C:calendar-data>");
    let within = format!(
        "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range {range}/></C:comp-filter></C:comp-filter>"
    );
    for filter in [within.as_str(), EVENTS] {
        let found = calendar(&library, &data, filter, "").await;
        assert_eq!(names(&found), ["day.ics"], "{filter}");
        let told = multistatus(&found.body);
        let text = told[0].prop("C:calendar-data").unwrap();
        assert!(text.contains("DTSTART;VALUE=DATE:20260301"), "{text}");
    }
    let zone = "<C:timezone-id>Europe/Zurich</C:timezone-id>";
    assert!(names(&calendar(&library, &data, EVENTS, zone).await).is_empty());
    let href = format!("<D:href>{CALENDAR}far.ics</D:href>");
    let body = format!(
        "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop>{data}</D:prop>{href}</C:calendar-multiget>"
    );
    let got = library.send("REPORT", CALENDAR, &[], body).await;
    let told = multistatus(&got.body);
    assert!(told[0].prop("D:getetag").is_some(), "it is there");
    assert_eq!(told[0].missing(), ["C:calendar-data"]);
}

/// Texts are read while the answer goes out, so that a large collection needs little memory: what
/// is removed meanwhile is not told, everything else is, once.
#[tokio::test]
async fn a_large_calendar_is_read_piece_by_piece() {
    const COUNT: usize = 700;
    let whole = "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><C:calendar-data/></D:prop><C:filter>FILTER</C:filter></C:calendar-query>";
    for (method, filter) in [
        ("REPORT", titled("lunch")),
        ("REPORT", EVENTS.to_owned()),
        ("GET", String::new()),
    ] {
        let library = Library::new();
        for number in 0..COUNT {
            library.put(&format!("e{number:03}"), "Lunch");
        }
        library.propfind(CALENDAR, "1").await;
        let body = whole.replace("FILTER", &filter);
        let mut answer = library.begin(method, CALENDAR, &[], body).await;
        let mut text = answer.some().await.unwrap();
        library.events.remove("e699");
        library.put("e698", "Lunch, later");
        library.later();
        library.propfind(CALENDAR, "1").await;
        while let Some(more) = answer.some().await {
            text.push_str(&more);
        }
        assert_eq!(text.matches("BEGIN:VEVENT").count(), COUNT - 1, "{filter}");
        assert_eq!(
            text.matches("SUMMARY:Lunch\\, later").count(),
            1,
            "{filter}"
        );
    }
}

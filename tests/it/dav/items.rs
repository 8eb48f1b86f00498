//! GET and HEAD of items, and of whole collections.

use davbridge::domain::{Event, Kind, Moment, Part};
use http::StatusCode;

use crate::support::items::Sample;
use crate::support::library::{BOOK, CALENDAR, Library, noon};

#[tokio::test]
async fn an_item_is_its_text() {
    let library = Library::new();
    library.contacts.put("a", "s1", "Ünal", noon());
    let path = format!("{BOOK}a.vcf");
    let answer = library.get(&path, &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("Ünal"));
    let length = answer.body.len().to_string();
    assert_eq!(answer.header("content-length"), length);
    assert_eq!(answer.header("content-type"), "text/vcard; charset=utf-8");
    let etag = answer.header("etag");
    assert!(etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'));
    assert!(answer.header("last-modified").ends_with("GMT"));
    let head = library.send("HEAD", &path, &[], "").await;
    assert!(head.body.is_empty());
    assert_eq!(head.headers, answer.headers);
}

#[tokio::test]
async fn conditions_hold() {
    let library = Library::with(&["a"]);
    let path = "/dav/calendars/anna/first/a.ics";
    let first = library.get(path, &[]).await;
    let etag = first.header("etag");
    for (name, value, status) in [
        ("if-none-match", etag, StatusCode::NOT_MODIFIED),
        ("if-none-match", "\"other\"", StatusCode::OK),
        ("if-match", "\"other\"", StatusCode::PRECONDITION_FAILED),
        ("if-match", etag, StatusCode::OK),
        (
            "if-modified-since",
            first.header("last-modified"),
            StatusCode::NOT_MODIFIED,
        ),
    ] {
        let answer = library.get(path, &[(name, value)]).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        assert_eq!(answer.header("etag"), etag);
        assert_eq!(answer.body.is_empty(), status != StatusCode::OK);
    }
}

#[tokio::test]
async fn a_collection_is_one_file() {
    let library = Library::new();
    library.put("a", "Lunch");
    library.put("b", "Dinner");
    library.contacts.put("a", "s1", "Anna", noon());
    library.contacts.put("b", "s1", "Bob", noon());
    for (path, kind, name, begin, count) in [
        (
            CALENDAR,
            "text/calendar",
            "first.ics",
            "BEGIN:VEVENT\r\n",
            2,
        ),
        (
            CALENDAR,
            "text/calendar",
            "first.ics",
            "BEGIN:VCALENDAR\r\n",
            1,
        ),
        (BOOK, "text/vcard", "people.vcf", "BEGIN:VCARD\r\n", 2),
    ] {
        let answer = library.get(path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.text().matches(begin).count(), count, "{path}");
        assert_eq!(
            answer.header("content-type"),
            format!("{kind}; charset=utf-8")
        );
        let file = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.header("content-disposition"), file);
        let head = library.send("HEAD", path, &[], "").await;
        assert!(head.body.is_empty() && head.header("content-length").is_empty());
        let etag = [("if-none-match", answer.header("etag"))];
        let same = library.get(path, &etag).await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    }
}

/// A zone is defined from the first event on that needs it.
#[tokio::test]
async fn one_file_defines_zones_for_the_oldest_event() {
    let library = Library::new();
    for (id, at) in [
        ("1", "2026-06-01T12:00:00+02:00"),
        ("2", "1965-06-01T12:00:00+01:00"),
    ] {
        let mut event = Event::sample("x", noon());
        let at = at.parse().unwrap();
        let zone = "Europe/Zurich".to_owned();
        (event.start, event.end) = (Some(Moment::Zoned { at, zone }), None);
        let parts = vec![(Part::Master, event)];
        library.events.put_rows(id, "s1", parts, None);
    }
    let zones = |text: &str| -> Vec<String> {
        let calendar = davbridge::text::parse(text).unwrap();
        let zones = calendar.inside("VTIMEZONE");
        zones.map(davbridge::text::Component::write).collect()
    };
    let [new, old] = ["1", "2"].map(|id| format!("{CALENDAR}{id}.ics"));
    let (new, old) = (library.get(&new, &[]).await, library.get(&old, &[]).await);
    assert_ne!(zones(new.text()), zones(old.text()));
    let whole = library.get(CALENDAR, &[]).await;
    assert_eq!(zones(whole.text()), zones(old.text()));
}

#[tokio::test]
async fn before_the_first_look_there_is_no_file() {
    let library = Library::with(&["a"]);
    library.spoil(Kind::Down);
    let answer = library.get(CALENDAR, &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn homes_are_pages() {
    let library = Library::new();
    let answer = library.get("/dav/calendars/anna/", &[]).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(
        answer
            .text()
            .contains("href=\"/dav/calendars/anna/first/\"")
    );
    let answer = library.get("/dav/principals/anna/", &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
}

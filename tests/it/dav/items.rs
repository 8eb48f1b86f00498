//! GET and HEAD of items, and of whole collections.

use davbridge::domain::Kind;
use http::StatusCode;

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

//! GET and HEAD of items.

use http::StatusCode;

use crate::support::library::{BOOK, Library, noon};

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

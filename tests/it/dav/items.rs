//! GET and HEAD of items.

use davbridge::domain::ItemKind;
use http::StatusCode;

use crate::support::bridge::Bridge;
use crate::support::library::Library;

const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nN:Ü;;;;\r\nFN:Ü\r\nEND:VCARD\r\n";
const PATH: &str = "/dav/addressbooks/anna/people/a.vcf";

fn filled() -> Bridge {
    let library = Library::new();
    library.shelf(ItemKind::Contact, "people", "People");
    library.put("people", "a.vcf", CARD);
    Bridge::with_items(&library)
}

#[tokio::test]
async fn an_item_is_its_text() {
    let bridge = filled();
    let answer = bridge.get(PATH, &[]).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, CARD));
    let length = CARD.len().to_string();
    for (name, value) in [
        ("content-type", "text/vcard; charset=utf-8"),
        ("content-length", length.as_str()),
        ("last-modified", "Thu, 09 Oct 2025 08:55:20 GMT"),
        ("etag", "\"3d-1\""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let head = bridge.send("HEAD", PATH, &[], "").await;
    assert!(head.body.is_empty());
    assert_eq!(head.headers, answer.headers);
}

#[tokio::test]
async fn conditions_hold() {
    let bridge = filled();
    for (name, value, status) in [
        ("if-none-match", "\"3d-1\"", StatusCode::NOT_MODIFIED),
        ("if-none-match", "\"other\"", StatusCode::OK),
        ("if-match", "\"other\"", StatusCode::PRECONDITION_FAILED),
        ("if-match", "\"3d-1\"", StatusCode::OK),
        (
            "if-modified-since",
            "Thu, 09 Oct 2025 08:55:20 GMT",
            StatusCode::NOT_MODIFIED,
        ),
    ] {
        let answer = bridge.get(PATH, &[(name, value)]).await;
        assert_eq!(answer.status, status, "{name}: {value}");
        assert_eq!(answer.header("etag"), "\"3d-1\"");
        assert_eq!(answer.body.is_empty(), status != StatusCode::OK);
    }
}

//! GET and HEAD.

use bytes::Bytes;
use davbridge::domain::EntryId;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::reference::{Faults, ROOT, Reference};

fn root() -> EntryId {
    EntryId::new(ROOT)
}

fn pattern(length: usize) -> Bytes {
    (0..length)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect()
}

#[tokio::test]
async fn the_whole_file_with_its_headers() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "photo.jpg", pattern(300_000));
    let bridge = Bridge::over(&cloud);
    let path = format!("{DRIVE}/photo.jpg");
    let answer = bridge.get(&path, &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, pattern(300_000));
    for (name, value) in [
        ("content-length", "300000"),
        ("content-type", "image/jpeg"),
        ("etag", "\"2-1\""),
        ("last-modified", "Thu, 09 Oct 2025 08:55:20 GMT"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let head = bridge.send("HEAD", &path, &[], "").await;
    assert_eq!(
        (head.status, head.calls, head.body.len()),
        (StatusCode::OK, 0, 0),
        "HEAD asks for no content"
    );
    assert_eq!(head.header("content-length"), "300000");
}

#[tokio::test]
async fn ranges_are_exact() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", pattern(1000));
    cloud.put(&root(), "empty", "");
    let bridge = Bridge::over(&cloud);
    let path = format!("{DRIVE}/f");
    let cases = [
        ("bytes=0-0", 0..1, "bytes 0-0/1000"),
        ("bytes=0-999", 0..1000, "bytes 0-999/1000"),
        ("bytes=500-", 500..1000, "bytes 500-999/1000"),
        ("bytes=-1", 999..1000, "bytes 999-999/1000"),
        ("bytes=-5000", 0..1000, "bytes 0-999/1000"),
        ("bytes=990-2000", 990..1000, "bytes 990-999/1000"),
    ];
    for (range, expected, told) in cases {
        let answer = bridge.get(&path, &[("range", range)]).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(answer.body, pattern(1000).slice(expected), "{range}");
        assert_eq!(answer.header("content-range"), told);
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string()
        );
    }
    let answer = bridge.get(&path, &[("range", "bytes=1000-")]).await;
    assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(answer.header("content-range"), "bytes */1000");
    for whole in ["bytes=5-2", "bytes=x", "lines=1-2", "bytes=0-1,3-4"] {
        let answer = bridge.get(&path, &[("range", whole)]).await;
        assert_eq!(
            (answer.status, answer.body.len()),
            (StatusCode::OK, 1000),
            "{whole}"
        );
    }
    let answer = bridge
        .get(&format!("{DRIVE}/empty"), &[("range", "bytes=0-")])
        .await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn conditions_are_judged() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", pattern(10));
    let bridge = Bridge::over(&cloud);
    let path = format!("{DRIVE}/f");
    let cases: [(&str, &str, StatusCode); 12] = [
        ("if-none-match", "\"2-1\"", StatusCode::NOT_MODIFIED),
        ("if-none-match", "W/\"2-1\"", StatusCode::NOT_MODIFIED),
        ("if-none-match", "*", StatusCode::NOT_MODIFIED),
        ("if-none-match", "\"other\"", StatusCode::OK),
        ("if-none-match", "JoplinIgnore-1", StatusCode::OK),
        ("if-none-match", "\"", StatusCode::OK),
        ("if-match", "\"2-1\"", StatusCode::OK),
        ("if-match", "\"other\"", StatusCode::PRECONDITION_FAILED),
        ("if-match", "\"", StatusCode::PRECONDITION_FAILED),
        (
            "if-modified-since",
            "Thu, 09 Oct 2025 08:55:20 GMT",
            StatusCode::NOT_MODIFIED,
        ),
        ("if-modified-since", "not a date", StatusCode::OK),
        (
            "if-unmodified-since",
            "Thu, 09 Oct 2025 08:55:19 GMT",
            StatusCode::PRECONDITION_FAILED,
        ),
    ];
    bridge.get(&path, &[]).await;
    for (name, value, expected) in cases {
        let answer = bridge.get(&path, &[(name, value)]).await;
        assert_eq!(answer.status, expected, "{name}: {value}");
        if expected != StatusCode::OK {
            assert_eq!(
                (answer.calls, answer.body.len()),
                (0, 0),
                "{name}: {value} asks for no content"
            );
        }
    }
    let stale = [("range", "bytes=0-4"), ("if-range", "\"other\"")];
    assert_eq!(bridge.get(&path, &stale).await.status, StatusCode::OK);
    let good = [("range", "bytes=0-4"), ("if-range", "\"2-1\"")];
    assert_eq!(
        bridge.get(&path, &good).await.status,
        StatusCode::PARTIAL_CONTENT
    );
}

#[tokio::test]
async fn a_file_changed_since_it_was_listed_is_judged_anew() {
    let cloud = Reference::new(false);
    let id = cloud.put(&root(), "f", pattern(10));
    let bridge = Bridge::over(&cloud);
    let path = format!("{DRIVE}/f");
    bridge.propfind(DRIVE, "1").await;
    cloud.replace(&id, pattern(20));
    let answer = bridge.get(&path, &[]).await;
    assert_eq!(
        (answer.status, answer.header("etag")),
        (StatusCode::OK, "\"2-2\"")
    );
    assert_eq!(answer.body, pattern(20));
    cloud.replace(&id, pattern(5));
    let page = [("range", "bytes=8-15"), ("if-match", "\"2-2\"")];
    let answer = bridge.get(&path, &page).await;
    assert_eq!(
        answer.status,
        StatusCode::PRECONDITION_FAILED,
        "the condition is judged against the new file"
    );
}

#[tokio::test]
async fn growth_is_noticed_without_being_told() {
    let cloud = Reference::new(false);
    let id = cloud.put(&root(), "f", pattern(10));
    let bridge = Bridge::over(&cloud);
    bridge.propfind(DRIVE, "1").await;
    cloud.set_faults(Faults {
        no_total: true,
        ..Faults::default()
    });
    let path = format!("{DRIVE}/f");
    assert_eq!(bridge.get(&path, &[]).await.body, pattern(10));
    cloud.replace(&id, pattern(11));
    assert_eq!(bridge.get(&path, &[]).await.body, pattern(11));
}

#[tokio::test]
async fn a_deleted_file_is_gone_and_a_hidden_one_is_trouble() {
    let cloud = Reference::new(false);
    let id = cloud.put(&root(), "f", "x");
    let bridge = Bridge::over(&cloud);
    bridge.propfind(DRIVE, "1").await;
    cloud.delete(&id);
    let path = format!("{DRIVE}/f");
    assert_eq!(bridge.get(&path, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bridge.list(DRIVE).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn content_that_ends_early_breaks_off_and_is_never_padded() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", pattern(5000));
    let bridge = Bridge::over(&cloud);
    cloud.set_faults(Faults {
        cut_after: Some(2500),
        ..Faults::default()
    });
    let answer = bridge.get(&format!("{DRIVE}/f"), &[]).await;
    assert!(answer.broken);
    assert_eq!(answer.body, pattern(5000).slice(..2500));
    cloud.set_faults(Faults {
        cut_after: Some(0),
        ..Faults::default()
    });
    let answer = bridge.get(&format!("{DRIVE}/f"), &[]).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "an error before the first byte is an error"
    );
}

#[tokio::test]
async fn a_collection_is_a_page() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "<script>", "x");
    let bridge = Bridge::over(&cloud);
    let answer = bridge.get(&format!("{DRIVE}/"), &[]).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(
        answer
            .text()
            .contains("href=\"/dav/files/anna/ref/drive/%3Cscript%3E\">&lt;script&gt;</a>")
    );
    let head = bridge.send("HEAD", DRIVE, &[], "").await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
}

//! sync-collection.

use http::StatusCode;

use crate::support::bridge::Answer;
use crate::support::library::{BOOK, CALENDAR, Library, noon};
use crate::support::xml::{multistatus, sync_token};

fn filled() -> Library {
    Library::with(&["a", "b", "c"])
}

/// An event is taken away, and seen to be.
fn remove(library: &Library, id: &str) {
    library.events.remove(id);
    library.later();
}

/// Asks for what changed since a token.
pub async fn sync(library: &Library, path: &str, token: &str, more: &str) -> Answer {
    sync_as(library, path, token, more, &[]).await
}

async fn sync_as(
    library: &Library,
    path: &str,
    token: &str,
    more: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let body = format!(
        "<sync-collection xmlns=\"DAV:\"><sync-token>{token}</sync-token><sync-level>1</sync-level>{more}<prop><getetag/></prop></sync-collection>"
    );
    library.send("REPORT", path, headers, body).await
}

/// Names told, those of removed items with a minus before.
fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let name = |response: &crate::support::xml::Response| {
        let name = response.href.rsplit('/').next().unwrap();
        match response.status.as_str() {
            "" => {
                assert!(response.prop("D:getetag").is_some());
                name.to_owned()
            }
            "HTTP/1.1 404 Not Found" => format!("-{name}"),
            "HTTP/1.1 507 Insufficient Storage" => {
                assert_eq!(response.href, CALENDAR);
                "more".to_owned()
            }
            other => panic!("{other}"),
        }
    };
    multistatus(&answer.body).iter().map(name).collect()
}

#[tokio::test]
async fn what_changed_since_is_told() {
    let library = filled();
    library.propfind(CALENDAR, "1").await;
    remove(&library, "b");
    let first = sync(&library, CALENDAR, "", "").await;
    assert_eq!(names(&first), ["a.ics", "c.ics"], "no removals at first");
    let token = sync_token(&first.body);
    assert!(token.ends_with(":4"), "{token}");
    let again = sync(&library, CALENDAR, &token, "").await;
    assert!(names(&again).is_empty());
    assert_eq!(sync_token(&again.body), token);
    library.put("a", "changed");
    remove(&library, "c");
    let changes = sync(&library, CALENDAR, &format!("\n {token} "), "").await;
    assert_eq!(names(&changes), ["a.ics", "-c.ics"]);
    let told = sync_token(&changes.body);
    let answer = library.propfind(CALENDAR, "0").await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let body = "<propfind xmlns=\"DAV:\"><prop><sync-token/></prop></propfind>";
    let answer = library
        .send("PROPFIND", CALENDAR, &[("depth", "0")], body)
        .await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses[0].prop("D:sync-token"), Some(told.as_str()));
}

#[tokio::test]
async fn a_limit_is_kept_and_the_rest_follows() {
    let library = filled();
    library.propfind(CALENDAR, "1").await;
    remove(&library, "a");
    let limit = |most| format!("<limit><nresults>{most}</nresults></limit>");
    let first = sync(&library, CALENDAR, "", &limit(1)).await;
    assert_eq!(names(&first), ["b.ics", "more"]);
    let second = sync(&library, CALENDAR, &sync_token(&first.body), &limit(1)).await;
    assert_eq!(
        names(&second),
        ["c.ics"],
        "what was gone before is not told"
    );
    let token = sync_token(&second.body);
    let all = sync(&library, CALENDAR, "", &limit(2)).await;
    assert_eq!(names(&all), ["b.ics", "c.ics"]);
    assert_eq!(sync_token(&all.body), token);
}

#[tokio::test]
async fn any_depth_and_level_will_do() {
    let library = filled();
    for depth in ["0", "1", "infinity"] {
        let answer = sync_as(&library, CALENDAR, "", "", &[("depth", depth)]).await;
        assert_eq!(names(&answer).len(), 3, "{depth}");
    }
    for (level, status) in [
        (
            "<sync-level>infinite</sync-level>",
            StatusCode::MULTI_STATUS,
        ),
        ("", StatusCode::MULTI_STATUS),
        ("<sync-level>2</sync-level>", StatusCode::BAD_REQUEST),
    ] {
        let body = format!(
            "<sync-collection xmlns=\"DAV:\"><sync-token/>{level}<prop/></sync-collection>"
        );
        let answer = library.send("REPORT", CALENDAR, &[], body).await;
        assert_eq!(answer.status, status, "{level}");
    }
}

/// Fact sheet, T1.
#[tokio::test]
async fn a_token_that_is_none_is_refused_as_each_client_understands() {
    let library = filled();
    let precondition = "<D:error xmlns:D=\"DAV:\"><D:valid-sync-token/></D:error>";
    let good = sync_token(&sync(&library, CALENDAR, "", "").await.body);
    let books = sync_token(&sync(&library, BOOK, "", "").await.body);
    let ahead = format!("{good}0");
    let other_life = good.replace("sync:", "sync:x");
    for token in ["0", "http://example.com/3", &ahead, &other_life, &books] {
        let answer = sync(&library, CALENDAR, token, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token}");
        assert!(answer.text().contains(precondition), "{}", answer.text());
        // What Thunderbird takes for a rate limit.
        assert!(!answer.text().contains("<D:error xmlns:D=\"DAV:\"/>"));
    }
    let agent = [("user-agent", "Mozilla/5.0 (X11) Thunderbird/140.0")];
    let answer = sync_as(&library, BOOK, "nonsense", "", &agent).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains(precondition));
    let answer = sync_as(&library, CALENDAR, "nonsense", "", &agent).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = sync(&library, BOOK, "nonsense", "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bad_limits_are_refused() {
    let library = filled();
    for limit in ["0", "-1", "many", ""] {
        let limit = format!("<limit><nresults>{limit}</nresults></limit>");
        let answer = sync(&library, CALENDAR, "", &limit).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{limit}");
    }
    let endless = format!("<limit><nresults>{}</nresults></limit>", "9".repeat(40));
    let answer = sync(&library, CALENDAR, "", &endless).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    assert!(!answer.text().contains("HTTP/1.1 507"), "{}", answer.text());
}

/// Thunderbird asks for the cards with the changes.
#[tokio::test]
async fn texts_come_along_where_asked_for() {
    let library = filled();
    library.contacts.put("a", "s1", "Anna", noon());
    let body = "<sync-collection xmlns=\"DAV:\" xmlns:card=\"urn:ietf:params:xml:ns:carddav\"><sync-token/><sync-level>1</sync-level><prop><getetag/><card:address-data/></prop></sync-collection>";
    let answer = library.send("REPORT", BOOK, &[("depth", "1")], body).await;
    let responses = multistatus(&answer.body);
    let got = library.get(&responses[0].href, &[]).await;
    assert_eq!(responses[0].prop("CR:address-data"), Some(got.text()));
}

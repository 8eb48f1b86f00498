//! sync-collection.

use std::sync::Arc;

use davbridge::domain::ItemKind;
use http::StatusCode;

use crate::support::bridge::{Answer, Bridge};
use crate::support::library::Library;
use crate::support::xml::{multistatus, sync_token};

const CALENDAR: &str = "/dav/calendars/anna/work/";
const BOOK: &str = "/dav/addressbooks/anna/people/";

fn filled() -> (Arc<Library>, Bridge) {
    let library = Library::new();
    library.shelf(ItemKind::Event, "work", "Work");
    library.shelf(ItemKind::Contact, "people", "People");
    for name in ["a.ics", "b.ics", "c.ics"] {
        library.put("work", name, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    }
    let bridge = Bridge::with_items(&library);
    (library, bridge)
}

async fn sync(bridge: &Bridge, path: &str, token: &str, more: &str) -> Answer {
    sync_as(bridge, path, token, more, &[]).await
}

async fn sync_as(
    bridge: &Bridge,
    path: &str,
    token: &str,
    more: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let body = format!(
        "<sync-collection xmlns=\"DAV:\"><sync-token>{token}</sync-token><sync-level>1</sync-level>{more}<prop><getetag/></prop></sync-collection>"
    );
    bridge.send("REPORT", path, headers, body).await
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
    let (library, bridge) = filled();
    library.remove("work", "b.ics");
    let first = sync(&bridge, CALENDAR, "", "").await;
    assert_eq!(names(&first), ["a.ics", "c.ics"], "no removals at first");
    let token = sync_token(&first.body);
    assert_eq!(token, "urn:davbridge:sync:1:k1:4");
    let again = sync(&bridge, CALENDAR, &token, "").await;
    assert!(names(&again).is_empty());
    assert_eq!(sync_token(&again.body), token);
    library.put(
        "work",
        "a.ics",
        "BEGIN:VCALENDAR\r\nX:1\r\nEND:VCALENDAR\r\n",
    );
    library.remove("work", "c.ics");
    let changes = sync(&bridge, CALENDAR, &format!("\n {token} "), "").await;
    assert_eq!(names(&changes), ["a.ics", "-c.ics"]);
    let told = sync_token(&changes.body);
    let answer = bridge.propfind(CALENDAR, "0").await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let body = "<propfind xmlns=\"DAV:\"><prop><sync-token/></prop></propfind>";
    let answer = bridge
        .send("PROPFIND", CALENDAR, &[("depth", "0")], body)
        .await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses[0].prop("D:sync-token"), Some(told.as_str()));
}

#[tokio::test]
async fn a_limit_is_kept_and_the_rest_follows() {
    let (library, bridge) = filled();
    library.remove("work", "a.ics");
    let limit = "<limit><nresults>2</nresults></limit>";
    let mut token = String::new();
    let mut told = Vec::new();
    for _ in 0..3 {
        let answer = sync(&bridge, CALENDAR, &token, limit).await;
        told.extend(names(&answer));
        token = sync_token(&answer.body);
    }
    assert_eq!(told, ["b.ics", "c.ics", "more", "-a.ics"]);
    let answer = sync(&bridge, CALENDAR, &token, limit).await;
    assert_eq!(sync_token(&answer.body), token);
}

#[tokio::test]
async fn any_depth_and_level_will_do() {
    let (_, bridge) = filled();
    for depth in ["0", "1", "infinity"] {
        let answer = sync_as(&bridge, CALENDAR, "", "", &[("depth", depth)]).await;
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
        let answer = bridge.send("REPORT", CALENDAR, &[], body).await;
        assert_eq!(answer.status, status, "{level}");
    }
}

/// Fact sheet, T1.
#[tokio::test]
async fn a_token_that_is_none_is_refused_as_each_client_understands() {
    let (library, bridge) = filled();
    library.raise_floor("work", 2);
    let precondition = "<D:error xmlns:D=\"DAV:\"><D:valid-sync-token/></D:error>";
    for token in [
        "0",
        "urn:davbridge:sync:1:k1:1",
        "urn:davbridge:sync:1:k1:4",
        "urn:davbridge:sync:1:k2:3",
        "urn:davbridge:sync:2:k1:3",
        "http://example.com/3",
    ] {
        let answer = sync(&bridge, CALENDAR, token, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token}");
        assert!(answer.text().contains(precondition), "{}", answer.text());
        // What Thunderbird takes for a rate limit.
        assert!(!answer.text().contains("<D:error xmlns:D=\"DAV:\"/>"));
    }
    let agent = [("user-agent", "Mozilla/5.0 (X11) Thunderbird/140.0")];
    let answer = sync_as(&bridge, BOOK, "nonsense", "", &agent).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains(precondition));
    let answer = sync_as(&bridge, CALENDAR, "nonsense", "", &agent).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = sync(&bridge, BOOK, "nonsense", "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bad_limits_are_refused() {
    let (_, bridge) = filled();
    for limit in ["0", "-1", "many", ""] {
        let limit = format!("<limit><nresults>{limit}</nresults></limit>");
        let answer = sync(&bridge, CALENDAR, "", &limit).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{limit}");
    }
}

/// Thunderbird asks for the cards with the changes.
#[tokio::test]
async fn texts_come_along_where_asked_for() {
    let (library, bridge) = filled();
    library.put("people", "a.vcf", "BEGIN:VCARD\r\nEND:VCARD\r\n");
    let body = "<sync-collection xmlns=\"DAV:\" xmlns:card=\"urn:ietf:params:xml:ns:carddav\"><sync-token/><sync-level>1</sync-level><prop><getetag/><card:address-data/></prop></sync-collection>";
    let answer = bridge.send("REPORT", BOOK, &[("depth", "1")], body).await;
    let responses = multistatus(&answer.body);
    assert_eq!(
        responses[0].prop("CR:address-data"),
        Some("BEGIN:VCARD\r\nEND:VCARD\r\n")
    );
}

//! What is connected, how it is, and how far first readings have come.

use std::time::Duration;

use cloud::{Fault, Kind as Bug};
use serde_json::Value;

use super::browser::Browser;
use super::rig::rig;

/// Asks until it is so; every turn is a request, and the time between them is the other side's.
pub async fn until(browser: &mut Browser, path: &str, good: impl Fn(&str) -> bool) -> String {
    let wait = async {
        loop {
            let page = browser.get(path).await;
            assert_eq!(page.status(), 200, "{}", page.body());
            if good(page.body()) {
                return page.body().to_owned();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait)
        .await
        .expect("it becomes so")
}

fn is_done(progress: &str) -> bool {
    let all: Value = serde_json::from_str(progress).unwrap();
    let all = all.as_object().unwrap();
    all.len() == 2 && all.values().all(|one| one["done"] == one["of"])
}

#[tokio::test]
async fn the_first_reading_shows_and_comes_to_its_end() {
    let rig = rig().await;
    // held up, so that it is seen while it goes on
    rig.cloud
        .faults([Fault::on("GET /1/calendar/pim/event", Bug::Html { status: 503 }).always()]);
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let page = until(&mut anna, "/", |page| page.contains("<progress")).await;
    assert!(
        page.contains("data-progress=\"/connections/progress\""),
        "{page}"
    );
    assert!(
        page.contains("<noscript><meta http-equiv=\"refresh\""),
        "{page}"
    );
    assert!(page.contains("aria-label=\"First reading"), "{page}");
    let failed = "The last reading failed: the cloud does not answer. It is repeated by itself.";
    until(&mut anna, "/", |page| page.contains(failed)).await;
    rig.cloud.clear_faults();
    rig.clock.forward(Duration::from_mins(5));
    let mut anna_again = anna.clone();
    let page = until(&mut anna, "/", |page| !page.contains("<progress")).await;
    assert!(!page.contains("http-equiv=\"refresh\""), "{page}");
    assert!(
        page.contains("10 events") && page.contains("5 contacts"),
        "{page}"
    );
    until(&mut anna_again, "/connections/progress", is_done).await;
}

#[tokio::test]
async fn drives_are_counted_and_trouble_is_told() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    until(&mut anna, "/", |page| {
        page.contains(" drives</li>") && !page.contains("<progress")
    })
    .await;
    rig.cloud.set_token(rig.cloud.token(), None);
    let page = anna.get("/").await;
    let page = anna.go(&page, "/connections/infomaniak/check", &[]).await;
    page.says("being read anew");
    let page = until(&mut anna, "/", |page| page.contains("Signed out")).await;
    assert!(page.contains("role=\"alert\""), "{page}");
    assert!(page.contains("href=\"/connect/infomaniak\""), "{page}");
}

#[tokio::test]
async fn what_a_narrower_token_does_not_reach_is_told() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let read = |page: &str| page.contains("5 contacts") && !page.contains("<progress");
    until(&mut anna, "/", read).await;
    let lost = "Access to contacts is missing with the present token or consent.";
    anna.get("/").await.lacks(lost);
    rig.token_with(&["accounts", "drive", "workspace:calendar"]);
    rig.connect("anna").await;
    let page = anna.get("/").await;
    page.says(lost);
    page.says("5 contacts, as last read");
    page.says("state bad");
    page.says("href=\"/connect/infomaniak\"");
    page.lacks("Access to contacts was not granted");
    page.lacks("<progress");
    let page = anna.get("/connections/infomaniak").await;
    page.says(lost);
    page.says("As last read: the present token");
    anna.get("/admin/connections").await.says(lost);
    rig.token_with(&[
        "accounts",
        "drive",
        "workspace:calendar",
        "workspace:contact",
    ]);
    rig.connect("anna").await;
    until(&mut anna, "/", |page| {
        !page.contains("as last read") && page.contains("state good")
    })
    .await;
}

#[tokio::test]
async fn a_connection_is_renamed_and_disconnected() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/connections/infomaniak").await;
    let page = anna
        .go(&page, "/rename", &[("name", "Holiday house")])
        .await;
    assert_eq!(page.title(), "Holiday house");
    page.says("The name was changed.");
    anna.get("/").await.says("Holiday house");

    let page = anna.get("/connections/infomaniak/disconnect").await;
    assert_eq!(page.title(), "Disconnect Holiday house?");
    let page = anna
        .go(&page, "/connections/infomaniak/disconnect", &[])
        .await;
    page.says("was disconnected");
    page.says("No cloud account is connected yet");
    assert_eq!(anna.get("/connections/infomaniak").await.status(), 404);
    // the same account gets its address again
    rig.connect("anna").await;
    assert_eq!(anna.get("/connections/infomaniak").await.status(), 200);
}

#[tokio::test]
async fn what_is_hidden_is_gone_for_clients_and_comes_back() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let made = {
        let page = anna.get("/passwords").await;
        anna.submit(&page, "/passwords", &[("label", "x")]).await
    };
    let secret = made.app_password();
    let pair = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("anna:{secret}"));
    let listed = async || {
        let headers = [
            format!("authorization: Basic {pair}"),
            "depth: 1".to_owned(),
        ];
        let headers = headers.each_ref().map(String::as_str);
        let path = "/dav/calendars/anna/";
        let answer = crate::server::wire::ask(rig.address, "PROPFIND", path, &headers).await;
        assert_eq!(answer.status, 207, "{}", answer.body);
        answer
            .body
            .matches("<d:response>")
            .count()
            .max(answer.body.matches("response>").count() / 2)
    };
    let before = listed().await;
    let page = until(&mut anna, "/connections/infomaniak", |page| {
        page.contains("value=\"event\"")
    })
    .await;
    assert!(page.contains(">Hide</button>"), "{page}");
    // the last form of the page hides an address book; one of a calendar is picked by its fields
    let (_, rest) = page.split_once("name=\"kind\" value=\"event\"").unwrap();
    let id = rest
        .split("name=\"id\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let hide = async |anna: &mut Browser, hide: &str| {
        let csrf = anna.get("/").await.form("/sign-out").fields[0].1.clone();
        let form = format!("csrf={csrf}&kind=event&id={id}&hide={hide}");
        let page = anna
            .send("POST", "/connections/infomaniak/hide", Some(&form))
            .await;
        assert_eq!(page.status(), 303, "{}", page.body());
    };
    let counted = |page: &str| {
        let (before, _) = page.split_once(" calendar").unwrap();
        let number = before.rsplit('>').next().unwrap();
        number.parse::<usize>().unwrap_or_else(|_| panic!("{page}"))
    };
    let first = counted(anna.get("/").await.body());
    hide(&mut anna, "yes").await;
    assert_eq!(listed().await, before - 1);
    assert_eq!(counted(anna.get("/").await.body()), first - 1);
    anna.get("/connections/infomaniak")
        .await
        .says(">Show</button>");
    hide(&mut anna, "no").await;
    assert_eq!(listed().await, before);
    let csrf = anna.get("/").await.form("/sign-out").fields[0].1.clone();
    for (form, status) in [
        ("kind=mail&id=1&hide=yes", 400),
        ("kind=event&id=1&hide=perhaps", 400),
    ] {
        let form = format!("csrf={csrf}&{form}");
        let page = anna
            .send("POST", "/connections/infomaniak/hide", Some(&form))
            .await;
        assert_eq!(page.status(), status);
    }
}

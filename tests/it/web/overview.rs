//! What is connected, how it is, and how far first readings have come.

use std::time::Duration;

use cloud::{Fault, Kind as Bug};
use serde_json::Value;

use super::browser::Browser;
use super::rig::rig;

/// Asks until it is so; every turn is a request, and the time between them is the other side's.
async fn until(browser: &mut Browser, path: &str, good: impl Fn(&str) -> bool) -> String {
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

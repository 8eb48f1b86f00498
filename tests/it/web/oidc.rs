//! Signing in at an identity provider, on the page.

use davbridge::app::Settings;

use super::browser::{Browser, Page};
use super::rig::{Rig, rig, with};
use crate::support::issuer::{Issuer, browse, person};

async fn provider() -> (Issuer, Rig) {
    let issuer = Issuer::start().await;
    let settings = Settings {
        oidc: Some(issuer.settings()),
        ..Settings::default()
    };
    let rig = with(settings, cloud::Options::default()).await;
    (issuer, rig)
}

/// There and back, from a page that leads to the sign-in.
async fn go(browser: &mut Browser, from: &str) -> Page {
    let page = browser.get(from).await;
    let page = browser.follow(page).await;
    let place = page.between("class=\"button\" href=\"", "\"").to_owned();
    assert!(place.starts_with("/sign-in/oidc"), "{place}");
    let sent = browser.get(&place).await;
    assert_eq!(sent.status(), 303, "{}", sent.body());
    let back = browse(sent.answer.header("location").unwrap()).await;
    let path = back.strip_prefix("http://127.0.0.1:8080").unwrap();
    browser.get(path).await
}

#[tokio::test]
async fn a_person_comes_in_and_goes_on_where_they_wanted() {
    let (issuer, rig) = provider().await;
    issuer.knobs().person = person("1", "anna", &["/admins"]);
    let mut browser = rig.browser();
    let came = go(&mut browser, "/passwords").await;
    assert_eq!(
        came.answer.header("location"),
        Some("/passwords"),
        "{}",
        came.body()
    );
    let page = browser.get("/admin/users").await;
    assert_eq!(page.status(), 200);
    page.says("The anna");
}

#[tokio::test]
async fn whoever_may_not_come_in_is_told_why() {
    let (issuer, rig) = provider().await;
    issuer.knobs().person = person("1", "anna", &["/elsewhere"]);
    let mut browser = rig.browser();
    let page = go(&mut browser, "/").await;
    assert_eq!((page.status(), page.title()), (403, "Not signed in"));
    assert!(
        page.alarm().contains("none of your groups"),
        "{}",
        page.alarm()
    );
    assert_eq!(browser.get("/").await.status(), 303);

    // begun in another browser, invented, or given up
    let mut other = rig.browser();
    issuer.knobs().person = person("1", "anna", &["/admins"]);
    let sent = other.get("/sign-in/oidc").await;
    let back = browse(sent.answer.header("location").unwrap()).await;
    let path = back.strip_prefix("http://127.0.0.1:8080").unwrap();
    for path in [
        path,
        "/sign-in/oidc/back?code=c&state=s",
        "/sign-in/oidc/back",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status(), 400, "{path}");
        assert!(
            page.alarm().contains("not under way any more"),
            "{}",
            page.alarm()
        );
    }
    let denied = browser
        .get("/sign-in/oidc/back?error=access_denied&state=s")
        .await;
    assert_eq!(denied.status(), 400, "no such sign-in is under way");
    issuer.knobs().down = true;
    let page = rig.browser().get("/sign-in/oidc").await;
    // what was read of the provider before is enough to go there
    assert!([303, 502].contains(&page.status()), "{}", page.body());
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way() {
    let rig = rig().await;
    let mut browser = rig.browser();
    browser.get("/sign-in").await.lacks("/sign-in/oidc");
    for path in ["/sign-in/oidc", "/sign-in/oidc/back?code=c&state=s"] {
        assert_eq!(browser.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn whoever_comes_back_with_anything_is_slowed_and_uses_up_nothing() {
    let (issuer, rig) = provider().await;
    issuer.knobs().person = person("1", "anna", &["/admins"]);
    let mut browser = rig.browser();
    let sent = browser.get("/sign-in/oidc").await;
    let back = browse(sent.answer.header("location").unwrap()).await;
    let path = back.strip_prefix("http://127.0.0.1:8080").unwrap();
    let tried = browser.send("HEAD", path, None).await;
    assert_eq!(tried.status(), 405);
    let mut stranger = rig.browser();
    let mut status = Vec::new();
    for number in 0..61 {
        let made_up = format!("/sign-in/oidc/back?code=c&state={number}");
        status.push(stranger.get(&made_up).await.status());
    }
    assert_eq!((status[0], status[60]), (400, 429));
    rig.clock.forward(std::time::Duration::from_mins(1));
    assert_eq!(browser.get(path).await.status(), 303);
    assert_eq!(browser.get("/").await.status(), 200);
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_told() {
    let (issuer, rig) = provider().await;
    issuer.knobs().person = person("1", "anna", &["/admins"]);
    issuer.knobs().over = serde_json::json!({"nonce": "another"});
    let page = go(&mut rig.browser(), "/").await;
    assert_eq!(page.status(), 400);
    let alarm = page.alarm();
    assert!(alarm.contains("it belongs to another sign-in"), "{alarm}");
}

//! Connecting and connecting again on the companies' own pages (requirements rows 6, 8, 10).

use std::time::Duration;

use cloud::TokenOrder;

use super::browser::{Browser, Page};
use super::overview::until;
use super::rig::{rig, user};
use crate::support::consent::{ANNA, BEN, Ticks, WORK_ANNA, allow, deny};

const CALENDAR: &str = "https://www.googleapis.com/auth/calendar.readonly";

/// Begins; the company's page.
async fn leave(browser: &mut Browser, company: &str) -> String {
    let page = browser.get(&format!("/connect/{company}")).await;
    onward(
        &browser
            .submit(&page, &format!("/connect/{company}"), &[])
            .await,
    )
}

/// Where a page of ours sends the browser.
fn onward(page: &Page) -> String {
    assert_eq!(page.status(), 200, "{}", page.body());
    let place = page.between("http-equiv=\"refresh\" content=\"0; url=", "\"");
    let linked = page.between("class=\"button\" href=\"", "\"");
    assert_eq!(place, linked);
    place.replace("&amp;", "&")
}

/// Comes back as a browser does.
async fn back(browser: &mut Browser, address: &str) -> Page {
    let path = address.strip_prefix("http://127.0.0.1:8080").unwrap();
    browser.get(path).await
}

#[tokio::test]
async fn accounts_of_both_companies_are_connected() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    anna.get("/connect").await.says("Connect Google");
    for (company, account, label) in [
        ("google", ANNA, "anna.muster@gmail.example"),
        ("microsoft", WORK_ANNA, "anna.muster@company.example"),
    ] {
        let there = leave(&mut anna, company).await;
        let page = back(&mut anna, &allow(&there, account, Ticks::All).await).await;
        assert_eq!(
            (page.status(), page.title()),
            (200, "Connected"),
            "{}",
            page.body()
        );
        page.says(label);
        page.says("data-close");
        page.lacks("not offered");
        anna.get("/").await.says(label);
    }
}

#[tokio::test]
async fn what_was_not_allowed_is_told_in_plain_words() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let there = leave(&mut anna, "google").await;
    let page = back(
        &mut anna,
        &allow(&there, ANNA, Ticks::Only(&[CALENDAR])).await,
    )
    .await;
    assert_eq!((page.status(), page.title()), (200, "Connected"));
    page.says("Not everything was allowed");
    page.says("was not granted");
    page.lacks("data-close");
    page.lacks("googleapis");
    // and again, with all boxes ticked
    let page = anna.get("/connections/google/reconnect").await;
    let there = onward(
        &anna
            .submit(&page, "/connections/google/reconnect", &[])
            .await,
    );
    let page = back(&mut anna, &allow(&there, ANNA, Ticks::All).await).await;
    page.lacks("Not everything was allowed");
}

#[tokio::test]
async fn a_refusal_changes_nothing_and_says_so() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let there = leave(&mut anna, "google").await;
    let page = back(&mut anna, &deny(&there).await).await;
    assert_eq!(
        (page.status(), page.alarm()),
        (400, "Access was denied. Nothing was changed.")
    );
    let there = leave(&mut anna, "google").await;
    let none = allow(&there, ANNA, Ticks::Only(&[])).await;
    let page = back(&mut anna, &none).await;
    assert_eq!(page.status(), 400);
    assert!(
        page.alarm().contains("leave at least one box ticked"),
        "{}",
        page.alarm()
    );
    assert!(
        rig.accounts
            .list_connections(Some(&user("anna")))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn another_account_on_connecting_again_is_refused_with_its_name() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let there = leave(&mut anna, "google").await;
    back(&mut anna, &allow(&there, ANNA, Ticks::All).await).await;
    // a browser that is signed in to the other account only
    rig.cloud.google().order(&TokenOrder::SignOut);
    let page = anna.get("/connections/google").await;
    let there = onward(
        &anna
            .submit(&page, "/connections/google/reconnect", &[])
            .await,
    );
    let page = back(&mut anna, &allow(&there, BEN, Ticks::All).await).await;
    assert_eq!(page.status(), 400);
    let alarm = page.alarm();
    assert!(alarm.contains("You signed in as ben"), "{alarm}");
    assert!(
        alarm.contains("this connection is anna.muster@gmail.example"),
        "{alarm}"
    );
    leads_to_the_same(&mut anna, &page).await;
    anna.get("/connections/google").await.says("state good");
}

/// The page says that the connection goes on, and its way on is the same reconnect.
async fn leads_to_the_same(browser: &mut Browser, page: &Page) {
    assert_eq!(page.title(), "The connection stays as it was");
    page.says("data-told=");
    let place = page.between("class=\"button\" href=\"", "\"");
    assert_eq!(place, "/connections/google/reconnect");
    let again = browser.get(place).await;
    let there = onward(&browser.submit(&again, place, &[]).await);
    assert!(there.contains("login_hint=anna"), "{there}");
}

#[tokio::test]
async fn trying_again_is_for_the_same_connection() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let place = "/connections/google/reconnect";
    let there = leave(&mut anna, "google").await;
    let page = back(&mut anna, &deny(&there).await).await;
    assert_eq!(page.title(), "Not connected");
    assert_eq!(
        page.between("class=\"button\" href=\"", "\""),
        "/connect/google"
    );
    let there = leave(&mut anna, "google").await;
    back(&mut anna, &allow(&there, ANNA, Ticks::All).await).await;
    let page = anna.get(place).await;
    let there = onward(&anna.submit(&page, place, &[]).await);
    let denied = back(&mut anna, &deny(&there).await).await;
    leads_to_the_same(&mut anna, &denied).await;
    let there = onward(&anna.submit(&page, place, &[]).await);
    let answer = allow(&there, ANNA, Ticks::All).await;
    rig.clock.forward(Duration::from_secs(601));
    let late = back(&mut anna, &answer).await;
    leads_to_the_same(&mut anna, &late).await;
    // by hand, where nothing of it can be read
    let refused = anna
        .submit(&page, "/oauth/google", &[("address", "nonsense")])
        .await;
    leads_to_the_same(&mut anna, &refused).await;
}

#[tokio::test]
async fn an_answer_is_taken_once_in_time_and_in_its_own_session() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let stale = |page: &Page| {
        assert_eq!(page.status(), 400, "{}", page.body());
        assert!(
            page.alarm().contains("not under way any more"),
            "{}",
            page.alarm()
        );
    };
    let there = leave(&mut anna, "google").await;
    let answer = allow(&there, ANNA, Ticks::All).await;
    let mut bert = rig.invite("bert", "editor").await;
    stale(&back(&mut bert, &answer).await);
    let mut elsewhere = rig.signed_in("anna").await;
    stale(&back(&mut elsewhere, &answer).await);
    let mut guest = rig.browser();
    let page = back(&mut guest, &answer).await;
    assert_eq!(page.answer.header("location"), Some("/sign-in"));
    assert_eq!(back(&mut anna, &answer).await.status(), 200);
    stale(&back(&mut anna, &answer).await);
    let there = leave(&mut anna, "google").await;
    let answer = allow(&there, BEN, Ticks::All).await;
    rig.clock.forward(Duration::from_secs(601));
    stale(&back(&mut anna, &answer).await);
}

#[tokio::test]
async fn a_bridge_elsewhere_is_told_the_address_by_hand() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/connect/google").await;
    let there = leave(&mut anna, "google").await;
    let answer = allow(&there, ANNA, Ticks::All).await;
    for wrong in ["", "https://example.org/", "nonsense"] {
        let refused = anna
            .submit(&page, "/oauth/google", &[("address", wrong)])
            .await;
        assert_eq!(refused.status(), 400);
        assert!(
            refused.alarm().contains("not the address"),
            "{}",
            refused.alarm()
        );
    }
    let pasted = format!(" {answer}\r\n");
    let page = anna
        .submit(&page, "/oauth/google", &[("address", &pasted)])
        .await;
    assert_eq!(
        (page.status(), page.title()),
        (200, "Connected"),
        "{}",
        page.body()
    );
}

#[tokio::test]
async fn only_companies_with_such_a_page_have_one() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    for path in [
        "/connect/nowhere",
        "/oauth/infomaniak?code=c&state=s",
        "/oauth/nowhere?code=c&state=s",
        "/connections/infomaniak/reconnect",
    ] {
        assert_eq!(anna.get(path).await.status(), 404, "{path}");
    }
    anna.get("/connections/infomaniak")
        .await
        .lacks("/reconnect");
}

#[tokio::test]
async fn a_sign_in_that_died_shows_when_it_is_checked() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let there = leave(&mut anna, "google").await;
    back(&mut anna, &allow(&there, ANNA, Ticks::All).await).await;
    rig.cloud.google().order(&TokenOrder::Revoke {
        account: ANNA.to_owned(),
        client: None,
    });
    let page = anna.get("/").await;
    page.lacks("Signed out");
    anna.submit(&page, "/connections/google/check", &[]).await;
    let page = until(&mut anna, "/", |page| page.contains("Signed out")).await;
    assert!(page.contains("no longer accepts"), "{page}");
    let told = rig.accounts.list_connections(None).await.unwrap();
    assert!(
        told[0]
            .problem
            .as_ref()
            .unwrap()
            .contains("connect the account again")
    );
}

//! Connecting an Infomaniak account by the dialog (requirements row 1).

use cloud::{Fault, Kind as Bug};

use super::browser::{Browser, Page};
use super::rig::{Rig, rig, user};

const SCOPES: [&str; 5] = [
    "accounts",
    "drive",
    "workspace:mail",
    "workspace:calendar",
    "workspace:contact",
];

/// Opens the dialog; its address.
async fn open(browser: &mut Browser) -> (String, Page) {
    let page = browser.get("/connect").await;
    let page = browser.go(&page, "/connect/infomaniak", &[]).await;
    assert_eq!(page.title(), "Connect Infomaniak", "{}", page.body());
    (page.path.clone(), page)
}

async fn connected(rig: &Rig) -> usize {
    rig.accounts
        .list_connections(Some(&user("anna")))
        .await
        .unwrap()
        .len()
}

#[tokio::test]
async fn the_dialog_says_everything_and_leads_to_a_connection() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    anna.get("/")
        .await
        .says("No cloud account is connected yet");
    let (place, page) = open(&mut anna).await;
    for scope in SCOPES {
        page.says(&format!("<code>{scope}</code>"));
        page.says(&format!("data-copy=\"{scope}\""));
    }
    page.says("href=\"https://manager.infomaniak.com/v3/ng/accounts/token/list\"");
    page.says("Do not choose “All”, and leave user_info out");
    assert_eq!(connected(&rig).await, 0, "pending is not connected");
    let token = format!("  {}\r\n", rig.cloud.token());
    let page = anna.go(&page, &place, &[("token", &token)]).await;
    assert_eq!((page.status(), page.title()), (200, "Overview"));
    page.says("Infomaniak");
    page.lacks(rig.cloud.token());
    assert_eq!(connected(&rig).await, 1);
    // the dialog is over
    assert_eq!(
        anna.get(&place).await.answer.header("location"),
        Some("/connect")
    );
}

#[tokio::test]
async fn each_failure_is_told_exactly_and_can_be_tried_again() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let (place, page) = open(&mut anna).await;
    let mut tried = async |token: &str| {
        let page = anna.submit(&page, &place, &[("token", token)]).await;
        page.form(&place);
        if !token.trim().is_empty() {
            page.lacks(token.trim());
        }
        (page.status(), page.alarm().to_owned())
    };
    for none in ["", "two words", "tökén"] {
        let (status, sentence) = tried(none).await;
        assert!(
            status == 400 && sentence.contains("not a token"),
            "{sentence}"
        );
    }
    let (status, sentence) = tried("invented-token-0000").await;
    assert!(
        status == 400 && sentence.contains("not accepted"),
        "{sentence}"
    );
    assert!(sentence.contains("accounts"), "{sentence}");
    for missing in ["accounts", "drive"] {
        let left: Vec<_> = SCOPES
            .into_iter()
            .filter(|scope| *scope != missing)
            .collect();
        let token = rig.token_with(&left);
        let (status, sentence) = tried(&token).await;
        assert_eq!(status, 400);
        assert!(
            sentence.contains(&format!("lacks the scope {missing}")),
            "{sentence}"
        );
    }
    let token = rig.token_with(&["accounts", "drive", "workspace:mail"]);
    let (status, sentence) = tried(&token).await;
    assert!(
        status == 400 && sentence.contains("lacks the scope workspace:calendar"),
        "{sentence}"
    );
    let good = rig.token_with(&SCOPES);
    rig.cloud
        .faults([Fault::on("GET /1/accounts", Bug::Html { status: 502 }).always()]);
    let (status, sentence) = tried(&good).await;
    assert!(
        status == 502 && sentence.contains("may be good"),
        "{sentence}"
    );
    assert_eq!(connected(&rig).await, 0, "nothing is kept");
    rig.cloud.clear_faults();
    let page = anna.go(&page, &place, &[("token", &good)]).await;
    assert_eq!(
        (page.status(), page.title()),
        (200, "Overview"),
        "{}",
        page.body()
    );
}

#[tokio::test]
async fn a_token_without_contacts_is_good_and_says_what_it_lacks() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let (place, page) = open(&mut anna).await;
    let token = rig.token_with(&["accounts", "drive", "workspace:calendar"]);
    let page = anna.go(&page, &place, &[("token", &token)]).await;
    assert_eq!(page.title(), "Overview");
    page.says("not offered to your devices");
    page.says("Access to contacts was not granted.");
}

#[tokio::test]
async fn cancelling_and_an_hour_end_the_dialog() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let (place, page) = open(&mut anna).await;
    let left = anna.go(&page, &format!("{place}/cancel"), &[]).await;
    assert_eq!(left.title(), "Overview");
    let token = rig.cloud.token().to_owned();
    let late = anna.submit(&page, &place, &[("token", &token)]).await;
    assert_eq!(late.status(), 404, "{}", late.body());
    let (place, page) = open(&mut anna).await;
    rig.clock.forward(std::time::Duration::from_secs(3601));
    assert_eq!(
        anna.get(&place).await.answer.header("location"),
        Some("/connect")
    );
    let late = anna.submit(&page, &place, &[("token", &token)]).await;
    assert_eq!(late.status(), 404, "{}", late.body());
    assert_eq!(connected(&rig).await, 0);
}

#[tokio::test]
async fn a_dialog_is_its_users_own() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let (place, _) = open(&mut anna).await;
    let mut bert = rig.invite("bert", "editor").await;
    assert_eq!(
        bert.get(&place).await.answer.header("location"),
        Some("/connect")
    );
    let csrf = bert.get("/").await.form("/sign-out").fields[0].1.clone();
    let form = format!("csrf={csrf}&token={}", rig.cloud.token());
    assert_eq!(bert.send("POST", &place, Some(&form)).await.status(), 404);
    let cancel = format!("{place}/cancel");
    bert.send("POST", &cancel, Some(&form)).await;
    assert_eq!(anna.get(&place).await.status(), 200, "still there");
}

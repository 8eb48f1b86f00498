//! Microsoft §1: consent, codes, tokens, whose account it is.

mod tokens;

use cloud::{Cloud, RefreshRefusal, TokenKind, TokenOrder};
use serde_json::json;

use crate::client::{Answer, rig};
use crate::oauth::{Callback, Pairs, SignIn, bearer, text};

const ANNA: &str = "b7e2c1d0-52a4-4f7e-8c39-0d6f2a9e4411";
const BEN: &str = "c93d0b6f-1e75-4a28-b4c7-6e8f5d3a2290";
const CARLA: &str = "48d31887c41a1f02";
const ASKED: &str = "openid profile email offline_access User.Read Files.Read Contacts.Read";
const PICK: Pairs<'_> = &[("prompt", "select_account")];
const ME: &str = "/microsoft/graph/v1.0/me";

fn microsoft<'a>(cloud: &'a Cloud) -> SignIn<'a> {
    SignIn {
        cloud,
        page: "/microsoft/login/common/oauth2/v2.0/authorize",
        token: "/microsoft/login/common/oauth2/v2.0/token",
        client: "5a6d6f8e-0000-4000-8000-00000000c0de",
        secret: Some("sim-microsoft-secret"),
    }
}

const ALL: [&str; 3] = ["User.Read", "Files.Read", "Contacts.Read"];

async fn tokens(sign_in: &SignIn<'_>) -> serde_json::Value {
    let query = sign_in.query(ASKED, PICK);
    let back = sign_in.allow(&query, ANNA, &ALL).await;
    sign_in.exchange(&back.code(), &[]).await.json()
}

/// `error` and the AADSTS number, after checking what else an error says.
fn error(answer: &Answer) -> (u16, String, u64) {
    let (status, error) = SignIn::error(answer);
    let json = answer.json();
    for name in ["timestamp", "trace_id", "correlation_id", "error_uri"] {
        assert!(json[name].is_string(), "{name}");
    }
    let number = json["error_codes"][0].as_u64().expect("a number");
    assert!(text(&json, "error_description").starts_with(&format!("AADSTS{number}: ")));
    (status, error, number)
}

#[tokio::test]
async fn a_page_asks_and_a_code_gives_tokens() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let query = sign_in.query(ASKED, PICK);
    let page = sign_in.open(&query).await;
    let html = String::from_utf8_lossy(&page.body).into_owned();
    for part in [ANNA, BEN, CARLA, "Files.Read"] {
        assert!(html.contains(part), "{part}");
    }
    let back = sign_in.allow(&query, ANNA, &ALL).await;
    assert_eq!(back.get("state").as_deref(), Some("s1"));
    assert!(back.get("session_state").is_some() && back.get("scope").is_none());
    let json = sign_in.exchange(&back.code(), &[]).await.json();
    assert_eq!(
        json["scope"],
        "openid profile email User.Read Files.Read Contacts.Read"
    );
    assert_eq!(
        (&json["expires_in"], &json["ext_expires_in"]),
        (&json!(3912), &json!(3912))
    );
    assert!(!text(&json, "refresh_token").is_empty() && !text(&json, "id_token").is_empty());
    let me = bearer(&rig.cloud, ME, &text(&json, "access_token"))
        .await
        .json();
    assert_eq!(
        (&me["id"], &me["displayName"]),
        (&json!(ANNA), &json!("Anna Muster"))
    );
    assert_eq!(me["userPrincipalName"], "anna@company.example");
    let none = bearer(&rig.cloud, ME, "x").await;
    assert_eq!(
        (none.status, &none.json()["error"]["code"]),
        (401, &json!("InvalidAuthenticationToken"))
    );
    assert!(none.header("www-authenticate").is_some());
}

#[tokio::test]
async fn what_was_not_asked_for_does_not_come() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let query = sign_in.query("Files.Read", PICK);
    let back = sign_in.allow(&query, ANNA, &["Files.Read"]).await;
    let json = sign_in.exchange(&back.code(), &[]).await.json();
    assert!(json["refresh_token"].is_null() && json["id_token"].is_null());
    let me = bearer(&rig.cloud, ME, &text(&json, "access_token")).await;
    assert_eq!(
        (me.status, &me.json()["error"]["code"]),
        (403, &json!("Authorization_RequestDenied"))
    );
}

#[tokio::test]
async fn people_grant_some_or_nothing() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let query = sign_in.query(ASKED, PICK);
    let back = sign_in.allow(&query, BEN, &["User.Read"]).await;
    let json = sign_in.exchange(&back.code(), &[]).await.json();
    assert_eq!(json["scope"], "openid profile email User.Read");
    let back = Callback::of(&sign_in.press(&query, &[("answer", "deny")]).await);
    assert_eq!(back.get("error").as_deref(), Some("access_denied"));
    assert!(
        back.get("error_description")
            .is_some_and(|text| text.starts_with("AADSTS65004"))
    );
    rig.cloud
        .microsoft_switches(|switches| switches.admin_only = vec!["Contacts.Read".to_owned()]);
    let back = sign_in.allow(&query, ANNA, &ALL).await;
    assert!(
        back.get("error_description")
            .is_some_and(|text| text.starts_with("AADSTS90094"))
    );
}

#[tokio::test]
async fn personal_accounts_have_no_sites_and_nothing_shared() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let query = sign_in.query("User.Read Sites.Read.All", PICK);
    let back = sign_in
        .allow(&query, CARLA, &["User.Read", "Sites.Read.All"])
        .await;
    let json = sign_in.exchange(&back.code(), &[]).await.json();
    assert_eq!(json["scope"], "User.Read");
    let query = sign_in.query("User.Read Contacts.Read.Shared", PICK);
    let back = sign_in
        .allow(&query, CARLA, &["User.Read", "Contacts.Read.Shared"])
        .await;
    let answer = sign_in.exchange(&back.code(), &[]).await;
    assert_eq!(error(&answer).1, "invalid_grant");
}

#[tokio::test]
async fn tenants_choose_the_accounts() {
    let rig = rig().await;
    for (tenant, anna, carla) in [
        ("organizations", true, false),
        ("company.example", true, false),
        ("consumers", false, true),
        ("9188040d-6c67-4c5b-b112-36a304b66dad", false, true),
    ] {
        let path = format!("/microsoft/login/{tenant}/oauth2/v2.0/authorize");
        let sign_in = SignIn {
            page: &path,
            ..microsoft(&rig.cloud)
        };
        let page = sign_in.open(&sign_in.query(ASKED, PICK)).await;
        let html = String::from_utf8_lossy(&page.body).into_owned();
        assert_eq!(
            (html.contains(ANNA), html.contains(CARLA)),
            (anna, carla),
            "{tenant}"
        );
    }
    let sign_in = SignIn {
        page: "/microsoft/login/nowhere.example/oauth2/v2.0/authorize",
        ..microsoft(&rig.cloud)
    };
    assert_eq!(sign_in.open(&sign_in.query(ASKED, PICK)).await.status, 400);
}

#[tokio::test]
async fn wrong_requests_are_told_on_the_page_or_sent_back() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    for (name, value) in [
        ("client_id", "nobody"),
        ("redirect_uri", "https://evil.example/"),
    ] {
        let answer = sign_in.open(&sign_in.query(ASKED, &[(name, value)])).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (400, None),
            "{name}"
        );
    }
    for (name, value, error) in [
        ("response_type", "id_token", "unsupported_response_type"),
        ("response_mode", "fragment", "invalid_request"),
        ("code_challenge_method", "S512", "invalid_request"),
        ("scope", "Nonsense.Read", "invalid_scope"),
        ("prompt", "none", "interaction_required"),
    ] {
        let answer = sign_in.open(&sign_in.query(ASKED, &[(name, value)])).await;
        assert_eq!(
            Callback::of(&answer).get("error").as_deref(),
            Some(error),
            "{name}"
        );
    }
}

#[tokio::test]
async fn one_who_is_signed_in_and_has_consented_sees_no_page() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    tokens(&sign_in).await;
    Callback::of(&sign_in.open(&sign_in.query(ASKED, &[])).await);
    let more = sign_in.query("User.Read Tasks.Read", &[]);
    let page = sign_in.open(&more).await;
    let html = String::from_utf8_lossy(&page.body).into_owned();
    assert_eq!(page.status, 200, "more scopes ask again");
    assert!(html.contains(ANNA) && !html.contains(BEN));
    assert_eq!(
        sign_in
            .open(&sign_in.query(ASKED, &[("prompt", "consent")]))
            .await
            .status,
        200
    );
    rig.cloud.microsoft().order(&TokenOrder::SignOut);
    assert_eq!(sign_in.open(&sign_in.query(ASKED, &[])).await.status, 200);
    rig.cloud.microsoft_switches(|switches| {
        switches.auto_consent = Some("ben@company.example".to_owned());
    });
    let back = Callback::of(&sign_in.open(&sign_in.query(ASKED, PICK)).await);
    let json = sign_in.exchange(&back.code(), &[]).await.json();
    let me = bearer(&rig.cloud, ME, &text(&json, "access_token"))
        .await
        .json();
    assert_eq!((&me["id"], &me["mail"]), (&json!(BEN), &json!(null)));
}

//! Google §1: consent, codes, tokens, whose account it is.

mod tokens;

use cloud::{Cloud, Fault, Kind, TokenKind, TokenOrder, TokenState};
use serde_json::json;

use crate::client::{rig, send};
use crate::oauth::{BACK, Callback, Pairs, SignIn, bearer, post, text};

const ANNA: &str = "108204268033311374519";
const BEN: &str = "117365910548220641983";
const AUTH: &str = "https://www.googleapis.com/auth/";
const ASKED: &str = "openid email profile https://www.googleapis.com/auth/drive.readonly \
                     https://www.googleapis.com/auth/contacts.readonly";
const DRIVE: &str = "https://www.googleapis.com/auth/drive.readonly";
const CONTACTS: &str = "https://www.googleapis.com/auth/contacts.readonly";
const CONSENT: Pairs<'_> = &[
    ("access_type", "offline"),
    ("prompt", "select_account consent"),
];

fn google(cloud: &Cloud) -> SignIn<'_> {
    SignIn {
        cloud,
        page: "/google/accounts/o/oauth2/v2/auth",
        token: "/google/oauth2/token",
        client: "sim-google.apps.example",
        secret: Some("sim-google-secret"),
    }
}

/// Anna consents to everything; the answer of the token endpoint.
async fn tokens(sign_in: &SignIn<'_>) -> serde_json::Value {
    let query = sign_in.query(ASKED, CONSENT);
    let back = sign_in.allow(&query, ANNA, &[DRIVE, CONTACTS]).await;
    sign_in.exchange(&back.code(), &[]).await.json()
}

#[tokio::test]
async fn a_page_asks_and_a_code_gives_tokens() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let query = sign_in.query(ASKED, CONSENT);
    let page = sign_in.open(&query).await;
    let html = String::from_utf8(page.body.clone()).expect("text");
    assert_eq!(page.status, 200);
    for part in [
        ANNA,
        BEN,
        DRIVE,
        CONTACTS,
        "value=\"allow\"",
        "value=\"deny\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let back = sign_in.allow(&query, ANNA, &[DRIVE, CONTACTS]).await;
    assert_eq!(back.get("state").as_deref(), Some("s1"));
    let whole = format!("{CONTACTS} {DRIVE} {AUTH}userinfo.email {AUTH}userinfo.profile openid");
    assert_eq!(back.get("scope").as_deref(), Some(&*whole));
    let answer = sign_in.exchange(&back.code(), &[]).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let json = answer.json();
    assert_eq!(
        (&json["expires_in"], &json["token_type"]),
        (&json!(3599), &json!("Bearer"))
    );
    assert_eq!(json["scope"], whole);
    assert_eq!(text(&json, "id_token").split('.').count(), 3);
    assert!(!text(&json, "refresh_token").is_empty());

    let access = text(&json, "access_token");
    let who = bearer(&rig.cloud, "/google/www/oauth2/v2/userinfo", &access)
        .await
        .json();
    assert_eq!(
        (&who["id"], &who["email"]),
        (&json!(ANNA), &json!("anna.muster@gmail.example"))
    );
    let who = bearer(&rig.cloud, "/google/openid/v1/userinfo", &access)
        .await
        .json();
    assert_eq!(
        (&who["sub"], &who["email_verified"]),
        (&json!(ANNA), &json!(true))
    );
    let none = bearer(&rig.cloud, "/google/www/oauth2/v2/userinfo", "x").await;
    assert_eq!(
        (none.status, &none.json()["error"]["code"]),
        (401, &json!(401))
    );
}

#[tokio::test]
async fn people_grant_some_or_nothing() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let query = sign_in.query(ASKED, CONSENT);
    let back = sign_in.allow(&query, BEN, &[CONTACTS]).await;
    let scope = sign_in.exchange(&back.code(), &[]).await.json()["scope"].clone();
    let scope = scope.as_str().expect("scopes");
    assert!(scope.contains(CONTACTS) && !scope.contains(DRIVE) && scope.contains("openid"));
    let back = Callback::of(&sign_in.press(&query, &[("answer", "deny")]).await);
    assert_eq!(
        (
            back.get("error").as_deref(),
            back.get("state").as_deref(),
            back.get("code")
        ),
        (Some("access_denied"), Some("s1"), None)
    );
    rig.cloud
        .google_switches(|switches| switches.granular_consent = false);
    let back = sign_in.allow(&query, BEN, &[]).await;
    assert!(back.get("scope").expect("scopes").contains(DRIVE));
}

#[tokio::test]
async fn a_wrong_request_never_leaves_the_page() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let table: &[(&str, &str, u16, &str)] = &[
        ("client_id", "nobody", 401, "invalid_client"),
        (
            "redirect_uri",
            "https://evil.example/",
            400,
            "redirect_uri_mismatch",
        ),
        ("response_type", "token", 400, "invalid_request"),
        ("code_challenge_method", "S512", 400, "invalid_request"),
        (
            "scope",
            "openid https://www.googleapis.com/auth/nothing",
            400,
            "invalid_scope",
        ),
        ("scope", "", 400, "invalid_request"),
    ];
    for (name, value, status, code) in table {
        let query = sign_in.query(ASKED, &[(name, value)]);
        let answer = sign_in.open(&query).await;
        assert_eq!(answer.status, *status, "{name}");
        assert!(
            String::from_utf8_lossy(&answer.body).contains(code),
            "{name}"
        );
        let answer = sign_in.press(&query, &[("answer", "deny")]).await;
        assert_eq!(answer.status, *status, "{name}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_its_own_request() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let query = sign_in.query(ASKED, CONSENT);
    let code = async || sign_in.allow(&query, ANNA, &[DRIVE]).await.code();
    let fresh = code().await;
    let wrong: &[(&str, &str, u16, &str)] = &[
        (
            "redirect_uri",
            "http://127.0.0.1:8081/oauth",
            400,
            "redirect_uri_mismatch",
        ),
        ("code_verifier", "x", 400, "invalid_grant"),
        ("code_verifier", "", 400, "invalid_grant"),
        ("client_secret", "x", 401, "invalid_client"),
        ("client_secret", "", 400, "invalid_request"),
        ("client_id", "nobody", 401, "invalid_client"),
        ("code", "4/0x", 400, "invalid_grant"),
        ("code", "", 400, "invalid_request"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("grant_type", "", 400, "invalid_request"),
    ];
    for (name, value, status, error) in wrong {
        let answer = sign_in.exchange(&fresh, &[(name, value)]).await;
        assert_eq!(
            SignIn::error(&answer),
            (*status, (*error).to_owned()),
            "{name}={value}"
        );
    }
    rig.cloud.pass(599);
    assert_eq!(sign_in.exchange(&fresh, &[]).await.status, 200);
    assert_eq!(
        SignIn::error(&sign_in.exchange(&fresh, &[]).await).1,
        "invalid_grant"
    );
    let late = code().await;
    rig.cloud.pass(600);
    assert_eq!(
        SignIn::error(&sign_in.exchange(&late, &[]).await).1,
        "invalid_grant"
    );
}

#[tokio::test]
async fn refresh_tokens_come_with_the_first_consent_or_when_asked_for() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let lasting = async |more: Pairs<'_>| {
        let query = sign_in.query(ASKED, more);
        let back = sign_in.allow(&query, ANNA, &[DRIVE, CONTACTS]).await;
        let json = sign_in.exchange(&back.code(), &[]).await.json();
        json["refresh_token"].is_string()
    };
    assert!(!lasting(&[]).await, "online");
    rig.cloud.reset();
    let offline: Pairs<'_> = &[("access_type", "offline"), ("prompt", "select_account")];
    assert!(lasting(offline).await);
    assert!(!lasting(offline).await);
    assert!(lasting(CONSENT).await);
    // signed in and granted: no page at all
    let query = sign_in.query(ASKED, &[("access_type", "offline")]);
    let back = Callback::of(&sign_in.open(&query).await);
    let json = sign_in.exchange(&back.code(), &[]).await.json();
    assert!(json["refresh_token"].is_null());
    // the page of one who is signed in shows no other account
    let page = sign_in
        .open(&sign_in.query(ASKED, &[("prompt", "consent")]))
        .await;
    let html = String::from_utf8_lossy(&page.body).into_owned();
    assert!(html.contains(ANNA) && !html.contains(BEN));
    let page = sign_in.open(&sign_in.query(ASKED, CONSENT)).await;
    assert!(String::from_utf8_lossy(&page.body).contains(BEN));
}

#[tokio::test]
async fn granted_scopes_are_included_on_demand() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    tokens(&sign_in).await;
    for (included, has) in [("true", true), ("false", false)] {
        let query = sign_in.query(CONTACTS, &[("include_granted_scopes", included)]);
        let back = sign_in.allow(&query, ANNA, &[CONTACTS]).await;
        assert_eq!(
            back.get("scope").expect("scopes").contains(DRIVE),
            has,
            "{included}"
        );
    }
}

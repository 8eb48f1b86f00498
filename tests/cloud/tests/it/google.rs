//! Google §1: consent, codes, tokens, whose account it is.

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

#[tokio::test]
async fn a_refresh_gives_no_new_refresh_token() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let first = tokens(&sign_in).await;
    let refresh = text(&first, "refresh_token");
    rig.cloud.pass(3599);
    let old = text(&first, "access_token");
    let dead = bearer(&rig.cloud, "/google/www/oauth2/v2/userinfo", &old).await;
    assert_eq!(dead.status, 401);
    let second = sign_in.refresh(&refresh).await.json();
    assert!(second["refresh_token"].is_null());
    assert_eq!(second["scope"], first["scope"]);
    let access = text(&second, "access_token");
    let alive = bearer(&rig.cloud, "/google/www/oauth2/v2/userinfo", &access).await;
    assert_eq!(alive.status, 200);
    let narrow = sign_in
        .ask(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh),
            ("scope", "nothing"),
        ])
        .await;
    assert_eq!(SignIn::error(&narrow).1, "invalid_scope");
    let wrong = sign_in.refresh("1//0x").await;
    assert_eq!(SignIn::error(&wrong), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn revoking_any_token_ends_the_whole_grant() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let url = format!("{}/google/oauth2/revoke", rig.cloud.base_url());
    for which in ["access_token", "refresh_token"] {
        let json = tokens(&sign_in).await;
        let token = text(&json, which);
        assert_eq!(
            post(&url, &[("token", &token)]).await.status,
            200,
            "{which}"
        );
        let again = post(&url, &[("token", &token)]).await;
        assert_eq!(SignIn::error(&again), (400, "invalid_token".to_owned()));
        let refreshed = sign_in.refresh(&text(&json, "refresh_token")).await;
        assert_eq!(SignIn::error(&refreshed).1, "invalid_grant");
        let access = text(&json, "access_token");
        let who = bearer(&rig.cloud, "/google/openid/v1/userinfo", &access).await;
        assert_eq!(who.status, 401);
    }
}

#[tokio::test]
async fn the_oldest_of_too_many_and_those_of_a_test_die() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    rig.cloud
        .google_switches(|switches| switches.refresh_tokens = 2);
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(text(&tokens(&sign_in).await, "refresh_token"));
    }
    for (token, status) in all.iter().zip([400, 200, 200]) {
        assert_eq!(sign_in.refresh(token).await.status, status);
    }
    rig.cloud
        .google_switches(|switches| switches.testing_life = Some(604_800));
    let json = tokens(&sign_in).await;
    assert_eq!(json["refresh_token_expires_in"], 604_800);
    rig.cloud.pass(604_800);
    assert_eq!(
        sign_in.refresh(&text(&json, "refresh_token")).await.status,
        400
    );
}

#[tokio::test]
async fn tokens_are_seen_and_changed_from_outside() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let json = tokens(&sign_in).await;
    let list = rig.cloud.google().tokens();
    let kinds: Vec<_> = list.iter().map(|token| (token.kind, token.state)).collect();
    let live = TokenState::Live;
    assert_eq!(
        kinds,
        [(TokenKind::Access, live), (TokenKind::Refresh, live)]
    );
    assert_eq!(rig.get("/_control/google/tokens").await.json(), json!(list));
    rig.post(
        "/_control/google/tokens",
        &json!({ "do": "expire", "kind": "access" }),
    )
    .await;
    assert_eq!(rig.cloud.google().tokens()[0].state, TokenState::Expired);
    rig.cloud.google().order(&TokenOrder::Revoke {
        account: ANNA.to_owned(),
        client: None,
    });
    assert_eq!(
        sign_in.refresh(&text(&json, "refresh_token")).await.status,
        400
    );
    let client = json!({ "id": "mine", "secret": "x", "redirects": ["https://dav.test/back"] });
    assert_eq!(
        rig.post("/_control/google/clients", &client).await.status,
        200
    );
    let query: Pairs<'_> = &[
        ("client_id", "mine"),
        ("redirect_uri", "https://dav.test/back"),
    ];
    assert_eq!(sign_in.open(&sign_in.query(ASKED, query)).await.status, 200);
    let query: Pairs<'_> = &[("client_id", "mine"), ("redirect_uri", BACK)];
    assert_eq!(sign_in.open(&sign_in.query(ASKED, query)).await.status, 400);
    let changed = rig
        .post("/_control/google/switches", &json!({ "expires_in": 1 }))
        .await
        .json();
    assert_eq!(changed["expires_in"], 1);
    let wrong = json!({ "expires": 1 });
    assert_eq!(
        rig.post("/_control/google/switches", &wrong).await.status,
        400
    );
}

#[tokio::test]
async fn faults_strike_in_the_style_of_the_endpoint() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    rig.cloud.faults([
        Fault::on(
            "POST /google/oauth2/token",
            Kind::Status {
                status: 503,
                code: "internal_failure".to_owned(),
                description: "later".to_owned(),
            },
        ),
        Fault::on(
            "GET /google/www/oauth2/v2/userinfo",
            Kind::TooMany {
                retry_after: Some(3),
                reset_after: None,
            },
        ),
    ]);
    let answer = sign_in.refresh("x").await;
    assert_eq!(SignIn::error(&answer), (503, "internal_failure".to_owned()));
    let answer = bearer(&rig.cloud, "/google/www/oauth2/v2/userinfo", "x").await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (429, Some("3"))
    );
    assert_eq!(answer.json()["error"]["code"], 429);
    assert_eq!(rig.cloud.calls("POST /google/oauth2/token"), 1);
    let log = rig.get("/_control/log").await;
    assert!(!String::from_utf8_lossy(&log.body).contains("refresh_token"));
}

#[tokio::test]
async fn basic_credentials_are_taken_too_and_other_bodies_are_not() {
    let rig = rig().await;
    let sign_in = google(&rig.cloud);
    let refresh = text(&tokens(&sign_in).await, "refresh_token");
    let url = format!("{}/google/oauth2/token", rig.cloud.base_url());
    let body =
        crate::oauth::encode(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]);
    // sim-google.apps.example:sim-google-secret
    let basic = "Basic c2ltLWdvb2dsZS5hcHBzLmV4YW1wbGU6c2ltLWdvb2dsZS1zZWNyZXQ=";
    let form = ("content-type", "application/x-www-form-urlencoded");
    let answer = send(
        &url,
        "POST",
        &[form, ("authorization", basic)],
        body.as_bytes(),
    )
    .await;
    assert_eq!(answer.status, 200);
    let json = ("content-type", "application/json");
    let answer = send(&url, "POST", &[json, ("authorization", basic)], b"{}").await;
    assert_eq!(SignIn::error(&answer), (400, "invalid_request".to_owned()));
}

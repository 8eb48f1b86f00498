//! The token endpoint, and what becomes of tokens.

use super::*;

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

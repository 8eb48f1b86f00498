//! The token endpoint.

use super::*;

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_its_own_request() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let query = sign_in.query(ASKED, PICK);
    let code = async || sign_in.allow(&query, ANNA, &ALL).await.code();
    let fresh = code().await;
    let wrong: &[(&str, &str, u16, &str, u64)] = &[
        (
            "redirect_uri",
            "http://127.0.0.1:8081/oauth",
            400,
            "invalid_grant",
            500_112,
        ),
        ("code_verifier", "x", 400, "invalid_grant", 501_481),
        ("code_verifier", "", 400, "invalid_grant", 501_481),
        ("client_secret", "x", 401, "invalid_client", 7_000_215),
        ("client_secret", "", 401, "invalid_client", 7_000_218),
        ("client_id", "nobody", 400, "unauthorized_client", 700_016),
        ("code", "x", 400, "invalid_grant", 70000),
        ("code", "", 400, "invalid_request", 900_144),
        (
            "grant_type",
            "password",
            400,
            "unsupported_grant_type",
            70003,
        ),
    ];
    for (name, value, status, code, number) in wrong {
        let answer = sign_in.exchange(&fresh, &[(name, value)]).await;
        let expected = (*status, (*code).to_owned(), *number);
        assert_eq!(error(&answer), expected, "{name}={value}");
    }
    assert_eq!(sign_in.exchange(&fresh, &[]).await.status, 200);
    assert_eq!(error(&sign_in.exchange(&fresh, &[]).await).2, 54005);
    let late = code().await;
    rig.cloud.pass(600);
    assert_eq!(error(&sign_in.exchange(&late, &[]).await).2, 70008);
}

#[tokio::test]
async fn a_public_client_has_no_secret() {
    let rig = rig().await;
    let public = SignIn {
        client: "5a6d6f8e-0000-4000-8000-00000000face",
        secret: None,
        ..microsoft(&rig.cloud)
    };
    let json = tokens(&public).await;
    let refresh = text(&json, "refresh_token");
    assert_eq!(public.refresh(&refresh).await.status, 200);
    let sending = SignIn {
        secret: Some("x"),
        ..public
    };
    assert_eq!(
        error(&sending.refresh(&refresh).await),
        (401, "invalid_client".to_owned(), 700_025)
    );
    let other = microsoft(&rig.cloud);
    assert_eq!(error(&other.refresh(&refresh).await).1, "invalid_grant");
}

#[tokio::test]
async fn refresh_tokens_are_replaced_and_the_old_one_works_or_not() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let first = text(&tokens(&sign_in).await, "refresh_token");
    let second = text(&sign_in.refresh(&first).await.json(), "refresh_token");
    assert_ne!(first, second);
    assert_eq!(sign_in.refresh(&first).await.status, 200);
    rig.cloud
        .microsoft_switches(|switches| switches.old_refresh_works = false);
    let third = text(&sign_in.refresh(&second).await.json(), "refresh_token");
    assert_eq!(error(&sign_in.refresh(&second).await).2, 50173);
    rig.cloud
        .microsoft_switches(|switches| switches.rotate = false);
    assert!(sign_in.refresh(&third).await.json()["refresh_token"].is_null());
    rig.cloud.microsoft_switches(|switches| {
        switches.expires_in_text = true;
        switches.long_scopes = true;
    });
    let json = sign_in
        .ask(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &third),
            ("scope", "https://graph.microsoft.com/files.read"),
        ])
        .await
        .json();
    assert_eq!(json["expires_in"], "3912");
    assert_eq!(json["scope"], "https://graph.microsoft.com/Files.Read");
    rig.cloud.pass(90 * 24 * 3600);
    assert_eq!(error(&sign_in.refresh(&third).await).2, 700_082);
}

#[tokio::test]
async fn refreshes_are_refused_for_many_reasons() {
    let rig = rig().await;
    let sign_in = microsoft(&rig.cloud);
    let refresh = text(&tokens(&sign_in).await, "refresh_token");
    for (refusal, status, code, number) in [
        (RefreshRefusal::SecondFactor, 400, "invalid_grant", 50076),
        (
            RefreshRefusal::Interaction,
            400,
            "interaction_required",
            50076,
        ),
        (RefreshRefusal::Password, 400, "invalid_grant", 50173),
        (
            RefreshRefusal::Unavailable,
            503,
            "temporarily_unavailable",
            90033,
        ),
    ] {
        rig.cloud
            .microsoft_switches(|switches| switches.refusal = refusal);
        let answer = sign_in.refresh(&refresh).await;
        assert_eq!(error(&answer), (status, code.to_owned(), number));
        let claims = refusal == RefreshRefusal::Interaction;
        assert_eq!(answer.json()["claims"].is_string(), claims);
    }
    rig.cloud
        .microsoft_switches(|switches| switches.refusal = RefreshRefusal::None);
    let wide = sign_in
        .ask(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh),
            ("scope", "Tasks.Read"),
        ])
        .await;
    assert_eq!(error(&wide).2, 65001);
    assert_eq!(error(&sign_in.refresh("x").await).2, 70000);
    rig.cloud.microsoft().order(&TokenOrder::Expire {
        kind: TokenKind::Refresh,
    });
    assert_eq!(error(&sign_in.refresh(&refresh).await).2, 700_082);
    rig.cloud.microsoft().order(&TokenOrder::Revoke {
        account: ANNA.to_owned(),
        client: None,
    });
    assert_eq!(error(&sign_in.refresh(&refresh).await).2, 50173);
}

//! Sign-ins that are over.

use super::*;

#[tokio::test]
async fn a_sign_in_that_is_gone_is_signed_out() {
    for refusal in [
        RefreshRefusal::Password,
        RefreshRefusal::SecondFactor,
        RefreshRefusal::Interaction,
    ] {
        let rig = microsoft().await;
        rig.hour();
        rig.cloud
            .microsoft_switches(|switches| switches.refusal = refusal);
        let before = rig.vault.now();
        for _ in 0..3 {
            let error = rig.refused().await;
            assert_eq!(error.kind(), Kind::SignedOut, "{}", error.chain());
            assert!(!error.chain().contains(&rig.refresh_token()));
        }
        assert_eq!(rig.refreshes(), 1, "not asked again and again");
        assert_eq!(rig.vault.now().expose_secret(), before.expose_secret());
        // the second factor was given after all
        rig.cloud
            .microsoft_switches(|switches| switches.refusal = RefreshRefusal::None);
        rig.clock.forward(Duration::from_secs(301));
        assert_kept(&rig).await;
    }
}

#[tokio::test]
async fn a_consent_taken_back_is_noticed_at_the_next_call() {
    let rig = google().await;
    rig.cloud.google().order(&TokenOrder::Revoke {
        account: ANNA.to_owned(),
        client: None,
    });
    assert_eq!(rig.refused().await.kind(), Kind::SignedOut);
    let token = connected(&rig.cloud, &rig.connector, ANNA).await;
    rig.vault.put(&token);
    rig.use_it().await.unwrap();
    let google = by_consent(&rig.connector);
    google.revoke(&call(), &token).await.unwrap();
    google.revoke(&call(), &token).await.unwrap();
    assert_eq!(rig.refused().await.kind(), Kind::SignedOut);
}

#[tokio::test]
async fn an_access_token_revoked_before_its_time_is_replaced_once() {
    let rig = google().await;
    rig.cloud.google().order(&TokenOrder::Expire {
        kind: TokenKind::Access,
    });
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 1);
    // a cloud that refuses every token is asked once more, not for ever
    let who = "GET /google/www/oauth2/v2/userinfo";
    rig.cloud.faults([Fault::on(who, Bug::Revoke).always()]);
    assert_eq!(rig.refused().await.kind(), Kind::SignedOut);
    assert_eq!(rig.refreshes(), 2);
}

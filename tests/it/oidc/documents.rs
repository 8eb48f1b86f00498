//! What the provider publishes, good and bad.

use std::sync::Arc;
use std::time::Duration;

use davbridge::accounts::{Oidc, OidcError};
use davbridge::domain::{Call, Kind, SystemClock};
use serde_json::{Value, json};

use super::rig::Rig;
use crate::support::issuer::Signer;

#[tokio::test]
async fn documents_are_kept_for_an_hour_and_read_again() {
    let rig = Rig::new().await;
    let document = "/.well-known/openid-configuration";
    for _ in 0..3 {
        rig.sign_in().await.unwrap();
    }
    assert_eq!(
        (rig.issuer.hits(document), rig.issuer.hits("/keys")),
        (1, 1)
    );
    rig.clock.forward(Duration::from_secs(3600));
    rig.begin("b").await.unwrap();
    assert_eq!(rig.issuer.hits(document), 2);
}

#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_by_every_browser() {
    let rig = Rig::new().await;
    rig.issuer.knobs().down = true;
    for _ in 0..5 {
        let error = rig.begin("b").await.unwrap_err();
        assert!(matches!(&error, OidcError::Unexpected(error) if error.kind() == Kind::Down));
    }
    assert_eq!(rig.issuer.hits("/.well-known/openid-configuration"), 1);
    rig.issuer.knobs().down = false;
    rig.clock.forward(Duration::from_secs(5));
    assert!(rig.sign_in().await.is_ok());
}

async fn refusal(over: Value) -> String {
    let rig = Rig::new().await;
    rig.issuer.knobs().document_over = over;
    match rig.begin("b").await {
        Err(OidcError::Unexpected(error)) if error.kind() == Kind::Broken => error.chain(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_document_of_somebody_else_is_refused() {
    let told = refusal(json!({ "issuer": "https://evil.example" })).await;
    assert!(told.contains("https://evil.example"), "{told}");
    for name in [
        "token_endpoint",
        "jwks_uri",
        "authorization_endpoint",
        "userinfo_endpoint",
    ] {
        let told = refusal(json!({ name: "http://169.254.169.254/latest" })).await;
        assert!(told.contains(name) && !told.contains("169.254"), "{told}");
    }
    refusal(json!({ "jwks_uri": null })).await;
}

#[tokio::test]
async fn an_operator_is_told_how_it_is() {
    let rig = Rig::new().await;
    rig.issuer.knobs().signers = vec![Signer::One, Signer::Ed25519];
    let look = || async {
        let oidc = Oidc::new(rig.issuer.settings(), Arc::new(SystemClock)).unwrap();
        oidc.look(&Call::interactive()).await
    };
    assert_eq!(look().await.unwrap(), 2);
    rig.issuer.knobs().signers.clear();
    assert!(look().await.unwrap_err().message().contains("no key"));
    rig.issuer.knobs().down = true;
    assert_eq!(look().await.unwrap_err().kind(), Kind::Down);
}

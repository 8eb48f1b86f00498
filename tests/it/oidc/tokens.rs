//! ID tokens that are not to be believed.

use chrono::Utc;
use davbridge::accounts::{OidcError, TokenFault};
use serde_json::{Value, json};

use super::rig::Rig;
use crate::support::issuer::{CLIENT, Signature, Signer};

async fn fault(rig: &Rig) -> Result<(), TokenFault> {
    match rig.sign_in().await {
        Ok(_) => Ok(()),
        Err(OidcError::BadToken(fault)) => Err(fault),
        Err(other) => panic!("{other}"),
    }
}

async fn with(rig: &Rig, over: Value) -> Result<(), TokenFault> {
    rig.issuer.knobs().over = over;
    fault(rig).await
}

#[tokio::test]
async fn every_kind_of_key_signs() {
    let rig = Rig::new().await;
    rig.issuer.knobs().signers = Signer::ALL.to_vec();
    for signer in Signer::ALL {
        let mut signers = Signer::ALL.to_vec();
        signers.retain(|one| *one != signer);
        signers.push(signer);
        rig.issuer.knobs().signers = signers;
        assert_eq!(fault(&rig).await, Ok(()), "{signer:?}");
    }
}

#[tokio::test]
async fn forged_signatures_are_refused() {
    let rig = Rig::new().await;
    for (signature, expected) in [
        (Signature::None, TokenFault::Algorithm),
        (Signature::PublicKeyAsSecret, TokenFault::Algorithm),
        (Signature::ForeignKey, TokenFault::Signature),
        (Signature::Altered, TokenFault::Signature),
    ] {
        rig.issuer.knobs().signature = signature;
        assert_eq!(fault(&rig).await, Err(expected), "{signature:?}");
    }
    assert!(rig.accounts.list_users().await.unwrap().is_empty());
    rig.issuer.knobs().signature = Signature::Right;
    assert_eq!(fault(&rig).await, Ok(()));
}

#[tokio::test]
async fn claims_have_to_fit() {
    let rig = Rig::new().await;
    let now = Utc::now().timestamp();
    for (over, expected) in [
        (
            json!({ "iss": "http://127.0.0.1/realms/other" }),
            Err(TokenFault::Issuer),
        ),
        (
            json!({ "iss": format!("{}/", rig.issuer.name) }),
            Err(TokenFault::Issuer),
        ),
        (json!({ "iss": null }), Err(TokenFault::Issuer)),
        (json!({ "aud": "another" }), Err(TokenFault::Audience)),
        (json!({ "aud": [] }), Err(TokenFault::Audience)),
        (json!({ "aud": null }), Err(TokenFault::Audience)),
        (
            json!({ "aud": [CLIENT, "another"] }),
            Err(TokenFault::Client),
        ),
        (json!({ "aud": [CLIENT, "another"], "azp": CLIENT }), Ok(())),
        (json!({ "azp": "another" }), Err(TokenFault::Client)),
        (json!({ "azp": [CLIENT] }), Err(TokenFault::Client)),
        (json!({ "nonce": "another" }), Err(TokenFault::Nonce)),
        (json!({ "nonce": null }), Err(TokenFault::Nonce)),
        (json!({ "exp": now - 61 }), Err(TokenFault::Expired)),
        (json!({ "exp": null }), Err(TokenFault::Expired)),
        (json!({ "exp": now - 30 }), Ok(())),
        (json!({ "iat": now + 3600 }), Err(TokenFault::NotYet)),
        (json!({ "nbf": now + 3600 }), Err(TokenFault::NotYet)),
        (json!({ "sub": null }), Err(TokenFault::Subject)),
        (json!({ "sub": "" }), Err(TokenFault::Subject)),
        (json!({ "typ": "Bearer" }), Err(TokenFault::WrongKind)),
        (json!({ "typ": "ID" }), Ok(())),
        (json!({ "events": {} }), Err(TokenFault::WrongKind)),
    ] {
        assert_eq!(with(&rig, over.clone()).await, expected, "{over}");
    }
}

#[tokio::test]
async fn rotated_keys_are_read_when_met() {
    let rig = Rig::new().await;
    assert_eq!(fault(&rig).await, Ok(()));
    assert_eq!(rig.issuer.hits("/keys"), 1);
    rig.issuer.knobs().signers = vec![Signer::Two];
    assert_eq!(fault(&rig).await, Ok(()));
    assert_eq!(fault(&rig).await, Ok(()));
    assert_eq!(rig.issuer.hits("/keys"), 2);
}

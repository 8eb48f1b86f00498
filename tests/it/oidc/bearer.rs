//! Access tokens on DAV.

use std::time::Duration;

use davbridge::accounts::{Audience, By, SignIn};
use davbridge::domain::{Access, Fault, Kind, Services, UserName};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::rig::{HOME, Rig};
use crate::support::issuer::{CLIENT, Signer, assembled, header, over, person};

/// With a user who signed in once.
async fn rig() -> Rig {
    let rig = Rig::new().await;
    rig.sign_in_as(person("1", "anna", &["/equipe-terrain"]))
        .await
        .unwrap();
    rig
}

/// Whether a token of these claims and head lets anna in.
async fn takes(rig: &Rig, head: &Header, changes: &Value) -> bool {
    let claims = over(rig.issuer.access_claims("1"), changes);
    let signer = *rig.issuer.knobs().signers.last().unwrap();
    comes_in(rig, &signer.sign(head, &claims)).await
}

async fn comes_in(rig: &Rig, token: &str) -> bool {
    match rig.bearer(token).await.unwrap() {
        SignIn::In(caller) => {
            assert_eq!(caller.user.as_str(), "anna");
            true
        }
        SignIn::Refused | SignIn::Slow { .. } => false,
        SignIn::Missing => panic!("tokens are credentials"),
    }
}

#[tokio::test]
async fn a_token_lets_in_whom_the_page_knows() {
    let rig = rig().await;
    let token = rig.issuer.access(&rig.issuer.access_claims("1"));
    let SignIn::In(caller) = rig.bearer(&token).await.unwrap() else {
        panic!("a good token")
    };
    assert_eq!(
        (caller.user.as_str(), &*caller.display_name),
        ("anna", "The anna")
    );
    assert_eq!(
        (caller.access, caller.services),
        (Access::ReadWrite, Services::All)
    );
    // right, but nobody who ever signed in
    let stranger = rig.issuer.access(&rig.issuer.access_claims("2"));
    assert_eq!(rig.bearer(&stranger).await.unwrap(), SignIn::Refused);
    // a viewer reads
    rig.sign_in_as(person("1", "anna", &["/consultants"]))
        .await
        .unwrap();
    let SignIn::In(caller) = rig.bearer(&token).await.unwrap() else {
        panic!("a good token")
    };
    assert_eq!(caller.access, Access::Read);
}

#[tokio::test]
async fn every_kind_of_access_token_is_known_and_no_other() {
    let rig = rig().await;
    for (kind, changes, good) in [
        ("at+jwt", json!({}), true),
        ("application/at+jwt", json!({}), true),
        // Keycloak
        (
            "JWT",
            json!({ "typ": "Bearer", "client_id": null, "azp": "x", "nonce": "n" }),
            true,
        ),
        ("JWT", json!({ "typ": "ID" }), false),
        ("JWT", json!({ "typ": "Refresh" }), false),
        ("JWT", json!({ "typ": "Logout" }), false),
        // others
        ("JWT", json!({}), true),
        (
            "JWT",
            json!({ "client_id": null, "scope": null, "scp": "dav" }),
            true,
        ),
        // ID tokens
        ("JWT", json!({ "client_id": null, "scope": null }), false),
        ("JWT", json!({ "nonce": "n" }), false),
        ("JWT", json!({ "at_hash": "h" }), false),
        ("at+jwt", json!({ "typ": "ID" }), false),
        ("logout+jwt", json!({}), false),
        ("dpop+jwt", json!({}), false),
        ("at+jwt", json!({ "cnf": { "jkt": "x" } }), false),
    ] {
        let came = takes(&rig, &header(kind), &changes).await;
        assert_eq!(came, good, "{kind} {changes}");
    }
}

#[tokio::test]
async fn claims_have_to_fit() {
    let rig = rig().await;
    let now = chrono::Utc::now().timestamp();
    for (changes, good) in [
        (json!({ "aud": CLIENT }), true),
        (json!({ "aud": "another" }), false),
        // issued to the bridge, for somebody else
        (
            json!({ "aud": "another", "azp": CLIENT, "client_id": CLIENT }),
            false,
        ),
        (json!({ "aud": null }), false),
        (json!({ "iss": "http://127.0.0.1/realms/other" }), false),
        (json!({ "iss": null }), false),
        (json!({ "exp": now - 61 }), false),
        (json!({ "exp": now - 30 }), true),
        (json!({ "exp": null }), false),
        (json!({ "nbf": now + 3600 }), false),
        (json!({ "sub": null }), false),
    ] {
        let came = takes(&rig, &header("at+jwt"), &changes).await;
        assert_eq!(came, good, "{changes}");
    }
}

#[tokio::test]
async fn the_operator_says_whose_tokens_are_taken() {
    let rig = Rig::with(|settings| {
        settings.audience = vec![Audience::IssuedTo("telephone".to_owned())];
    })
    .await;
    rig.sign_in().await.unwrap();
    let head = header("at+jwt");
    assert!(takes(&rig, &head, &json!({ "aud": "account" })).await);
    for party in [json!({ "azp": "other" }), json!({ "client_id": "other" })] {
        assert!(
            !takes(&rig, &head, &over(json!({ "aud": CLIENT }), &party)).await,
            "{party}"
        );
    }
    let off = Rig::with(|settings| settings.audience.clear()).await;
    assert!(!off.accounts.takes_bearer() && rig.accounts.takes_bearer());
    assert_eq!(off.bearer("a.b.c").await.unwrap(), SignIn::Missing);
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let rig = rig().await;
    let claims = rig.issuer.access_claims("1");
    let good = rig.issuer.access(&claims);
    assert!(comes_in(&rig, &good).await);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = signed.split_once('.').unwrap();
    let id = Signer::One.id();
    let none = json!({ "alg": "none", "typ": "at+jwt", "kid": id });
    let shared = Header {
        alg: Algorithm::HS256,
        kid: Some(id.clone()),
        ..header("at+jwt")
    };
    let published = Signer::One.published()["n"].as_str().unwrap().to_owned();
    let shared_key = EncodingKey::from_secret(published.as_bytes());
    let oct_key = EncodingKey::from_secret(b"secret");
    let foreign = Header {
        kid: Some(id),
        ..header("at+jwt")
    };
    let critical = Header {
        crit: Some(vec!["b64".to_owned()]),
        ..header("at+jwt")
    };
    for (what, token) in [
        ("none", assembled(&none, &claims, "")),
        (
            "none with a signature",
            assembled(&none, &claims, signature),
        ),
        (
            "shared",
            jsonwebtoken::encode(&shared, &claims, &shared_key).unwrap(),
        ),
        (
            "a published secret",
            jsonwebtoken::encode(&shared, &claims, &oct_key).unwrap(),
        ),
        ("another key", Signer::Two.sign(&foreign, &claims)),
        ("another curve", Signer::P256.sign(&foreign, &claims)),
        ("critical", Signer::One.sign(&critical, &claims)),
        ("no signature", format!("{signed}.")),
        ("two parts", signed.to_owned()),
        ("four parts", format!("{good}.x")),
        ("head alone", head.to_owned()),
        ("nothing", String::new()),
        ("opaque", "opaque".to_owned()),
        ("long", format!("{head}.{}.{signature}", "x".repeat(40_000))),
    ] {
        assert!(!comes_in(&rig, &token).await, "{what}");
    }
    assert!(comes_in(&rig, &good).await);
}

#[tokio::test]
async fn disabled_and_expired_are_out_at_once() {
    let rig = rig().await;
    let token = rig.issuer.access(&rig.issuer.access_claims("1"));
    assert!(comes_in(&rig, &token).await);
    let anna = UserName::parse("anna").unwrap();
    rig.accounts
        .set_disabled(&By::command(), &anna, true)
        .await
        .unwrap();
    assert!(!comes_in(&rig, &token).await);
    rig.accounts
        .set_disabled(&By::command(), &anna, false)
        .await
        .unwrap();
    assert!(comes_in(&rig, &token).await);
    rig.clock.forward(Duration::from_secs(370));
    assert!(!comes_in(&rig, &token).await);
}

#[tokio::test]
async fn a_key_that_is_taken_back_ends_its_tokens() {
    let rig = rig().await;
    let long = json!({ "exp": chrono::Utc::now().timestamp() + 90_000 });
    let old = rig
        .issuer
        .access(&over(rig.issuer.access_claims("1"), &long));
    assert!(comes_in(&rig, &old).await);
    rig.issuer.knobs().signers = vec![Signer::Two];
    // another token under the new key has the keys read
    assert!(takes(&rig, &header("at+jwt"), &json!({})).await);
    assert!(!comes_in(&rig, &old).await);
}

#[tokio::test]
async fn made_up_keys_cost_little_and_hide_no_new_one() {
    let rig = rig().await;
    let claims = rig.issuer.access_claims("1");
    let read = rig.issuer.hits("/keys");
    // three made-up ones a second, for ten seconds
    let flood = async || {
        for number in 0..30 {
            let head = Header {
                kid: Some(format!("made-up-{number}")),
                ..header("at+jwt")
            };
            assert!(!comes_in(&rig, &Signer::One.sign(&head, &claims)).await);
            if number % 3 == 2 {
                rig.clock.forward(Duration::from_secs(1));
            }
        }
    };
    flood().await;
    assert_eq!(rig.issuer.hits("/keys"), read + 2);
    // known keys are not held up, and a new one is found within seconds
    assert!(takes(&rig, &header("at+jwt"), &json!({})).await);
    rig.issuer.knobs().signers.push(Signer::P256);
    let mut waited = 0;
    while !takes(&rig, &header("at+jwt"), &json!({})).await {
        waited += 1;
        rig.clock.forward(Duration::from_secs(1));
    }
    assert!(waited <= 5, "{waited} s");
    flood().await;
    assert!(rig.issuer.hits("/keys") <= read + 5);
}

#[tokio::test]
async fn a_token_takes_away_what_its_claim_does_not_grant_and_gives_nothing() {
    let rig = rig().await;
    let access = async |changes: Value| {
        let claims = over(rig.issuer.access_claims("1"), &changes);
        match rig.bearer(&rig.issuer.access(&claims)).await.unwrap() {
            SignIn::In(caller) => Some(caller.access),
            _ => None,
        }
    };
    let (reads, writes) = (Some(Access::Read), Some(Access::ReadWrite));
    for (changes, expected) in [
        (json!({}), writes),
        (json!({ "groups": ["/equipe-terrain"] }), writes),
        (json!({ "groups": ["/consultants"] }), reads),
        (json!({ "groups": ["/x"] }), None),
        (json!({ "groups": [] }), None),
    ] {
        // twice: the second time from memory
        assert_eq!(access(changes.clone()).await, expected, "{changes}");
        assert_eq!(access(changes.clone()).await, expected, "{changes}");
    }
    assert!(!rig.user("anna").await.disabled, "only a sign-in disables");
    rig.sign_in_as(person("1", "anna", &["/consultants"]))
        .await
        .unwrap();
    assert_eq!(access(json!({ "groups": ["/admins"] })).await, reads);
}

#[tokio::test]
async fn a_token_without_a_key_id_needs_a_single_key() {
    let rig = rig().await;
    let claims = rig.issuer.access_claims("1");
    let unnamed = |signer: Signer| {
        let token = signer.sign(&header("at+jwt"), &claims);
        let (signed, _) = token.rsplit_once('.').unwrap();
        let (_, body) = signed.split_once('.').unwrap();
        let head = json!({ "alg": format!("{:?}", signer.algorithm()), "typ": "at+jwt" });
        signer.signed(&head, body)
    };
    assert!(comes_in(&rig, &unnamed(Signer::One)).await);
    assert!(!comes_in(&rig, &unnamed(Signer::Two)).await);
}

#[tokio::test]
async fn an_outage_stops_no_token_under_a_known_key() {
    let rig = rig().await;
    let token = rig.issuer.access(&rig.issuer.access_claims("1"));
    rig.issuer.knobs().down = true;
    assert!(comes_in(&rig, &token).await);
    rig.clock.forward(Duration::from_secs(3 * 3600));
    let later = json!({ "exp": chrono::Utc::now().timestamp() + 4 * 3600 });
    assert!(takes(&rig, &header("at+jwt"), &later).await);
    // an unknown key says nothing about the token while nobody can be asked
    let head = Header {
        kid: Some("new".to_owned()),
        ..header("at+jwt")
    };
    let unknown = Signer::Two.sign(&head, &over(rig.issuer.access_claims("1"), &later));
    for _ in 0..2 {
        let error = rig.bearer(&unknown).await.unwrap_err();
        assert_eq!((error.kind(), error.fault()), (Kind::Down, Fault::Cloud));
    }
}

#[tokio::test]
async fn guessing_is_slowed() {
    let rig = rig().await;
    let mut last = SignIn::Missing;
    for _ in 0..11 {
        last = rig.bearer("opaque").await.unwrap();
    }
    assert!(matches!(last, SignIn::Slow { .. }), "{last:?}");
    assert!(takes(&rig, &header("at+jwt"), &json!({})).await);
    let missing = rig.accounts.sign_in(Some("Digest x"), HOME).await.unwrap();
    assert_eq!(missing, SignIn::Missing);
}

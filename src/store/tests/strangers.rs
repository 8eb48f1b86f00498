//! Answers that nobody waits for.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn strangers_who_come_with_anything_cost_no_write() {
    let dir = folder();
    let store = Store::open(dir.path()).await.unwrap();
    // whoever wants to write waits now
    let writing = store.begin().await.unwrap();
    let secret = SecretString::from("made up");
    let asked = async {
        let sign_in = store.take_sign_in(&secret, &secret, now()).await.unwrap();
        let consent = store.take_consent(&secret, &secret, now()).await.unwrap();
        let login = store.take_login(&secret, now()).await.unwrap();
        assert!(sign_in.is_none() && consent.is_none() && login.is_none());
    };
    let done = tokio::time::timeout(Duration::from_secs(5), asked).await;
    done.expect("nobody waits");
    drop(writing);
}

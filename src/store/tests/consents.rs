//! Consents under way.

use super::super::consents::NewConsent;
use super::*;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn begin(store: &Store, state: &str) {
    let new = NewConsent {
        state: &secret(state),
        session: &secret("zqx-session"),
        provider: "google",
        redirect: "https://dav.example/oauth/google",
        verifier: &secret("zqx-verifier"),
        connection: None,
        expires: now() + TimeDelta::minutes(10),
        now: now(),
    };
    store.begin_consent(&anna(), new).await.unwrap();
}

async fn take(store: &Store, state: &str, session: &str, minutes: i64) -> bool {
    let now = now() + TimeDelta::minutes(minutes);
    let (state, session) = (secret(state), secret(session));
    let row = store.take_consent(&state, &session, now).await.unwrap();
    row.is_some_and(|row| {
        assert_eq!((row.user, &*row.provider), (anna(), "google"));
        assert_eq!(row.redirect, "https://dav.example/oauth/google");
        row.verifier.expose_secret() == "zqx-verifier"
    })
}

async fn with_anna() -> Store {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    store
}

#[tokio::test]
async fn a_consent_is_taken_once_in_its_session_and_time() {
    let store = with_anna().await;
    for state in ["one", "two"] {
        begin(&store, state).await;
    }
    assert!(!take(&store, "none", "zqx-session", 0).await);
    assert!(!take(&store, "one", "another session", 0).await);
    assert!(take(&store, "one", "zqx-session", 9).await);
    assert!(!take(&store, "one", "zqx-session", 9).await);
    assert!(!take(&store, "two", "zqx-session", 10).await);
}

#[tokio::test]
async fn old_and_too_many_consents_are_forgotten() {
    let store = with_anna().await;
    for number in 0..20 {
        begin(&store, &number.to_string()).await;
    }
    assert!(!take(&store, "3", "zqx-session", 0).await);
    assert!(take(&store, "4", "zqx-session", 0).await);
    let count = async || -> i64 {
        let (count,) = sqlx::query_as("SELECT count(*) FROM consents")
            .fetch_one(&store.readers)
            .await
            .unwrap();
        count
    };
    assert_eq!(count().await, 15);
    let new = NewConsent {
        state: &secret("late"),
        session: &secret("zqx-session"),
        provider: "google",
        redirect: "",
        verifier: &secret("v"),
        connection: None,
        expires: now() + TimeDelta::hours(2),
        now: now() + TimeDelta::hours(1),
    };
    store.begin_consent(&anna(), new).await.unwrap();
    assert_eq!(count().await, 1);
    let nobody = store.begin_consent(&name("bert"), new).await.unwrap_err();
    assert_eq!(nobody.kind(), Kind::NotFound);
}

#[tokio::test]
async fn a_stolen_database_gives_no_verifier_and_no_state() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    begin(&store, "zqx-state").await;
    store.close().await;
    for file in ["davbridge.db", "davbridge.db-wal"] {
        let Ok(bytes) = std::fs::read(dir.path().join(file)) else {
            continue;
        };
        for text in ["zqx-verifier", "zqx-state", "zqx-session"] {
            let found = bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes());
            assert!(!found, "{text}");
        }
    }
}

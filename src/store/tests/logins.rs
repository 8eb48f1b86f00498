//! Programs that ask for an app password.

use chrono::TimeDelta;

use super::super::logins::NewLogin;
use super::*;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn begin(store: &Store, name: &str) {
    let (poll, flow) = (
        secret(&format!("{name}-poll")),
        secret(&format!("{name}-flow")),
    );
    let new = NewLogin {
        poll: &poll,
        flow: &flow,
        agent: "DAVx5/4.5 (at.bitfire.davdroid)",
        now: now(),
        expires: now() + TimeDelta::minutes(20),
    };
    store.begin_login(new).await.unwrap();
}

async fn grant(store: &Store, name: &str, minutes: i64) -> bool {
    let (flow, password) = (secret(&format!("{name}-flow")), secret("zqx-password"));
    let at = now() + TimeDelta::minutes(minutes);
    let anna = anna();
    let granted = store.grant_login(&flow, &anna, &password, at);
    granted.await.unwrap()
}

async fn take(store: &Store, name: &str, minutes: i64) -> Option<String> {
    let poll = secret(&format!("{name}-poll"));
    let taken = store.take_login(&poll, now() + TimeDelta::minutes(minutes));
    taken.await.unwrap().map(|(user, password)| {
        assert_eq!(user, anna());
        password.expose_secret().to_owned()
    })
}

async fn add_anna(store: &Store) {
    let anna = anna();
    let added = store.add_user(&anna, "Anna", Role::Editor, now());
    added.await.unwrap();
}

async fn with_anna() -> Store {
    let store = Store::in_memory().await.unwrap();
    add_anna(&store).await;
    store
}

#[tokio::test]
async fn a_granted_password_is_taken_once() {
    let store = with_anna().await;
    begin(&store, "a").await;
    let flow = secret("a-flow");
    let agent = store.open_login(&flow, now()).await.unwrap();
    assert_eq!(agent.as_deref(), Some("DAVx5/4.5 (at.bitfire.davdroid)"));
    assert_eq!(take(&store, "a", 0).await, None, "before it is granted");
    assert!(grant(&store, "a", 1).await);
    assert!(!grant(&store, "a", 1).await, "granted already");
    assert_eq!(store.open_login(&flow, now()).await.unwrap(), None);
    assert!(!store.refuse_login(&flow, now()).await.unwrap());
    assert_eq!(take(&store, "b", 1).await, None, "another one");
    assert_eq!(take(&store, "a", 1).await.as_deref(), Some("zqx-password"));
    assert_eq!(take(&store, "a", 1).await, None, "taken already");
}

#[tokio::test]
async fn after_twenty_minutes_it_is_over() {
    let store = with_anna().await;
    begin(&store, "a").await;
    assert!(!grant(&store, "a", 20).await);
    assert!(grant(&store, "a", 19).await);
    assert_eq!(take(&store, "a", 20).await, None);
}

#[tokio::test]
async fn what_is_refused_is_gone() {
    let store = with_anna().await;
    begin(&store, "a").await;
    let flow = secret("a-flow");
    assert!(store.refuse_login(&flow, now()).await.unwrap());
    assert!(!store.refuse_login(&flow, now()).await.unwrap());
    assert!(!grant(&store, "a", 1).await);
    assert_eq!(take(&store, "a", 1).await, None);
}

#[tokio::test]
async fn neither_password_nor_secrets_are_in_the_database() {
    let dir = folder();
    let store = Store::open(dir.path()).await.unwrap();
    add_anna(&store).await;
    begin(&store, "zqx").await;
    assert!(grant(&store, "zqx", 1).await);
    store.close().await;
    let bytes = std::fs::read(dir.path().join("davbridge.db")).unwrap();
    let found = bytes.windows(4).any(|window| window == b"zqx-");
    assert!(!found, "a secret is in the database");
}

//! Programs that ask for an app password.

use super::super::logins::{Grant, NewLogin};
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
    grant_as(store, name, now() + TimeDelta::minutes(minutes)).await
}

/// Grants a request, with an app password of its own.
pub(super) async fn grant_as(store: &Store, name: &str, at: DateTime<Utc>) -> bool {
    let (flow, user) = (secret(&format!("{name}-flow")), anna());
    let row = NewPasswordRow {
        label: "DAVx5",
        access: Access::ReadWrite,
        services: Services::All,
        expires: None,
    };
    let grant = Grant {
        user: &user,
        secret: &secret("zqx-password"),
        normalised: name,
        row,
    };
    let trace = Trace { at, ..trace() };
    store.grant_login(&flow, grant, trace).await.unwrap()
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
    let added = store.add_user(&anna, "Anna", Role::Editor, trace());
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

#[tokio::test]
async fn what_no_program_fetches_is_revoked() {
    let store = with_anna().await;
    for name in ["a", "b", "c"] {
        begin(&store, name).await;
        assert!(grant(&store, name, 1).await);
    }
    assert!(!grant(&store, "a", 1).await);
    assert_eq!(
        count(&store, "app_passwords").await,
        3,
        "none is made in vain"
    );
    assert!(take(&store, "a", 2).await.is_some());
    store.sweep(now() + TimeDelta::minutes(19)).await.unwrap();
    assert_eq!(count(&store, "app_passwords").await, 3);
    store.sweep(now() + TimeDelta::minutes(20)).await.unwrap();
    let left = store.passwords(&anna()).await.unwrap();
    let left: Vec<_> = left.iter().map(|password| password.id).collect();
    assert_eq!(left, [1], "that of the program that came");
    let revoked = |id: i64| {
        (
            "app password revoked".to_owned(),
            format!("{id} (no program fetched it)"),
        )
    };
    assert_eq!(told(&store).await[4..], [revoked(2), revoked(3)]);
    // nor does the next program that begins leave one behind
    begin(&store, "d").await;
    assert!(grant(&store, "d", 1).await);
    let [poll, flow] = ["poll", "flow"].map(secret);
    let later = NewLogin {
        poll: &poll,
        flow: &flow,
        agent: "",
        now: now() + TimeDelta::minutes(20),
        expires: now() + TimeDelta::minutes(40),
    };
    store.begin_login(later).await.unwrap();
    assert_eq!(count(&store, "app_passwords").await, 1);
    // or a user who is disabled
    begin(&store, "e").await;
    assert!(grant(&store, "e", 1).await);
    let disabled = store.set_user_disabled(&anna(), true, trace()).await;
    disabled.unwrap();
    assert_eq!(count(&store, "app_passwords").await, 1);
}

#[tokio::test]
async fn strangers_who_begin_push_out_nothing_that_was_granted() {
    let store = with_anna().await;
    begin(&store, "a").await;
    assert!(grant(&store, "a", 1).await);
    for number in 0..1001 {
        begin(&store, &number.to_string()).await;
    }
    assert_eq!(count(&store, "logins").await, 1001, "bounded");
    let first = store.open_login(&secret("0-flow"), now()).await.unwrap();
    assert_eq!(first, None);
    assert!(take(&store, "a", 1).await.is_some());
}

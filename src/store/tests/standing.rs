//! Roles and who is let in: by an administrator, by the identity provider.

use super::super::Subject;
use super::*;

#[tokio::test]
async fn the_last_admin_stays() {
    let store = Store::in_memory().await.unwrap();
    for (user, role) in [("anna", Role::Admin), ("bert", Role::Editor)] {
        let added = store.add_user(&name(user), user, role, trace()).await;
        added.unwrap();
    }
    let refused = async || {
        for error in [
            store.set_role(&anna(), Role::Viewer, trace()).await,
            store.set_user_disabled(&anna(), true, trace()).await,
            store.remove_user(&anna(), trace()).await,
        ] {
            let error = error.unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid);
            assert!(error.message().contains("last admin"), "{error}");
        }
    };
    refused().await;
    store
        .set_role(&name("bert"), Role::Admin, trace())
        .await
        .unwrap();
    store
        .set_user_disabled(&name("bert"), true, trace())
        .await
        .unwrap();
    // one who may not sign in is none
    refused().await;
    store
        .set_user_disabled(&name("bert"), false, trace())
        .await
        .unwrap();
    store.remove_user(&anna(), trace()).await.unwrap();
    assert!(store.has_admin().await.unwrap());
}

#[tokio::test]
async fn a_subject_is_the_same_user_whatever_else_changes() {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Local Anna", Role::Admin, trace())
        .await
        .unwrap();
    let subject = Subject {
        issuer: "https://id.example",
        subject: "1",
        wish: "anna",
        display_name: Some("Anna"),
        email: Some("anna@example.org"),
        role: Role::Editor,
        keeps_role: false,
    };
    let made = store.find_or_create_user(subject, trace()).await.unwrap();
    // never the local user of that name
    assert_eq!(made.name.as_str(), "anna-2");
    let moved = Subject {
        wish: "other",
        display_name: None,
        email: Some("new@example.org"),
        role: Role::Viewer,
        ..subject
    };
    let found = store.find_or_create_user(moved, trace()).await.unwrap();
    assert_eq!((&found.name, found.role), (&made.name, Role::Viewer));
    let kept = Subject {
        role: Role::Admin,
        keeps_role: true,
        ..subject
    };
    let found = store.find_or_create_user(kept, trace()).await.unwrap();
    assert_eq!(found.role, Role::Viewer, "the stored one");
    let found = store.find_or_create_user(moved, trace()).await.unwrap();
    assert_eq!(found.email.as_deref(), Some("new@example.org"));
    assert_eq!(found.display_name, "Anna");
    let elsewhere = Subject {
        issuer: "https://other.example",
        ..subject
    };
    let other = store.find_or_create_user(elsewhere, trace()).await.unwrap();
    assert_eq!(other.name.as_str(), "anna-3");
    let known = store.user_by_subject("https://id.example", "1").await;
    assert_eq!(known.unwrap().unwrap().name, made.name);
    let unknown = store.user_by_subject("https://id.example", "2").await;
    assert!(unknown.unwrap().is_none());
}

const SUBJECT: Subject<'_> = Subject {
    issuer: "https://id.example",
    subject: "1",
    wish: "anna",
    display_name: None,
    email: None,
    role: Role::Admin,
    keeps_role: false,
};

async fn provider_comes(store: &Store) -> bool {
    let found = store.find_or_create_user(SUBJECT, trace()).await.unwrap();
    !found.disabled
}

async fn provider_refuses(store: &Store) {
    let done = store.shut_out(SUBJECT.issuer, SUBJECT.subject, "no role", trace());
    done.await.unwrap();
}

#[tokio::test]
async fn whom_the_provider_shuts_out_it_lets_in_again() {
    let store = Store::in_memory().await.unwrap();
    assert!(provider_comes(&store).await);
    let cookie = SecretString::from("cookie");
    let session = session(&cookie);
    let opened = store.open_session(&anna(), session, None, trace()).await;
    opened.unwrap();
    add_password(&store, &anna(), "opensesame").await;
    let disabled = async || {
        let found = store.find_password("anna", "opensesame").await.unwrap();
        found.unwrap().disabled
    };
    assert!(!disabled().await);
    // the last administrator too: the provider says who is one
    provider_refuses(&store).await;
    provider_refuses(&store).await;
    assert!(disabled().await);
    assert!(store.session(&cookie).await.unwrap().is_none());
    let opened = store.open_session(&anna(), session, None, trace()).await;
    assert_eq!(opened.unwrap_err().kind(), Kind::Forbidden);
    assert!(provider_comes(&store).await);
    assert!(!disabled().await);
    assert_eq!(count(&store, "sessions").await, 0, "ended for good");
    let told = told(&store).await;
    let lines: Vec<_> = told
        .iter()
        .map(|(action, object)| (&**action, &**object))
        .filter(|(action, _)| action.starts_with("user "))
        .collect();
    let enabled = "the identity provider grants a role again";
    assert_eq!(
        lines,
        [
            ("user added", "admin"),
            ("user disabled", "no role"),
            ("user enabled", enabled)
        ]
    );
}

#[tokio::test]
async fn whom_an_administrator_disabled_stays_so_whatever_the_provider_says() {
    let store = Store::in_memory().await.unwrap();
    let bert = name("bert");
    let added = store.add_user(&bert, "Bert", Role::Admin, trace()).await;
    added.unwrap();
    provider_comes(&store).await;
    let disable = async |disabled: bool| {
        let set = store.set_user_disabled(&anna(), disabled, trace()).await;
        set.unwrap();
    };
    disable(true).await;
    provider_refuses(&store).await;
    assert!(!provider_comes(&store).await);
    // an administrator takes over what the provider did
    disable(false).await;
    provider_refuses(&store).await;
    disable(true).await;
    assert!(!provider_comes(&store).await);
    disable(false).await;
    assert!(provider_comes(&store).await);
    // nobody else's business, and nobody is made
    let unknown = store.shut_out("https://id.example", "2", "no role", trace());
    unknown.await.unwrap();
    assert_eq!(count(&store, "users").await, 2);
}

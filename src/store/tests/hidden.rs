//! What users keep from their devices.

use super::*;
use crate::domain::Branch;

fn branch(kind: &str, id: &str) -> Branch {
    Branch::parse(kind, id).unwrap()
}

async fn hidden(store: &Store) -> Vec<Branch> {
    let (_, rows) = store.connections_of(&anna()).await.unwrap();
    rows[0].hidden.clone()
}

async fn furnished() -> (Store, String) {
    let store = Store::in_memory().await.unwrap();
    let anna = anna();
    let added = store.add_user(&anna, "Anna", Role::Editor, trace());
    added.await.unwrap();
    let slug = connect(&store, &anna, "one", "token").await.slug;
    (store, slug)
}

#[tokio::test]
async fn hiding_is_noticed_by_its_generation_and_undone() {
    let (store, slug) = furnished().await;
    let set = async |branch: &Branch, hide: bool| {
        let (before, _) = store.connections_of(&anna()).await.unwrap();
        let done = store
            .set_hidden(&anna(), &slug, branch, hide, trace())
            .await;
        done.unwrap();
        let (after, _) = store.connections_of(&anna()).await.unwrap();
        after > before
    };
    let (drive, book) = (branch("drive", "7"), branch("contact", "7"));
    assert!(set(&drive, true).await && set(&book, true).await);
    assert!(!set(&book, true).await, "it is so already");
    assert_eq!(hidden(&store).await.len(), 2);
    assert!(set(&drive, false).await);
    assert_eq!(hidden(&store).await, [book]);
}

#[tokio::test]
async fn nobody_hides_what_is_another_users_or_too_long() {
    let (store, slug) = furnished().await;
    let bob = name("bob");
    store
        .add_user(&bob, "Bob", Role::Editor, trace())
        .await
        .unwrap();
    let long = branch("drive", &"x".repeat(1001));
    let seven = branch("drive", "7");
    for (user, branch, kind) in [
        (&bob, &seven, Kind::NotFound),
        (&anna(), &long, Kind::Invalid),
    ] {
        let refused = store.set_hidden(user, &slug, branch, true, trace()).await;
        assert_eq!(refused.unwrap_err().kind(), kind);
    }
    assert!(hidden(&store).await.is_empty());
    assert_eq!(Branch::parse("users", "7"), None);
}

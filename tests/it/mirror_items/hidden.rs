//! Hidden calendars and address books in the copy: nothing is lost, nothing is refreshed.

use davbridge::domain::{Branch, Call, Contact, ItemKind, Kind, ShelfId};
use davbridge::store::{By, Store};
use std::sync::Arc;
use std::time::Duration;

use super::client::Client;
use super::rig::{Rig, day, until};
use crate::support::bridge::{trace, user};
use crate::support::items::{Manner, Sample};

fn branch(kind: ItemKind, shelf: &str) -> Branch {
    Branch::Shelf(kind, ShelfId::new(shelf))
}

async fn set<K: Sample>(store: &Store, rig: &Rig<K>, shelf: &str, hide: bool) {
    let slug = rig.connection().await.slug;
    let branch = branch(K::KIND, shelf);
    let done = store
        .set_hidden(&user(), &slug, &branch, hide, trace())
        .await;
    done.unwrap();
}

#[tokio::test]
async fn another_process_hides_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let rig: Rig = Rig::on(Store::open(folder.path()).await.unwrap(), Manner::WHOLE).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.cloud.put("2", "s1", "two.", day(1));
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let (head, collection) = (
        rig.head("first").await.unwrap(),
        rig.collection("first").await.unwrap(),
    );
    let published = rig.published("1").await;

    let other = Store::open(folder.path()).await.unwrap();
    set(&other, &rig, "s1", true).await;
    assert_eq!(rig.names().await, Err(Kind::NotFound));
    let slugs = rig.collections().await.unwrap();
    let slugs: Vec<&str> = slugs.iter().map(|shelf| &*shelf.slug).collect();
    assert_eq!(slugs, ["second"]);

    set(&other, &rig, "s1", false).await;
    assert_eq!(rig.head("first").await.unwrap(), head);
    assert_eq!(rig.collection("first").await.unwrap().id, collection.id);
    assert_eq!(rig.published("1").await, published);
    // The client's token still tells exactly what changed.
    rig.cloud.put("1", "s1", "changed.", day(1));
    rig.forward(16);
    client.poll(&rig).await.unwrap();
    assert!(client.tells("1.ics", "changed.") && client.copy.len() == 2);
}

#[tokio::test]
async fn it_stays_hidden_over_a_restart_and_a_new_token() {
    let mut rig: Rig<Contact> = Rig::new(Manner::WHOLE).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.names().await.unwrap();
    let store = rig.accounts.store.clone();
    set(&store, &rig, "s1", true).await;
    rig.restart();
    assert_eq!(rig.names().await, Err(Kind::NotFound));
    rig.disconnect().await;
    rig.reconnect(true).await;
    assert_eq!(rig.names().await, Err(Kind::NotFound));
    let (user, first) = (user(), branch(ItemKind::Event, "s1"));
    let unknown = store.set_hidden(&user, "nothing", &first, true, trace());
    assert_eq!(unknown.await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn a_feed_is_refreshed_while_one_of_its_shelves_is_shown() {
    for (hidden, refreshed) in [(&["s1"][..], true), (&["s1", "s2"], false)] {
        let rig: Rig<Contact> = Rig::new(Manner::WHOLE).await;
        rig.cloud.put("1", "s1", "one.", day(1));
        rig.names().await.unwrap();
        let store = rig.accounts.store.clone();
        for shelf in hidden {
            set(&store, &rig, shelf, true).await;
        }
        rig.clock.hold_turns();
        let schedule = tokio::spawn(rig.mirror.clone().tend());
        rig.cloud.put("1", "s1", "two.", day(1));
        let before = rig.published("1").await[0].etag.clone();
        rig.cloud.take_calls();
        rig.forward(50);
        rig.clock.turn().await;
        if refreshed {
            until(async || rig.published("1").await[0].etag != before).await;
        } else {
            rig.clock.turn().await;
            rig.clock.turn().await;
            assert_eq!(rig.cloud.take_calls().all(), 0, "nobody sees it");
        }
        schedule.abort();
    }
}

#[tokio::test]
async fn the_tree_shows_what_is_hidden_with_counts() {
    let rig: Rig = Rig::new(Manner::WHOLE).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.cloud.put("2", "s1", "two.", day(1));
    rig.names().await.unwrap();
    let connection = rig.connection().await;
    let (user, slug) = (user(), connection.slug.clone());
    let first = branch(ItemKind::Event, "s1");
    let mirror: &Arc<_> = &rig.mirror;
    let by = By::command();
    let hidden = mirror.set_hidden(&by, &user, &slug, &first, true).await;
    hidden.unwrap();
    let patience = Duration::from_secs(5);
    let tree = mirror
        .tree(&Call::interactive(), &connection, patience)
        .await;
    assert!(tree.drives.unwrap().is_empty() && tree.books.unwrap().is_empty());
    let leaves = tree.calendars.unwrap();
    let told: Vec<_> = leaves
        .iter()
        .map(|leaf| (&*leaf.slug, leaf.items, leaf.hidden))
        .collect();
    assert_eq!(told[0], ("first", Some(2), true));
    assert_eq!((told[1].0, told[1].2), ("second", false));
    assert_eq!(leaves[0].branch, first);
}

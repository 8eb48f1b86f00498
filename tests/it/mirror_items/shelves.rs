//! Items on several shelves, moved between them, and new shelves; several connections.

use std::sync::Arc;

use davbridge::domain::{Contact, Event, Given, Kind};
use davbridge::store::Store;

use super::client::Client;
use super::rig::{Rig, day, ids};
use crate::support::items::{Cloud, Faults, Manner, Sample};

#[tokio::test]
async fn an_item_on_two_shelves_of_one_feed() {
    let rig: Rig<Contact> = Rig::new(Manner::WHOLE).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.cloud.put("2", "s1", "two.", day(1));
    rig.cloud.put("3", "s2", "three.", day(1));
    rig.cloud.lay("1", &["s1", "s2"]);
    let mut clients = [Client::new("first"), Client::new("second")];
    for client in &mut clients {
        client.poll(&rig).await.unwrap();
        assert!(client.tells("1.vcf", "one."));
    }
    let uids: Vec<String> = rig
        .published("1")
        .await
        .into_iter()
        .map(|row| row.uid)
        .collect();
    assert_eq!(uids[0], uids[1]);
    // From both to the second, and at once back to the first.
    for lay in [Cloud::lay, Cloud::lay_alike] {
        for (shelves, first, second) in
            [(&["s2"][..], 1, 2), (&["s1"], 2, 1), (&["s2", "s1"], 2, 2)]
        {
            lay(&rig.cloud, "1", shelves);
            rig.forward(16);
            for client in &mut clients {
                client.poll(&rig).await.unwrap();
            }
            let counts = clients.each_ref().map(|client| client.copy.len());
            assert_eq!(counts, [first, second], "{shelves:?}");
        }
    }
}

#[tokio::test]
async fn an_item_moved_to_another_feed_is_never_in_neither() {
    for at in [day(3), day(400), day(-300)] {
        let rig: Rig = Rig::new(Manner::WINDOWS).await;
        rig.cloud.put("1", "s1", "one.", at);
        rig.cloud.put("2", "s1", "two.", at);
        rig.cloud.put("3", "s2", "three.", at);
        let mut clients = [Client::new("first"), Client::new("second")];
        // The one is looked at three hours before the other.
        for client in &mut clients {
            client.poll(&rig).await.unwrap();
            rig.forward(180);
        }
        let uid = rig.published("1").await[0].uid.clone();
        rig.cloud.lay("1", &["s2"]);
        for _ in 0..150 {
            rig.forward(6);
            for client in &mut clients {
                client.poll(&rig).await.unwrap();
            }
            let found = clients.iter().any(|client| client.tells("1.ics", "one."));
            assert!(found, "it is lost");
        }
        let counts = clients.each_ref().map(|client| client.copy.len());
        assert_eq!(counts, [1, 2]);
        let rows = rig.published("1").await;
        assert!(rows.iter().all(|row| row.uid == uid));
    }
}

#[tokio::test]
async fn a_new_shelf_of_a_feed_is_not_served_without_its_items() {
    for manner in [Manner::WHOLE, Manner::VERSIONS] {
        let rig: Rig<Contact> = Rig::new(manner).await;
        rig.cloud.put("1", "s1", "one.", day(1));
        rig.cloud.put("2", "s1", "two.", day(1));
        let mut first = Client::new("first");
        first.poll(&rig).await.unwrap();
        // A look sees the items on it before the list tells of it.
        rig.cloud.add_shelf("s3", "Third");
        rig.cloud.put("3", "s3", "three.", day(1));
        rig.cloud.lay("2", &["s3"]);
        rig.forward(16);
        first.poll(&rig).await.unwrap();
        assert_eq!(first.copy.len(), 2, "it is in no other collection yet");
        let mut third = Client::new("third");
        third.poll(&rig).await.unwrap();
        assert_eq!(third.names(), ["2.vcf", "3.vcf"], "{manner:?}");
        first.poll(&rig).await.unwrap();
        assert_eq!(first.names(), ["1.vcf"]);
    }
}

#[tokio::test]
async fn a_new_shelf_is_looked_at_by_who_asks_for_its_state_alone() {
    let rig: Rig<Contact> = Rig::new(Manner::WHOLE).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.names().await.unwrap();
    rig.forward(60);
    rig.names().await.unwrap();
    rig.cloud.add_shelf("s3", "Third");
    rig.cloud.put("3", "s3", "three.", day(1));
    rig.forward(1);
    // The list is read anew while the feed is fresh.
    let mut rig = rig;
    rig.settings.freshness.shelves = std::time::Duration::ZERO;
    rig.restart();
    super::rig::until(async || rig.head("third").await.is_some()).await;
    assert_eq!(rig.list("third").await.unwrap(), ["3.vcf"]);
}

#[tokio::test]
async fn a_first_look_that_speaks_of_nothing_serves_nothing() {
    let rig: Rig<Contact> = Rig::new(Manner::WHOLE).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.fault(Faults {
        unsure: true,
        missed: ids(&["1"]),
        ..Faults::default()
    });
    let busy = rig.names().await.unwrap_err();
    assert!(matches!(busy, Kind::Busy { .. }), "{busy:?}");
    rig.cloud.heal();
    rig.settle("first").await;
    assert_eq!(rig.names().await.unwrap(), ["1.vcf"]);
    rig.fault(Faults {
        unsure: true,
        missed: ids(&["1"]),
        ..Faults::default()
    });
    for _ in 0..4 {
        rig.forward(70);
        assert_eq!(rig.names().await.unwrap(), ["1.vcf"]);
    }
}

fn told_uid() -> Given<Event> {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x\r\nBEGIN:VEVENT\r\nUID:same\r\n\
                DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:x\r\n\
                END:VEVENT\r\nEND:VCALENDAR\r\n";
    Given::Text(text.to_owned())
}

#[tokio::test]
async fn a_uid_that_the_cloud_tells_twice_is_given_once() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    let put = |id: &str| {
        let rows = vec![(Event::part(day(1)), Event::sample("x", day(1)))];
        rig.cloud.put_rows(id, "s1", rows, Some(told_uid()));
    };
    for id in ["1", "2", "3"] {
        put(id);
    }
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 3, "which checks that UIDs differ");
    put("4");
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 4);
}

#[tokio::test]
async fn several_connections_of_one_user() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    let other: Arc<Cloud<Event>> = Cloud::new(Manner::WINDOWS);
    let account = Arc::new(Event::account(Some(other.clone())));
    rig.accounts.connect("two", account).await;
    rig.cloud.put("1", "s1", "mine.", day(1));
    other.put("1", "s1", "theirs.", day(1));
    let all = rig.collections().await.unwrap();
    let slugs: Vec<&str> = all.iter().map(|found| found.slug.as_str()).collect();
    assert_eq!(slugs, ["first", "second", "first-2", "second-2"]);
    let mut clients = [Client::new("first"), Client::new("first-2")];
    for client in &mut clients {
        client.poll(&rig).await.unwrap();
    }
    assert!(clients[0].tells("1.ics", "mine.") && clients[1].tells("1.ics", "theirs."));
    // Trouble of the first is no trouble of the second.
    for kind in [
        Kind::Down,
        Kind::SignedOut,
        Kind::NotGranted,
        Kind::Forbidden,
    ] {
        rig.fault(Faults {
            all: Some(kind),
            ..Faults::default()
        });
        rig.forward(61);
        other.put("1", "s1", "changed.", day(1));
        clients[1].poll(&rig).await.unwrap();
        assert!(clients[1].tells("1.ics", "changed."));
        assert_eq!(rig.collections().await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn a_connection_that_was_never_read_hides_no_other() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    rig.names().await.unwrap();
    let other: Arc<Cloud<Event>> = Cloud::new(Manner::WINDOWS);
    other.set_faults(Faults {
        all: Some(Kind::Down),
        ..Faults::default()
    });
    let account = Arc::new(Event::account(Some(other)));
    rig.accounts.connect("another", account).await;
    assert!(rig.collections().await.is_err(), "a list is whole or none");
    assert!(rig.list("first").await.is_ok());
    let error = rig.collection("nowhere").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Down, "it may be there");
}

#[tokio::test]
async fn a_restored_list_is_told_only_when_the_cloud_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut rig: Rig = Rig::on(store, Manner::WINDOWS).await;
    assert_eq!(rig.collections().await.unwrap().len(), 2);
    let file = folder.path().join("backup");
    rig.accounts.store.backup(&file).await.unwrap();
    rig.cloud.add_shelf("s3", "Third");
    rig.forward(61);
    assert_eq!(rig.collections().await.unwrap().len(), 3);
    rig.accounts.store.restore(&file).await.unwrap();
    rig.fault(down());
    for _ in 0..3 {
        let error = rig.collections().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Down, "no shorter list");
        for slug in ["first", "third"] {
            let error = rig.collection(slug).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Down, "{slug}");
        }
        rig.forward(61);
        rig.restart();
    }
    rig.cloud.heal();
    assert_eq!(rig.collections().await.unwrap().len(), 3);
    rig.fault(down());
    rig.forward(61);
    rig.restart();
    assert_eq!(rig.collections().await.unwrap().len(), 3);
}

fn down() -> Faults {
    Faults {
        all: Some(Kind::Down),
        ..Faults::default()
    }
}

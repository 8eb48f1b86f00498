//! Trouble of the cloud.

use davbridge::domain::{ConnectionState, Contact, Kind, ShelfId};

use super::client::Client;
use super::rig::{Rig, day, says_nothing};
use crate::support::items::{Faults, Manner, Sample};

pub async fn furnished<K: Sample>(manner: Manner) -> Rig<K> {
    let rig = Rig::new(manner).await;
    fill(&rig);
    rig
}

pub fn fill<K: Sample>(rig: &Rig<K>) {
    for n in 1..=3 {
        rig.cloud.put(&n.to_string(), "s1", "x", day(n));
        rig.cloud.put(&(n + 10).to_string(), "s2", "y", day(n));
    }
}

fn all(kind: Kind) -> Faults {
    Faults {
        all: Some(kind),
        ..Faults::default()
    }
}

const STRANGE: [Kind; 6] = [
    Kind::Forbidden,
    Kind::NotFound,
    Kind::Down,
    Kind::Broken,
    Kind::Unsupported,
    Kind::StaleCursor,
];

#[tokio::test]
async fn a_refused_calendar_does_not_stop_the_others() {
    for kind in STRANGE {
        for known in [false, true] {
            let rig: Rig = furnished(Manner::WINDOWS).await;
            if known {
                rig.names().await.unwrap();
            }
            rig.fault(Faults {
                shelf: Some((ShelfId::new("s1"), kind)),
                ..Faults::default()
            });
            for _ in 0..4 {
                rig.forward(3 * 60);
                assert_eq!(rig.collections().await.unwrap().len(), 2);
                match rig.names().await {
                    Ok(names) => assert!(known && names.len() == 3),
                    Err(told) => assert!(!known && matches!(told, Kind::Busy { .. }), "{told:?}"),
                }
                assert_eq!(rig.list("second").await.unwrap().len(), 3);
            }
            rig.cloud.heal();
            rig.settle("first").await;
        }
    }
}

#[tokio::test]
async fn nothing_a_cloud_in_trouble_says_is_about_the_data() {
    for kind in STRANGE {
        let rig: Rig<Contact> = furnished(Manner::WHOLE).await;
        rig.fault(all(kind));
        assert!(
            says_nothing(&rig.collections().await.unwrap_err()),
            "{kind:?}"
        );
        let error = rig.collection("first").await.unwrap_err();
        assert!(says_nothing(&error), "{kind:?}");
        rig.cloud.heal();
        rig.forward(1);
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        rig.fault(all(kind));
        for minutes in [1, 20, 70, 24 * 60] {
            rig.forward(minutes);
            client.poll(&rig).await.unwrap();
            assert_eq!(client.copy.len(), 3, "{kind:?}");
            assert_eq!(rig.collections().await.unwrap().len(), 2);
            let error = rig.collection("nowhere").await.unwrap_err();
            assert_eq!(error.kind(), Kind::NotFound, "the list is known");
        }
    }
}

#[tokio::test]
async fn signed_out() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let head = rig.head("first").await;
    rig.fault(all(Kind::SignedOut));
    rig.forward(70);
    for _ in 0..5 {
        assert_eq!(client.poll(&rig).await.unwrap_err().kind(), Kind::SignedOut);
        assert_eq!(rig.names().await.unwrap_err(), Kind::SignedOut);
        assert_eq!(rig.collections().await.unwrap().len(), 2);
        assert_eq!(rig.head("first").await, head);
        rig.forward(70);
    }
    let notes = rig.accounts.notes.lock().unwrap().clone();
    assert_eq!(notes, [ConnectionState::SignedOut], "once");
    rig.cloud.heal();
    rig.reconnect(true).await;
    client.poll(&rig).await.unwrap();
    assert_eq!(rig.head("first").await, head, "nothing has changed");
    assert_eq!((client.copy.len(), client.transferred), (3, 3));
}

#[tokio::test]
async fn a_service_that_is_not_granted_any_more() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let head = rig.head("first").await;
    rig.fault(all(Kind::NotGranted));
    for _ in 0..3 {
        rig.forward(70);
        let error = client.poll(&rig).await.unwrap_err();
        assert_eq!(error.kind(), Kind::NotGranted);
        assert_eq!(rig.names().await.unwrap_err(), Kind::NotGranted);
        assert_eq!(rig.collections().await.unwrap().len(), 2);
        assert_eq!(rig.head("first").await, head);
    }
    let notes = rig.accounts.notes.lock().unwrap().clone();
    assert_eq!(notes, [], "no word about the other services");
    rig.cloud.heal();
    rig.reconnect(true).await;
    client.poll(&rig).await.unwrap();
    assert_eq!((client.copy.len(), client.transferred), (3, 3));
}

#[tokio::test]
async fn accepted_again() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    rig.names().await.unwrap();
    rig.fault(all(Kind::SignedOut));
    rig.forward(6);
    assert_eq!(rig.names().await.unwrap_err(), Kind::SignedOut);
    rig.cloud.heal();
    rig.forward(16);
    assert_eq!(rig.names().await.unwrap().len(), 3);
    let notes = rig.accounts.notes.lock().unwrap().clone();
    assert_eq!(notes, [ConnectionState::SignedOut, ConnectionState::Active]);
}

#[tokio::test]
async fn a_token_without_the_scope() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    rig.reconnect(false).await;
    assert_eq!(rig.collections().await.unwrap().len(), 0);
    let error = rig.collection("first").await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound, "there never was one");
    let rig: Rig = furnished(Manner::WINDOWS).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let head = rig.head("first").await;
    rig.reconnect(false).await;
    for _ in 0..3 {
        rig.forward(70);
        assert_eq!(rig.collections().await.unwrap().len(), 2);
        assert_eq!(rig.head("first").await, head);
        assert_eq!(rig.names().await.unwrap_err(), Kind::NotGranted);
    }
    rig.reconnect(true).await;
    client.poll(&rig).await.unwrap();
    assert_eq!((client.copy.len(), client.transferred), (3, 3));
}

#[tokio::test]
async fn the_cloud_is_left_alone_ever_longer() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    rig.names().await.unwrap();
    rig.cloud.take_calls();
    rig.fault(Faults {
        window: Some((0, Kind::Down)),
        ..Faults::default()
    });
    rig.forward(6);
    for _ in 0..120 {
        rig.list("first").await.unwrap();
        rig.forward(1);
    }
    let looks = rig.cloud.take_calls().windows;
    assert!((5..20).contains(&looks), "{looks} looks in two hours");
}

#[tokio::test]
async fn a_list_that_fails_is_told_of_until_it_is_read() {
    let rig: Rig<Contact> = Rig::new(Manner::WHOLE).await;
    fill(&rig);
    rig.cloud.set_faults(all(Kind::Forbidden));
    rig.collections().await.unwrap_err();
    let told = rig.services().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, "contact");
    assert!(told[0].problem.is_some());
    rig.cloud.heal();
    rig.forward(1);
    rig.collections().await.unwrap();
    assert!(rig.services().await.iter().all(|one| one.problem.is_none()));
}

#[tokio::test]
async fn a_new_token_has_none_of_the_problems_of_the_old_one() {
    let rig: Rig<Contact> = furnished(Manner::WHOLE).await;
    rig.names().await.unwrap();
    rig.fault(all(Kind::SignedOut));
    rig.forward(70);
    rig.names().await.unwrap_err();
    assert!(rig.status().await.iter().any(|feed| feed.problem.is_some()));
    rig.reconnect(true).await;
    assert!(rig.status().await.iter().all(|feed| feed.problem.is_none()));
    assert!(rig.services().await.iter().all(|one| one.problem.is_none()));
}

//! Events that move while they are read, and the horizon.

use chrono::{DateTime, Utc};
use davbridge::domain::{Event, ItemId};

use super::client::Client;
use super::rig::{Rig, day};
use crate::support::items::{Faults, Manner, Sample};

async fn furnished(at: DateTime<Utc>) -> Rig {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    rig.cloud.put("1", "s1", "one.", at);
    rig.cloud.put("2", "s1", "two.", day(1));
    rig
}

fn moving(after: usize, at: DateTime<Utc>) -> Faults {
    Faults {
        moved: Some((after, ItemId::new("1"), at)),
        ..Faults::default()
    }
}

#[tokio::test]
async fn an_event_moved_during_the_first_look_is_there_once() {
    // It is seen before and after.
    let rig = furnished(day(-300)).await;
    rig.fault(moving(5, day(400)));
    assert_eq!(rig.names().await.unwrap(), ["1.ics", "2.ics"]);
    assert!(!rig.recurs("1").await);
    assert!(rig.text("1").await.unwrap().contains("moved"));
}

#[tokio::test]
async fn an_event_moved_during_a_later_look_is_there_once() {
    // Its new place is read after the old one, and before: it is seen twice, or not at all.
    for (from, to) in [(-300, 400), (400, -300), (-300, 2), (2, -300), (400, 2)] {
        let rig = furnished(day(from)).await;
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        rig.fault(moving(5, day(to)));
        rig.forward(6 * 60);
        // Where its new place was read before, the next look tells.
        for _ in 0..70 {
            client.poll(&rig).await.unwrap();
            assert_eq!(client.copy.len(), 2, "{from} to {to}");
            assert!(!rig.recurs("1").await, "{from} to {to}");
            rig.forward(6);
        }
        rig.settled().await;
        client.poll(&rig).await.unwrap();
        assert!(client.tells("1.ics", "moved"), "{from} to {to}");
        for (after, to) in [(8, from), (3, to)] {
            rig.fault(moving(after, day(to)));
            for _ in 0..3 {
                rig.forward(6 * 60);
                rig.settled().await;
                client.poll(&rig).await.unwrap();
                assert_eq!(client.copy.len(), 2, "{from} to {to}");
                assert!(!rig.recurs("1").await, "{from} to {to}: again");
            }
        }
        assert!(client.removed.is_empty());
        assert!(rig.begins("1", day(to)).await, "{from} to {to}");
    }
}

#[tokio::test]
async fn an_event_moved_far_away_is_served_at_its_new_time() {
    for from in [3, 300, -300] {
        let rig = furnished(day(from)).await;
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        rig.cloud.put("1", "s1", "far.", day(1500));
        for _ in 0..4 {
            rig.forward(6 * 60);
            rig.settled().await;
            client.poll(&rig).await.unwrap();
            assert_eq!(client.copy.len(), 2);
        }
        assert!(client.tells("1.ics", "far."));
        assert!(rig.begins("1", day(1500)).await);
        rig.cloud.take_calls();
        rig.forward(6 * 60);
        rig.settled().await;
        assert_eq!(
            rig.cloud.take_calls().fetched,
            0,
            "nobody looks for it there"
        );
    }
}

#[tokio::test]
async fn what_slides_out_of_the_horizon_is_frozen() {
    let rig = furnished(day(-363)).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.cloud.take_calls();
    for _ in 0..10 {
        rig.forward(24 * 60);
        rig.settled().await;
        client.poll(&rig).await.unwrap();
    }
    assert_eq!(client.names(), ["1.ics", "2.ics"]);
    assert!(rig.text("1").await.is_some());
    assert_eq!(rig.cloud.take_calls().fetched, 0);
    // Nor is it taken away when it is deleted there: nobody would know.
    rig.cloud.remove("1");
    rig.forward(24 * 60);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 2);
}

#[tokio::test]
async fn a_nearer_horizon_takes_nothing_away() {
    let mut rig = furnished(day(-100)).await;
    rig.cloud.put("3", "s1", "three.", day(500));
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.settings.freshness.horizon_past = 30;
    rig.settings.freshness.horizon_future = 200;
    rig.restart();
    for _ in 0..3 {
        rig.forward(24 * 60);
        rig.settled().await;
        client.poll(&rig).await.unwrap();
    }
    assert_eq!(client.copy.len(), 3);
    assert!(client.removed.is_empty());
}

impl Rig {
    /// Whether an item is served with this begin.
    async fn begins(&self, id: &str, at: DateTime<Utc>) -> bool {
        let first = self.collection("first").await.unwrap();
        let store = &self.accounts.store;
        let live = store.live_items(&[first.id], None).await.unwrap();
        let mut live = live.iter().filter(|live| live.item == ItemId::new(id));
        live.next().unwrap().first == Event::sample("", at).start.map(|at| at.earliest())
    }
}

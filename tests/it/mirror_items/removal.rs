//! When items and collections are gone, and when they only seem to be.

use davbridge::domain::{Contact, Event, ItemId, ShelfId};

use super::client::Client;
use super::rig::{Rig, day, ids};
use crate::support::items::{Faults, Manner, Sample};

async fn furnished<K: Sample>(manner: Manner, count: i64) -> Rig<K> {
    let rig = Rig::new(manner).await;
    for n in 1..=count {
        // One in four far away.
        let far = if n % 4 == 0 { 300 } else { 0 };
        rig.cloud
            .put(&n.to_string(), "s1", "x", day(n % 40 + 2 + far));
    }
    rig
}

fn empty() -> Faults {
    Faults {
        empty: Some(ShelfId::new("s1")),
        ..Faults::default()
    }
}

fn missing(missed: &[&str]) -> Faults {
    Faults {
        missed: ids(missed),
        ..Faults::default()
    }
}

#[tokio::test]
async fn one_item_is_gone_when_the_cloud_says_so() {
    for manner in [Manner::WINDOWS, Manner::VERSIONS] {
        let rig: Rig = furnished(manner, 10).await;
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        rig.cloud.take_calls();
        rig.cloud.remove("3");
        rig.forward(6);
        client.poll(&rig).await.unwrap();
        assert_eq!(client.removed, ["3.ics"]);
        assert_eq!(rig.cloud.take_calls().fetched, 1);
        assert!(rig.published("3").await[0].removed, "a tombstone");
    }
}

#[tokio::test]
async fn one_item_is_gone_when_two_looks_agree() {
    let rig: Rig<Contact> = furnished(Manner::WHOLE, 10).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.cloud.remove("3");
    rig.forward(16);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 10, "one look proves nothing");
    rig.forward(16);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.removed, ["3.vcf"]);
}

async fn empties<K: Sample>(manner: Manner, count: i64) {
    let rig: Rig<K> = furnished(manner, count).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let all = client.copy.len();
    rig.fault(empty());
    // At what is near, at everything, and again.
    for minutes in [6, 6 * 60, 6, 30] {
        rig.forward(minutes);
        rig.settled().await;
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), all, "{manner:?} {count}");
        if minutes == 6 * 60 && !manner.fetch {
            // Only these are proof.
            break;
        }
    }
    rig.cloud.heal();
    rig.forward(6 * 60);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), all);
    assert_eq!(client.transferred, all, "{manner:?}: nothing moved");
    // Now it is emptied indeed.
    for id in rig.cloud.ids("s1") {
        rig.cloud.remove(&id);
    }
    rig.forward(6 * 60);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    let left = client.copy.len();
    // What is near is looked at by itself: of few items, those may be gone one by one.
    let few = manner.windows && (2..20).contains(&all);
    assert!(
        left == all || (few && left > 0),
        "{manner:?} {count}: one look, {left} left"
    );
    rig.forward(6 * 60);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 0, "{manner:?} {count}: two agree");
}

#[tokio::test]
async fn a_collection_that_looks_empty_loses_nothing() {
    for count in [1, 5, 40] {
        empties::<Event>(Manner::WINDOWS, count).await;
        empties::<Event>(Manner::VERSIONS, count).await;
        empties::<Contact>(Manner::WHOLE, count).await;
    }
}

#[tokio::test]
async fn looks_agree_only_if_none_between_them_saw_the_item() {
    let rig: Rig<Contact> = furnished(Manner::WHOLE, 10).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let unreadable = Faults {
        unreadable: Some(ItemId::new("3")),
        ..Faults::default()
    };
    for faults in [missing(&["3"]), unreadable, missing(&["3"])] {
        rig.fault(faults);
        rig.forward(16);
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), 10);
    }
    rig.cloud.heal();
    for faults in [missing(&["4"]), Faults::default(), missing(&["4"])] {
        rig.fault(faults);
        rig.forward(16);
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), 10);
    }
}

#[tokio::test]
async fn an_unreadable_record_is_there() {
    for nameless in [false, true] {
        for manner in [Manner::WINDOWS, Manner::WHOLE] {
            unreadable::<Event>(manner, nameless).await;
        }
        unreadable::<Contact>(Manner::WHOLE, nameless).await;
    }
}

async fn unreadable<K: Sample>(manner: Manner, nameless: bool) {
    let rig: Rig<K> = furnished(manner, 10).await;
    let mut client = Client::new("first");
    let faults = |id: &str| {
        let id = Some(ItemId::new(id));
        let (nameless, unreadable) = if nameless { (id, None) } else { (None, id) };
        Faults {
            nameless,
            unreadable,
            ..Faults::default()
        }
    };
    // New, and known.
    for (id, count) in [("3", 9), ("5", 10)] {
        rig.fault(faults(id));
        for _ in 0..3 {
            rig.forward(6 * 60);
            rig.settled().await;
            client.poll(&rig).await.unwrap();
            assert_eq!(client.copy.len(), count, "{manner:?} {nameless}");
        }
        let status = rig.status().await;
        assert!(status.iter().any(|feed| feed.unreadable > 0));
    }
    rig.cloud.heal();
    rig.forward(6 * 60);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    assert_eq!((client.copy.len(), client.removed.len()), (10, 0));
    assert!(rig.status().await.iter().all(|feed| feed.unreadable == 0));
}

#[tokio::test]
async fn an_item_that_only_looks_miss_is_not_read_again_and_again() {
    let rig: Rig = furnished(Manner::WINDOWS, 10).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.fault(missing(&["3"]));
    rig.cloud.take_calls();
    for _ in 0..11 {
        rig.forward(5);
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), 10);
    }
    assert_eq!(rig.cloud.take_calls().fetched, 1, "once an hour is enough");
    rig.cloud.remove("3");
    for _ in 0..3 {
        rig.forward(5);
        client.poll(&rig).await.unwrap();
    }
    assert_eq!(client.removed, ["3.ics"]);
}

async fn slugs<K: Sample>(rig: &Rig<K>) -> Vec<String> {
    let all = rig.collections().await.unwrap();
    all.iter().map(|found| found.slug.clone()).collect()
}

#[tokio::test]
async fn a_collection_missing_from_one_list_is_there() {
    for manner in [Manner::WINDOWS, Manner::WHOLE] {
        let rig: Rig = furnished(manner, 10).await;
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        let hidden = Faults {
            hidden: Some(ShelfId::new("s1")),
            ..Faults::default()
        };
        let unlisted = Faults {
            unlisted: true,
            ..Faults::default()
        };
        for faults in [hidden, Faults::default(), unlisted, Faults::default()] {
            rig.fault(faults);
            rig.forward(61);
            assert_eq!(slugs(&rig).await, ["first", "second"], "{manner:?}");
            client.poll(&rig).await.unwrap();
            assert_eq!(client.copy.len(), 10);
        }
    }
}

#[tokio::test]
async fn a_collection_is_gone_when_two_lists_agree() {
    let rig: Rig = furnished(Manner::WINDOWS, 10).await;
    assert_eq!(slugs(&rig).await, ["first", "second"]);
    rig.cloud.remove_shelf("s2");
    rig.forward(61);
    assert_eq!(slugs(&rig).await, ["first", "second"], "one list");
    rig.forward(61);
    assert_eq!(slugs(&rig).await, ["first"]);
    let error = rig.collection("second").await.unwrap_err();
    assert_eq!(error.kind(), davbridge::domain::Kind::NotFound);
    rig.cloud.add_shelf("s2", "Another name");
    rig.forward(61);
    assert_eq!(
        slugs(&rig).await,
        ["first", "second"],
        "its address is kept"
    );
}

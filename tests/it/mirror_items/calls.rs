//! What polls cost the cloud.

use std::sync::Arc;

use davbridge::domain::Call;
use tokio::sync::Barrier;

use super::client::Client;
use super::rig::{Rig, day, ending};
use crate::support::items::{Calls, Manner, Sample};

async fn furnished<K: Sample>(manner: Manner) -> Rig<K> {
    let rig = Rig::new(manner).await;
    for n in 1..=50 {
        let (id, title) = (n.to_string(), format!("t{n}."));
        rig.cloud.put(&id, "s1", &title, day(n - 10));
    }
    rig
}

async fn polls_are_free<K: Sample>(manner: Manner) {
    let rig: Rig<K> = furnished(manner).await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let first = rig.cloud.take_calls();
    let windows = if manner.windows { 14 } else { 1 };
    let fetched = if manner.values { 0 } else { 50 };
    let expected = Calls {
        shelves: 1,
        windows,
        fetched,
    };
    assert_eq!(first, expected, "{manner:?}");
    let head = rig.head("first").await;
    for _ in 0..1000 {
        client.poll(&rig).await.unwrap();
    }
    assert_eq!(rig.cloud.take_calls().all(), 0, "{manner:?}");
    assert_eq!(client.transferred, 50);
    let first = rig.collection("first").await.unwrap();
    let names: Vec<String> = client.copy.keys().cloned().collect();
    let call = Call::interactive();
    let members = rig.mirror.members(&call, &first, &names).await.unwrap();
    assert_eq!(members.len(), 50);
    assert_eq!(rig.cloud.take_calls().all(), 0, "multiget");
    rig.forward(16);
    for _ in 0..10 {
        let mut another = Client::new("first");
        another.poll(&rig).await.unwrap();
        client.poll(&rig).await.unwrap();
    }
    let once = Calls {
        shelves: 0,
        windows: 1,
        fetched: 0,
    };
    assert_eq!(rig.cloud.take_calls(), once, "{manner:?}: one look");
    assert_eq!(client.transferred, 50, "nothing moved");
    assert_eq!(rig.head("first").await, head);
}

#[tokio::test]
async fn unchanged_polls_cost_nothing() {
    for manner in Manner::ALL {
        polls_are_free::<davbridge::domain::Event>(manner).await;
        polls_are_free::<davbridge::domain::Contact>(Manner {
            windows: false,
            ..manner
        })
        .await;
    }
}

async fn changes_show<K: Sample>(manner: Manner) {
    let rig: Rig<K> = furnished(manner).await;
    let mut clients = [Client::new("first"), Client::limited("first", 1)];
    for client in &mut clients {
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), 50);
    }
    let ending = ending::<K>();
    rig.cloud.put("2", "s1", "changed.", day(5));
    rig.cloud.put("99", "s1", "new.", day(6));
    rig.cloud.remove("20");
    for _ in 0..2 {
        rig.forward(16);
        for client in &mut clients {
            client.poll(&rig).await.unwrap();
        }
    }
    for client in clients {
        assert!(
            client.tells(&format!("2.{ending}"), "changed."),
            "{manner:?}"
        );
        assert!(client.tells(&format!("99.{ending}"), "new."), "{manner:?}");
        assert_eq!(client.removed, [format!("20.{ending}")], "{manner:?}");
        assert_eq!(client.transferred, 52, "{manner:?}: nothing else moved");
    }
}

#[tokio::test]
async fn changes_and_removals_show() {
    for manner in Manner::ALL {
        changes_show::<davbridge::domain::Event>(manner).await;
        changes_show::<davbridge::domain::Contact>(Manner {
            windows: false,
            ..manner
        })
        .await;
    }
}

#[tokio::test]
async fn many_who_come_at_once_cost_one() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    *rig.accounts.together.lock().unwrap() = Arc::new(Barrier::new(20));
    let all = (0..20).map(|_| async {
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        client.copy.len()
    });
    let found = futures::future::join_all(all).await;
    assert_eq!(found, [50; 20]);
    let expected = Calls {
        shelves: 1,
        windows: 14,
        fetched: 0,
    };
    assert_eq!(rig.cloud.take_calls(), expected);
}

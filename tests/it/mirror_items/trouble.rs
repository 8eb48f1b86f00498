//! Trouble of the store, and other processes on it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use davbridge::domain::{Call, Clock, Fault, FeedId, Kind, Span};
use davbridge::mirror::Since;
use davbridge::store::{FeedKey, Settings, Store};

use super::outage::{fill, furnished};
use super::rig::{Rig, day, says_nothing, until};
use crate::support::items::{Faults, Manner};

const SPAN: Span = Span {
    from: DateTime::<Utc>::MIN_UTC,
    to: DateTime::<Utc>::MAX_UTC,
};

async fn everything_is_the_bridges_fault(rig: &Rig, slug: &str) {
    let error = rig.collections().await.unwrap_err();
    assert_eq!(error.fault(), Fault::Bridge, "{}", error.chain());
    let error = rig.collection(slug).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Bridge, "{}", error.chain());
    assert!(says_nothing(&error));
}

#[tokio::test]
async fn a_closed_store_is_the_bridges_trouble() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    rig.names().await.unwrap();
    let first = rig.collection("first").await.unwrap();
    rig.accounts.store.close().await;
    rig.forward(6);
    everything_is_the_bridges_fault(&rig, "first").await;
    everything_is_the_bridges_fault(&rig, "nowhere").await;
    let (call, mirror, names) = (Call::interactive(), &rig.mirror, ["1.ics".to_owned()]);
    let refused = [
        mirror.listing(&call, &first).await.map(|_| ()),
        mirror
            .delta(&call, &first, Since::Nothing, None)
            .await
            .map(|_| ()),
        mirror.members(&call, &first, &names).await.map(|_| ()),
        mirror.names_within(&call, &first, SPAN).await.map(|_| ()),
    ];
    for refused in refused {
        let error = refused.unwrap_err();
        assert_eq!(error.fault(), Fault::Bridge, "{}", error.chain());
        assert!(says_nothing(&error), "{}", error.chain());
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut rig: Rig = Rig::on(store, Manner::WINDOWS).await;
    fill(&rig);
    rig.names().await.unwrap();
    rig.accounts.store.close().await;
    let mut settings = Settings::new(folder.path());
    settings.read_only = true;
    let store = Store::open_with(&settings).await.unwrap();
    rig.accounts = rig.accounts.on(store);
    rig.restart();
    assert_eq!(
        rig.names().await.unwrap().len(),
        3,
        "as long as it is fresh"
    );
    rig.forward(6);
    let first = rig.collection("first").await.unwrap();
    let call = Call::interactive();
    let error = rig.mirror.listing(&call, &first).await.unwrap_err();
    assert_eq!((error.fault(), error.kind()), (Fault::Bridge, Kind::Down));
}

async fn key(rig: &Rig) -> FeedKey {
    FeedKey {
        connection: rig.connection().await.id,
        kind: davbridge::domain::ItemKind::Event,
        feed: FeedId::new("s1"),
    }
}

#[tokio::test]
async fn another_process_looks() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    let (key, store) = (key(&rig).await, rig.accounts.store.clone());
    assert!(store.claim(&key, "other", rig.clock.now()).await.unwrap());
    let busy = rig.names().await.unwrap_err();
    assert!(matches!(busy, Kind::Busy { .. }), "{busy:?}");
    rig.forward(1);
    assert_eq!(rig.names().await.unwrap().len(), 3, "the lease is over");
    rig.forward(6);
    rig.cloud.put("4", "s1", "x", day(4));
    assert!(store.claim(&key, "other", rig.clock.now()).await.unwrap());
    assert_eq!(rig.names().await.unwrap().len(), 3, "the last state");
    rig.forward(1);
    assert_eq!(rig.names().await.unwrap().len(), 4);
}

#[tokio::test]
async fn another_process_takes_a_look_over() {
    let rig: Rig = furnished(Manner::WINDOWS).await;
    rig.names().await.unwrap();
    let (key, store) = (key(&rig).await, rig.accounts.store.clone());
    rig.clock.set_impatient(true);
    rig.fault(Faults {
        hang: Some(0),
        ..Faults::default()
    });
    rig.cloud.put("4", "s1", "x", day(4));
    rig.forward(6);
    assert_eq!(rig.names().await.unwrap().len(), 3);
    until(async || rig.cloud.hanging() > 0).await;
    rig.clock.forward(Duration::from_secs(50));
    let now = rig.clock.now();
    assert!(store.claim(&key, "other", now).await.unwrap());
    rig.clock.set_impatient(false);
    let cloud = rig.cloud.clone();
    let heal = async {
        tokio::task::yield_now().await;
        cloud.heal();
    };
    let (names, ()) = tokio::join!(rig.names(), heal);
    assert_eq!(names.unwrap().len(), 3, "the last state, and no error");
    assert!(rig.published("4").await.is_empty(), "nothing of it is kept");
}

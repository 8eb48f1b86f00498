//! The copy of items over the reference cloud.

use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use davbridge::domain::{Call, Event, ItemKind, Kind};
use davbridge::mirror::{Collection, Mirror};

use crate::support::bridge::{Bridge, user};
use crate::support::items::{Account, Cloud, Faults, Manner};

struct Rig {
    cloud: Arc<Cloud<Event>>,
    bridge: Bridge,
}

impl Rig {
    fn new(manner: Manner) -> Self {
        let cloud = Cloud::new(manner);
        let account = Account {
            events: Some(cloud.clone()),
            contacts: None,
        };
        Self {
            bridge: Bridge::new(Arc::new(account)),
            cloud,
        }
    }

    fn mirror(&self) -> &Arc<Mirror> {
        &self.bridge.mirror
    }

    async fn first(&self) -> Arc<Collection> {
        let call = Call::interactive();
        let all = self
            .mirror()
            .collections(&call, &user(), ItemKind::Event)
            .await;
        all.unwrap()[0].clone()
    }

    async fn names(&self) -> Result<Vec<String>, Kind> {
        let first = self.first().await;
        let listing = self.mirror().listing(&Call::interactive(), &first).await;
        let listing = listing.map_err(|error| error.kind())?;
        let mut names: Vec<String> = listing.rows.iter().map(|row| row.name.clone()).collect();
        names.sort();
        Ok(names)
    }

    fn forward(&self, minutes: u64) {
        self.bridge.clock.forward(Duration::from_secs(60 * minutes));
    }
}

#[tokio::test]
async fn an_unchanged_poll_costs_nothing() {
    for manner in [Manner::WINDOWS, Manner::WHOLE, Manner::CURSORS] {
        let rig = Rig::new(manner);
        let now = Utc::now();
        for n in 1..=5 {
            rig.cloud
                .put(&n.to_string(), "s1", "x", now + TimeDelta::days(n * 30));
        }
        let names = rig.names().await.unwrap();
        assert_eq!(
            names,
            ["1.ics", "2.ics", "3.ics", "4.ics", "5.ics"],
            "{manner:?}"
        );
        rig.cloud.take_calls();
        let first = rig.first().await;
        let call = Call::interactive();
        let head = rig.mirror().head(&call, &first).await.unwrap().unwrap();
        let delta = rig
            .mirror()
            .delta(&call, &first, head.revision, None)
            .await
            .unwrap();
        assert!(delta.changed.is_empty() && delta.removed.is_empty());
        assert_eq!(rig.cloud.take_calls().all(), 0);
        rig.forward(6);
        rig.mirror().head(&call, &first).await.unwrap();
        let again = rig.mirror().head(&call, &first).await.unwrap().unwrap();
        assert!(rig.cloud.take_calls().all() <= 1, "one look, whoever asks");
        assert_eq!(again, head, "nothing changed");
    }
}

#[tokio::test]
async fn changes_and_removals_show() {
    for manner in [Manner::WINDOWS, Manner::CURSORS] {
        let rig = Rig::new(manner);
        let now = Utc::now();
        for n in 1..=5 {
            rig.cloud
                .put(&n.to_string(), "s1", "x", now + TimeDelta::days(n * 5));
        }
        rig.names().await.unwrap();
        let first = rig.first().await;
        let call = Call::interactive();
        let head = rig.mirror().head(&call, &first).await.unwrap().unwrap();
        rig.cloud
            .put("2", "s1", "new title", now + TimeDelta::days(10));
        rig.cloud.put("3", "s1", "x", now + TimeDelta::days(40));
        rig.cloud.remove("4");
        rig.cloud.put("6", "s1", "x", now);
        rig.forward(6);
        let delta = rig
            .mirror()
            .delta(&call, &first, head.revision, None)
            .await
            .unwrap();
        let mut changed: Vec<_> = delta.changed.iter().map(|row| row.name.as_str()).collect();
        changed.sort_unstable();
        assert_eq!(changed, ["2.ics", "3.ics", "6.ics"], "{manner:?}");
        assert_eq!(delta.removed, ["4.ics"]);
    }
}

#[tokio::test]
async fn a_calendar_that_looks_empty_once_loses_nothing() {
    let rig = Rig::new(Manner::WINDOWS);
    let now = Utc::now();
    for n in 1..=5 {
        rig.cloud
            .put(&n.to_string(), "s1", "x", now + TimeDelta::days(n * 5));
    }
    assert_eq!(rig.names().await.unwrap().len(), 5);
    let shelf = davbridge::domain::ShelfId::new("s1");
    rig.cloud.set_faults(Faults {
        empty: Some(shelf),
        ..Faults::default()
    });
    rig.forward(6);
    assert_eq!(rig.names().await.unwrap().len(), 5);
    rig.forward(30);
    assert_eq!(rig.names().await.unwrap().len(), 5);
    rig.cloud.set_faults(Faults::default());
    rig.forward(61);
    assert_eq!(rig.names().await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_calendar_is_gone_when_two_lists_agree() {
    let rig = Rig::new(Manner::WINDOWS);
    let call = Call::interactive();
    let count = async || {
        let all = rig
            .mirror()
            .collections(&call, &user(), ItemKind::Event)
            .await;
        all.unwrap().len()
    };
    assert_eq!(count().await, 2);
    rig.cloud.remove_shelf("s2");
    rig.forward(61);
    assert_eq!(count().await, 2, "one list proves nothing");
    rig.forward(61);
    assert_eq!(count().await, 1);
}

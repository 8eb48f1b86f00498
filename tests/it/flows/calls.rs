//! What clients cost the cloud.

use std::time::Duration;

use cloud::Options;
use davbridge::providers::infomaniak::FeedMode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::infomaniak::{cloud as start, hurried_provider};

#[tokio::test]
async fn a_thousand_entries_with_known_parents_cost_one_call() {
    for feed in [FeedMode::Probe, FeedMode::Off] {
        let cloud = start(Options {
            large: true,
            ..Options::default()
        })
        .await;
        let bridge = Bridge::new(hurried_provider(&cloud, feed));
        bridge.list(&format!("{DRIVE}/Private")).await.unwrap();
        let answer = bridge
            .propfind(&format!("{DRIVE}/Private/Thousand"), "1")
            .await;
        assert_eq!(answer.calls, 1, "{feed:?}");
        assert_eq!(
            bridge
                .list(&format!("{DRIVE}/Private/Ten%20thousand"))
                .await
                .unwrap()
                .len(),
            10_000
        );
    }
}

#[tokio::test]
async fn warm_folders_cost_one_feed_call_together() {
    let cloud = start(Options::default()).await;
    let drive = cloud.drive();
    for number in 0..200 {
        drive.folder(&format!("/Private/{number}"));
    }
    let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Probe));
    for number in 0..200 {
        bridge
            .list(&format!("{DRIVE}/Private/{number}"))
            .await
            .unwrap();
    }
    cloud.reset_counters();
    bridge.clock.forward(Duration::from_secs(16));
    for number in 0..200 {
        bridge
            .list(&format!("{DRIVE}/Private/{number}"))
            .await
            .unwrap();
    }
    assert_eq!(cloud.all_calls(), 1, "{:?}", cloud.counters());
    drive.write("/Private/77/new", "x");
    bridge.clock.forward(Duration::from_secs(16));
    assert_eq!(
        bridge.list(&format!("{DRIVE}/Private/77")).await.unwrap(),
        ["new"]
    );
}

#[tokio::test]
async fn a_change_in_private_is_seen_through_the_feeds_old_view() {
    let cloud = start(Options::default()).await;
    let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Probe));
    let before = bridge
        .list(&format!("{DRIVE}/Private"))
        .await
        .unwrap()
        .len();
    cloud.drive().write("/Private/directly below", "x");
    bridge.clock.forward(Duration::from_secs(16));
    assert_eq!(
        bridge
            .list(&format!("{DRIVE}/Private"))
            .await
            .unwrap()
            .len(),
        before + 1
    );
}

//! What goes on without a request.

use std::sync::Arc;

use davbridge::domain::{Event, Kind};

use super::rig::{Rig, day, until};
use crate::support::items::{Calls, Cloud, Faults, Manner, Sample};

/// The schedule of a mirror; it ends with this value.
struct Schedule(tokio::task::JoinHandle<()>);

impl Schedule {
    fn of(rig: &Rig) -> Self {
        rig.clock.hold_turns();
        Self(tokio::spawn(rig.mirror.clone().tend()))
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn furnished() -> Rig {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    rig.cloud.put("1", "s1", "one.", day(1));
    rig.names().await.unwrap();
    rig.cloud.take_calls();
    rig
}

/// Whether a turn brings a change of the cloud to the copy, unasked.
async fn shows(rig: &Rig, title: &str) {
    rig.cloud.put("1", "s1", title, day(1));
    let before = rig.published("1").await[0].etag.clone();
    rig.clock.turn().await;
    until(async || rig.published("1").await[0].etag != before).await;
}

#[tokio::test]
async fn what_was_used_lately_is_refreshed() {
    let rig = furnished().await;
    let _schedule = Schedule::of(&rig);
    rig.forward(5);
    rig.clock.turn().await;
    rig.clock.turn().await;
    assert_eq!(
        rig.cloud.take_calls().all(),
        0,
        "less often than with clients"
    );
    rig.forward(11);
    shows(&rig, "two.").await;
    let one = Calls {
        windows: 1,
        ..Calls::default()
    };
    assert_eq!(rig.cloud.take_calls(), one);
    rig.forward(16);
    shows(&rig, "three.").await;
    rig.cloud.take_calls();
    // Nobody has asked for two hours.
    rig.forward(120);
    for _ in 0..3 {
        rig.clock.turn().await;
        rig.forward(20);
    }
    assert_eq!(rig.cloud.take_calls().all(), 0);
}

#[tokio::test]
async fn trouble_is_not_asked_for() {
    let rig = furnished().await;
    let _schedule = Schedule::of(&rig);
    rig.fault(Faults {
        window: Some((0, Kind::Down)),
        ..Faults::default()
    });
    rig.forward(16);
    for _ in 0..180 {
        rig.clock.turn().await;
        rig.clock.forward(std::time::Duration::from_secs(30));
    }
    let looks = rig.cloud.take_calls().windows;
    assert!((3..14).contains(&looks), "{looks} looks in 90 minutes");
}

#[tokio::test]
async fn a_cloud_that_hangs_stops_no_other() {
    let rig = furnished().await;
    let other: Arc<Cloud<Event>> = Cloud::new(Manner::WINDOWS);
    let account = Arc::new(Event::account(Some(other.clone())));
    rig.accounts.connect("two", account).await;
    rig.list("first-2").await.unwrap();
    let _schedule = Schedule::of(&rig);
    other.set_faults(Faults {
        hang: Some(0),
        ..Faults::default()
    });
    for title in ["two.", "three.", "four."] {
        rig.forward(16);
        shows(&rig, title).await;
    }
}

#[tokio::test]
async fn a_disconnected_account_is_not_looked_at() {
    let rig = furnished().await;
    let _schedule = Schedule::of(&rig);
    rig.disconnect().await;
    for _ in 0..3 {
        rig.forward(16);
        rig.clock.turn().await;
    }
    assert_eq!(rig.cloud.take_calls().all(), 0);
}

//! Before and during the first look, and looks that break off.

use chrono::{DateTime, Utc};
use davbridge::domain::{Call, Event, Given, Kind, Part, Span};
use davbridge::mirror::Since;

use super::client::Client;
use super::rig::{Rig, day, until};
use crate::support::items::{Faults, Manner, Sample};

const SPAN: Span = Span {
    from: DateTime::<Utc>::MIN_UTC,
    to: DateTime::<Utc>::MAX_UTC,
};

/// Everything is in 14 windows.
const WINDOWS: u32 = 14;

fn hang(window: usize) -> Faults {
    Faults {
        hang: Some(window),
        ..Faults::default()
    }
}

fn broken(window: usize) -> Faults {
    Faults {
        window: Some((window, Kind::Down)),
        ..Faults::default()
    }
}

/// With one event in each window.
async fn furnished() -> Rig {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    for n in 0..i64::from(WINDOWS) {
        let id = (10 + n).to_string();
        rig.cloud
            .put(&id, "s1", &format!("t{n}."), day(n * 80 - 340));
    }
    rig
}

/// Until the look under way has read so many windows.
async fn has_read(rig: &Rig, windows: u32) {
    until(async || {
        let status = rig.status().await;
        let mut progress = status.iter().filter_map(|feed| feed.progress);
        progress.any(|(done, _)| done == windows)
    })
    .await;
}

#[tokio::test]
async fn nothing_is_served_before_the_first_look_is_complete() {
    let rig = furnished().await;
    rig.collections().await.unwrap();
    rig.clock.set_impatient(true);
    rig.fault(hang(5));
    assert_eq!(rig.head("first").await, None, "which begins the look");
    has_read(&rig, 5).await;
    let first = rig.collection("first").await.unwrap();
    let call = Call::interactive();
    let (mirror, names) = (&rig.mirror, ["10.ics".to_owned()]);
    let listing = mirror.listing(&call, &first).await.map(|_| ());
    let delta = mirror
        .delta(&call, &first, Since::Nothing, None)
        .await
        .map(|_| ());
    let members = mirror.members(&call, &first, &names).await.map(|_| ());
    let within = mirror.names_within(&call, &first, SPAN).await.map(|_| ());
    for refused in [listing, delta, members, within] {
        let kind = refused.unwrap_err().kind();
        assert!(
            matches!(
                kind,
                Kind::Busy {
                    retry_after: Some(_)
                }
            ),
            "{kind:?}"
        );
    }
    assert_eq!(rig.head("first").await, None);
    let feeds = rig.status().await;
    let feed = feeds.iter().find(|feed| feed.id == "s1").unwrap();
    assert_eq!(feed.progress, Some((5, WINDOWS)));
    assert!(!feed.complete);
    rig.cloud.heal();
    rig.clock.set_impatient(false);
    assert_eq!(rig.names().await.unwrap().len(), 14);
    assert!(rig.head("first").await.is_some());
    let feeds = rig.status().await;
    let feed = feeds.iter().find(|feed| feed.id == "s1").unwrap();
    assert!(feed.complete && feed.progress.is_none());
}

#[tokio::test]
async fn a_first_look_that_fails_in_its_middle_serves_nothing() {
    let rig = furnished().await;
    rig.fault(broken(3));
    let busy = rig.names().await.unwrap_err();
    assert!(matches!(busy, Kind::Busy { .. }), "{busy:?}");
    rig.cloud.take_calls();
    let paused = rig.names().await.unwrap_err();
    assert!(matches!(paused, Kind::Busy { .. }), "{paused:?}");
    assert_eq!(rig.cloud.take_calls().windows, 0, "the cloud is left alone");
    rig.cloud.heal();
    rig.forward(1);
    assert_eq!(rig.names().await.unwrap().len(), 14);
}

#[tokio::test]
async fn a_later_look_that_fails_in_its_middle_takes_nothing_away() {
    let rig = furnished().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.cloud.put("10", "s1", "early.", day(-340));
    rig.cloud.put("23", "s1", "late.", day(700));
    rig.cloud.remove("22");
    rig.fault(broken(3));
    rig.forward(6 * 60);
    for _ in 0..3 {
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), 14);
        rig.forward(6);
    }
    rig.cloud.heal();
    rig.forward(20);
    until(async || {
        client.poll(&rig).await.unwrap();
        client.copy.len() == 13
    })
    .await;
    assert!(client.tells("10.ics", "early.") && client.tells("23.ics", "late."));
    assert_eq!(client.removed, ["22.ics"]);
}

fn series(title: &str) -> Option<Given<Event>> {
    let whole = Event::sample(title, day(200));
    Some(Given::Parts(vec![(Part::Master, whole)]))
}

#[tokio::test]
async fn what_a_failed_look_saw_is_read_by_the_next_one() {
    let rig = furnished().await;
    let rows = |title: &str| vec![(Event::part(day(200)), Event::sample(title, day(200)))];
    rig.cloud
        .put_rows("5", "s1", rows("row1."), series("whole1."));
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    assert!(client.tells("5.ics", "whole1."));
    rig.cloud
        .put_rows("5", "s1", rows("row2."), series("whole2."));
    rig.cloud
        .put_rows("6", "s1", rows("row3."), series("whole3."));
    // The look at everything breaks off after it saw both, then comes one at what is near.
    rig.fault(broken(13));
    rig.forward(6 * 60);
    until(async || {
        client.poll(&rig).await.unwrap();
        rig.forward(6);
        client.copy.len() == 16
    })
    .await;
    assert!(
        client.tells("5.ics", "whole2."),
        "{:?}",
        client.copy["5.ics"]
    );
    assert!(
        client.tells("6.ics", "whole3."),
        "{:?}",
        client.copy["6.ics"]
    );
}

#[tokio::test]
async fn what_a_broken_first_look_saw_is_read_by_the_next_one() {
    let rig = furnished().await;
    let rows = vec![(Event::part(day(-300)), Event::sample("row.", day(-300)))];
    rig.cloud.put_rows("5", "s1", rows, series("whole."));
    rig.fault(broken(13));
    rig.names().await.unwrap_err();
    rig.cloud.heal();
    rig.settle("first").await;
    assert!(rig.text("5").await.unwrap().contains("whole."));
}

#[tokio::test]
async fn a_killed_first_look_is_taken_again() {
    let mut rig = furnished().await;
    rig.collections().await.unwrap();
    rig.clock.set_impatient(true);
    rig.fault(hang(5));
    rig.head("first").await;
    has_read(&rig, 5).await;
    rig.cloud.kill_looks();
    rig.restart();
    rig.cloud.heal();
    rig.clock.set_impatient(false);
    let leased = rig.names().await.unwrap_err();
    assert!(matches!(leased, Kind::Busy { .. }), "{leased:?}");
    rig.forward(1);
    assert_eq!(rig.names().await.unwrap().len(), 14);
}

#[tokio::test]
async fn a_killed_later_look_changes_nothing_that_is_served() {
    let mut rig = furnished().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.clock.set_impatient(true);
    rig.cloud.put("10", "s1", "changed.", day(-340));
    rig.cloud.remove("23");
    rig.fault(hang(5));
    rig.forward(6 * 60);
    until(async || {
        client.poll(&rig).await.unwrap();
        let status = rig.status().await;
        status
            .iter()
            .any(|feed| feed.progress == Some((5, WINDOWS)))
    })
    .await;
    assert_eq!(client.copy.len(), 14);
    rig.cloud.kill_looks();
    rig.restart();
    rig.cloud.heal();
    rig.clock.set_impatient(false);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 14);
    rig.forward(1);
    until(async || {
        client.poll(&rig).await.unwrap();
        client.tells("10.ics", "changed.") && client.copy.len() == 13
    })
    .await;
    assert_eq!(client.removed, ["23.ics"]);
}

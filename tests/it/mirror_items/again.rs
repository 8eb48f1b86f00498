//! Series of which a listing tells one row that says nothing of their instances.

use davbridge::domain::{Event, Given, Kind, Part};
use davbridge::store::Store;

use super::client::Client;
use super::rig::{Rig, day, ids, until};
use crate::support::items::{Faults, Manner, Sample};

const WALK: u64 = 6 * 60 + 1;

fn whole(title: &str) -> Given<Event> {
    Given::Parts(vec![(Part::Master, Event::sample(title, day(2)))])
}

/// Series `1` to `3`, and the single event `4`.
async fn furnished(store: Store) -> (Rig, Client) {
    let rig: Rig = Rig::on(store, Manner::WINDOWS).await;
    for id in ["1", "2", "3"] {
        let rows = vec![(Event::part(day(2)), Event::sample("row.", day(2)))];
        rig.cloud.put_rows(id, "s1", rows, Some(whole("old.")));
    }
    rig.cloud.put("4", "s1", "single.", day(3));
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.quiet().await;
    assert_eq!(rig.cloud.take_calls().fetched, 3, "once at the first look");
    (rig, client)
}

/// Time passes, and all looks and readings that are due then end.
async fn later(rig: &Rig, client: &mut Client, minutes: u64) {
    rig.forward(minutes);
    client.poll(rig).await.unwrap();
    rig.quiet().await;
    client.poll(rig).await.unwrap();
}

#[tokio::test]
async fn an_instance_that_changes_shows_after_a_look_at_everything() {
    let (rig, mut client) = furnished(Store::in_memory().await.unwrap()).await;
    let before = rig.head("first").await.unwrap();
    rig.cloud.tell_more("2", whole("new."));
    later(&rig, &mut client, 6).await;
    assert!(client.tells("2.ics", "old."));
    assert_eq!(rig.cloud.take_calls().fetched, 0, "a near look reads none");
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("2.ics", "new."));
    assert_eq!(rig.cloud.take_calls().fetched, 3, "one call for each");
    let after = rig.head("first").await.unwrap();
    assert_eq!(after.revision, before.revision + 1, "nothing else changed");
    assert_eq!(client.transferred, 5);
    later(&rig, &mut client, WALK).await;
    assert_eq!(rig.cloud.take_calls().fetched, 3);
    assert_eq!(rig.head("first").await.unwrap(), after);
}

#[tokio::test]
async fn a_series_that_a_look_read_anyway_is_not_read_again() {
    let (rig, mut client) = furnished(Store::in_memory().await.unwrap()).await;
    // The near look that goes before does not see it.
    let rows = vec![(Event::part(day(200)), Event::sample("row.", day(200)))];
    rig.cloud.put_rows("5", "s1", rows, Some(whole("new.")));
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("5.ics", "new."));
    assert_eq!(rig.cloud.take_calls().fetched, 4);
}

#[tokio::test]
async fn a_series_told_as_instances_is_not_read_again() {
    let (rig, mut client) = furnished(Store::in_memory().await.unwrap()).await;
    let row = |days| (Event::part(day(days)), Event::sample("row.", day(days)));
    let rows = vec![row(2), row(9)];
    rig.cloud.put_rows("2", "s1", rows, Some(whole("several.")));
    later(&rig, &mut client, WALK).await;
    rig.cloud.take_calls();
    later(&rig, &mut client, WALK).await;
    assert_eq!(rig.cloud.take_calls().fetched, 2);
}

#[tokio::test]
async fn readings_that_fail_leave_everything_as_it_is() {
    for kind in [Kind::Down, Kind::NotFound, Kind::Forbidden, Kind::Broken] {
        let (rig, mut client) = furnished(Store::in_memory().await.unwrap()).await;
        for id in ["1", "2"] {
            rig.cloud.tell_more(id, whole("new."));
        }
        rig.fault(Faults {
            fetch: Some((ids(&["1"]), kind)),
            ..Faults::default()
        });
        for _ in 0..4 {
            later(&rig, &mut client, WALK).await;
            assert!(client.tells("1.ics", "old."), "{kind:?}");
            assert!(client.tells("2.ics", "new."), "{kind:?}: the others go on");
        }
        rig.cloud.heal();
        later(&rig, &mut client, WALK).await;
        assert!(client.tells("1.ics", "new."), "{kind:?}");
        assert!(client.removed.is_empty());
    }
}

#[tokio::test]
async fn what_a_reading_no_longer_tells_whole_stays() {
    let (rig, mut client) = furnished(Store::in_memory().await.unwrap()).await;
    let row = (Event::part(day(2)), Event::sample("less.", day(2)));
    rig.cloud.tell_more("1", Given::Rows(vec![row]));
    rig.cloud.tell_more("2", Given::Text("BEGIN:".to_owned()));
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("1.ics", "old.") && client.tells("2.ics", "old."));
}

#[tokio::test]
async fn nobody_waits_for_readings_that_hang() {
    let (rig, mut client) = furnished(Store::in_memory().await.unwrap()).await;
    rig.cloud.tell_more("1", whole("new."));
    rig.fault(Faults {
        hang_fetches: true,
        ..Faults::default()
    });
    rig.forward(WALK);
    client.poll(&rig).await.unwrap();
    rig.settled().await;
    rig.cloud.put("4", "s1", "changed.", day(3));
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    assert!(client.tells("4.ics", "changed."));
    rig.cloud.heal();
    rig.quiet().await;
    client.poll(&rig).await.unwrap();
    assert!(client.tells("1.ics", "new."));
}

#[tokio::test]
async fn a_restart_reads_no_series_and_a_restore_reads_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let (mut rig, mut client) = furnished(store).await;
    rig.restart();
    later(&rig, &mut client, 6).await;
    assert_eq!(rig.cloud.take_calls().fetched, 0);
    let file = folder.path().join("backup");
    rig.accounts.store.backup(&file).await.unwrap();
    rig.cloud.tell_more("2", whole("new."));
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("2.ics", "new."));
    rig.cloud.take_calls();
    rig.accounts.store.restore(&file).await.unwrap();
    rig.forward(1);
    client.poll(&rig).await.unwrap();
    assert!(
        client.tells("2.ics", "new."),
        "what was once told is not untold"
    );
    assert_eq!(rig.cloud.take_calls().fetched, 3);
}

#[tokio::test]
async fn a_series_whose_old_begin_changed_is_read_again_like_others() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    let row = |hours| {
        let begin = day(-700) + chrono::TimeDelta::hours(hours);
        let mut event = Event::sample("row.", begin);
        // told in every window: an instance falls into each
        (event.start, event.end) = (None, None);
        (Event::part(begin), event)
    };
    rig.cloud
        .put_rows("1", "s1", vec![row(0)], Some(whole("old.")));
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.quiet().await;
    rig.cloud
        .put_rows("1", "s1", vec![row(1)], Some(whole("moved.")));
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("1.ics", "moved."));
    rig.cloud.take_calls();
    rig.cloud.tell_more("1", whole("new."));
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("1.ics", "new."));
    assert_eq!(rig.cloud.take_calls().fetched, 1);
}

#[tokio::test]
async fn series_that_are_refused_do_not_keep_others_from_being_read() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    for id in names {
        let rows = vec![(Event::part(day(2)), Event::sample("row.", day(2)))];
        rig.cloud.put_rows(id, "s1", rows, Some(whole("old.")));
    }
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.cloud.tell_more("i", whole("new."));
    rig.fault(Faults {
        fetch: Some((ids(&names[..8]), Kind::Forbidden)),
        ..Faults::default()
    });
    later(&rig, &mut client, WALK).await;
    assert!(client.tells("i.ics", "new."));
}

#[tokio::test]
async fn after_a_disconnect_nothing_is_read_again() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    for id in 10..40 {
        let rows = vec![(Event::part(day(2)), Event::sample("row.", day(2)))];
        rig.cloud
            .put_rows(&id.to_string(), "s1", rows, Some(whole("old.")));
    }
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.quiet().await;
    rig.cloud.take_calls();
    rig.fault(Faults {
        hang_fetches: true,
        ..Faults::default()
    });
    rig.forward(WALK);
    client.poll(&rig).await.unwrap();
    until(async || rig.cloud.hanging_fetches() > 0).await;
    rig.disconnect().await;
    rig.cloud.heal();
    rig.quiet().await;
    let calls = rig.cloud.take_calls();
    assert!(calls.fetched <= 8, "{calls:?}");
}

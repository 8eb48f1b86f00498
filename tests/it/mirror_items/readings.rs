//! Single readings that fail.

use davbridge::domain::{Event, Given, Kind, Part};

use super::client::Client;
use super::rig::{Rig, day, ids, until};
use crate::support::items::{Faults, Manner, Sample};

fn put(rig: &Rig, id: &str, row: &str, whole: &str) {
    let rows = vec![(Event::part(day(2)), Event::sample(row, day(2)))];
    let whole = Given::Parts(vec![(Part::Master, Event::sample(whole, day(2)))]);
    rig.cloud.put_rows(id, "s1", rows, Some(whole));
}

/// A recurring event `1`, and a single one.
async fn furnished() -> Rig {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    put(&rig, "1", "row1.", "whole1.");
    rig.cloud.put("2", "s1", "two.", day(3));
    rig
}

fn failing(kind: Kind) -> Faults {
    Faults {
        fetch: Some((ids(&["1"]), kind)),
        ..Faults::default()
    }
}

#[tokio::test]
async fn the_first_look_waits_for_readings_once() {
    let rig = furnished().await;
    rig.fault(failing(Kind::Down));
    let busy = rig.names().await.unwrap_err();
    assert!(matches!(busy, Kind::Busy { .. }), "{busy:?}");
    rig.forward(1);
    assert_eq!(rig.names().await.unwrap(), ["1.ics", "2.ics"]);
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    assert!(client.tells("1.ics", "row1."), "as the listing tells it");
    rig.cloud.heal();
    rig.forward(6 * 60);
    until(async || {
        client.poll(&rig).await.unwrap();
        client.tells("1.ics", "whole1.")
    })
    .await;
    assert!(client.removed.is_empty());
}

#[tokio::test]
async fn a_reading_that_never_succeeds_keeps_nothing_back() {
    for kind in [Kind::Forbidden, Kind::Unsupported, Kind::TooLarge] {
        let rig = furnished().await;
        rig.fault(failing(kind));
        assert_eq!(rig.names().await.unwrap(), ["1.ics", "2.ics"], "{kind:?}");
        assert!(rig.text("1").await.unwrap().contains("row1."));
    }
}

#[tokio::test]
async fn the_last_good_text_stays_while_readings_fail() {
    for kind in [Kind::Down, Kind::Forbidden] {
        let rig = furnished().await;
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        put(&rig, "1", "row2.", "whole2.");
        rig.cloud.put("2", "s1", "changed.", day(3));
        rig.fault(failing(kind));
        for _ in 0..8 {
            rig.forward(6);
            client.poll(&rig).await.unwrap();
            assert!(client.tells("1.ics", "whole1."), "{kind:?}");
        }
        assert!(client.tells("2.ics", "changed."), "the others go on");
        let fetched = rig.cloud.take_calls().fetched;
        assert!(fetched <= 5, "{fetched} readings in vain");
        rig.cloud.heal();
        rig.forward(6 * 60);
        until(async || {
            client.poll(&rig).await.unwrap();
            client.tells("1.ics", "whole2.")
        })
        .await;
    }
}

#[tokio::test]
async fn a_restart_forgets_no_reading_that_failed() {
    let mut rig = furnished().await;
    rig.names().await.unwrap();
    put(&rig, "1", "row2.", "whole2.");
    rig.fault(failing(Kind::Down));
    rig.forward(6);
    rig.names().await.unwrap();
    rig.restart();
    rig.cloud.heal();
    rig.forward(6);
    rig.names().await.unwrap();
    assert!(rig.text("1").await.unwrap().contains("whole2."));
}

#[tokio::test]
async fn readings_that_fail_as_a_whole_do_not_stop_the_rest() {
    for kind in [Kind::Down, Kind::NotFound, Kind::Forbidden] {
        fail_as_a_whole(kind).await;
    }
}

async fn fail_as_a_whole(kind: Kind) {
    let rig = furnished().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    put(&rig, "1", "row2.", "whole2.");
    rig.cloud.put("2", "s1", "changed.", day(3));
    rig.cloud.put("3", "s1", "new.", day(4));
    rig.fault(Faults {
        fetches: Some(kind),
        ..Faults::default()
    });
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    assert!(client.tells("2.ics", "changed.") && client.tells("3.ics", "new."));
    rig.cloud.remove("3");
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 3, "nothing is proven");
    rig.cloud.heal();
    rig.forward(60);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.names(), ["1.ics", "2.ics"]);
}

#[tokio::test]
async fn what_was_read_is_not_read_again_when_a_look_is_repeated() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    for n in 1..=40 {
        put(&rig, &n.to_string(), "row.", "whole.");
    }
    rig.fault(failing(Kind::Down));
    rig.names().await.unwrap_err();
    rig.cloud.heal();
    rig.forward(1);
    assert_eq!(rig.names().await.unwrap().len(), 40);
    assert_eq!(rig.cloud.take_calls().fetched, 41);
}

#[tokio::test]
async fn an_item_that_needs_no_reading_any_more_is_served_as_it_is() {
    let rig = furnished().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    // It becomes a series, of which nothing can be read, and a single event again.
    put(&rig, "2", "row.", "whole.");
    rig.fault(Faults {
        fetch: Some((ids(&["2"]), Kind::Down)),
        ..Faults::default()
    });
    for _ in 0..4 {
        rig.forward(6);
        client.poll(&rig).await.unwrap();
        assert!(client.tells("2.ics", "two."));
    }
    rig.cloud.put("2", "s1", "single.", day(2));
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    assert!(client.tells("2.ics", "single."));
}

#[tokio::test]
async fn less_than_was_read_before_is_not_taken_at_once() {
    let rig = furnished().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let rows = vec![(Event::part(day(2)), Event::sample("row2.", day(2)))];
    let less = Given::Master(Box::new(Event::sample("less.", day(2))));
    rig.cloud.put_rows("1", "s1", rows, Some(less));
    for _ in 0..3 {
        rig.forward(6);
        client.poll(&rig).await.unwrap();
        assert!(client.tells("1.ics", "whole1."));
    }
    let mut looks = 0;
    until(async || {
        looks += 1;
        rig.forward(6 * 60 + 1);
        client.poll(&rig).await.unwrap();
        rig.quiet().await;
        client.tells("1.ics", "less.")
    })
    .await;
    assert!(looks > 2, "not for ever, but long: {looks}");
}

#[tokio::test]
async fn a_series_that_a_look_missed_keeps_its_exceptions() {
    let rig = furnished().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let less = Given::Master(Box::new(Event::sample("less.", day(2))));
    rig.cloud.tell_more("1", less);
    rig.fault(Faults {
        missed: ids(&["1"]),
        ..Faults::default()
    });
    for _ in 0..10 {
        rig.forward(20);
        client.poll(&rig).await.unwrap();
        assert!(client.tells("1.ics", "whole1."));
    }
    assert!(client.removed.is_empty());
}

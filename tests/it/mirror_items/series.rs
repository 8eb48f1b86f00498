//! Series that a cloud tells as rows only.

use chrono::{DateTime, Utc};
use davbridge::domain::Event;

use super::client::Client;
use super::rig::{Rig, day, until};
use crate::support::items::{Faults, Manner, Sample};

fn rows(title: &str, days: &[i64]) -> Vec<(davbridge::domain::Part, Event)> {
    let at: Vec<DateTime<Utc>> = days.iter().map(|days| day(*days)).collect();
    let row = |at: &DateTime<Utc>| (Event::part(*at), Event::sample(title, *at));
    at.iter().map(row).collect()
}

#[tokio::test]
async fn several_rows_are_one_item() {
    for days in [&[1, 8, 15, 120, 300][..], &[1, 300], &[-200, 100]] {
        let rig: Rig = Rig::new(Manner::WINDOWS).await;
        rig.cloud.put_rows("1", "s1", rows("r.", days), None);
        let mut client = Client::new("first");
        for _ in 0..3 {
            client.poll(&rig).await.unwrap();
            assert_eq!(client.names(), ["1.ics"]);
            assert!(rig.recurs("1").await, "{days:?}");
            rig.forward(6 * 60);
            rig.settled().await;
        }
        client.poll(&rig).await.unwrap();
        assert_eq!(client.transferred, 1, "{days:?}: nothing changed");
    }
}

#[tokio::test]
async fn one_becomes_several_and_back() {
    for more in [&[2, 9][..], &[2, 300], &[2, 9, 16, 200, 400]] {
        let rig: Rig = Rig::new(Manner::WINDOWS).await;
        rig.cloud.put("1", "s1", "t.", day(2));
        rig.cloud.put("2", "s1", "other.", day(2));
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        for days in [more, &[2], more, &[9]] {
            rig.cloud.put_rows("1", "s1", rows("t.", days), None);
            rig.forward(6 * 60);
            rig.settled().await;
            let several = days.len() > 1;
            until(async || {
                client.poll(&rig).await.unwrap();
                assert_eq!(client.copy.len(), 2);
                rig.recurs("1").await == several
            })
            .await;
            rig.forward(6);
            client.poll(&rig).await.unwrap();
            assert_eq!(rig.recurs("1").await, several, "{days:?}");
        }
        assert!(client.removed.is_empty());
    }
}

#[tokio::test]
async fn an_unreadable_row_is_not_a_missing_one() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    rig.cloud
        .put_rows("1", "s1", rows("r.", &[1, 8, 300]), None);
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let before = client.copy.clone();
    rig.fault(Faults {
        spoiled_row: Some((davbridge::domain::ItemId::new("1"), Event::part(day(8)))),
        ..Faults::default()
    });
    for _ in 0..3 {
        rig.forward(6 * 60);
        rig.settled().await;
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy, before);
    }
}

#[tokio::test]
async fn an_instance_that_is_deleted_is_gone() {
    let rig: Rig = Rig::new(Manner::WINDOWS).await;
    rig.cloud
        .put_rows("1", "s1", rows("r.", &[1, 8, 300]), None);
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let before = client.copy.clone();
    rig.cloud.remove_row("1", &Event::part(day(8)));
    rig.forward(6 * 60);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    assert_ne!(client.copy, before);
    assert!(rig.recurs("1").await);
}

#[tokio::test]
async fn a_series_of_rows_that_a_look_misses_stays_whole() {
    // Its single reading tells the first row, which may lie before all that looks go over.
    for days in [[1, 8, 300], [-400, 2, 9]] {
        let rig: Rig = Rig::new(Manner::WINDOWS).await;
        rig.cloud.put_rows("1", "s1", rows("r.", &days), None);
        for id in ["2", "3", "4"] {
            rig.cloud.put(id, "s1", "far.", day(200));
        }
        let mut client = Client::new("first");
        client.poll(&rig).await.unwrap();
        let before = client.copy.clone();
        rig.fault(Faults {
            empty: Some(davbridge::domain::ShelfId::new("s1")),
            ..Faults::default()
        });
        for minutes in [6, 61, 6 * 60] {
            rig.cloud.take_calls();
            rig.forward(minutes);
            rig.settled().await;
            client.poll(&rig).await.unwrap();
            assert!(rig.cloud.take_calls().fetched > 0, "it is asked for");
            assert_eq!(client.copy, before, "{days:?}");
        }
        rig.cloud.heal();
        rig.cloud.remove("1");
        rig.forward(6 * 60);
        rig.settled().await;
        client.poll(&rig).await.unwrap();
        assert_eq!(client.names(), ["2.ics", "3.ics", "4.ics"]);
    }
}

//! Looks that go on from cursors.

use davbridge::domain::{Contact, Event, Part};

use super::client::Client;
use super::rig::{Rig, day, ending};
use crate::support::items::{Faults, Manner, Sample};

async fn furnished<K: Sample>() -> (Rig<K>, Client) {
    let rig = Rig::new(Manner::CURSORS).await;
    for n in 1..=5 {
        rig.cloud
            .put(&n.to_string(), "s1", &format!("t{n}."), day(n));
    }
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    (rig, client)
}

async fn go_on<K: Sample>() {
    let (rig, mut client) = furnished::<K>().await;
    let ending = ending::<K>();
    rig.cloud.remove("3");
    rig.cloud.put("6", "s1", "t6.", day(6));
    rig.cloud.lay("1", &["s2"]);
    rig.cloud.take_calls();
    rig.forward(16);
    client.poll(&rig).await.unwrap();
    assert_eq!(rig.cloud.take_calls().all(), 1, "one look tells all");
    assert_eq!(
        client.removed,
        [format!("1.{ending}"), format!("3.{ending}")]
    );
    assert_eq!(client.copy.len(), 4);
    let mut second = Client::new("second");
    second.poll(&rig).await.unwrap();
    assert_eq!(second.copy.len(), 1);
    // It was gone and comes back: the same name and UID, as the client checks.
    rig.cloud.put("3", "s1", "again.", day(3));
    rig.forward(16);
    client.poll(&rig).await.unwrap();
    assert!(client.tells(&format!("3.{ending}"), "again."));
}

#[tokio::test]
async fn looks_go_on_from_cursors() {
    go_on::<Event>().await;
    go_on::<Contact>().await;
}

#[tokio::test]
async fn the_cursor_outlives_a_restart_and_a_look_that_failed() {
    let (mut rig, mut client) = furnished::<Event>().await;
    rig.cloud.remove("3");
    rig.fault(Faults {
        all: Some(davbridge::domain::Kind::Down),
        ..Faults::default()
    });
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 5);
    rig.cloud.heal();
    rig.restart();
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.removed, ["3.ics"]);
}

#[tokio::test]
async fn a_stale_cursor_begins_anew_and_loses_nothing() {
    let (rig, mut client) = furnished::<Event>().await;
    rig.cloud.remove("3");
    rig.cloud.put("4", "s1", "changed.", day(4));
    rig.cloud.forget_cursors();
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.names(), ["1.ics", "2.ics", "4.ics", "5.ics"]);
    assert!(client.tells("4.ics", "changed."));
    assert_eq!(client.transferred, 6, "what is the same is not told again");
    rig.cloud.put("1", "s1", "later.", day(1));
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert!(client.tells("1.ics", "later."), "the new cursor is good");
}

#[tokio::test]
async fn one_part_is_gone() {
    let (rig, mut client) = furnished::<Event>().await;
    let row = |days: i64| (Event::part(day(days)), Event::sample("r.", day(days)));
    rig.cloud
        .put_rows("7", "s1", vec![row(1), row(8), row(15)], None);
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert!(rig.recurs("7").await);
    let before = client.copy["7.ics"].clone();
    rig.cloud.remove_row("7", &Event::part(day(8)));
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert_ne!(client.copy["7.ics"], before);
    assert!(rig.recurs("7").await);
}

#[tokio::test]
async fn the_only_part_is_gone() {
    let (rig, mut client) = furnished::<Event>().await;
    rig.fault(Faults {
        parts_only: true,
        ..Faults::default()
    });
    rig.cloud.remove_row("3", &Part::Master);
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.removed, ["3.ics"]);
}

#[tokio::test]
async fn of_an_item_told_twice_the_later_counts() {
    let (rig, mut client) = furnished::<Event>().await;
    rig.cloud.put("3", "s1", "newest.", day(3));
    rig.fault(Faults {
        twice: true,
        ..Faults::default()
    });
    rig.forward(2);
    client.poll(&rig).await.unwrap();
    assert!(client.tells("3.ics", "newest."));
}

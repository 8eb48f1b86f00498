//! Restarts, clocks, new tokens, disconnects, restores, upgrades.

use chrono::TimeDelta;
use davbridge::domain::{Call, Contact, Event, Kind};
use davbridge::store::Store;

use super::client::Client;
use super::rig::{Rig, day, until};
use crate::support::items::{Manner, Sample};

fn fill<K: Sample>(rig: &Rig<K>) {
    for n in 1..=10 {
        rig.cloud
            .put(&n.to_string(), "s1", &format!("t{n}."), day(n));
    }
}

async fn furnished<K: Sample>(manner: Manner) -> (Rig<K>, Client) {
    let rig = Rig::new(manner).await;
    fill(&rig);
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    rig.cloud.take_calls();
    (rig, client)
}

#[tokio::test]
async fn a_restart_takes_the_ages_over() {
    for manner in Manner::ALL {
        let (mut rig, mut client) = furnished::<Event>(manner).await;
        rig.restart();
        client.poll(&rig).await.unwrap();
        assert_eq!(rig.cloud.take_calls().all(), 0, "{manner:?}");
        rig.forward(6);
        rig.restart();
        client.poll(&rig).await.unwrap();
        let calls = rig.cloud.take_calls();
        assert_eq!(calls.all(), 1, "{manner:?}: {calls:?}");
        assert_eq!(client.transferred, 10);
    }
}

#[tokio::test]
async fn what_a_process_published_that_was_about_to_end_shows_after_the_next_look() {
    for manner in Manner::ALL {
        let (mut rig, mut client) = furnished::<Event>(manner).await;
        let ending = rig.mirror.clone();
        rig.restart();
        client.poll(&rig).await.unwrap();
        rig.cloud.put("4", "s1", "changed.", day(4));
        rig.forward(6);
        let begun = std::mem::replace(&mut rig.mirror, ending);
        rig.names().await.unwrap();
        rig.mirror = begun;
        client.poll(&rig).await.unwrap();
        assert!(client.tells("4.ics", "changed."), "{manner:?}");
    }
}

#[tokio::test]
async fn the_clock_is_set_by_a_day() {
    for manner in Manner::ALL {
        let (mut rig, mut client) = furnished::<Event>(manner).await;
        for off in [-1, 0, 1, 0, -1, 1, 0] {
            rig.clock.set_wall(TimeDelta::days(off));
            rig.cloud.put("3", "s1", &format!("off{off}."), day(3));
            rig.forward(6 * 60);
            rig.settled().await;
            client.poll(&rig).await.unwrap();
            assert!(client.tells("3.ics", &format!("off{off}.")), "{manner:?}");
            rig.restart();
            client.poll(&rig).await.unwrap();
            assert_eq!(client.copy.len(), 10, "{manner:?}");
        }
        assert!(client.removed.is_empty());
    }
}

#[tokio::test]
async fn a_new_token_changes_nothing() {
    for manner in Manner::ALL {
        let (rig, mut client) = furnished::<Event>(manner).await;
        let head = rig.head("first").await;
        rig.reconnect(true).await;
        client.poll(&rig).await.unwrap();
        rig.settled().await;
        assert_eq!(rig.head("first").await, head, "{manner:?}");
        assert_eq!(client.transferred, 10);
        let seen_anew = rig.cloud.take_calls().all();
        assert!(seen_anew > 1, "with the new token");
        until(async || {
            client.poll(&rig).await.unwrap();
            rig.cloud.take_calls().all() == 0
        })
        .await;
    }
}

async fn comes_back<K: Sample>(manner: Manner, frozen: bool) {
    let (rig, mut client) = furnished::<K>(manner).await;
    if frozen {
        rig.cloud.put("99", "s1", "t99.", day(-360));
        rig.forward(6 * 60);
        rig.settled().await;
        client.poll(&rig).await.unwrap();
        // It slides out of the horizon.
        rig.forward(24 * 60 * 20);
        rig.settled().await;
    }
    let count = client.copy.len();
    assert_eq!(count, if frozen { 11 } else { 10 });
    let head = rig.head("first").await;
    rig.disconnect().await;
    assert_eq!(rig.collections().await.unwrap().len(), 0);
    let error = rig.collection("first").await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    rig.cloud.set_faults(crate::support::items::Faults {
        hang: Some(0),
        ..Default::default()
    });
    rig.clock.set_impatient(true);
    rig.reconnect(true).await;
    until_listed(&rig).await;
    for _ in 0..3 {
        assert_eq!(rig.head("first").await, None, "{manner:?}");
        let busy = rig.names().await.unwrap_err();
        assert!(matches!(busy, Kind::Busy { .. }), "{manner:?}: {busy:?}");
    }
    rig.cloud.heal();
    rig.clock.set_impatient(false);
    rig.settle("first").await;
    client.poll(&rig).await.unwrap();
    assert_eq!(
        rig.head("first").await,
        head,
        "{manner:?}: no revision moves"
    );
    assert_eq!((client.copy.len(), client.transferred), (count, count));
    let mut new = Client::new("first");
    new.poll(&rig).await.unwrap();
    assert_eq!(new.copy, client.copy, "every item has its text");
}

async fn until_listed<K: Sample>(rig: &Rig<K>) {
    until(async || rig.collections().await.is_ok_and(|all| all.len() == 2)).await;
}

#[tokio::test]
async fn an_account_that_comes_back_moves_nothing() {
    for manner in Manner::ALL {
        comes_back::<Event>(manner, false).await;
    }
    comes_back::<Contact>(Manner::WHOLE, false).await;
    comes_back::<Event>(Manner::WINDOWS, true).await;
}

#[tokio::test]
async fn readings_that_fail_after_coming_back_leave_nothing_without_text() {
    let (rig, _) = furnished::<Event>(Manner::VERSIONS).await;
    rig.disconnect().await;
    rig.reconnect(true).await;
    rig.cloud.set_faults(crate::support::items::Faults {
        fetch: Some((super::rig::ids(&["3"]), Kind::Down)),
        ..Default::default()
    });
    rig.forward(70);
    let busy = rig.names().await.unwrap_err();
    assert!(matches!(busy, Kind::Busy { .. }), "{busy:?}");
    rig.cloud.heal();
    rig.settle("first").await;
    Client::new("first").poll(&rig).await.unwrap();
}

#[tokio::test]
async fn a_restore_begins_another_life() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let rig: Rig = Rig::on(store, Manner::WINDOWS).await;
    fill(&rig);
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    let file = folder.path().join("backup");
    rig.accounts.store.backup(&file).await.unwrap();
    let before = rig.head("first").await.unwrap();
    // What happened since is forgotten by the store, not by the cloud.
    rig.cloud.put("3", "s1", "changed.", day(3));
    rig.cloud.put("11", "s1", "new.", day(11));
    rig.cloud.remove("4");
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    assert_eq!(client.copy.len(), 10);
    let removed = client.removed.len();
    rig.accounts.store.restore(&file).await.unwrap();
    rig.forward(1);
    client.poll(&rig).await.unwrap();
    let after = rig.head("first").await.unwrap();
    assert_ne!(after.incarnation, before.incarnation);
    assert_eq!(client.copy.len(), 10);
    assert!(client.tells("3.ics", "changed.") && client.tells("11.ics", "new."));
    assert_eq!(client.removed.len(), removed, "nothing is lost over it");
}

#[tokio::test]
async fn what_gets_its_text_back_late_reaches_who_was_told_of_it_without() {
    let (rig, _) = furnished::<Event>(Manner::WINDOWS).await;
    let text = rig.text("10").await.unwrap();
    rig.disconnect().await;
    // Slid out of the horizon: it is read by itself, which is refused for now.
    rig.cloud.put("10", "s1", "t10.", day(10));
    rig.forward(400 * 24 * 60);
    rig.reconnect(true).await;
    rig.cloud.set_faults(crate::support::items::Faults {
        fetch: Some((super::rig::ids(&["10"]), Kind::Forbidden)),
        ..Default::default()
    });
    rig.settle("first").await;
    assert!(rig.names().await.unwrap().contains(&"10.ics".to_owned()));
    assert_eq!(rig.text("10").await, None, "listed, for it is not gone");
    let told = rig.head("first").await.unwrap().revision;
    rig.cloud.heal();
    until(async || {
        rig.forward(6 * 60 + 1);
        rig.names().await.unwrap();
        rig.quiet().await;
        rig.text("10").await.is_some_and(|now| now == text)
    })
    .await;
    let (call, first) = (Call::interactive(), rig.collection("first").await.unwrap());
    let news = rig
        .mirror
        .delta(
            &call,
            &first,
            davbridge::mirror::Since::Revision(told),
            None,
        )
        .await
        .unwrap();
    assert!(news.changed.iter().any(|row| row.name == "10.ics"));
}

#[tokio::test]
async fn a_restart_does_not_take_far_looks_of_an_older_token_for_new_ones() {
    let (mut rig, mut client) = furnished::<Event>(Manner::WINDOWS).await;
    rig.reconnect(true).await;
    rig.cloud.hang(Some(4));
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    until(async || rig.cloud.hanging() > 0).await;
    rig.cloud.kill_looks();
    rig.restart();
    rig.cloud.hang(None);
    rig.cloud.take_calls();
    // the killed look's lease ends
    rig.forward(6);
    client.poll(&rig).await.unwrap();
    rig.quiet().await;
    assert!(rig.cloud.take_calls().windows > 10, "everything");
}

//! What is forgotten, damaged, cut short or written by an older version.

use davbridge::domain::{Call, Contact, Event, Given, Kind, Part};
use davbridge::mirror::Since;
use davbridge::store::Store;
use sqlx::ConnectOptions;

use super::client::Client;
use super::rig::{Rig, day, ids, until};
use crate::support::items::{Faults, Manner, Sample};

async fn furnished(store: Store) -> (Rig, Client) {
    let rig: Rig = Rig::on(store, Manner::WINDOWS).await;
    for n in 1..=5 {
        rig.cloud
            .put(&n.to_string(), "s1", &format!("t{n}."), day(n));
    }
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    (rig, client)
}

#[tokio::test]
async fn who_comes_after_tombstones_were_forgotten_begins_anew() {
    let rig: Rig<Contact> = Rig::new(Manner::CURSORS).await;
    for n in 1..=5 {
        rig.cloud.put(&n.to_string(), "s1", "x", day(n));
    }
    let (mut early, mut late) = (Client::new("first"), Client::new("first"));
    early.poll(&rig).await.unwrap();
    late.poll(&rig).await.unwrap();
    rig.cloud.remove("3");
    rig.forward(16);
    early.poll(&rig).await.unwrap();
    assert_eq!(early.copy.len(), 4);
    let collection = rig.collection("first").await.unwrap();
    let head = rig.head("first").await.unwrap();
    forget(&rig).await;
    assert_eq!(rig.head("first").await.unwrap().floor, head.revision);
    let call = Call::interactive();
    let since = Since::Revision(1);
    let before = rig.mirror.delta(&call, &collection, since, None).await;
    before.expect_err("what is forgotten cannot be told");
    late.poll(&rig).await.unwrap();
    assert_eq!((late.copy.len(), late.removed.len()), (4, 1));
}

/// One turn of the schedule, a long time later: it begins with forgetting.
async fn forget<K: Sample>(rig: &Rig<K>) {
    rig.forward(401 * 24 * 60);
    rig.clock.hold_turns();
    let schedule = tokio::spawn(rig.mirror.clone().tend());
    rig.clock.turn().await;
    schedule.abort();
}

/// What was in a calendar that is gone for long is kept no longer; when the calendar comes back,
/// it has its address, and a client begins anew.
#[tokio::test]
async fn a_calendar_that_is_gone_for_long_leaves_its_address_alone() {
    for manner in [Manner::WINDOWS, Manner::CURSORS] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let rig: Rig = Rig::on(store, manner).await;
        rig.cloud.put("1", "s1", "one.", day(1));
        rig.cloud.put("2", "s2", "two.", day(1));
        let mut clients = [Client::new("first"), Client::new("second")];
        for client in &mut clients {
            client.poll(&rig).await.unwrap();
        }
        rig.cloud.remove_shelf("s2");
        for _ in 0..3 {
            rig.forward(61);
            rig.collections().await.unwrap();
        }
        assert_eq!(rig.collections().await.unwrap().len(), 1, "proven gone");
        let kept = async |table: &str| -> i64 {
            let file = folder.path().join("davbridge.db");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.unwrap();
            let query = format!("SELECT count(*) FROM {table}");
            let query = sqlx::query_scalar(sqlx::AssertSqlSafe(query));
            query.fetch_one(&mut connection).await.unwrap()
        };
        assert_eq!(kept("items").await, 2, "for now");
        forget(&rig).await;
        for table in ["items", "item_texts", "parts"] {
            assert_eq!(kept(table).await, 1, "{table}");
        }
        rig.cloud.add_shelf("s2", "Second");
        // Where looks reach by then.
        rig.cloud.put("2", "s2", "two.", day(410));
        rig.forward(61);
        rig.collections().await.unwrap();
        until(async || {
            rig.list("second")
                .await
                .is_ok_and(|names| names == ["2.ics"])
        })
        .await;
        clients[1].poll(&rig).await.unwrap();
        assert!(clients[1].tells("2.ics", "two."));
    }
}

#[tokio::test]
async fn a_damaged_part_is_read_anew_and_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let (mut rig, mut client) = furnished(store).await;
    let damage = "UPDATE parts SET value = '{' WHERE item_id = '3'";
    let outdated = "UPDATE items SET renderer = 0";
    rig.edit_store(folder.path(), &[damage, outdated]).await;
    rig.cloud.put("4", "s1", "changed.", day(4));
    for _ in 0..2 {
        rig.forward(6);
        client.poll(&rig).await.unwrap();
        assert_eq!(client.copy.len(), 5);
    }
    assert!(client.tells("4.ics", "changed."));
    let renderer = <Event as davbridge::text::Render>::RENDERER;
    assert_eq!(rig.published("3").await[0].renderer, renderer);
    assert_eq!(client.transferred, 6);
}

#[tokio::test]
async fn a_limit_of_nothing_skips_nothing() {
    let (rig, _) = furnished(Store::in_memory().await.unwrap()).await;
    let collection = rig.collection("first").await.unwrap();
    let call = Call::interactive();
    let begun = Since::Unfinished { began: 5, told: 0 };
    let some = Since::Revision(2);
    for (since, to) in [(Since::Nothing, begun), (begun, begun), (some, some)] {
        let delta = rig.mirror.delta(&call, &collection, since, Some(0)).await;
        let delta = delta.unwrap();
        assert_eq!((delta.to, delta.more, delta.changed.len()), (to, true, 0));
    }
}

#[tokio::test]
async fn an_upgrade_writes_anew_what_it_can_without_the_cloud() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let (mut rig, mut client) = furnished(store).await;
    // As an older version wrote them: one item otherwise than this one would.
    let outdated = "UPDATE items SET renderer = 0";
    let otherwise = "UPDATE items SET etag = 'older' WHERE item_id = '3'";
    rig.edit_store(folder.path(), &[outdated, otherwise]).await;
    rig.cloud.take_calls();
    let polls = (0..5).map(|_| async {
        let mut another = Client::new("first");
        another.poll(&rig).await.unwrap();
        another.copy.len()
    });
    let found = futures::future::join_all(polls).await;
    assert_eq!(found, [5; 5], "many at once");
    client.poll(&rig).await.unwrap();
    assert_eq!(rig.cloud.take_calls().all(), 0);
    assert_eq!(client.transferred, 6, "the same bytes are not told again");
    let renderer = <Event as davbridge::text::Render>::RENDERER;
    for n in 1..=5 {
        assert_eq!(rig.published(&n.to_string()).await[0].renderer, renderer);
    }
}

#[tokio::test]
async fn an_upgrade_does_not_forget_what_is_still_to_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let (mut rig, _) = furnished(store).await;
    let put = |rig: &Rig, title: &str| {
        let whole = Event::sample(&format!("whole{title}"), day(2));
        let rows = vec![(Event::part(day(2)), Event::sample(title, day(2)))];
        let whole = Given::Parts(vec![(Part::Master, whole)]);
        rig.cloud.put_rows("50", "s1", rows, Some(whole));
    };
    put(&rig, "1.");
    rig.names().await.unwrap();
    put(&rig, "2.");
    rig.cloud.set_faults(Faults {
        fetch: Some((ids(&["50"]), Kind::Down)),
        ..Faults::default()
    });
    rig.forward(6);
    rig.names().await.unwrap();
    rig.cloud.heal();
    let outdated = "UPDATE items SET renderer = 0";
    rig.edit_store(folder.path(), &[outdated]).await;
    rig.names().await.unwrap();
    rig.forward(6);
    rig.names().await.unwrap();
    assert!(rig.text("50").await.unwrap().contains("whole2."));
}

#[tokio::test]
async fn an_upgrade_writes_nothing_that_is_kept_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let (mut rig, _) = furnished(store).await;
    rig.cloud.put("6", "s1", "far.", day(300));
    rig.forward(6 * 60);
    rig.settled().await;
    let mut client = Client::new("first");
    client.poll(&rig).await.unwrap();
    // A look sees the new begin of a moved event and is killed before it misses the old one.
    rig.cloud.put("6", "s1", "moved.", day(-300));
    rig.clock.set_impatient(true);
    rig.fault(Faults {
        hang: Some(3),
        ..Faults::default()
    });
    rig.forward(6 * 60);
    until(async || {
        client.poll(&rig).await.unwrap();
        rig.cloud.hanging() > 0
    })
    .await;
    rig.cloud.kill_looks();
    rig.edit_store(folder.path(), &["UPDATE items SET renderer = 0"])
        .await;
    // The lease of the killed look ends.
    rig.forward(1);
    let renderer = <Event as davbridge::text::Render>::RENDERER;
    until(async || {
        client.poll(&rig).await.unwrap();
        rig.published("1").await[0].renderer == renderer
    })
    .await;
    assert!(!rig.recurs("6").await, "at both begins");
    rig.cloud.heal();
    rig.clock.set_impatient(false);
    rig.forward(6);
    rig.settled().await;
    client.poll(&rig).await.unwrap();
    assert!(client.tells("6.ics", "moved.") && !rig.recurs("6").await);
}

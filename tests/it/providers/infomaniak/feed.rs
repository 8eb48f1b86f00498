//! The change feed.

use std::collections::BTreeSet;

use cloud::{FeedAccess, Options};
use davbridge::domain::{Change, Changes, Cursor, Kind};
use davbridge::providers::infomaniak::FeedMode;

use crate::support::infomaniak::{PRIVATE, Sim, call, drive, id};

const FULL: &str = "POST /2/drive/{drive}/files/listing/full";
const CONTINUE: &str = "POST /2/drive/{drive}/files/listing/continue";

async fn changes(sim: &Sim, cursor: Option<&Cursor>) -> Changes {
    sim.files.changes(&call(), &drive(), cursor).await.unwrap()
}

#[tokio::test]
async fn the_present_costs_one_call_and_so_does_each_look() {
    let sim = Sim::new().await;
    let now = changes(&sim, None).await;
    assert_eq!(sim.cloud.calls(FULL), 1);
    let next = changes(&sim, Some(&now.cursor)).await;
    assert!(next.changes.is_empty());
    assert_eq!(sim.cloud.counters().values().sum::<u64>(), 2);
}

#[tokio::test]
async fn what_lies_in_private_is_told_for_two_levels_of_the_root() {
    let sim = Sim::new().await;
    let now = changes(&sim, None).await;
    let file = sim.put(&id(PRIVATE), "new.txt", "x".into()).await;
    let told = changes(&sim, Some(&now.cursor)).await.changes;
    assert_eq!(told, [Change::Entry(file), Change::ChildrenTwoDeep(id(1))]);
}

#[tokio::test]
async fn many_changes_come_whole() {
    let sim = Sim::new().await;
    let folder = sim.make_folder(&id(PRIVATE), "busy").await;
    let now = changes(&sim, None).await;
    let mut made = BTreeSet::new();
    for number in 0..1001 {
        made.insert(sim.put(&folder, &format!("{number}"), "x".into()).await);
    }
    let told = changes(&sim, Some(&now.cursor)).await.changes;
    assert_eq!(sim.cloud.calls(CONTINUE), 2, "two pages");
    let told: BTreeSet<_> = told
        .into_iter()
        .filter_map(|change| match change {
            Change::Entry(id) => Some(id),
            _ => None,
        })
        .collect();
    assert_eq!(told, made);
}

#[tokio::test]
async fn a_feed_that_takes_no_tokens_is_unsupported_and_harms_nothing() {
    for access in [FeedAccess::Redirect, FeedAccess::Forbidden] {
        let mut options = Options::default();
        options.switches.change_feed = access;
        let sim = Sim::with(options, |_| {}).await;
        let ability = sim.provider.ability(&call()).await.unwrap();
        assert!(!ability.files.unwrap().change_feed);
        for cursor in [None, Some(Cursor::new("any"))] {
            let asked = sim.files.changes(&call(), &drive(), cursor.as_ref()).await;
            assert_eq!(asked.unwrap_err().kind(), Kind::Unsupported);
        }
        assert!(!sim.children(PRIVATE).await.unwrap().is_empty());
        assert_eq!(sim.cloud.calls("GET login:/{rest}"), 0, "never followed");
    }
}

#[tokio::test]
async fn switched_off_it_is_not_asked() {
    let off = |settings: &mut davbridge::providers::infomaniak::Settings| {
        settings.change_feed = FeedMode::Off;
    };
    let sim = Sim::with(Options::default(), off).await;
    let ability = sim.provider.ability(&call()).await.unwrap();
    assert!(!ability.files.unwrap().change_feed);
    let asked = sim.files.changes(&call(), &drive(), None).await;
    assert_eq!(asked.unwrap_err().kind(), Kind::Unsupported);
    assert!(sim.cloud.counters().is_empty());
}

#[tokio::test]
async fn a_dead_cursor_is_stale() {
    for status in [400, 404, 422] {
        let mut options = Options::default();
        options.switches.invalid_cursor_status = status;
        let sim = Sim::with(options, |_| {}).await;
        let dead = Cursor::new("dead");
        let asked = sim.files.changes(&call(), &drive(), Some(&dead)).await;
        assert_eq!(asked.unwrap_err().kind(), Kind::StaleCursor);
    }
}

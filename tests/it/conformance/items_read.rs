//! The cases of single readings, bad records and cursors.

use std::collections::{BTreeSet, HashMap};
use std::mem::discriminant;

use davbridge::domain::{
    Covered, Cursor, Feed, Found, Given, Item, ItemId, Kind, Part, Result, Why,
};

use super::items::{Titled, World, feed, full, in_days, title};
use super::looked::{call, look, look_on, try_look};

pub(super) async fn readings_have_outcomes<K: Titled>(world: &dyn World<K>) {
    let feed = feed(world).await;
    let (kept, gone) = (
        world.put("kept", in_days(4)).await,
        world.put("gone", in_days(4)).await,
    );
    world.remove(&gone).await;
    let never = ItemId::new("99999999999");
    let asked = [never.clone(), kept.clone(), gone.clone()];
    if !world.items().can_fetch() {
        let read = world
            .items()
            .fetch(&call(), &feed, &asked, Why::Check)
            .await;
        assert_eq!(read.unwrap_err().kind(), Kind::Unsupported);
        return;
    }
    let mut outcomes = readings(world, &feed, &asked, Why::Check).await;
    for absent in [&never, &gone] {
        let told = outcomes.remove(absent).unwrap().unwrap_err();
        assert_eq!(told.kind(), Kind::NotFound, "{absent}");
    }
    let found = outcomes.remove(&kept).unwrap().unwrap();
    assert_eq!(found.shelves, [world.shelf()]);
    let titled = |parts: &[(Part, K)]| parts.iter().all(|(_, value)| value.title() == "kept");
    match &found.given {
        Given::Parts(parts) | Given::Rows(parts) => assert!(!parts.is_empty() && titled(parts)),
        Given::Text(text) => assert!(text.contains("kept")),
        Given::Master(master) => assert_eq!(master.title(), "kept"),
    }
    let none = readings(world, &feed, &[], Why::Check).await;
    assert!(none.is_empty());
    wholes_have_outcomes(world, &feed, &asked).await;
}

/// All of an item is read only of what a look tells to have more; it may fail, but nothing that
/// is there is told to be gone, nor the other way round.
async fn wholes_have_outcomes<K: Titled>(world: &dyn World<K>, feed: &Feed, absent: &[ItemId]) {
    let looked = look(world.items(), feed, full()).await;
    let more = looked.seen.iter();
    let more = more.filter(|seen| seen.more || seen.value.is_none());
    let more: BTreeSet<ItemId> = more.map(|seen| seen.item.clone()).take(5).collect();
    let absent = [absent[0].clone(), absent[2].clone()];
    let asked: Vec<ItemId> = more.iter().chain(&absent).cloned().collect();
    let whole = readings(world, feed, &asked, Why::Whole).await;
    let again = readings(world, feed, &asked, Why::Again).await;
    for (item, outcome) in &again {
        if let (Ok(again), Ok(whole)) = (outcome, &whole[item]) {
            let same = discriminant(&again.given) == discriminant(&whole.given);
            assert!(same, "{item} is told as it was: {again:?}");
        }
    }
    for (item, outcome) in whole.into_iter().chain(again) {
        match outcome {
            Ok(found) => {
                assert!(more.contains(&item), "{item} is not there");
                assert!(!found.shelves.is_empty(), "{item}");
            }
            Err(error) if error.is_passing() => {}
            Err(error) => {
                assert_eq!(error.kind(), Kind::NotFound, "{item}");
                assert!(absent.contains(&item), "{item} is there");
            }
        }
    }
}

type Outcomes<K> = HashMap<ItemId, Result<Found<K>>>;

/// One outcome for each.
async fn readings<K: Item>(
    world: &dyn World<K>,
    feed: &Feed,
    asked: &[ItemId],
    why: Why,
) -> Outcomes<K> {
    let read = world.items().fetch(&call(), feed, asked, why).await;
    let mut outcomes = HashMap::new();
    for fetched in read.unwrap() {
        let twice = outcomes.insert(fetched.item, fetched.outcome);
        assert!(twice.is_none(), "one outcome for each");
    }
    assert_eq!(outcomes.len(), asked.len());
    outcomes
}

pub(super) async fn bad_records_end_no_look<K: Item>(world: &dyn World<K>) {
    let feed = feed(world).await;
    let spoiled = world.put("spoiled", in_days(5)).await;
    let before = look(world.items(), &feed, full()).await.items();
    world.spoil(&spoiled).await;
    let looked = look(world.items(), &feed, full()).await;
    assert!(!looked.unreadable.is_empty());
    let told = looked.unreadable.iter().flatten().cloned();
    let there: BTreeSet<ItemId> = looked.items().into_iter().chain(told).collect();
    let nameless = looked
        .unreadable
        .iter()
        .filter(|item| item.is_none())
        .count();
    let silent = before.difference(&there).count();
    assert!(silent <= nameless, "{silent} records are told by nothing");
    world.mend().await;
    assert_eq!(look(world.items(), &feed, full()).await.items(), before);
}

pub(super) async fn cursors_go_on<K: Titled>(world: &dyn World<K>) {
    let (feed, items) = (feed(world).await, world.items());
    let first = look(items, &feed, full()).await;
    let Some(cursor) = first.cursor else {
        return;
    };
    let quiet = look_on(items, &feed, &cursor, full()).await;
    assert!(quiet.seen.is_empty() && quiet.gone.is_empty(), "{quiet:?}");
    assert_eq!(quiet.covered, Covered::Nothing);
    let item = world.put("new", in_days(6)).await;
    let new = look_on(items, &feed, &quiet.cursor.unwrap(), full()).await;
    assert_eq!(new.items(), BTreeSet::from([item.clone()]));
    assert_eq!(title(world, &new, &item).await, "new");
    world.change(&item, "changed").await;
    let changed = look_on(items, &feed, &new.cursor.unwrap(), full()).await;
    assert_eq!(title(world, &changed, &item).await, "changed");
    world.remove(&item).await;
    let gone = look_on(items, &feed, &changed.cursor.unwrap(), full()).await;
    assert_eq!((gone.gone.len(), gone.seen.len()), (1, 0));
    assert_eq!(gone.gone[0], (item, None));
    let unknown = Cursor::new("no such cursor");
    let (error, steps) = try_look(items, &feed, Some(&unknown), full())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), steps), (Kind::StaleCursor, 0));
}

//! The shared suite for the `Items` port, the same for every kind. A provider's test file makes a
//! [`World`] and calls [`all`].

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::{
    Contact, Covered, Cursor, Event, Feed, Found, Given, Item, ItemId, Items, Kind, Part, Reach,
    Result, Seen, Shelf, ShelfId, Span, Why,
};

use super::looked::{Looked, call, look, look_on, try_look};

/// A cloud as another of its clients changes it.
#[async_trait]
pub trait World<K: Item>: Send + Sync {
    fn items(&self) -> &dyn Items<K>;
    /// A shelf that may be filled.
    fn shelf(&self) -> ShelfId;
    /// Adds an item; contacts have no time.
    async fn put(&self, title: &str, at: DateTime<Utc>) -> ItemId;
    /// Gives an item another title.
    async fn change(&self, item: &ItemId, title: &str);
    async fn remove(&self, item: &ItemId);
    /// Looks cannot read some of the records, at least that of this one.
    async fn spoil(&self, item: &ItemId);
    /// They can again.
    async fn mend(&self);
}

/// What the suite knows values by.
pub trait Titled: Item {
    fn title(&self) -> &str;
}

impl Titled for Event {
    fn title(&self) -> &str {
        self.summary.as_deref().unwrap_or("")
    }
}

impl Titled for Contact {
    fn title(&self) -> &str {
        self.display_name.as_deref().unwrap_or("")
    }
}

/// Runs every case; a failure names its case by the line that panics.
pub async fn all<K: Titled>(world: &dyn World<K>) {
    shelves_are_complete_and_stable(world).await;
    feeds_cover_each_shelf_once(world).await;
    looks_repeat(world).await;
    versions_follow_values(world).await;
    looks_cover_what_they_say(world).await;
    near_lies_inside_full(world).await;
    readings_have_outcomes(world).await;
    bad_records_end_no_look(world).await;
    cursors_go_on(world).await;
}

fn in_days(days: i64) -> DateTime<Utc> {
    let today = Utc::now().date_naive().and_hms_opt(10, 0, 0).unwrap();
    today.and_utc() + TimeDelta::days(days)
}

pub fn span(from: i64, to: i64) -> Span {
    Span {
        from: in_days(from),
        to: in_days(to),
    }
}

fn full() -> Reach {
    Reach::Full(span(-365, 730))
}

async fn shelves<K: Item>(world: &dyn World<K>) -> Vec<Shelf> {
    world.items().shelves(&call()).await.unwrap()
}

async fn feed<K: Item>(world: &dyn World<K>) -> Feed {
    let feeds = world.items().feeds(&shelves(world).await);
    let own = world.shelf();
    let mut feeds = feeds.into_iter();
    let own = feeds.find(|feed| feed.shelves.contains(&own));
    own.expect("the shelf is in a feed")
}

async fn shelves_are_complete_and_stable<K: Item>(world: &dyn World<K>) {
    let first = shelves(world).await;
    assert_eq!(first, shelves(world).await);
    let ids: BTreeSet<&str> = first.iter().map(|shelf| shelf.id.as_str()).collect();
    assert_eq!(ids.len(), first.len(), "every shelf once");
    assert!(ids.contains(world.shelf().as_str()));
}

async fn feeds_cover_each_shelf_once<K: Item>(world: &dyn World<K>) {
    let shelves = shelves(world).await;
    let feeds = world.items().feeds(&shelves);
    assert_eq!(feeds, world.items().feeds(&shelves));
    let names: BTreeSet<&str> = feeds.iter().map(|feed| feed.id.as_str()).collect();
    assert_eq!(names.len(), feeds.len(), "every feed has its name");
    let mut covered: Vec<&ShelfId> = feeds.iter().flat_map(|feed| &feed.shelves).collect();
    let mut listed: Vec<&ShelfId> = shelves.iter().map(|shelf| &shelf.id).collect();
    covered.sort();
    listed.sort();
    assert_eq!(covered, listed);
    let of_none = world.items().feeds(&[]);
    assert!(of_none.iter().all(|feed| feed.shelves.is_empty()));
}

async fn looks_repeat<K: Item>(world: &dyn World<K>) {
    let listed: BTreeSet<String> = shelves(world)
        .await
        .iter()
        .map(|shelf| shelf.id.to_string())
        .collect();
    for feed in world.items().feeds(&shelves(world).await) {
        let one = look(world.items(), &feed, full()).await;
        let two = look(world.items(), &feed, full()).await;
        assert_eq!(one.versions(), two.versions(), "looking changes nothing");
        for seen in &one.seen {
            assert!(!seen.shelves.is_empty(), "{seen:?}");
            let known = seen
                .shelves
                .iter()
                .all(|shelf| listed.contains(shelf.as_str()));
            assert!(known, "{seen:?}");
            assert!(!seen.version.as_str().is_empty());
        }
        equal_versions_are_equal_values(&one, &two);
    }
}

fn equal_versions_are_equal_values<K: Item>(one: &Looked<K>, two: &Looked<K>) {
    let mut values: HashMap<(&ItemId, &Part), &Seen<K>> = HashMap::new();
    for seen in one.seen.iter().chain(&two.seen) {
        let known = values.entry((&seen.item, &seen.part)).or_insert(seen);
        let same = known.version == seen.version;
        assert_eq!(same, known.value == seen.value, "{seen:?} {known:?}");
    }
}

/// What is told of an item by its only part; read by itself where looks tell no values.
async fn title<K: Titled>(world: &dyn World<K>, looked: &Looked<K>, item: &ItemId) -> String {
    let seen = looked.of(item);
    let [seen] = seen[..] else {
        panic!("{item}: {seen:?}")
    };
    if let Some(value) = &seen.value {
        return value.title().to_owned();
    }
    let (feed, items) = (feed(world).await, std::slice::from_ref(item));
    let call = call();
    let read = world.items().fetch(&call, &feed, items, Why::Whole).await;
    let mut read = read.unwrap();
    match read.remove(0).outcome.unwrap().given {
        Given::Parts(parts) | Given::Rows(parts) => parts[0].1.title().to_owned(),
        Given::Text(text) => text,
    }
}

async fn versions_follow_values<K: Titled>(world: &dyn World<K>) {
    let feed = feed(world).await;
    let changing = world.put("before", in_days(2)).await;
    let other = world.put("another", in_days(2)).await;
    let one = look(world.items(), &feed, full()).await;
    assert_eq!(title(world, &one, &changing).await, "before");
    world.change(&changing, "after").await;
    let two = look(world.items(), &feed, full()).await;
    assert_eq!(title(world, &two, &changing).await, "after");
    assert_ne!(one.of(&changing)[0].version, two.of(&changing)[0].version);
    assert_eq!(one.of(&other), two.of(&other), "the others stay");
    world.change(&changing, "before").await;
    let three = look(world.items(), &feed, full()).await;
    assert_eq!(title(world, &three, &changing).await, "before");
    assert_ne!(two.of(&changing)[0].version, three.of(&changing)[0].version);
}

async fn looks_cover_what_they_say<K: Item>(world: &dyn World<K>) {
    let feed = feed(world).await;
    let mut items = Vec::new();
    for days in [-300, -81, -80, -1, 0, 1, 79, 80, 300, 700] {
        items.push(world.put(&format!("in {days} days"), in_days(days)).await);
    }
    let looked = look(world.items(), &feed, full()).await;
    for item in &items {
        assert!(!looked.of(item).is_empty(), "{item} is not seen");
    }
    match looked.covered {
        Covered::All => {}
        Covered::Range(range) => assert!(range.contains(&span(-365, 730)), "{range:?}"),
        Covered::Nothing => panic!("a look from the beginning covers something"),
    }
    for item in &items[2..5] {
        world.remove(item).await;
    }
    let looked = look(world.items(), &feed, full()).await;
    for (at, item) in items.iter().enumerate() {
        let there = !looked.of(item).is_empty();
        assert_eq!(there, !(2..5).contains(&at), "{item}");
    }
}

async fn near_lies_inside_full<K: Item>(world: &dyn World<K>) {
    let feed = feed(world).await;
    let near = span(-7, 70);
    let inside = [
        world.put("near", in_days(3)).await,
        world.put("far", in_days(60)).await,
    ];
    let all = look(world.items(), &feed, full()).await.versions();
    let looked = look(world.items(), &feed, Reach::Near(near)).await;
    assert!(looked.versions().is_subset(&all));
    for item in inside {
        assert!(!looked.of(&item).is_empty(), "{item} is not seen");
    }
    if let Covered::Range(range) = looked.covered {
        assert!(near.contains(&range), "{range:?} was not looked at");
    }
}

async fn readings_have_outcomes<K: Titled>(world: &dyn World<K>) {
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
    for (item, outcome) in readings(world, feed, &asked, Why::Whole).await {
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

async fn bad_records_end_no_look<K: Item>(world: &dyn World<K>) {
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

async fn cursors_go_on<K: Titled>(world: &dyn World<K>) {
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

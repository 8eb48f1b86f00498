//! The shared suite for the `Items` port, the same for every kind. A provider's test file makes a
//! [`World`] and calls [`all`].

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::{
    Contact, Covered, Event, Feed, Given, Item, ItemId, Items, Part, Reach, Seen, Shelf, ShelfId,
    Span, Why,
};

use super::items_read::{bad_records_end_no_look, cursors_go_on, readings_have_outcomes};
use super::looked::{Looked, call, look};

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

pub(super) fn in_days(days: i64) -> DateTime<Utc> {
    let today = Utc::now().date_naive().and_hms_opt(10, 0, 0).unwrap();
    today.and_utc() + TimeDelta::days(days)
}

fn span(from: i64, to: i64) -> Span {
    Span {
        from: in_days(from),
        to: in_days(to),
    }
}

pub(super) fn full() -> Reach {
    Reach::Full(span(-365, 730))
}

async fn shelves<K: Item>(world: &dyn World<K>) -> Vec<Shelf> {
    world.items().shelves(&call()).await.unwrap()
}

pub(super) async fn feed<K: Item>(world: &dyn World<K>) -> Feed {
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
pub(super) async fn title<K: Titled>(
    world: &dyn World<K>,
    looked: &Looked<K>,
    item: &ItemId,
) -> String {
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
        Given::Master(master) => master.title().to_owned(),
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
    let outside = world.put("outside", in_days(2000)).await;
    let looked = look(world.items(), &feed, full()).await;
    for item in &items {
        assert!(!looked.of(item).is_empty(), "{item} is not seen");
    }
    match looked.covered {
        Covered::All => assert!(!looked.of(&outside).is_empty(), "not all was seen"),
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
    let outside = world.put("outside", in_days(400)).await;
    let all = look(world.items(), &feed, full()).await.versions();
    let looked = look(world.items(), &feed, Reach::Near(near)).await;
    assert!(looked.versions().is_subset(&all));
    for item in inside {
        assert!(!looked.of(&item).is_empty(), "{item} is not seen");
    }
    match looked.covered {
        Covered::Range(range) => assert!(near.contains(&range), "{range:?} was not looked at"),
        Covered::All => assert!(!looked.of(&outside).is_empty(), "not all was seen"),
        Covered::Nothing => {}
    }
}

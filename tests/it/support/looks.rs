//! Looks at calendars and address books, read to their end.

use davbridge::domain::{
    Call, Covered, Error, Feed, Fetched, Found, Item, ItemId, Items, Look, Moment, Part, Reach,
    Result, Seen, Shelf, Span, Step, Why,
};
use futures::StreamExt;

/// A look that came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked<K> {
    pub seen: Vec<Seen<K>>,
    pub unreadable: Vec<(Option<String>, String)>,
    pub progress: Vec<(u32, u32)>,
    pub covered: Covered,
}

impl<K: Item> Looked<K> {
    /// The ids that were seen, in order, each once.
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.seen.iter().map(|seen| seen.item.to_string()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// What was seen of an item.
    pub fn of(&self, id: &impl ToString) -> Vec<&Seen<K>> {
        let id = ItemId::new(id.to_string());
        self.seen.iter().filter(|seen| seen.item == id).collect()
    }

    /// The one value that was seen of an item.
    pub fn value(&self, id: &impl ToString) -> &K {
        match self.of(id)[..] {
            [seen] => seen.value.as_ref().unwrap(),
            ref other => panic!("{other:?}"),
        }
    }
}

/// Reads a look to its end: it ends with [`Step::End`], or with an error and nothing behind it.
/// With an error comes how many steps there were before.
pub async fn read<K: Item>(mut look: Look<K>) -> Result<Looked<K>, (Error, usize)> {
    let mut looked = Looked {
        seen: Vec::new(),
        unreadable: Vec::new(),
        progress: Vec::new(),
        covered: Covered::Nothing,
    };
    for before in 0.. {
        match look.next().await {
            Some(Ok(Step::Seen(seen))) => looked.seen.push(seen),
            Some(Ok(Step::Unreadable { item, reason })) => {
                let item = item.map(|item| item.to_string());
                looked.unreadable.push((item, reason));
            }
            Some(Ok(Step::Progress { done, of })) => looked.progress.push((done, of)),
            Some(Ok(Step::Gone { item, .. })) => panic!("nothing tells that {item} is gone"),
            Some(Ok(Step::End(end))) => {
                assert_eq!(end.cursor, None);
                looked.covered = end.covered;
                assert!(look.next().await.is_none(), "the end is the last step");
                break;
            }
            Some(Err(error)) => {
                assert!(look.next().await.is_none(), "an error is the last item");
                return Err((error, before));
            }
            None => panic!("the look has no end"),
        }
    }
    Ok(looked)
}

/// The feed of a shelf.
pub async fn feed<K: Item>(items: &dyn Items<K>, shelf: impl ToString) -> Feed {
    let shelves: Vec<Shelf> = items.shelves(&Call::interactive()).await.unwrap();
    let shelf = shelf.to_string();
    let feeds = items.feeds(&shelves).into_iter();
    let mut feeds = feeds.filter(|feed| feed.shelves.iter().any(|id| id.as_str() == shelf));
    let feed = feeds.next().unwrap();
    assert!(feeds.next().is_none(), "each shelf is in exactly one feed");
    feed
}

/// Reads one item.
pub async fn fetch<K: Item>(
    items: &dyn Items<K>,
    feed: &Feed,
    id: impl ToString,
    why: Why,
) -> Result<Found<K>> {
    let id = ItemId::new(id.to_string());
    let mut fetched = items
        .fetch(&Call::interactive(), feed, std::slice::from_ref(&id), why)
        .await
        .unwrap();
    let Fetched { item, outcome } = fetched.pop().unwrap();
    assert_eq!((item, fetched.len()), (id, 0));
    outcome
}

/// From one day to another.
pub fn days(from: &str, to: &str) -> Span {
    let at = |day: &str| format!("{day}T00:00:00Z").parse().unwrap();
    Span {
        from: at(from),
        to: at(to),
    }
}

/// Everything between two days.
pub fn full(from: &str, to: &str) -> Reach {
    Reach::Full(days(from, to))
}

/// The begin that an occurrence has, as `Instances` of the simulation spell it.
pub fn begin(part: &Part) -> String {
    match part {
        Part::Occurrence(Moment::Date(day)) => day.to_string(),
        Part::Occurrence(moment) => moment.earliest().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        other => panic!("{other:?}"),
    }
}

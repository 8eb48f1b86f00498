//! Looks read to their end, and what holds for each of them.

use std::collections::BTreeSet;

use davbridge::domain::{
    Call, Covered, Cursor, Error, Feed, Item, ItemId, Items, Part, Reach, Seen, Step,
};
use futures::StreamExt;

/// A look that came to its end.
#[derive(Debug)]
pub struct Looked<K> {
    pub seen: Vec<Seen<K>>,
    pub gone: Vec<(ItemId, Option<Part>)>,
    /// Whose records could not be read.
    pub unreadable: Vec<Option<ItemId>>,
    pub covered: Covered,
    pub cursor: Option<Cursor>,
}

impl<K: Item> Looked<K> {
    /// What was seen of an item, each part once.
    pub fn of(&self, item: &ItemId) -> Vec<&Seen<K>> {
        let mut found: Vec<&Seen<K>> = Vec::new();
        for seen in self.seen.iter().filter(|seen| seen.item == *item) {
            if !found.contains(&seen) {
                found.push(seen);
            }
        }
        found
    }

    pub fn items(&self) -> BTreeSet<ItemId> {
        self.seen.iter().map(|seen| seen.item.clone()).collect()
    }

    /// All parts with their versions.
    pub fn versions(&self) -> BTreeSet<(ItemId, String, String)> {
        let version = |seen: &Seen<K>| {
            let part = format!("{:?}", seen.part);
            (seen.item.clone(), part, seen.version.as_str().to_owned())
        };
        self.seen.iter().map(version).collect()
    }
}

pub fn call() -> Call {
    Call::interactive()
}

/// A look from the beginning.
pub async fn look<K: Item>(items: &dyn Items<K>, feed: &Feed, reach: Reach) -> Looked<K> {
    let looked = try_look(items, feed, None, reach).await;
    looked.map_err(|(error, _)| error).unwrap()
}

/// A look from a cursor on.
pub async fn look_on<K: Item>(
    items: &dyn Items<K>,
    feed: &Feed,
    cursor: &Cursor,
    reach: Reach,
) -> Looked<K> {
    let looked = try_look(items, feed, Some(cursor), reach).await;
    looked.map_err(|(error, _)| error).unwrap()
}

/// Reads a look to its end: it ends with [`Step::End`], or with an error, and nothing comes
/// behind. Progress rises and reaches its total. With an error comes how many steps came before.
pub async fn try_look<K: Item>(
    items: &dyn Items<K>,
    feed: &Feed,
    cursor: Option<&Cursor>,
    reach: Reach,
) -> Result<Looked<K>, (Error, usize)> {
    let mut steps = items.look(&call(), feed, cursor, reach);
    let mut looked = Looked {
        seen: Vec::new(),
        gone: Vec::new(),
        unreadable: Vec::new(),
        covered: Covered::Nothing,
        cursor: None,
    };
    let mut progress = (0, 0);
    for before in 0.. {
        match steps.next().await.expect("a look has an end") {
            Ok(Step::Seen(seen)) => looked.seen.push(seen),
            Ok(Step::Gone { item, part }) => looked.gone.push((item, part)),
            Ok(Step::Unreadable { item, .. }) => looked.unreadable.push(item),
            Ok(Step::Progress { done, of }) => {
                assert!(progress.0 < done && done <= of, "{progress:?} {done} {of}");
                progress = (done, of);
            }
            Ok(Step::End(end)) => {
                looked.covered = end.covered;
                looked.cursor = end.cursor;
                break;
            }
            Err(error) => {
                assert!(steps.next().await.is_none(), "an error is the last item");
                return Err((error, before));
            }
        }
    }
    assert!(steps.next().await.is_none(), "the end is the last step");
    assert_eq!(progress.0, progress.1, "all of it is done");
    Ok(looked)
}

//! The reference provider for items: a small cloud in memory that keeps the `Items` port to the
//! letter, for every kind.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::{
    Ability, Call, Contact, Covered, Cursor, End, Error, Event, Feed, FeedId, Fetched, Files,
    Found, Given, Item, ItemId, Items, ItemsAbility, Kind, Look, Moment, Part, Provider,
    ProviderName, Reach, Result, Seen, Shelf, ShelfId, Step, Typed, Version, Why,
};
use futures::stream;

pub const NAME: ProviderName = ProviderName("reference");

/// How a cloud of items works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// Items are read in windows; else all at once.
    pub windows: bool,
    /// Single items can be read.
    pub fetch: bool,
    /// Looks go on from cursors.
    pub cursors: bool,
    /// One feed for all shelves; else one for each.
    pub one_feed: bool,
}

impl Manner {
    /// As Infomaniak's calendars.
    pub const WINDOWS: Self = Self {
        windows: true,
        fetch: true,
        cursors: false,
        one_feed: false,
    };
    /// As Infomaniak's address books.
    pub const WHOLE: Self = Self {
        windows: false,
        fetch: false,
        cursors: false,
        one_feed: true,
    };
    /// As clouds with change feeds.
    pub const CURSORS: Self = Self {
        windows: false,
        fetch: true,
        cursors: true,
        one_feed: false,
    };
}

/// What the cloud does wrong at the next calls.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Every call fails with this kind.
    pub all: Option<Kind>,
    /// The window of this number (from 0) fails with this kind.
    pub window: Option<(usize, Kind)>,
    /// Single readings of these items fail with this kind.
    pub fetch: Option<(HashSet<ItemId>, Kind)>,
    /// Looks at this shelf find nothing.
    pub empty: Option<ShelfId>,
    /// Looks at this shelf are refused with this kind.
    pub shelf: Option<(ShelfId, Kind)>,
    /// The list of shelves lacks this one.
    pub hidden: Option<ShelfId>,
    /// Looks tell this item as unreadable.
    pub unreadable: Option<ItemId>,
    /// After the window of this number was read, these items are moved to new begins.
    pub moved: Option<(usize, ItemId, DateTime<Utc>)>,
}

/// Calls since the last time they were asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    pub shelves: u32,
    pub windows: u32,
    pub fetched: u32,
}

impl Calls {
    pub fn all(self) -> u32 {
        self.shelves + self.windows + self.fetched
    }
}

#[derive(Clone)]
struct Kept<K> {
    shelf: ShelfId,
    rows: Vec<(Part, K)>,
    more: Option<Given<K>>,
    version: u64,
}

struct State<K> {
    shelves: Vec<Shelf>,
    items: BTreeMap<ItemId, Kept<K>>,
    log: Vec<ItemId>,
    next: u64,
    faults: Faults,
    calls: Calls,
}

/// A cloud of one kind of items.
pub struct Cloud<K: Item> {
    state: Mutex<State<K>>,
    pub manner: Manner,
}

/// A value that is easily made.
pub trait Sample: Item {
    /// With a title, at a time.
    fn sample(title: &str, at: DateTime<Utc>) -> Self;
}

impl Sample for Event {
    fn sample(title: &str, at: DateTime<Utc>) -> Self {
        Self {
            summary: Some(title.to_owned()),
            start: Some(Moment::Utc(at)),
            end: Some(Moment::Utc(at + TimeDelta::hours(1))),
            ..Self::default()
        }
    }
}

impl Sample for Contact {
    fn sample(title: &str, _: DateTime<Utc>) -> Self {
        Self {
            display_name: Some(title.to_owned()),
            emails: vec![Typed {
                value: "a@example.org".to_owned(),
                ..Typed::default()
            }],
            ..Self::default()
        }
    }
}

pub fn shelf(id: &str, name: &str) -> Shelf {
    Shelf {
        id: ShelfId::new(id),
        name: name.to_owned(),
        description: None,
        color: None,
        default: false,
    }
}

impl<K: Sample> Cloud<K> {
    pub fn new(manner: Manner) -> Arc<Self> {
        Arc::new(Self {
            manner,
            state: Mutex::new(State {
                shelves: vec![shelf("s1", "First"), shelf("s2", "Second")],
                items: BTreeMap::new(),
                log: Vec::new(),
                next: 1,
                faults: Faults::default(),
                calls: Calls::default(),
            }),
        })
    }

    /// Describes a shelf.
    pub fn describe(&self, id: &str, describe: impl FnOnce(&mut Shelf)) {
        let mut state = self.state();
        let mut shelves = state.shelves.iter_mut();
        describe(shelves.find(|shelf| shelf.id.as_str() == id).unwrap());
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap()
    }

    pub fn take_calls(&self) -> Calls {
        std::mem::take(&mut self.state().calls)
    }

    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Adds or changes a single item.
    pub fn put(&self, id: &str, shelf: &str, title: &str, at: DateTime<Utc>) {
        let value = K::sample(title, at);
        let part = part_of::<K>(at);
        self.put_rows(id, shelf, vec![(part, value)], None);
    }

    /// Adds or changes an item with all its rows, and what a single reading tells more.
    pub fn put_rows(&self, id: &str, shelf: &str, rows: Vec<(Part, K)>, more: Option<Given<K>>) {
        let mut state = self.state();
        state.next += 1;
        let version = state.next;
        let kept = Kept {
            shelf: ShelfId::new(shelf),
            rows,
            more,
            version,
        };
        state.items.insert(ItemId::new(id), kept);
        state.log.push(ItemId::new(id));
    }

    pub fn remove(&self, id: &str) {
        let mut state = self.state();
        state.items.remove(&ItemId::new(id));
        state.log.push(ItemId::new(id));
    }

    /// Takes a shelf and everything on it away.
    pub fn remove_shelf(&self, id: &str) {
        let mut state = self.state();
        let shelf = ShelfId::new(id);
        state.shelves.retain(|known| known.id != shelf);
        state.items.retain(|_, kept| kept.shelf != shelf);
    }

    fn begin(&self) -> Result<MutexGuard<'_, State<K>>> {
        let state = self.state();
        match state.faults.all {
            Some(kind) => Err(Error::cloud(kind, "the cloud is in trouble")),
            None => Ok(state),
        }
    }

    fn windows(&self, reach: Reach) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let (Reach::Near(span) | Reach::Full(span)) = reach;
        let mut windows = Vec::new();
        let mut from = span.from;
        while self.manner.windows && from < span.to {
            let to = (from + TimeDelta::days(80)).min(span.to);
            windows.push((from, to));
            from = to;
        }
        if windows.is_empty() {
            windows.push((span.from, span.to));
        }
        windows
    }

    fn window(
        &self,
        call: &Call,
        feed: &Feed,
        number: usize,
        window: (DateTime<Utc>, DateTime<Utc>),
        cursor: Option<usize>,
    ) -> Result<Vec<Step<K>>> {
        let mut state = self.begin()?;
        state.calls.windows += 1;
        call.count_upstream();
        let faults = state.faults.clone();
        if let Some((_, kind)) = faults.window.filter(|(at, _)| *at == number) {
            return Err(Error::cloud(kind, "a window failed"));
        }
        if let Some((shelf, kind)) = faults.shelf
            && feed.shelves.contains(&shelf)
        {
            return Err(Error::cloud(kind, "the shelf is refused"));
        }
        let changed: Option<HashSet<ItemId>> = cursor.map(|from| {
            state.log[from.min(state.log.len())..]
                .iter()
                .cloned()
                .collect()
        });
        let mut steps = Vec::new();
        for (id, kept) in &state.items {
            let told = changed.as_ref().is_none_or(|changed| changed.contains(id));
            let emptied = faults.empty.as_ref() == Some(&kept.shelf);
            if !feed.shelves.contains(&kept.shelf) || !told || emptied {
                continue;
            }
            if faults.unreadable.as_ref() == Some(id) {
                steps.push(Step::Unreadable {
                    item: Some(id.clone()),
                    reason: "planted".to_owned(),
                });
                continue;
            }
            for (part, value) in &kept.rows {
                let inside = value.span().is_none_or(|span| {
                    !self.manner.windows || (span.from < window.1 && window.0 < span.to)
                });
                if inside {
                    steps.push(Step::Seen(Seen {
                        item: id.clone(),
                        part: part.clone(),
                        shelves: vec![kept.shelf.clone()],
                        version: Version::new(format!("{}", kept.version)),
                        value: Some(value.clone()),
                        more: kept.more.is_some(),
                    }));
                }
            }
        }
        for id in changed.into_iter().flatten() {
            let here = state
                .items
                .get(&id)
                .is_some_and(|kept| feed.shelves.contains(&kept.shelf));
            if !here {
                steps.push(Step::Gone {
                    item: id,
                    part: None,
                });
            }
        }
        if let Some((after, id, at)) = faults.moved.filter(|(after, ..)| *after == number) {
            debug_assert_eq!(after, number);
            state.next += 1;
            let version = state.next;
            let kept = state.items.get_mut(&id).unwrap();
            kept.version = version;
            kept.rows = vec![(part_of::<K>(at), K::sample("moved", at))];
        }
        Ok(steps)
    }
}

/// Clouds that tell instances name a row by its begin.
fn part_of<K: Item>(at: DateTime<Utc>) -> Part {
    match K::sample_span(at) {
        true => Part::Occurrence(Moment::Utc(at)),
        false => Part::Master,
    }
}

trait HasTime: Item {
    fn sample_span(at: DateTime<Utc>) -> bool;
}

impl<K: Item> HasTime for K {
    fn sample_span(_: DateTime<Utc>) -> bool {
        matches!(K::KIND, davbridge::domain::ItemKind::Event)
    }
}

#[async_trait]
impl<K: Sample> Items<K> for Cloud<K> {
    async fn shelves(&self, call: &Call) -> Result<Vec<Shelf>> {
        let mut state = self.begin()?;
        state.calls.shelves += 1;
        call.count_upstream();
        let hidden = state.faults.hidden.clone();
        let shelves = state
            .shelves
            .iter()
            .filter(|shelf| Some(&shelf.id) != hidden.as_ref());
        Ok(shelves.cloned().collect())
    }

    fn feeds(&self, shelves: &[Shelf]) -> Vec<Feed> {
        let ids = shelves.iter().map(|shelf| shelf.id.clone());
        if self.manner.one_feed {
            return vec![Feed {
                id: FeedId::new("all"),
                shelves: ids.collect(),
            }];
        }
        ids.map(|id| Feed {
            id: FeedId::new(id.as_str()),
            shelves: vec![id],
        })
        .collect()
    }

    fn look(&self, call: &Call, feed: &Feed, cursor: Option<&Cursor>, reach: Reach) -> Look<K> {
        let from = cursor.map(|cursor| cursor.as_str().parse::<usize>().unwrap());
        let windows = self.windows(reach);
        let of = u32::try_from(windows.len()).unwrap();
        let log = self.state().log.len();
        let mut steps: Vec<Result<Step<K>>> = Vec::new();
        for (number, window) in windows.into_iter().enumerate() {
            match self.window(call, feed, number, window, from) {
                Ok(found) => steps.extend(found.into_iter().map(Ok)),
                Err(error) => {
                    steps.push(Err(error));
                    return Box::pin(stream::iter(steps));
                }
            }
            let done = u32::try_from(number + 1).unwrap();
            steps.push(Ok(Step::Progress { done, of }));
        }
        let (Reach::Near(span) | Reach::Full(span)) = reach;
        let covered = match (self.manner.windows, from) {
            (true, _) => Covered::Range(span),
            (false, None) => Covered::All,
            (false, Some(_)) => Covered::Nothing,
        };
        let cursor = self.manner.cursors.then(|| Cursor::new(log.to_string()));
        steps.push(Ok(Step::End(End { cursor, covered })));
        Box::pin(stream::iter(steps))
    }

    fn can_fetch(&self) -> bool {
        self.manner.fetch
    }

    async fn fetch(
        &self,
        call: &Call,
        _: &Feed,
        items: &[ItemId],
        _: Why,
    ) -> Result<Vec<Fetched<K>>> {
        let mut found = Vec::new();
        for item in items {
            let mut state = self.begin()?;
            state.calls.fetched += 1;
            call.count_upstream();
            let fault = state.faults.fetch.as_ref();
            let fault = fault.filter(|(items, _)| items.contains(item));
            let outcome = match (fault, state.items.get(item)) {
                (Some((_, kind)), _) => Err(Error::cloud(*kind, "a reading failed")),
                (None, None) => Err(Error::cloud(Kind::NotFound, "no such item")),
                (None, Some(kept)) => Ok(Found {
                    shelves: vec![kept.shelf.clone()],
                    given: kept
                        .more
                        .clone()
                        .unwrap_or_else(|| Given::Rows(kept.rows[..1].to_vec())),
                }),
            };
            found.push(Fetched {
                item: item.clone(),
                outcome,
            });
        }
        Ok(found)
    }
}

/// An account with calendars and address books.
pub struct Account {
    pub events: Option<Arc<Cloud<Event>>>,
    pub contacts: Option<Arc<Cloud<Contact>>>,
}

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        NAME
    }

    async fn ability(&self, _: &Call) -> Result<Ability> {
        Ok(Ability {
            files: None,
            events: self.events.as_ref().map(|_| ItemsAbility::default()),
            contacts: self.contacts.as_ref().map(|_| ItemsAbility::default()),
        })
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        None
    }

    fn events(&self) -> Option<Arc<dyn Items<Event>>> {
        self.events.clone().map(|cloud| cloud as _)
    }

    fn contacts(&self) -> Option<Arc<dyn Items<Contact>>> {
        self.contacts.clone().map(|cloud| cloud as _)
    }
}

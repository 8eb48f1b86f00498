//! What the reference cloud holds, and how another of its clients changes it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use davbridge::domain::{Error, Given, Item, ItemId, Part, Result, Shelf, ShelfId};
use tokio::sync::Notify;

use super::{Calls, Faults, Manner, Sample};

#[derive(Clone)]
pub(super) struct Kept<K> {
    pub(super) shelves: Vec<ShelfId>,
    pub(super) rows: Vec<(Part, K)>,
    pub(super) more: Option<Given<K>>,
    pub(super) version: u64,
}

pub(super) struct State<K> {
    pub(super) shelves: Vec<Shelf>,
    pub(super) items: BTreeMap<ItemId, Kept<K>>,
    /// Changed items, and the parts of them that were deleted.
    pub(super) log: Vec<(ItemId, Option<Part>)>,
    /// Cursors before this place of the log are not known any more.
    pub(super) oldest: usize,
    /// Looks begun before the last kill never go on.
    pub(super) kills: u32,
    /// Looks that hang.
    pub(super) hanging: usize,
    /// Single readings that hang.
    pub(super) hanging_fetches: usize,
    next: u64,
    pub(super) faults: Faults,
    pub(super) calls: Calls,
}

pub(super) struct Shared<K> {
    state: Mutex<State<K>>,
    pub(super) faults_changed: Notify,
}

impl<K> Shared<K> {
    pub(super) fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap()
    }

    pub(super) fn begin(&self) -> Result<MutexGuard<'_, State<K>>> {
        let state = self.state();
        match state.faults.all {
            Some(kind) => Err(Error::cloud(kind, "the cloud is in trouble")),
            None => Ok(state),
        }
    }
}

/// A cloud of one kind of items.
pub struct Cloud<K: Item> {
    pub(super) shared: Arc<Shared<K>>,
    pub manner: Manner,
}

fn shelf(id: &str, name: &str) -> Shelf {
    Shelf {
        id: ShelfId::new(id),
        name: name.to_owned(),
        description: None,
        color: None,
        default: false,
    }
}

impl<K: Sample> State<K> {
    pub(super) fn keep(&mut self, id: &ItemId, mut kept: Kept<K>) {
        self.next += 1;
        kept.version = self.next;
        self.items.insert(id.clone(), kept);
        self.log.push((id.clone(), None));
    }

    /// Moves a single item to a new begin, if it is there still.
    pub(super) fn relocate(&mut self, id: &ItemId, at: DateTime<Utc>) {
        let Some(mut kept) = self.items.get(id).cloned() else {
            return;
        };
        let part = match kept.rows[0].0 {
            Part::Master => Part::Master,
            _ => K::part(at),
        };
        kept.rows = vec![(part, K::sample("moved", at))];
        self.keep(id, kept);
    }
}

impl<K: Sample> Cloud<K> {
    /// A cloud with the empty shelves `s1` and `s2`.
    pub fn new(manner: Manner) -> Arc<Self> {
        let state = State {
            shelves: vec![shelf("s1", "First"), shelf("s2", "Second")],
            items: BTreeMap::new(),
            log: Vec::new(),
            oldest: 0,
            kills: 0,
            hanging: 0,
            hanging_fetches: 0,
            next: 1,
            faults: Faults::default(),
            calls: Calls::default(),
        };
        let shared = Shared {
            state: Mutex::new(state),
            faults_changed: Notify::new(),
        };
        Arc::new(Self {
            manner,
            shared: Arc::new(shared),
        })
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.shared.state()
    }

    /// Describes a shelf.
    pub fn describe(&self, id: &str, describe: impl FnOnce(&mut Shelf)) {
        let shelves = &mut self.state().shelves;
        let shelf = shelves.iter_mut().find(|shelf| shelf.id.as_str() == id);
        describe(shelf.unwrap());
    }

    pub fn take_calls(&self) -> Calls {
        std::mem::take(&mut self.state().calls)
    }

    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
        self.shared.faults_changed.notify_waiters();
    }

    /// Everything works again.
    pub fn heal(&self) {
        self.set_faults(Faults::default());
    }

    /// How many looks came to where they hang.
    pub fn hanging(&self) -> usize {
        self.state().hanging
    }

    /// How many single readings hang.
    pub fn hanging_fetches(&self) -> usize {
        self.state().hanging_fetches
    }

    /// Looks hang at the window of this number, besides what is wrong anyway.
    pub fn hang(&self, window: Option<usize>) {
        self.state().faults.hang = window;
        self.shared.faults_changed.notify_waiters();
    }

    /// The process whose looks go on now is killed.
    pub fn kill_looks(&self) {
        self.state().kills += 1;
    }

    /// Adds or changes a single item.
    pub fn put(&self, id: &str, shelf: &str, title: &str, at: DateTime<Utc>) {
        let part = match self.manner.cursors {
            // Nobody would tell that another begin is not one any more.
            true => Part::Master,
            false => K::part(at),
        };
        self.put_rows(id, shelf, vec![(part, K::sample(title, at))], None);
    }

    /// Adds or changes an item with all its rows, and what a single reading tells more.
    pub fn put_rows(&self, id: &str, shelf: &str, rows: Vec<(Part, K)>, more: Option<Given<K>>) {
        let kept = Kept {
            shelves: vec![ShelfId::new(shelf)],
            rows,
            more,
            version: 0,
        };
        self.state().keep(&ItemId::new(id), kept);
    }

    /// Changes what a single reading tells more of an item, and nothing that looks tell.
    pub fn tell_more(&self, id: &str, more: Given<K>) {
        let mut state = self.state();
        state.items.get_mut(&ItemId::new(id)).unwrap().more = Some(more);
    }

    /// Gives a single item another title.
    pub fn retitle(&self, id: &str, title: &str) {
        let mut state = self.state();
        let id = ItemId::new(id);
        let mut kept = state.items[&id].clone();
        let (_, value) = &mut kept.rows[0];
        let at = value.span().map_or(DateTime::UNIX_EPOCH, |span| span.from);
        *value = K::sample(title, at);
        state.keep(&id, kept);
    }

    /// Lays an item on these shelves and no others.
    pub fn lay(&self, id: &str, shelves: &[&str]) {
        let mut state = self.state();
        let id = ItemId::new(id);
        let mut kept = state.items[&id].clone();
        kept.shelves = shelves.iter().map(|shelf| ShelfId::new(*shelf)).collect();
        state.keep(&id, kept);
    }

    /// The same, of which the item's version says nothing.
    pub fn lay_alike(&self, id: &str, shelves: &[&str]) {
        let mut state = self.state();
        let kept = state.items.get_mut(&ItemId::new(id)).unwrap();
        kept.shelves = shelves.iter().map(|shelf| ShelfId::new(*shelf)).collect();
    }

    pub fn remove(&self, id: &str) {
        let (mut state, id) = (self.state(), ItemId::new(id));
        state.items.remove(&id);
        state.log.push((id, None));
    }

    /// Deletes one row of an item.
    pub fn remove_row(&self, id: &str, part: &Part) {
        let mut state = self.state();
        let id = ItemId::new(id);
        let mut kept = state.items[&id].clone();
        kept.rows.retain(|(of, _)| of != part);
        match kept.rows.is_empty() {
            true => drop(state.items.remove(&id)),
            false => state.keep(&id, kept),
        }
        state.log.push((id, Some(part.clone())));
    }

    pub fn add_shelf(&self, id: &str, name: &str) {
        self.state().shelves.push(shelf(id, name));
    }

    /// Takes a shelf and everything on it away.
    pub fn remove_shelf(&self, id: &str) {
        let mut state = self.state();
        let shelf = ShelfId::new(id);
        state.shelves.retain(|known| known.id != shelf);
        state.items.retain(|_, kept| !kept.shelves.contains(&shelf));
    }

    /// Cursors given so far are stale.
    pub fn forget_cursors(&self) {
        let mut state = self.state();
        state.log.push((ItemId::new("-"), None));
        state.oldest = state.log.len();
    }

    /// Ids of the items on a shelf.
    pub fn ids(&self, shelf: &str) -> Vec<String> {
        let shelf = ShelfId::new(shelf);
        let state = self.state();
        let here = state.items.iter();
        let here = here.filter(|(_, kept)| kept.shelves.contains(&shelf));
        here.map(|(id, _)| id.to_string()).collect()
    }
}

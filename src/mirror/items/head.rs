//! Heads of collections in memory: what an unchanged poll needs, without touching the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::{CollectionRow, Revisions};

/// The state of a collection that was looked at completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Names the life of the database; another one after a restore.
    pub incarnation: Arc<str>,
    /// Number of the last change of any of its items.
    pub revision: u64,
    /// Revisions up to this one can no longer be told apart.
    pub floor: u64,
}

#[derive(Debug, Clone)]
struct State {
    head: Head,
    complete: bool,
}

/// The head of one collection, shared by all who hold it.
#[derive(Debug)]
pub(super) struct Cell(Mutex<State>);

impl Cell {
    fn new(incarnation: &Arc<str>, row: &CollectionRow) -> Self {
        Self(Mutex::new(State {
            head: Head {
                incarnation: incarnation.clone(),
                revision: row.revision.unsigned_abs(),
                floor: row.floor.unsigned_abs(),
            },
            complete: row.complete,
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head; `None` before the first complete look.
    pub(super) fn head(&self) -> Option<Head> {
        let state = self.state();
        state.complete.then(|| state.head.clone())
    }

    /// Revisions only rise.
    pub(super) fn raise(&self, revision: i64) {
        let mut state = self.state();
        state.head.revision = state.head.revision.max(revision.unsigned_abs());
    }

    fn update(&self, row: &CollectionRow) {
        self.raise(row.revision);
        let mut state = self.state();
        state.head.floor = state.head.floor.max(row.floor.unsigned_abs());
        // A disconnect forgets the copy.
        state.complete = row.complete;
    }
}

/// All heads of one life of the database.
#[derive(Debug, Default)]
pub(super) struct Heads(Mutex<Life>);

#[derive(Debug, Default)]
struct Life {
    incarnation: Arc<str>,
    cells: HashMap<i64, Arc<Cell>>,
}

impl Heads {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cell of a collection as just read from the store.
    pub(super) fn cell(&self, incarnation: &str, row: &CollectionRow) -> Arc<Cell> {
        let mut life = self.life();
        if *life.incarnation != *incarnation {
            *life = Life {
                incarnation: incarnation.into(),
                cells: HashMap::new(),
            };
        }
        if let Some(cell) = life.cells.get(&row.id) {
            cell.update(row);
            return cell.clone();
        }
        let cell = Arc::new(Cell::new(&life.incarnation, row));
        life.cells.insert(row.id, cell.clone());
        cell
    }

    /// Notes revisions that were just published.
    pub(super) fn raise(&self, revisions: &Revisions) {
        let life = self.life();
        for (collection, revision) in revisions {
            if let Some(cell) = life.cells.get(collection) {
                cell.raise(*revision);
            }
        }
    }

    /// Notes floors that a purge raised.
    pub(super) fn raise_floors(&self, floors: &Revisions) {
        let life = self.life();
        for (collection, floor) in floors {
            if let Some(cell) = life.cells.get(collection) {
                let mut state = cell.state();
                state.head.floor = state.head.floor.max(floor.unsigned_abs());
            }
        }
    }

    /// Notes that collections were looked at completely.
    pub(super) fn complete(&self, collections: &[i64]) {
        let life = self.life();
        for cell in collections.iter().filter_map(|id| life.cells.get(id)) {
            cell.state().complete = true;
        }
    }
}

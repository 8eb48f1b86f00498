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
    /// The moment of [`Heads::moment`] at which a look completed it.
    completed: u64,
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
            completed: 0,
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

    fn update(&self, row: &CollectionRow, read: u64) {
        self.raise(row.revision);
        let mut state = self.state();
        state.head.floor = state.head.floor.max(row.floor.unsigned_abs());
        // A disconnect forgets the copy; a look that ended since the row was read, it does not know.
        if row.complete || state.completed <= read {
            state.complete = row.complete;
        }
    }
}

/// All heads of one life of the database.
#[derive(Debug, Default)]
pub(super) struct Heads(Mutex<Life>);

#[derive(Debug, Default)]
struct Life {
    incarnation: Arc<str>,
    cells: HashMap<i64, Arc<Cell>>,
    /// Counts looks that completed collections.
    moment: u64,
}

impl Heads {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Now: to be asked for before rows are read.
    pub(super) fn moment(&self) -> u64 {
        self.life().moment
    }

    /// The cell of a collection as the store told it, `read` after that moment.
    pub(super) fn cell(&self, incarnation: &str, row: &CollectionRow, read: u64) -> Arc<Cell> {
        let mut life = self.life();
        if *life.incarnation != *incarnation {
            *life = Life {
                incarnation: incarnation.into(),
                cells: HashMap::new(),
                moment: life.moment,
            };
        }
        if let Some(cell) = life.cells.get(&row.id) {
            cell.update(row, read);
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
        let mut life = self.life();
        life.moment += 1;
        for cell in collections.iter().filter_map(|id| life.cells.get(id)) {
            let mut state = cell.state();
            state.complete = true;
            state.completed = life.moment;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ConnectionId, ShelfId};

    #[test]
    fn what_was_read_before_a_look_ended_does_not_undo_it() {
        let row = CollectionRow {
            id: 1,
            connection: ConnectionId(1),
            shelf: ShelfId::new("s"),
            slug: "s".to_owned(),
            name: "S".to_owned(),
            description: None,
            color: None,
            default: false,
            gone: false,
            revision: 3,
            floor: 0,
            complete: false,
        };
        let heads = Heads::default();
        let cell = heads.cell("life", &row, heads.moment());
        let before = heads.moment();
        heads.complete(&[1]);
        heads.cell("life", &row, before);
        assert!(cell.head().is_some());
        heads.cell("life", &row, heads.moment());
        assert!(cell.head().is_none(), "a disconnect");
    }
}

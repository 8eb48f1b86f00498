//! What changed in a drive, for the change feeds (fact sheet §3.10).

/// The changes of one drive, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    changes: Vec<Change>,
    /// Cursors of other epochs are dead.
    epoch: u32,
}

/// A point between two changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) epoch: u32,
    pub(crate) index: usize,
}

/// One change.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) action: Action,
    pub(crate) file: u64,
    /// The folder it is told under; for a move away, the old one.
    pub(crate) parent: u64,
    pub(crate) folder: bool,
    /// Path, before the change if it changed it.
    pub(crate) path: String,
    /// Path after a rename or move.
    pub(crate) destination: Option<String>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Rename,
    Move,
    MoveOut,
    Trash,
    Restore,
    Delete,
}

impl Action {
    /// Name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Action::Create => "file_create",
            Action::Update => "file_update",
            Action::Rename => "file_rename",
            Action::Move => "file_move",
            Action::MoveOut => "file_move_out",
            Action::Trash => "file_trash",
            Action::Restore => "file_restore",
            Action::Delete => "file_delete",
        }
    }
}

impl Log {
    pub(crate) fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Position behind the last change.
    pub(crate) fn end(&self) -> Position {
        Position {
            epoch: self.epoch,
            index: self.changes.len(),
        }
    }

    /// Changes from a position on; `None` when a cursor there is dead or not from here.
    pub(crate) fn since(&self, position: Position) -> Option<&[Change]> {
        let alive = position.epoch == self.epoch;
        self.changes.get(position.index..).filter(|_| alive)
    }

    /// Kills all cursors handed out so far.
    pub(crate) fn expire(&mut self) {
        self.epoch += 1;
    }
}

//! What happens to a cloud, its bridge and their clocks.

use davbridge::domain::{ItemId, Kind, ShelfId};

use crate::mirror_items::rig::{Rig, day, ids};
use crate::support::items::{Faults, Sample};

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Act {
    Put {
        id: u8,
        days: i64,
    },
    Remove {
        id: u8,
    },
    Fault(Trouble),
    Heal,
    Forward {
        minutes: u64,
    },
    Wall {
        hours: i64,
    },
    Restart,
    /// The process is killed while a look reads the window of this number.
    Crash {
        window: usize,
    },
    /// Another process begins while a look reads this window, and then that look goes on.
    Overlap {
        window: usize,
    },
    Token,
    Poll,
}

#[derive(Debug, Clone)]
pub enum Trouble {
    All(Kind),
    Window(usize),
    Empty,
    Missed(u8),
    Shelf(Kind),
    Hidden,
    Unlisted,
    Unreadable(u8),
    Nameless(u8),
    Readings(Kind),
    Moved { after: usize, id: u8, days: i64 },
}

impl Trouble {
    /// Whether it is a statement that something is not there.
    pub fn is_lie(&self) -> bool {
        matches!(
            self,
            Self::Missed(_) | Self::Empty | Self::Hidden | Self::Unlisted
        )
    }

    /// Whether looks tell records otherwise than they are: from a cursor they are told once.
    pub fn is_of_records(&self) -> bool {
        let missing = matches!(self, Self::Missed(_) | Self::Empty);
        missing || matches!(self, Self::Unreadable(_) | Self::Nameless(_))
    }

    pub fn faults<K: Sample>(&self, rig: &Rig<K>) -> Faults {
        let mut faults = Faults::default();
        let item = |id: &u8| Some(ItemId::new(id.to_string()));
        match self {
            Self::All(kind) => faults.all = Some(*kind),
            Self::Window(number) => faults.window = Some((*number, Kind::Down)),
            Self::Empty => faults.empty = Some(ShelfId::new("s1")),
            Self::Missed(id) => faults.missed = ids(&[&id.to_string()]),
            Self::Shelf(kind) => faults.shelf = Some((ShelfId::new("s1"), *kind)),
            Self::Hidden => faults.hidden = Some(ShelfId::new("s1")),
            Self::Unlisted => faults.unlisted = true,
            Self::Unreadable(id) => faults.unreadable = item(id),
            Self::Nameless(id) => faults.nameless = item(id),
            Self::Readings(kind) => faults.fetches = Some(*kind),
            Self::Moved { after, id, days } => {
                let there = rig.cloud.ids("s1").contains(&id.to_string());
                faults.moved = there.then(|| (*after, ItemId::new(id.to_string()), day(*days)));
            }
        }
        faults
    }
}

//! The reference provider for items: a small cloud in memory that keeps the `Items` port to the
//! letter, for every kind.

mod account;
mod bad;
mod cloud;
mod look;
mod port;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use davbridge::domain::{ItemId, Kind, Part, ShelfId};

pub use account::{Account, NAME, Sample};
pub use cloud::Cloud;

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
    /// Looks tell values; else versions alone.
    pub values: bool,
}

impl Manner {
    /// As Infomaniak's calendars.
    pub const WINDOWS: Self = Self {
        windows: true,
        fetch: true,
        cursors: false,
        one_feed: false,
        values: true,
    };
    /// As Infomaniak's address books.
    pub const WHOLE: Self = Self {
        windows: false,
        fetch: false,
        cursors: false,
        one_feed: true,
        values: true,
    };
    /// As clouds with change feeds.
    pub const CURSORS: Self = Self {
        windows: false,
        fetch: true,
        cursors: true,
        one_feed: false,
        values: true,
    };
    /// As clouds that list versions, and give values one by one.
    pub const VERSIONS: Self = Self {
        windows: false,
        fetch: true,
        cursors: false,
        one_feed: true,
        values: false,
    };
    pub const ALL: [Self; 4] = [Self::WINDOWS, Self::WHOLE, Self::CURSORS, Self::VERSIONS];
}

/// What the cloud does wrong at the next calls.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Every call fails with this kind.
    pub all: Option<Kind>,
    /// The window of this number (from 0) fails with this kind.
    pub window: Option<(usize, Kind)>,
    /// The window of this number is not answered until the faults change.
    pub hang: Option<usize>,
    /// Single readings of these items fail with this kind.
    pub fetch: Option<(HashSet<ItemId>, Kind)>,
    /// Single readings fail as a whole with this kind.
    pub fetches: Option<Kind>,
    /// Single readings are not answered until the faults change.
    pub hang_fetches: bool,
    /// Looks at this shelf find nothing.
    pub empty: Option<ShelfId>,
    /// Looks do not find these items.
    pub missed: HashSet<ItemId>,
    /// Looks at this shelf are refused with this kind.
    pub shelf: Option<(ShelfId, Kind)>,
    /// The list of shelves lacks this one.
    pub hidden: Option<ShelfId>,
    /// The list of shelves is empty.
    pub unlisted: bool,
    /// Looks tell this item as unreadable.
    pub unreadable: Option<ItemId>,
    /// Looks tell this row as unreadable.
    pub spoiled_row: Option<(ItemId, Part)>,
    /// Looks tell that parts are gone, not that items are.
    pub parts_only: bool,
    /// As `unreadable`, and not even whose record it is.
    pub nameless: Option<ItemId>,
    /// Once, after the window of this number was read, this item is moved to a new begin.
    pub moved: Option<(usize, ItemId, DateTime<Utc>)>,
    /// Looks tell each row first as it was before.
    pub twice: bool,
    /// Looks speak of nothing but what they tell.
    pub unsure: bool,
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

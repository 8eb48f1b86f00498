//! What a provider can do, as plain data.

/// Abilities of one signed-in account; the conformance suite proves them honest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ability {
    /// Abilities of its drives; `None` where it has none.
    pub files: Option<FilesAbility>,
    /// Abilities of its calendars; `None` where it has none.
    pub events: Option<ItemsAbility>,
    /// Abilities of its address books; `None` where it has none.
    pub contacts: Option<ItemsAbility>,
}

/// Abilities of an account's calendars or address books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemsAbility {
    /// A look can go on from a cursor.
    pub change_feed: bool,
    /// Items can be written.
    pub write: bool,
}

/// Abilities of an account's drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilesAbility {
    /// `Files::changes` works for this account.
    pub change_feed: bool,
    /// Files can be written.
    pub write: bool,
    /// Files can be searched.
    pub search: bool,
}

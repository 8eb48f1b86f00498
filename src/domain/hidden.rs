//! What a user keeps from their devices.

use std::collections::HashSet;
use std::sync::Arc;

use super::{DriveId, ItemKind, ShelfId};

/// A part of an account that can be hidden.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Branch {
    /// A drive.
    Drive(DriveId),
    /// A calendar or address book.
    Shelf(ItemKind, ShelfId),
}

impl Branch {
    /// Name of its kind in the store and in forms.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Drive(_) => "drive",
            Self::Shelf(kind, _) => kind.as_str(),
        }
    }

    /// The cloud's id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Drive(id) => id.as_str(),
            Self::Shelf(_, id) => id.as_str(),
        }
    }

    /// From the name of its kind and the cloud's id; `None` for a kind that there is not.
    #[must_use]
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        Some(match kind {
            "drive" => Self::Drive(DriveId::new(id)),
            "event" => Self::Shelf(ItemKind::Event, ShelfId::new(id)),
            "contact" => Self::Shelf(ItemKind::Contact, ShelfId::new(id)),
            _ => return None,
        })
    }
}

/// Branches of a connection that are not shown to clients. Nothing of their copy is lost: shown
/// again they have the same addresses, tags and tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden(Arc<HashSet<Branch>>);

impl Hidden {
    /// Whether nothing is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this branch is hidden.
    #[must_use]
    pub fn has(&self, branch: &Branch) -> bool {
        self.0.contains(branch)
    }

    /// Whether this drive is hidden.
    #[must_use]
    pub fn has_drive(&self, drive: &DriveId) -> bool {
        !self.is_empty() && self.has(&Branch::Drive(drive.clone()))
    }

    /// Whether this calendar or address book is hidden.
    #[must_use]
    pub fn has_shelf(&self, kind: ItemKind, shelf: &ShelfId) -> bool {
        !self.is_empty() && self.has(&Branch::Shelf(kind, shelf.clone()))
    }
}

impl FromIterator<Branch> for Hidden {
    fn from_iter<I: IntoIterator<Item = Branch>>(branches: I) -> Self {
        Self(Arc::new(branches.into_iter().collect()))
    }
}

//! What the protocol sees of calendars and address books.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::head::{Cell, Head};
use crate::domain::{Branch, Connection, ItemKind, ShelfId};
use crate::store::ItemRow;

/// A calendar or address book.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Number in the store, never used again.
    pub id: i64,
    /// What lies in it.
    pub kind: ItemKind,
    /// Address part, unique per user, fixed for ever.
    pub slug: String,
    /// Name for people, as the cloud has it; never empty.
    pub name: String,
    /// Description for people.
    pub description: Option<String>,
    /// Colour as `#RRGGBB`.
    pub color: Option<String>,
    /// Whether it is its account's first.
    pub default: bool,
    /// The connection it belongs to.
    pub connection: Connection,
    pub(super) shelf: ShelfId,
    pub(super) cell: Arc<Cell>,
}

impl Collection {
    /// As it can be hidden.
    #[must_use]
    pub fn branch(&self) -> Branch {
        Branch::Shelf(self.kind, self.shelf.clone())
    }

    /// Whether it was looked at completely.
    pub(super) fn is_complete(&self) -> bool {
        self.cell.head().is_some()
    }
}

/// An item without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Last segment of its address, ends in `.ics` or `.vcf`.
    pub name: String,
    /// Entity tag, without quotes.
    pub etag: String,
    /// Bytes of the text.
    pub size: u64,
    /// Its UID.
    pub uid: String,
    /// When it was first seen.
    pub created: DateTime<Utc>,
    /// When this content was first seen.
    pub modified: DateTime<Utc>,
    /// Number of its last change.
    pub revision: u64,
}

impl From<ItemRow> for Row {
    fn from(row: ItemRow) -> Self {
        Self {
            name: row.name,
            etag: row.etag,
            size: row.size,
            uid: row.uid,
            created: row.created,
            modified: row.modified,
            revision: row.revision.unsigned_abs(),
        }
    }
}

/// All live items of a collection, in the order of their last changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The state they were read under.
    pub head: Head,
    /// The items.
    pub rows: Vec<Row>,
}

/// An item with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The item.
    pub row: Row,
    /// Its text.
    pub text: Arc<str>,
}

/// What a client has of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Nothing: it begins.
    Nothing,
    /// A part of what there was when it began.
    Unfinished {
        /// Revision of the collection when it began. Items removed later may be among those it
        /// was told.
        began: u64,
        /// It was told the live items up to this revision.
        told: u64,
    },
    /// Everything up to this revision.
    Revision(u64),
}

impl Since {
    /// The revision up to which live items were told.
    pub(super) const fn told(self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::Unfinished { told, .. } | Self::Revision(told) => told,
        }
    }

    /// The revision after which removals matter; `None`: none does.
    #[must_use]
    pub const fn known(self) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Unfinished { began, .. } => Some(began),
            Self::Revision(revision) => Some(revision),
        }
    }

    /// What the client has once it was told everything up to `told`, with the collection at
    /// `revision`.
    pub(super) const fn then(self, told: u64, revision: u64) -> Self {
        let began = match self {
            Self::Nothing => revision,
            Self::Unfinished { began, .. } => began,
            Self::Revision(_) => return Self::Revision(told),
        };
        if told < began {
            Self::Unfinished { began, told }
        } else {
            Self::Revision(told)
        }
    }
}

/// What changed in a collection since a client asked last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// The state it was read under.
    pub head: Head,
    /// Live items that are new or changed.
    pub changed: Vec<Row>,
    /// Names of items that are there no more.
    pub removed: Vec<String>,
    /// What the client has with it.
    pub to: Since,
    /// Whether there are later ones, left out for the limit.
    pub more: bool,
}

//! Drives, and the files and folders in them.

use chrono::{DateTime, Utc};

use super::{DriveId, EntryId, Version};

/// A drive of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// The cloud's id.
    pub id: DriveId,
    /// Display name; may hold any character a cloud can send.
    pub name: String,
    /// The root folder.
    pub root: EntryId,
    /// Whether names that differ only in case are different names.
    pub case_sensitive: bool,
    /// When the drive was made.
    pub created: Option<DateTime<Utc>>,
}

/// Space of a drive, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Bytes in use.
    pub used: u64,
    /// Bytes in all; `None` where the cloud has no limit.
    pub total: Option<u64>,
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The cloud's id.
    pub id: EntryId,
    /// The folder it is in; `None` for a root.
    pub parent: Option<EntryId>,
    /// Name as the cloud has it; may hold any character.
    pub name: String,
    /// File or folder.
    pub kind: EntryKind,
    /// Last change of the content as users see it (`getlastmodified`).
    pub modified: Option<DateTime<Utc>>,
    /// When it was made (`creationdate`).
    pub created: Option<DateTime<Utc>>,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File {
        /// Bytes; `None` where a damaged record does not tell: ask [`super::Files::entry`].
        size: Option<u64>,
        /// Media type as the cloud tells it, unchecked.
        content_type: Option<String>,
        /// Tag of the content.
        version: Version,
    },
    /// A folder.
    Folder,
}

impl Entry {
    /// Whether this is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        matches!(self.kind, EntryKind::Folder)
    }
}

/// The complete children of one folder, as one answer of the cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Children that could be read, in the cloud's order.
    pub entries: Vec<Entry>,
    /// Children that are there but whose record could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A record of a listing that could not be read. It counts as present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its id, where that much could be read.
    pub id: Option<EntryId>,
    /// What is wrong with it, for the log and the status; no content.
    pub reason: String,
}

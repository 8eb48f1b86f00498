//! From kDrive's records to entries (fact sheet §3.2, §3.3).

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::wire::{self, Record};
use crate::domain::{Drive, DriveId, Entry, EntryId, EntryKind, Unreadable, Version};

/// Id of the root folder of every drive.
pub(super) const ROOT: u64 = 1;

/// What a record of a listing is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mapped {
    /// An entry.
    Entry(Entry),
    /// Not there for users: in the trash, being erased, or not yet uploaded.
    Hidden,
    /// There, but damaged.
    Unreadable(Unreadable),
}

/// A drive. The record has an id.
pub(super) fn drive(record: &Record) -> Option<Drive> {
    let id = wire::id(record, "id")?;
    let name = wire::text(record, "name").filter(|name| !name.is_empty());
    Some(Drive {
        id: DriveId::new(id.to_string()),
        name: name.map_or_else(|| format!("kDrive {id}"), str::to_owned),
        root: entry_id(ROOT),
        // the sheet knows no rule against names that differ only in case
        case_sensitive: true,
        created: date(record, "created_at"),
    })
}

/// A record. In a listing `folder` is the folder that was asked.
pub(super) fn record(record: &Value, folder: Option<u64>) -> Mapped {
    let Some(record) = record.as_object() else {
        return unreadable(None, "the record is no object");
    };
    let Some(id) = wire::id(record, "id") else {
        return match is_hidden(record) {
            true => Mapped::Hidden,
            false => unreadable(None, "the record has no id"),
        };
    };
    if is_hidden(record) {
        return Mapped::Hidden;
    }
    let Some(name) = wire::text(record, "name") else {
        return unreadable(Some(id), "the record has no name");
    };
    if folder.is_some_and(|folder| is_elsewhere(record, folder)) {
        return unreadable(Some(id), "the record belongs to another folder");
    }
    let kind = match wire::text(record, "type") {
        Some("file") => file(record, id),
        Some("dir" | "vault") => EntryKind::Folder,
        _ => return unreadable(Some(id), "the record is neither file nor folder"),
    };
    let parent = folder.or_else(|| wire::id(record, "parent_id"));
    Mapped::Entry(Entry {
        id: entry_id(id),
        parent: parent.filter(|_| id != ROOT).map(entry_id),
        name: name.to_owned(),
        kind,
        modified: date(record, "last_modified_at").or_else(|| date(record, "revised_at")),
        created: date(record, "created_at").or_else(|| date(record, "added_at")),
    })
}

/// An id as the domain has it.
pub(super) fn entry_id(id: u64) -> EntryId {
    EntryId::new(id.to_string())
}

fn unreadable(id: Option<u64>, reason: &str) -> Mapped {
    let id = id.map(entry_id);
    Mapped::Unreadable(Unreadable {
        id,
        reason: reason.to_owned(),
    })
}

/// Whether users do not see the entry (see the table in [`super`]).
fn is_hidden(record: &Record) -> bool {
    match wire::text(record, "status") {
        Some("trashed" | "trash_inherited" | "erasing") => true,
        Some("uploading") => wire::number(record, "size").unwrap_or(0) == 0,
        _ => false,
    }
}

/// Whether the record says that it lies in another folder. What others share keeps the parent
/// it has in their drive.
fn is_elsewhere(record: &Record, folder: u64) -> bool {
    let shared = wire::text(record, "visibility") == Some("is_in_shared_space");
    !shared && wire::id(record, "parent_id").is_some_and(|parent| parent != folder)
}

fn file(record: &Record, id: u64) -> EntryKind {
    let mime = wire::text(record, "mime_type").filter(|mime| !mime.is_empty());
    EntryKind::File {
        size: wire::number(record, "size"),
        content_type: mime.map(str::to_owned),
        version: version(record, id),
    }
}

/// The etag; else id, last change of the content and size; where a damaged record lacks those,
/// a digest of the record, which any change moves.
fn version(record: &Record, id: u64) -> Version {
    let etag = wire::text(record, "etag").filter(|etag| !etag.is_empty());
    if let Some(etag) = etag {
        return Version::new(etag);
    }
    let facts = (
        wire::number(record, "revised_at"),
        wire::number(record, "size"),
    );
    let (Some(revised), Some(size)) = facts else {
        let text = Value::Object(record.clone()).to_string();
        let digest = HEXLOWER.encode(&Sha256::digest(text)[..8]);
        return Version::new(format!("{id}-{digest}"));
    };
    Version::new(format!("{id}-{revised}-{size}"))
}

/// A date in epoch seconds.
fn date(record: &Record, name: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(record.get(name)?.as_i64()?, 0)
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;

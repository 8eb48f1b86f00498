//! One file or folder of a drive.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde::Serialize;

use crate::content::{Pattern, mix, size};
use crate::payload::Payload;

/// Largest generated file whose hash is computed, bytes.
const HASHED: u64 = 64 << 20;

/// A file or folder.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: u64,
    pub(crate) parent: u64,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) special: Special,
    pub(crate) created_by: Option<u64>,
    pub(crate) created_at: Option<u64>,
    pub(crate) added_at: u64,
    pub(crate) last_modified_at: u64,
    pub(crate) last_modified_by: Option<u64>,
    pub(crate) revised_at: u64,
    pub(crate) updated_at: u64,
    /// Nobody but its owner may change it.
    pub(crate) read_only: bool,
    pub(crate) lock: Option<Lock>,
    /// Set on the topmost object of what was deleted.
    pub(crate) trashed: Option<Trashed>,
}

/// File or folder.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Folder(Folder),
    File(File),
}

/// What only folders have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folder {
    /// Names and ids, in the order of a listing by name.
    pub(crate) children: BTreeSet<(String, u64)>,
    pub(crate) color: Option<String>,
}

/// What only files have.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) content: Content,
    pub(crate) version: u32,
    pub(crate) mime: Option<String>,
    /// Told instead of the computed etag (hostile texts).
    pub(crate) etag: Option<String>,
    /// Contents before the present one, oldest first.
    pub(crate) past: Vec<Past>,
}

/// An older content of a file.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) version: u32,
    pub(crate) content: Content,
    pub(crate) last_modified_at: u64,
}

/// Where the bytes of a file come from.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// `crate::content::generated(file, version, …)`.
    Generated { file: u64, version: u32, size: u64 },
    /// Uploaded bytes.
    Memory(Bytes),
}

/// The folders every drive has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    No,
    Root,
    Private,
    Team,
    Shared,
}

/// A lock set by an office editor or by the native WebDAV server.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Lock {
    pub(crate) locked_at: u64,
    pub(crate) unlocked_at: Option<u64>,
    pub(crate) description: String,
    pub(crate) token: String,
}

/// When and from where something was deleted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trashed {
    pub(crate) at: u64,
    pub(crate) by: u64,
}

impl Content {
    pub(crate) fn size(&self) -> u64 {
        match self {
            Content::Generated { size, .. } => *size,
            Content::Memory(bytes) => size(bytes.len()),
        }
    }

    /// A body with `length` bytes from `start`; the range lies inside the file.
    pub(crate) fn body(&self, start: u64, length: u64) -> Payload {
        match self {
            Content::Generated { file, version, .. } => {
                Payload::generated(Pattern::new(*file, *version), start, length)
            }
            Content::Memory(bytes) => {
                let start = crate::content::length(start);
                Payload::from(bytes.slice(start..start + crate::content::length(length)))
            }
        }
    }

    /// `xxh3:` and 16 digits; `None` for generated files over 64 MiB.
    pub(crate) fn hash(&self) -> Option<String> {
        let sum = match self {
            Content::Memory(bytes) => xxhash_rust::xxh3::xxh3_64(bytes),
            Content::Generated { size, .. } if *size > HASHED => return None,
            Content::Generated {
                file,
                version,
                size,
            } => {
                let len = crate::content::length(*size);
                let bytes = Pattern::new(*file, *version).bytes(0, len);
                xxhash_rust::xxh3::xxh3_64(&bytes)
            }
        };
        Some(format!("xxh3:{sum:016x}"))
    }
}

impl File {
    /// A file with its first content.
    pub(crate) fn new(content: Content, mime: Option<String>) -> File {
        File {
            content,
            version: 1,
            mime,
            etag: None,
            past: Vec::new(),
        }
    }
}

impl Node {
    pub(crate) fn folder(&self) -> Option<&Folder> {
        match &self.kind {
            Kind::Folder(folder) => Some(folder),
            Kind::File(_) => None,
        }
    }

    pub(crate) fn folder_mut(&mut self) -> Option<&mut Folder> {
        match &mut self.kind {
            Kind::Folder(folder) => Some(folder),
            Kind::File(_) => None,
        }
    }

    pub(crate) fn file(&self) -> Option<&File> {
        match &self.kind {
            Kind::File(file) => Some(file),
            Kind::Folder(_) => None,
        }
    }

    pub(crate) fn file_mut(&mut self) -> Option<&mut File> {
        match &mut self.kind {
            Kind::File(file) => Some(file),
            Kind::Folder(_) => None,
        }
    }

    pub(crate) fn is_folder(&self) -> bool {
        self.folder().is_some()
    }

    /// `dir` or `file`.
    pub(crate) fn type_name(&self) -> &'static str {
        if self.is_folder() { "dir" } else { "file" }
    }

    /// Size of a file, bytes; 0 for folders.
    pub(crate) fn size(&self) -> u64 {
        self.file().map_or(0, |file| file.content.size())
    }

    /// Opaque and different for each version of each file.
    pub(crate) fn etag(&self, drive: u64) -> Option<String> {
        let file = self.file()?;
        let made = || {
            let seed = mix(drive) ^ mix(self.id) ^ mix(u64::from(file.version) << 32);
            format!("{:016x}", mix(seed))
        };
        Some(file.etag.clone().unwrap_or_else(made))
    }

    /// Whether a lock holds.
    pub(crate) fn is_locked(&self) -> bool {
        self.lock
            .as_ref()
            .is_some_and(|lock| lock.unlocked_at.is_none())
    }

    /// Place among the children of its folder.
    pub(crate) fn key(&self) -> (String, u64) {
        (self.name.clone(), self.id)
    }
}

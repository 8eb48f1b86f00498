//! The port to a cloud's drives.

use std::fmt;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;

use super::{ByteRange, Call, Drive, DriveId, Entry, EntryId, Listing, Quota, Result, Version};

/// A cloud's drives and their trees, by id. Paths are the mirror's business.
///
/// Implementations keep no memory of the tree: each call asks the cloud.
#[async_trait]
pub trait Files: Send + Sync {
    /// All drives of the account, complete or an error; an account without drives gives an
    /// empty list.
    async fn roots(&self, call: &Call) -> Result<Vec<Drive>>;

    /// All children of a folder, complete or an error. `NotFound` when the folder is gone,
    /// `Invalid` when `folder` is a file.
    async fn children(&self, call: &Call, drive: &DriveId, folder: &EntryId) -> Result<Listing>;

    /// One entry. `NotFound` only when the cloud says that it does not exist.
    async fn entry(&self, call: &Call, drive: &DriveId, id: &EntryId) -> Result<Entry>;

    /// The content of a file, or exactly the given range of it. The range lies inside the size
    /// the caller knows; where the file has become shorter the answer is `Changed`.
    async fn read(
        &self,
        call: &Call,
        drive: &DriveId,
        id: &EntryId,
        range: Option<ByteRange>,
    ) -> Result<Content>;

    /// Space of a drive.
    async fn quota(&self, call: &Call, drive: &DriveId) -> Result<Quota>;

    /// What changed in a drive since `cursor`; without a cursor an empty set of changes and
    /// the cursor of this moment. `StaleCursor` when the cursor is no longer known;
    /// `Unsupported` when the account has no change feed.
    async fn changes(
        &self,
        call: &Call,
        drive: &DriveId,
        cursor: Option<&Cursor>,
    ) -> Result<Changes>;
}

/// A position in a drive's change feed. Opaque: only the provider reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// From the provider's own spelling.
    pub fn new(cursor: impl Into<String>) -> Self {
        Self(cursor.into())
    }

    /// The provider's own spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Changes of a drive up to `cursor`, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// What is no longer as it was listed; order does not matter.
    pub changes: Vec<Change>,
    /// Where to go on.
    pub cursor: Cursor,
}

/// One statement of a change feed: which listings no longer hold. Nothing in it is proof of a
/// deletion; the listing that follows is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The listing that holds this entry, and this entry's own listing if it is a folder.
    Entry(EntryId),
    /// The listing of this folder.
    Children(EntryId),
    /// The listing of this folder and of its direct subfolders (feeds that fold a level).
    ChildrenTwoDeep(EntryId),
    /// Every listing of the drive.
    Everything,
}

/// Bytes of a file as they come; an item that is an error ends the stream.
pub type ContentStream = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>;

/// An opened file, or a range of it.
///
/// The stream gives exactly the asked bytes: ending early is an error item, never a short end.
pub struct Content {
    /// Size of the whole file as the cloud told with this content.
    pub total: Option<u64>,
    /// Version of the file as the cloud told with this content, comparable with
    /// [`super::EntryKind::File`]'s.
    pub version: Option<Version>,
    /// The bytes.
    pub stream: ContentStream,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("total", &self.total)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

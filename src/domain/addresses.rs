//! The port to address parts that are fixed for ever.

use async_trait::async_trait;

use super::{ConnectionId, DriveId, EntryId, Result};

/// Readable parts of addresses: made once, never changed, also over a disconnect and a new
/// connection of the same account.
#[async_trait]
pub trait Addresses: Send + Sync {
    /// The slug of a drive under its connection: readable ASCII, made from `wish` at first sight.
    async fn drive_slug(
        &self,
        connection: ConnectionId,
        drive: &DriveId,
        wish: &str,
    ) -> Result<String>;

    /// Whether a drive of this connection has been given a slug.
    async fn knows_drives(&self, connection: ConnectionId) -> Result<bool>;

    /// Names kept for entries of a folder whose plain name was, or is, claimed by several.
    async fn file_names(
        &self,
        connection: ConnectionId,
        drive: &DriveId,
        folder: &EntryId,
    ) -> Result<Vec<(EntryId, String)>>;

    /// Keeps the name under which an entry of a folder is served; the first call wins.
    async fn keep_file_name(
        &self,
        connection: ConnectionId,
        drive: &DriveId,
        folder: &EntryId,
        entry: &EntryId,
        name: &str,
    ) -> Result<()>;
}

//! Drives and their trees (fact sheet §3.4, §3.5).

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use tracing::warn;

use super::account::Session;
use super::api::{Api, below};
use super::map::{self, Mapped};
use super::refusal::Refusal;
use super::{drives, feed};
use crate::domain::{
    ByteRange, Call, Changes, Content, Cursor, Drive, DriveId, Entry, EntryId, Error, Files, Kind,
    Listing, Quota, Result,
};
use crate::upstream::Walk;

/// Most pages of one listing; a million entries.
const MAX_PAGES: usize = 1000;

/// The drives of one account.
pub(super) struct Drives(Arc<Session>);

impl Drives {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self(session)
    }
}

#[async_trait]
impl Files for Drives {
    async fn roots(&self, call: &Call) -> Result<Vec<Drive>> {
        let records = drives::all(self.0.api(call).await?).await?;
        Ok(records.iter().filter_map(map::drive).collect())
    }

    async fn children(&self, call: &Call, drive: &DriveId, folder: &EntryId) -> Result<Listing> {
        let (drive, folder) = (number(drive.as_str())?, number(folder.as_str())?);
        children(self.0.api(call).await?, drive, folder).await
    }

    async fn entry(&self, call: &Call, drive: &DriveId, id: &EntryId) -> Result<Entry> {
        let (drive, id) = (number(drive.as_str())?, number(id.as_str())?);
        let api = self.0.api(call).await?;
        let path = format!("/3/drive/{drive}/files/{id}");
        let url = below(&api.cloud.settings.kdrive_base, &path, &[("with", "etag")]);
        let record = api.get(url).await.map_err(Error::from)?.object()?;
        match map::record(&record.into(), None) {
            Mapped::Entry(entry) if entry.id == map::entry_id(id) => Ok(entry),
            Mapped::Entry(_) => Err(Error::cloud(Kind::Broken, "the cloud told another entry")),
            Mapped::Hidden => Err(Error::cloud(Kind::NotFound, "the entry is in the trash")),
            Mapped::Unreadable(bad) => Err(Error::cloud(Kind::Broken, bad.reason)),
        }
    }

    async fn read(
        &self,
        call: &Call,
        drive: &DriveId,
        id: &EntryId,
        range: Option<ByteRange>,
    ) -> Result<Content> {
        let (drive, id) = (number(drive.as_str())?, number(id.as_str())?);
        let api = self.0.api(call).await?;
        let path = format!("/2/drive/{drive}/files/{id}/download");
        api.open(below(&api.cloud.settings.kdrive_base, &path, &[]), range)
            .await
    }

    async fn quota(&self, call: &Call, drive: &DriveId) -> Result<Quota> {
        let api = self.0.api(call).await?;
        Ok(drives::quota(api, number(drive.as_str())?).await?)
    }

    async fn changes(
        &self,
        call: &Call,
        drive: &DriveId,
        cursor: Option<&Cursor>,
    ) -> Result<Changes> {
        let api = self.0.api(call).await?;
        feed::changes(api, number(drive.as_str())?, cursor).await
    }
}

/// All children of a folder, page by page.
async fn children(api: Api<'_>, drive: u64, folder: u64) -> Result<Listing> {
    let path = format!("/3/drive/{drive}/files/{folder}/files");
    let limit = api.cloud.settings.page_limit.to_string();
    let mut walk = Walk::new(MAX_PAGES);
    let mut seen = HashSet::new();
    let mut listing = Listing::default();
    let mut cursor = Some(String::new());
    while let Some(at) = cursor {
        walk.step(&at)?;
        let mut query = vec![("limit", limit.as_str()), ("with", "etag")];
        query.extend((!at.is_empty()).then_some(("cursor", at.as_str())));
        let url = below(&api.cloud.settings.kdrive_base, &path, &query);
        let page = api.get(url).await.map_err(page_error)?;
        cursor = page.next()?;
        for record in page.list()? {
            match map::record(&record, Some(folder)) {
                // an entry that moves while the pages are read may come twice
                Mapped::Entry(entry) if seen.insert(entry.id.clone()) => {
                    listing.entries.push(entry);
                }
                Mapped::Entry(_) | Mapped::Hidden => {}
                Mapped::Unreadable(bad) => listing.unreadable.push(bad),
            }
        }
    }
    if !listing.unreadable.is_empty() {
        let bad = listing.unreadable.len();
        warn!(
            drive,
            folder, bad, "a folder holds records that cannot be read"
        );
    }
    Ok(listing)
}

/// A cursor that dies between two pages is trouble of this listing.
fn page_error(refusal: Refusal) -> Error {
    match refusal.error.kind() {
        Kind::StaleCursor => {
            Error::cloud(Kind::Down, "the listing broke off").because(refusal.error)
        }
        _ => refusal.into(),
    }
}

/// An id of the domain as kDrive spells it.
fn number(id: &str) -> Result<u64> {
    id.parse()
        .map_err(|_| Error::bridge(Kind::Invalid, "this is no id of a kDrive"))
}

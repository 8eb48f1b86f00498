//! One file as `dav-server` sees it: a file system that holds nothing else.
//!
//! Opening costs nothing; the cloud is asked at the first read. Bytes come in exactly the
//! announced number: an early end is an error here, because the crate would pad it with zeros.

mod opened;

use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use dav_server::davpath::DavPath;
use dav_server::fs::{
    DavDirEntry, DavFile, DavFileSystem, DavMetaData, FsError, FsFuture, FsResult, FsStream,
    OpenOptions, ReadDirMeta,
};
use futures::FutureExt;

use crate::domain::{ByteRange, Call, EntryKind, Error};
use crate::mirror::{Mirror, Node};

use super::props::etag;
use opened::Opened;

/// Where a read leaves the error that `dav-server` cannot carry.
#[derive(Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<Error>>>);

impl Trouble {
    fn put(&self, error: Error) -> FsError {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        FsError::GeneralFailure
    }

    /// The error left, if any.
    pub(super) fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The file system of one file.
#[derive(Clone)]
pub(super) struct OneFile {
    mirror: Arc<Mirror>,
    call: Call,
    node: Node,
    range: Option<ByteRange>,
    trouble: Trouble,
    facts: Facts,
}

impl OneFile {
    /// `range`: what will be read if the crate decides for a partial answer.
    pub(super) fn new(
        mirror: Arc<Mirror>,
        call: Call,
        node: Node,
        range: Option<ByteRange>,
        trouble: Trouble,
    ) -> Self {
        let facts = Facts::of(&node);
        Self {
            mirror,
            call,
            node,
            range,
            trouble,
            facts,
        }
    }
}

impl DavFileSystem for OneFile {
    fn open<'a>(&'a self, _: &'a DavPath, _: OpenOptions) -> FsFuture<'a, Box<dyn DavFile>> {
        let file: Box<dyn DavFile> = Box::new(Opened::new(self.clone()));
        ready(Ok(file)).boxed()
    }

    fn read_dir<'a>(
        &'a self,
        _: &'a DavPath,
        _: ReadDirMeta,
    ) -> FsFuture<'a, FsStream<Box<dyn DavDirEntry>>> {
        ready(Err(FsError::NotImplemented)).boxed()
    }

    fn metadata<'a>(&'a self, _: &'a DavPath) -> FsFuture<'a, Box<dyn DavMetaData>> {
        let facts: Box<dyn DavMetaData> = Box::new(self.facts.clone());
        ready(Ok(facts)).boxed()
    }
}

#[derive(Debug, Clone)]
struct Facts {
    size: u64,
    etag: String,
    modified: Option<SystemTime>,
}

impl Facts {
    fn of(node: &Node) -> Self {
        let (size, tag) = match &node.entry.kind {
            EntryKind::File { size, version, .. } => {
                (size.unwrap_or(0), etag(version).into_owned())
            }
            EntryKind::Folder => (0, String::new()),
        };
        // Dates that a header cannot hold are left out.
        let sane = |seconds: i64| (0..253_402_300_800).contains(&seconds);
        let modified = node
            .entry
            .modified
            .filter(|modified| sane(modified.timestamp()));
        Self {
            size,
            etag: tag,
            modified: modified.map(SystemTime::from),
        }
    }
}

impl DavMetaData for Facts {
    fn len(&self) -> u64 {
        self.size
    }

    fn modified(&self) -> FsResult<SystemTime> {
        self.modified.ok_or(FsError::NotImplemented)
    }

    fn is_dir(&self) -> bool {
        false
    }

    fn etag(&self) -> Option<String> {
        Some(self.etag.clone())
    }
}

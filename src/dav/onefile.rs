//! One file as `dav-server` sees it: a file system that holds nothing else.
//!
//! Opening costs nothing; the cloud is asked at the first read. Bytes come in exactly the
//! announced number: an early end is an error here, because the crate would pad it with zeros.

use std::fmt;
use std::future::ready;
use std::io::SeekFrom;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use bytes::{Buf, Bytes};
use dav_server::davpath::DavPath;
use dav_server::fs::{
    DavDirEntry, DavFile, DavFileSystem, DavMetaData, FsError, FsFuture, FsResult, FsStream,
    OpenOptions, ReadDirMeta,
};
use futures::{FutureExt, StreamExt};

use crate::domain::{ByteRange, Call, ContentStream, EntryKind, Error, Kind, Result};
use crate::mirror::{Mirror, Node};

use super::props::etag;

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
        let file: Box<dyn DavFile> = Box::new(Opened {
            of: self.clone(),
            sought: false,
            stream: Mutex::new(None),
            spare: Bytes::new(),
            left: 0,
            total_told: false,
        });
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

/// The opened file; `stream` is there from the first read on.
struct Opened {
    of: OneFile,
    /// Whether the crate decided for the part that was asked for.
    sought: bool,
    /// Behind a lock only because the crate wants `Sync`; never contended.
    stream: Mutex<Option<ContentStream>>,
    spare: Bytes,
    left: u64,
    /// Whether the cloud told the file's size with the content.
    total_told: bool,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl Opened {
    async fn begin(&mut self) -> Result<()> {
        let range = self.of.range.filter(|_| self.sought);
        let content = self
            .of
            .mirror
            .read(&self.of.call, &self.of.node, range)
            .await?;
        self.total_told = content.total.is_some();
        self.left = range.map_or(self.of.facts.size, ByteRange::count);
        *self
            .stream
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner) = Some(content.stream);
        Ok(())
    }

    /// Whether nothing but the end follows.
    async fn is_over(&mut self) -> bool {
        let stream = self
            .stream
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        match stream {
            Some(stream) => stream.next().await.is_none(),
            None => true,
        }
    }

    async fn read(&mut self, count: usize) -> Result<Bytes> {
        if self
            .stream
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .is_none()
        {
            self.begin().await?;
        }
        while self.spare.is_empty() {
            let stream = self
                .stream
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            let next = stream.as_mut().expect("begun above").next().await;
            self.spare =
                next.unwrap_or_else(|| Err(Error::cloud(Kind::Down, "the content ended early")))?;
        }
        let count = self.spare.len().min(count);
        if count as u64 > self.left {
            return Err(Error::cloud(
                Kind::Broken,
                "the content is longer than announced",
            ));
        }
        self.left -= count as u64;
        let last = self.left == 0;
        if last && !self.total_told && (self.spare.len() > count || !self.is_over().await) {
            // Nothing else would tell that the file has grown since it was listed.
            return Err(Error::cloud(
                Kind::Changed,
                "the content is longer than the file was",
            ));
        }
        Ok(self.spare.split_to(count))
    }
}

impl DavFile for Opened {
    fn metadata(&'_ mut self) -> FsFuture<'_, Box<dyn DavMetaData>> {
        let facts: Box<dyn DavMetaData> = Box::new(self.of.facts.clone());
        ready(Ok(facts)).boxed()
    }

    fn write_buf(&'_ mut self, _: Box<dyn Buf + Send>) -> FsFuture<'_, ()> {
        ready(Err(FsError::Forbidden)).boxed()
    }

    fn write_bytes(&'_ mut self, _: Bytes) -> FsFuture<'_, ()> {
        ready(Err(FsError::Forbidden)).boxed()
    }

    fn read_bytes(&'_ mut self, count: usize) -> FsFuture<'_, Bytes> {
        async move {
            let trouble = self.of.trouble.clone();
            self.read(count).await.map_err(|error| {
                tracing::warn!(error = %error.chain(), "reading content failed");
                trouble.put(error)
            })
        }
        .boxed()
    }

    fn seek(&'_ mut self, to: SeekFrom) -> FsFuture<'_, u64> {
        let SeekFrom::Start(at) = to else {
            return ready(Err(FsError::NotImplemented)).boxed();
        };
        self.sought = true;
        ready(Ok(at)).boxed()
    }

    fn flush(&'_ mut self) -> FsFuture<'_, ()> {
        ready(Ok(())).boxed()
    }
}

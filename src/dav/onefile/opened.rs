//! The file, opened: bytes in exactly the announced number.

use std::fmt;
use std::future::ready;
use std::io::SeekFrom;
use std::sync::{Mutex, PoisonError};

use bytes::{Buf, Bytes};
use dav_server::fs::{DavFile, DavMetaData, FsError, FsFuture};
use futures::{FutureExt, StreamExt};

use super::OneFile;
use crate::domain::{ByteRange, ContentStream, Error, Kind, Result};

/// The opened file; `stream` is there from the first read on.
pub(super) struct Opened {
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
    pub(super) fn new(of: OneFile) -> Self {
        Self {
            of,
            sought: false,
            stream: Mutex::new(None),
            spare: Bytes::new(),
            left: 0,
            total_told: false,
        }
    }

    fn stream(&mut self) -> &mut Option<ContentStream> {
        let stream = self.stream.get_mut();
        stream.unwrap_or_else(PoisonError::into_inner)
    }

    async fn begin(&mut self) -> Result<()> {
        let range = self.of.range.filter(|_| self.sought);
        let content = self
            .of
            .mirror
            .read(&self.of.call, &self.of.node, range)
            .await?;
        self.total_told = content.total.is_some();
        self.left = range.map_or(self.of.facts.size, ByteRange::count);
        *self.stream() = Some(content.stream);
        Ok(())
    }

    /// Whether nothing but the end follows.
    async fn is_over(&mut self) -> bool {
        match self.stream() {
            Some(stream) => stream.next().await.is_none(),
            None => true,
        }
    }

    async fn read(&mut self, count: usize) -> Result<Bytes> {
        if self.stream().is_none() {
            self.begin().await?;
        }
        while self.spare.is_empty() {
            let next = self.stream().as_mut().expect("begun above").next().await;
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

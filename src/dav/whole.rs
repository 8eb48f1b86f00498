//! GET and HEAD of a calendar or address book: all of it as one file, for import elsewhere.

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::request::Parts;
use http::{HeaderValue, Method, Response};
use http_body_util::{BodyExt, StreamBody};

use crate::domain::{Call, Error, ItemKind, Kind, Result};
use crate::mirror::{Collection, Listing, Member, Mirror, Turns};
use crate::text::OneFile;

use super::body::{Body, BoxError, full};
use super::item::{conditional, put};
use super::report::token;
use super::types::item_type;
use super::verdict::{Verdict, judge};
use super::{Dav, Visit};

/// Items read and written at a time.
const PIECE: usize = 250;

impl Dav {
    /// Answers GET and HEAD of a collection of items called `name`.
    pub(super) async fn get_whole(
        &self,
        visit: &Visit,
        parts: &Parts,
        shelf: &Arc<Collection>,
        name: &str,
    ) -> Result<Response<Body>> {
        let listing = self.mirror.listing(&visit.call, shelf).await?;
        // Of the state before the content is read: the next question may find it changed.
        let etag = token::ctag(&listing.head);
        let verdict = judge(&parts.headers, &etag, None);
        let head = parts.method == Method::HEAD;
        let serves = verdict == Verdict::Serve && parts.method == Method::GET;
        let mut response = conditional(verdict, Bytes::new(), head);
        if serves {
            let whole = Whole {
                mirror: self.mirror.clone(),
                turns: self.turns.clone(),
                call: visit.call.clone(),
                shelf: shelf.clone(),
                listing,
                file: OneFile::new(shelf.kind),
                name: name.to_owned(),
            };
            *response.body_mut() = whole.body().await?;
        }
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        let (kind, ending) = (shelf.kind, ending(shelf.kind));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(item_type(kind)));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        put(headers, ETAG, &format!("\"{etag}\""));
        let file = format!("attachment; filename=\"{}.{ending}\"", shelf.slug);
        put(headers, CONTENT_DISPOSITION, &file);
        Ok(response)
    }
}

/// One file on its way: the items of one state of the collection, read piece by piece. One that
/// changes meanwhile is told in its newer form, one that is removed is left out.
struct Whole {
    mirror: Arc<Mirror>,
    turns: Arc<Turns>,
    call: Call,
    shelf: Arc<Collection>,
    listing: Arc<Listing>,
    file: OneFile,
    name: String,
}

impl Whole {
    /// The body. An error of the first piece is one of the request; a later one breaks it off.
    async fn body(mut self) -> Result<Body> {
        if self.file.wants_survey() {
            let mut at = 0;
            while at < self.listing.rows.len() {
                (self, at) = self.survey(at).await?;
            }
        }
        let (first, rest) = self.piece(0).await?;
        if rest.is_none() {
            return Ok(full(first));
        }
        let first = stream::iter([Ok(http_body::Frame::data(first))]);
        let frames = first.chain(stream::unfold(rest, following));
        Ok(StreamBody::new(frames).boxed_unsync())
    }

    async fn members(&self, at: usize) -> Result<(Vec<Member>, usize)> {
        let end = (at + PIECE).min(self.listing.rows.len());
        let rows = self.listing.rows[at..end].iter();
        let names: Vec<String> = rows.map(|row| row.name.clone()).collect();
        if names.is_empty() {
            return Ok((Vec::new(), end));
        }
        let members = self.mirror.members(&self.call, &self.shelf, &names).await?;
        Ok((members, end))
    }

    /// Shows some items to the file; where to go on.
    async fn survey(self, at: usize) -> Result<(Self, usize)> {
        let (members, end) = self.members(at).await?;
        let survey = move |mut whole: Self| {
            members.iter().for_each(|one| whole.file.survey(&one.text));
            (whole, end)
        };
        self.beside(survey).await
    }

    /// Some items of the file, and what follows.
    async fn piece(self, at: usize) -> Result<(Bytes, Option<(Self, usize)>)> {
        let (members, end) = self.members(at).await?;
        let write = move |mut whole: Self| {
            let mut out = String::new();
            if at == 0 {
                whole.file.begin(&mut out, &whole.name);
            }
            let texts = members.iter().map(|one| &one.text);
            texts.for_each(|text| whole.file.push(&mut out, text));
            let more = end < whole.listing.rows.len();
            if !more {
                whole.file.end(&mut out);
            }
            (Bytes::from(out), more.then_some((whole, end)))
        };
        self.beside(write).await
    }

    /// Works in turns and off the threads that serve requests.
    async fn beside<T: Send + 'static>(
        self,
        work: impl FnOnce(Self) -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.next().await?;
        let working = tokio::task::spawn_blocking(move || {
            let outcome = work(self);
            drop(turn);
            outcome
        });
        let failed = |error| Error::bridge(Kind::Broken, "joining failed").because(error);
        working.await.map_err(failed)
    }
}

type Frame = Result<http_body::Frame<Bytes>, BoxError>;

async fn following(rest: Option<(Whole, usize)>) -> Option<(Frame, Option<(Whole, usize)>)> {
    let (whole, at) = rest?;
    Some(match whole.piece(at).await {
        Ok((bytes, rest)) => (Ok(http_body::Frame::data(bytes)), rest),
        Err(error) => {
            tracing::warn!(error = %error.chain(), "a file broke off");
            (Err(error.into()), None)
        }
    })
}

fn ending(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Event => "ics",
        ItemKind::Contact => "vcf",
    }
}

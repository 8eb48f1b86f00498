//! REPORT (RFC 3253 §3.6).

mod answer;
mod data;
mod filter;
mod freebusy;
mod kind;
mod limit;
mod multiget;
mod parts;
mod principal;
mod query;
mod refusal;
mod sync;
pub(super) mod token;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Response};

use crate::domain::Result;

use super::asked::Asked;
use super::body::{self, Body, BoxError};
use super::props::Plan;
use super::scene::Stage;
use super::target::Target;
use super::xml::{self, Element};
use super::{Dav, Visit, headers, place};
use crate::mirror::Collection;

use answer::Frame;
use data::Data;
pub(super) use kind::{Report, supported};
use refusal::Refusal;

/// A report on its way to an answer.
struct Asking<'a> {
    visit: &'a Visit,
    headers: &'a HeaderMap,
    target: &'a Arc<Target>,
    root: &'a Element,
}

impl Dav {
    /// Answers REPORT.
    pub(super) async fn report<B>(
        &self,
        visit: &Visit,
        parts: &Parts,
        body: B,
    ) -> Result<Response<Body>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<BoxError>,
    {
        let body = body::read(&*self.clock, body).await?;
        let target = Arc::new(self.target(visit, parts.uri.path()).await?);
        let outcome = match xml::parse(&body) {
            Err(error) => Err(error.into()),
            Ok(root) => {
                let asking = Asking {
                    visit,
                    headers: &parts.headers,
                    target: &target,
                    root: &root,
                };
                self.dispatch(&asking).await
            }
        };
        outcome.or_else(Refusal::answer)
    }

    async fn dispatch(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let works = supported(&asking.target.what());
        let report = Report::named(&asking.root.name).filter(|report| works.contains(report));
        match report.ok_or(Refusal::unsupported())? {
            Report::CalendarMultiget | Report::BookMultiget => self.multiget(asking).await,
            Report::CalendarQuery | Report::BookQuery => self.query(asking).await,
            Report::FreeBusy => self.free_busy(asking).await,
            Report::Sync => self.sync(asking).await,
            Report::Expand => self.expand(asking).await,
            Report::PrincipalMatch => principal::matching(asking).await,
            Report::PrincipalSearch => principal::search(asking).await,
            Report::SearchableProperties => Ok(principal::searchable()),
        }
    }
}

impl Asking<'_> {
    /// What the parts of an answer about items share.
    fn frame(&self, dav: &Dav, shelf: &Collection) -> Result<Arc<Frame>, Refusal> {
        let stage = Stage::new(self.visit, self.headers);
        let asked = Asked::of(self.root)?;
        let asked = asked.unwrap_or(Asked::Props(Vec::new()));
        let minimal = headers::wants_minimal(self.headers);
        let user = self.visit.caller.user.as_str();
        let home = place::homes(shelf.kind);
        Ok(Arc::new(Frame {
            plan: Plan::new(&asked, &stage.scene(), minimal),
            minimal,
            kind: shelf.kind,
            base: place::href(&stage.prefix, ["dav", home, user, &shelf.slug], true),
            data: Data::asked(self.root, shelf.kind)?,
            turns: dav.turns.clone(),
            stage,
        }))
    }
}

//! PROPFIND (RFC 4918 §9.1).

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};

use crate::domain::{Error, Kind, Result};

use super::asked::Asked;
use super::body::{self, Body, BoxError};
use super::extras::Extras;
use super::multistatus::{self, Pieces};
use super::place;
use super::props::{Plan, Resource};
use super::scene::Stage;
use super::target::{Members, Target};
use super::xml::Writer;
use super::{Dav, Visit, headers, refuse};

/// Resources written into one piece of a streamed answer.
const PIECE: usize = 1200;

impl Dav {
    /// Answers PROPFIND.
    pub(super) async fn propfind<B>(
        &self,
        visit: &Visit,
        parts: &Parts,
        body: B,
    ) -> Result<Response<Body>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<BoxError>,
    {
        let Some(deep) = headers::depth(&parts.headers)? else {
            let finite = "<D:propfind-finite-depth/>";
            return Ok(refuse::precondition(StatusCode::FORBIDDEN, finite));
        };
        let body = body::read(&*self.clock, body).await?;
        let asked =
            Asked::parse(&body).map_err(|error| Error::client(Kind::Invalid, error.to_string()))?;
        let target = Arc::new(self.target(visit, parts.uri.path()).await?);
        let members = if deep {
            self.members(visit, &target).await?
        } else {
            Members::none()
        };
        self.tell(visit, &parts.headers, &asked, target, members)
            .await
    }

    /// The properties of a target and of these members.
    pub(super) async fn tell(
        &self,
        visit: &Visit,
        headers: &HeaderMap,
        asked: &Asked,
        target: Arc<Target>,
        members: Members,
    ) -> Result<Response<Body>> {
        let minimal = headers::wants_minimal(headers);
        let stage = Stage::new(visit, headers);
        let plan = Plan::new(asked, &stage.scene(), minimal);
        let extras = self.extras(visit, &plan, &target, &members).await?;
        let prefixes = plan.prefixes.clone();
        let listing = Listing {
            stage,
            plan,
            target,
            members,
            extras,
            begun: false,
            at: 0,
        };
        multistatus::respond(listing, &prefixes, minimal).await
    }
}

/// A target and its members.
struct Listing {
    stage: Stage,
    plan: Plan,
    target: Arc<Target>,
    members: Members,
    extras: Extras,
    /// Whether the target itself is written.
    begun: bool,
    /// Members written.
    at: usize,
}

#[async_trait]
impl Pieces for Listing {
    async fn next(&mut self, writer: &mut Writer) -> Result<bool> {
        let scene = self.stage.scene();
        if !self.begun {
            self.plan.write(writer, &scene, &self.own());
            self.begun = true;
        }
        let base = self.target.href(scene.prefix, true);
        let end = (self.at + PIECE).min(self.members.len());
        for at in self.at..end {
            self.plan.write(writer, &scene, &self.member(&base, at));
        }
        self.at = end;
        Ok(end < self.members.len())
    }
}

impl Listing {
    fn own(&self) -> Resource<'_> {
        let href = self
            .target
            .href(&self.stage.prefix, self.target.is_collection());
        Resource {
            quota: self.extras.own.quota,
            head: self.extras.own.head.as_ref(),
            ..Resource::plain(href, self.target.name(), self.target.what())
        }
    }

    fn member(&self, base: &str, at: usize) -> Resource<'_> {
        let member = self.members.get(at);
        let mut href = String::with_capacity(base.len() + member.segment.len() + 16);
        href.push_str(base);
        place::push_segment(&mut href, member.segment);
        if member.what.is_collection() {
            href.push('/');
        }
        let extra = self.extras.members.get(at);
        let quota = extra.and_then(|extra| extra.quota);
        Resource {
            quota: quota.or(self.extras.own.quota),
            head: extra.and_then(|extra| extra.head.as_ref()),
            ..Resource::plain(href, member.name, member.what)
        }
    }
}

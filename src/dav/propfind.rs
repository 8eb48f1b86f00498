//! PROPFIND (RFC 4918 §9.1).

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt, StreamBody};

use crate::domain::{Error, Kind, Quota, Result};
use crate::mirror::DriveTree;

use super::body::{Body, BoxError, full};
use super::place;
use super::props::{Plan, Resource, Scene};
use super::target::{Members, Target};
use super::xml::{self, Element, Name, Writer, XmlError};
use super::{Dav, Visit, body, condition};

/// What a PROPFIND asks for.
pub(super) enum Asked {
    /// These names.
    Props(Vec<Name>),
    /// What `allprop` means, and these names.
    All {
        /// The `include` element.
        include: Vec<Name>,
    },
    /// Which names exist.
    Names,
}

/// More names than this are no honest question.
const MAX_NAMES: usize = 500;

/// Resources written into one piece of a streamed answer; answers of one piece are not streamed.
const PIECE: usize = 1200;

impl Asked {
    /// Reads a request body; an empty one asks for everything.
    fn parse(body: &[u8]) -> Result<Self, XmlError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::All {
                include: Vec::new(),
            });
        }
        let root = xml::parse(body)?;
        if !root.name.is(xml::DAV, "propfind") {
            return Err(XmlError::new("the root element is not DAV:propfind"));
        }
        let kinds = [
            root.child("prop"),
            root.child("allprop"),
            root.child("propname"),
        ];
        match kinds {
            [Some(prop), None, None] => Ok(Self::Props(names(prop)?)),
            [None, Some(_), None] => {
                let include = root.child("include").map(names).transpose()?;
                let include = include.unwrap_or_default();
                Ok(Self::All { include })
            }
            [None, None, Some(_)] => Ok(Self::Names),
            _ => Err(XmlError::new(
                "exactly one of prop, allprop and propname is needed",
            )),
        }
    }
}

fn names(element: &Element) -> Result<Vec<Name>, XmlError> {
    if element.children.len() > MAX_NAMES {
        return Err(XmlError::new("too many properties are asked for"));
    }
    Ok(element
        .children
        .iter()
        .map(|child| child.name.clone())
        .collect())
}

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
        let Some(deep) = depth(&parts.headers)? else {
            return Ok(infinity_refused());
        };
        let body = body::read(&*self.clock, body).await?;
        let asked =
            Asked::parse(&body).map_err(|error| Error::client(Kind::Invalid, error.to_string()))?;
        let microsoft = condition::is_microsoft(&parts.headers);
        let minimal = wants_minimal(&parts.headers);
        let scene = Scene {
            prefix: &visit.prefix,
            user: &visit.caller.user,
            microsoft,
        };
        let plan = Plan::new(&asked, &scene, minimal);
        let target = self.target(visit, parts.uri.path()).await?;
        let members = if deep {
            self.members(visit, &target).await?
        } else {
            Members::none()
        };
        let quota = if plan.wants_quota() {
            self.quotas(visit, &target, &members).await
        } else {
            Quotas::default()
        };
        let answer = Answer {
            prefix: visit.prefix.clone(),
            user: visit.caller.user.clone(),
            microsoft,
            plan,
            target,
            members,
            quota,
        };
        Ok(multistatus(answer, minimal))
    }

    async fn quotas(&self, visit: &Visit, target: &Target, members: &Members) -> Quotas {
        let mut quotas = Quotas::default();
        if let Some(drive) = target.drive() {
            quotas.own = self.quota_of(visit, drive).await;
        }
        if let Members::Drives(drives) = members {
            for drive in drives.iter() {
                quotas.of_drives.push(self.quota_of(visit, drive).await);
            }
        }
        quotas
    }

    /// Space of a drive. Without an answer the property does not exist: a listing is worth more.
    async fn quota_of(&self, visit: &Visit, drive: &Arc<DriveTree>) -> Option<Quota> {
        let quota = self.mirror.quota(&visit.call, drive).await;
        quota
            .inspect_err(|error| tracing::debug!(error = %error.chain(), "no quota"))
            .ok()
    }
}

#[derive(Default)]
struct Quotas {
    own: Option<Quota>,
    of_drives: Vec<Option<Quota>>,
}

/// Whether members are asked for; `None` for a depth of infinity. Without a header the depth is
/// taken for 1: clients that leave it out want a listing.
fn depth(headers: &HeaderMap) -> Result<Option<bool>> {
    match headers.get("depth").map(HeaderValue::as_bytes) {
        None | Some(b"1") => Ok(Some(true)),
        Some(b"0") => Ok(Some(false)),
        Some(other) if other.eq_ignore_ascii_case(b"infinity") => Ok(None),
        Some(b"1,noroot") => Ok(Some(true)),
        Some(_) => Err(Error::client(
            Kind::Invalid,
            "Depth must be 0, 1 or infinity",
        )),
    }
}

/// `Prefer: return=minimal` (RFC 8144) or Apple's `Brief: t`.
fn wants_minimal(headers: &HeaderMap) -> bool {
    let has = |name: &str, wanted: &str| {
        let mut values = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values.any(|value| {
            value
                .split([',', ';'])
                .any(|part| part.trim().eq_ignore_ascii_case(wanted))
        })
    };
    has("prefer", "return=minimal") || has("brief", "t")
}

fn infinity_refused() -> Response<Body> {
    super::refuse::precondition(StatusCode::FORBIDDEN, "<D:propfind-finite-depth/>")
}

/// Everything a multistatus needs, so that it can be written piece by piece.
struct Answer {
    prefix: String,
    user: crate::domain::UserName,
    microsoft: bool,
    plan: Plan,
    target: Target,
    members: Members,
    quota: Quotas,
}

impl Answer {
    fn scene(&self) -> Scene<'_> {
        Scene {
            prefix: &self.prefix,
            user: &self.user,
            microsoft: self.microsoft,
        }
    }

    /// Members `from..to`, with the frame of the document around the first and last piece.
    fn piece(&self, from: usize, to: usize) -> Vec<u8> {
        let mut writer = Writer::new();
        let scene = self.scene();
        if from == 0 {
            writer.begin("D:multistatus", &self.plan.prefixes);
            self.plan.write(&mut writer, &scene, &self.own());
        }
        let base = self.target.href(&self.prefix, true);
        for at in from..to {
            self.plan
                .write(&mut writer, &scene, &self.member(&base, at));
        }
        if to == self.members.len() {
            writer.close("D:multistatus");
        }
        writer.finish()
    }

    fn own(&self) -> Resource<'_> {
        Resource {
            href: Cow::Owned(self.target.href(&self.prefix, self.target.is_collection())),
            name: self.target.name(),
            what: self.target.what(),
            quota: self.quota.own,
        }
    }

    fn member(&self, base: &str, at: usize) -> Resource<'_> {
        let (segment, name, what, collection) = self.members.get(at);
        let mut href = String::with_capacity(base.len() + segment.len() + 16);
        href.push_str(base);
        place::push_segment(&mut href, segment);
        if collection {
            href.push('/');
        }
        let quota = self.quota.of_drives.get(at).copied().flatten();
        Resource {
            href: Cow::Owned(href),
            name,
            what,
            quota: quota.or(self.quota.own),
        }
    }
}

fn multistatus(answer: Answer, minimal: bool) -> Response<Body> {
    let count = answer.members.len();
    let body = if count <= PIECE {
        full(answer.piece(0, count))
    } else {
        let pieces: VecDeque<_> = (0..count)
            .step_by(PIECE)
            .map(|from| (from, (from + PIECE).min(count)))
            .collect();
        let pieces = stream::unfold((answer, pieces), |(answer, mut pieces)| async move {
            let (from, to) = pieces.pop_front()?;
            let bytes = Bytes::from(answer.piece(from, to));
            Some((
                Ok::<_, BoxError>(http_body::Frame::data(bytes)),
                (answer, pieces),
            ))
        });
        StreamBody::new(pieces).boxed_unsync()
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::MULTI_STATUS;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/xml; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if minimal {
        headers.insert(
            "preference-applied",
            HeaderValue::from_static("return=minimal"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_body_asks_for_everything() {
        for body in [
            "",
            " \r\n",
            "<propfind xmlns=\"DAV:\"><allprop/></propfind>",
        ] {
            assert!(
                matches!(Asked::parse(body.as_bytes()), Ok(Asked::All { .. })),
                "{body:?}"
            );
        }
    }

    #[test]
    fn what_is_no_propfind_is_refused() {
        for body in [
            "<propfind/>",
            "<x xmlns=\"DAV:\"/>",
            "<propfind xmlns=\"DAV:\"/>",
            "<propfind xmlns=\"DAV:\"><prop/><allprop/></propfind>",
        ] {
            assert!(Asked::parse(body.as_bytes()).is_err(), "{body}");
        }
        let many = format!(
            "<propfind xmlns=\"DAV:\"><prop>{}</prop></propfind>",
            "<a/>".repeat(501)
        );
        assert!(Asked::parse(many.as_bytes()).is_err());
    }

    #[test]
    fn depths() {
        let depth = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("depth", HeaderValue::from_str(value).unwrap());
            super::depth(&headers)
        };
        assert_eq!(depth("0").unwrap(), Some(false));
        assert_eq!(depth("Infinity").unwrap(), None);
        assert_eq!(super::depth(&HeaderMap::new()).unwrap(), Some(true));
        assert_eq!(depth("2").unwrap_err().kind(), Kind::Invalid);
    }

    #[test]
    fn minimal_in_either_spelling() {
        let minimal = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
            wants_minimal(&headers)
        };
        assert!(minimal("prefer", "respond-async, return=minimal"));
        assert!(minimal("brief", "t"));
        assert!(!minimal("brief", "f"));
    }
}

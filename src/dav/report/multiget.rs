//! calendar-multiget (RFC 4791 §7.9) and addressbook-multiget (RFC 6352 §8.7).

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use http::Response;

use crate::domain::{Call, Result};
use crate::mirror::{Collection, Member, Mirror};

use super::super::body::Body;
use super::super::multistatus::{self, Pieces};
use super::super::place::{self, Place};
use super::super::target::Thing;
use super::super::xml::{DAV, Writer};
use super::super::{Dav, Visit};
use super::Asking;
use super::answer::{Frame, missing};
use super::refusal::Refusal;

/// Items read and written at a time.
const PIECE: usize = 500;

impl Dav {
    /// Answers a multiget; the depth is ignored.
    pub(super) async fn multiget(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let (Thing::Shelf(shelf, _) | Thing::Item(shelf, _)) = &asking.target.thing else {
            return Err(Refusal::unsupported());
        };
        let frame = asking.frame(self, shelf)?;
        let minimal = frame.minimal;
        let wanted = wanted(asking, shelf);
        let prefixes = frame.plan.prefixes.clone();
        let got = Got {
            mirror: self.mirror.clone(),
            call: asking.visit.call.clone(),
            shelf: shelf.clone(),
            frame,
            wanted,
            at: 0,
        };
        Ok(multistatus::respond(got, &prefixes, minimal).await?)
    }
}

/// One address that was asked for.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
enum Wanted {
    /// A name in the collection.
    Name(String),
    /// Something else, as it is answered.
    Elsewhere(String),
}

/// The addresses that were asked for, each once.
fn wanted(asking: &Asking<'_>, shelf: &Collection) -> Vec<Wanted> {
    let hrefs = asking.root.children.iter();
    let mut seen = HashSet::new();
    hrefs
        .filter(|child| child.name.is(DAV, "href"))
        .map(|href| resolve(asking.visit, shelf, href.text.trim()))
        .filter(|wanted| seen.insert(wanted.clone()))
        .collect()
}

/// What an address names: clients write absolute paths and whole URLs, and encode more or less
/// of the characters that may be encoded.
fn resolve(visit: &Visit, shelf: &Collection, href: &str) -> Wanted {
    let path = path_of(href);
    let Some(segments) = path
        .strip_prefix(visit.prefix.as_str())
        .and_then(|path| place::segments(path).ok())
    else {
        return Wanted::Elsewhere(href.to_owned());
    };
    match Place::of(&segments) {
        Some(Place::Item(kind, user, slug, name))
            if (kind, user.as_str()) == (shelf.kind, visit.caller.user.as_str())
                && slug == shelf.slug =>
        {
            Wanted::Name(name)
        }
        _ => {
            let segments = segments.iter().map(String::as_str);
            let slash = path.ends_with('/');
            Wanted::Elsewhere(place::href(&visit.prefix, segments, slash))
        }
    }
}

/// The path of a URL or path.
fn path_of(href: &str) -> &str {
    let path = match href.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => {
            rest.find('/').map_or("/", |slash| &rest[slash..])
        }
        _ => href,
    };
    path.split(['?', '#']).next().unwrap_or_default()
}

struct Got {
    mirror: Arc<Mirror>,
    call: Call,
    shelf: Arc<Collection>,
    frame: Arc<Frame>,
    wanted: Vec<Wanted>,
    at: usize,
}

#[async_trait]
impl Pieces for Got {
    async fn next(&mut self, writer: &mut Writer) -> Result<bool> {
        let end = (self.at + self.frame.piece(PIECE)).min(self.wanted.len());
        let wanted = self.wanted[self.at..end].to_vec();
        let names: Vec<String> = wanted
            .iter()
            .filter_map(|wanted| match wanted {
                Wanted::Name(name) => Some(name.clone()),
                Wanted::Elsewhere(_) => None,
            })
            .collect();
        let found = self.mirror.members(&self.call, &self.shelf, &names).await?;
        let write = move |frame: &Frame, writer: &mut Writer| told(frame, writer, &wanted, &found);
        self.frame.write(writer, false, write).await?;
        self.at = end;
        Ok(end < self.wanted.len())
    }
}

/// What was asked for, and what was found of it in the same order.
fn told(frame: &Frame, writer: &mut Writer, wanted: &[Wanted], found: &[Member]) {
    let mut found = found.iter().peekable();
    for wanted in wanted {
        match wanted {
            Wanted::Name(name) => match found.next_if(|member| member.row.name == *name) {
                Some(member) => frame.member(writer, member),
                None => missing(writer, &frame.href(name)),
            },
            Wanted::Elsewhere(href) => missing(writer, href),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_addresses() {
        for (href, path) in [
            ("/dav/a.ics", "/dav/a.ics"),
            ("https://host:8443/dav/a.ics", "/dav/a.ics"),
            ("https://host", "/"),
            ("/dav/a://b.ics", "/dav/a://b.ics"),
            ("/dav/a.ics?x#y", "/dav/a.ics"),
            ("", ""),
        ] {
            assert_eq!(path_of(href), path, "{href}");
        }
    }
}

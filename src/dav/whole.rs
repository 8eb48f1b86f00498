//! GET and HEAD of a calendar or address book: all of it as one file, for import elsewhere.

use std::collections::HashSet;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::request::Parts;
use http::{HeaderValue, Method, Response};

use crate::domain::{Error, ItemKind, Kind, Result};
use crate::mirror::{Collection, Member};
use crate::text::{Component, Property, parse};

use super::body::Body;
use super::item::{conditional, put};
use super::report::token;
use super::types::item_type;
use super::verdict::{Verdict, judge};
use super::{Dav, Visit};

impl Dav {
    /// Answers GET and HEAD of a collection of items called `name`.
    pub(super) async fn get_whole(
        &self,
        visit: &Visit,
        parts: &Parts,
        shelf: &std::sync::Arc<Collection>,
        name: &str,
    ) -> Result<Response<Body>> {
        let listing = self.mirror.listing(&visit.call, shelf).await?;
        // Of the state before the content is read: the next question may find it changed.
        let etag = token::ctag(&listing.head);
        let verdict = judge(&parts.headers, &etag, None);
        let content = if verdict == Verdict::Serve && parts.method == Method::GET {
            let members = self.mirror.members_within(&visit.call, shelf, None).await?;
            let (kind, name) = (shelf.kind, name.to_owned());
            let joining = move || joined(kind, &name, &members);
            let content = tokio::task::spawn_blocking(joining).await;
            content
                .map_err(|error| Error::bridge(Kind::Broken, "joining failed").because(error))??
        } else {
            Bytes::new()
        };
        let head = parts.method == Method::HEAD;
        let mut response = conditional(verdict, content, head);
        let headers = response.headers_mut();
        if head {
            headers.remove(CONTENT_LENGTH);
        }
        let (kind, ending) = (shelf.kind, ending(shelf.kind));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(item_type(kind)));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        put(headers, ETAG, &format!("\"{etag}\""));
        let file = format!("attachment; filename=\"{}.{ending}\"", shelf.slug);
        put(headers, CONTENT_DISPOSITION, &file);
        Ok(response)
    }
}

fn ending(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Event => "ics",
        ItemKind::Contact => "vcf",
    }
}

fn joined(kind: ItemKind, name: &str, members: &[Member]) -> Result<Bytes> {
    let texts = members.iter().map(|member| member.text.as_ref());
    Ok(match kind {
        ItemKind::Event => calendar(name, texts)?.into(),
        ItemKind::Contact => texts.collect::<String>().into(),
    })
}

/// One calendar of many objects: each zone once, all events.
fn calendar<'a>(name: &str, texts: impl Iterator<Item = &'a str>) -> Result<String> {
    let mut whole = Component::new("VCALENDAR");
    whole.push(Property::new("VERSION", "2.0"));
    whole.push(Property::new("PRODID", "-//davbridge//davbridge//EN"));
    whole.push_text("X-WR-CALNAME", Some(name));
    let (mut zones, mut events) = (Vec::new(), Vec::new());
    let mut known = HashSet::new();
    for text in texts {
        let object = parse(text).map_err(|error| {
            Error::bridge(Kind::Broken, "an object is not readable").because(error)
        })?;
        for component in object.components {
            if !component.is("VTIMEZONE") {
                events.push(component);
            } else if known.insert(component.property("TZID").map(Property::text)) {
                zones.push(component);
            }
        }
    }
    whole.components = zones;
    whole.components.append(&mut events);
    Ok(whole.write())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_told_once() {
        let object = |uid: &str, zone: &str| {
            format!(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:{zone}\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )
        };
        let texts = [object("1", "A"), object("2", "A"), object("3", "B")];
        let whole = calendar("a;b", texts.iter().map(String::as_str)).unwrap();
        assert_eq!(
            whole.replace("\r\n", " "),
            "BEGIN:VCALENDAR VERSION:2.0 PRODID:-//davbridge//davbridge//EN X-WR-CALNAME:a\\;b BEGIN:VTIMEZONE TZID:A END:VTIMEZONE BEGIN:VTIMEZONE TZID:B END:VTIMEZONE BEGIN:VEVENT UID:1 END:VEVENT BEGIN:VEVENT UID:2 END:VEVENT BEGIN:VEVENT UID:3 END:VEVENT END:VCALENDAR "
        );
    }
}

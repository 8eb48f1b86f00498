//! GET and HEAD of a calendar or address book: all of it as one file, for import elsewhere.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::request::Parts;
use http::{HeaderValue, Method, Response};

use crate::domain::{Error, ItemKind, Kind, Result};
use crate::mirror::Collection;
use crate::text::join;

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
            let joining = move || {
                let texts = members.iter().map(|member| member.text.as_ref());
                join(kind, texts, &name)
            };
            let content = tokio::task::spawn_blocking(joining).await;
            content
                .map_err(|error| Error::bridge(Kind::Broken, "joining failed").because(error))?
                .into()
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

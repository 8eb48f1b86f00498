//! GET and HEAD (RFC 9110 §9.3): files through `dav-server`, collections as a small page.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, StreamBody};

use crate::domain::{EntryKind, Error, Kind, Result};
use crate::mirror::Node;

use super::body::{Body, BoxError, full};
use super::condition::{self, Wanted};
use super::item::get_item;
use super::onefile::{OneFile, Trouble};
use super::target::Thing;
use super::types::content_type;
use super::{Dav, Visit, page};

/// Most bytes asked of a file at a time: more than the cloud's connection gives in one piece, so
/// that each piece goes out whole, in one write.
const READ: usize = 1 << 20;

impl Dav {
    /// Answers GET and HEAD.
    pub(super) async fn get(&self, visit: &Visit, parts: &Parts) -> Result<Response<Body>> {
        let target = self.target(visit, parts.uri.path()).await?;
        match target.thing {
            Thing::Shelf(shelf, name) => self.get_whole(visit, parts, &shelf, &name).await,
            Thing::Node(node) if !node.entry.is_folder() => self.get_file(visit, parts, node).await,
            Thing::Item(shelf, item) => Ok(get_item(parts, shelf.kind, &item)),
            _ => {
                let members = self.members(visit, &target).await?;
                Ok(page::listing(
                    &visit.prefix,
                    &target,
                    &members,
                    parts.method == Method::HEAD,
                ))
            }
        }
    }

    /// A file. When the cloud turns out to hold another one than was listed, the entry is read
    /// anew and the whole request judged once more.
    async fn get_file(&self, visit: &Visit, parts: &Parts, node: Node) -> Result<Response<Body>> {
        let mut node = node;
        if condition::continues(&parts.headers) {
            // Bytes will be put behind bytes of an earlier answer: the version has to be the
            // cloud's of now, not the listing's.
            node = self.mirror.reread(&visit.call, &node).await?;
        }
        match self.try_file(visit, parts, &node).await {
            Err(error) if error.kind() == Kind::Changed => {
                let node = self.mirror.reread(&visit.call, &node).await?;
                self.try_file(visit, parts, &node).await
            }
            outcome => outcome,
        }
    }

    async fn try_file(&self, visit: &Visit, parts: &Parts, node: &Node) -> Result<Response<Body>> {
        let (size, told) = sized(node)?;
        let wanted = condition::wanted(&parts.headers, size);
        let range = match wanted {
            Wanted::Part(range) => Some(range),
            Wanted::Whole | Wanted::Nothing => None,
        };
        let trouble = Trouble::default();
        let file = OneFile::new(
            self.mirror.clone(),
            visit.call.clone(),
            node.clone(),
            range,
            trouble.clone(),
        );
        let headers = condition::judged(&parts.headers, wanted, size);
        let request = judged_request(&parts.method, headers);
        let handler = dav_server::DavHandler::builder()
            .filesystem(Box::new(file))
            .read_buf_size(READ)
            .build_handler();
        let response = handler.handle(request).await;
        let (mut head, body) = response.into_parts();
        if let Some(error) = trouble.take() {
            return Err(error);
        }
        finish_headers(&mut head.headers, head.status, told, &node.name);
        let has_content = matches!(head.status, StatusCode::OK | StatusCode::PARTIAL_CONTENT);
        if parts.method == Method::HEAD || !has_content || size == 0 {
            return Ok(Response::from_parts(head, full(Bytes::new())));
        }
        let body = begun(body, &trouble).await?;
        Ok(Response::from_parts(head, body))
    }
}

/// Size and type of a file, as the cloud tells them.
fn sized(node: &Node) -> Result<(u64, Option<&str>)> {
    let EntryKind::File {
        size, content_type, ..
    } = &node.entry.kind
    else {
        return Err(Error::client(Kind::NotFound, "this is no file any more"));
    };
    let untold = || Error::cloud(Kind::Changed, "the cloud does not tell the file's size");
    Ok((size.ok_or_else(untold)?, content_type.as_deref()))
}

/// Waits for the first bytes or the error that comes in their place.
async fn begun(mut body: dav_server::body::Body, trouble: &Trouble) -> Result<Body> {
    match body.next().await {
        Some(Ok(first)) => {
            let rest = TryStreamExt::map_err(body, |error| -> BoxError { Box::new(error) });
            let first = stream::once(std::future::ready(Ok(first)));
            let frames = first.chain(rest).map_ok(http_body::Frame::data);
            Ok(StreamBody::new(frames).boxed_unsync())
        }
        Some(Err(_)) | None => Err(trouble
            .take()
            .unwrap_or_else(|| Error::bridge(Kind::Broken, "content ended before it began"))),
    }
}

/// `dav-server` sees one file at a fixed path: names never reach it.
fn judged_request(method: &Method, headers: HeaderMap) -> Request<Empty<Bytes>> {
    let mut request = Request::new(Empty::new());
    *request.method_mut() = method.clone();
    *request.uri_mut() = http::Uri::from_static("/file");
    *request.headers_mut() = headers;
    request
}

fn finish_headers(headers: &mut HeaderMap, status: StatusCode, told: Option<&str>, name: &str) {
    if status == StatusCode::NOT_MODIFIED || status.is_client_error() {
        headers.remove(CONTENT_TYPE);
        headers.remove(CONTENT_LENGTH);
    } else {
        let kind = content_type(told, name);
        let kind = HeaderValue::from_str(&kind)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        headers.insert(CONTENT_TYPE, kind);
    }
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // A user's HTML file must not run as a page of the bridge.
    let sandbox = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(http::header::CONTENT_SECURITY_POLICY, sandbox);
    headers.insert(
        http::header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

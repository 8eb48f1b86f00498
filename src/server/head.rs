//! What the head of a request tells the server.

use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderMap, Method};

use crate::web;

/// Whether a request is for the page. `/` is a collection as well: programs that sign in by header
/// get that one. What a browser finds nowhere is a page that says so; the methods of the protocol
/// are asked for credentials at every address, because programs look for it at many.
pub(super) fn for_page(method: &Method, path: &str, authorized: bool) -> bool {
    let read = method == Method::GET || method == Method::HEAD;
    (read && !authorized && !of_protocol(path)) || web::is_page(path)
}

/// Whether a path is the protocol's alone.
fn of_protocol(path: &str) -> bool {
    let first = path.split('/').find(|segment| !segment.is_empty());
    matches!(first, Some("dav" | "remote.php"))
}

/// The Authorization header; several at once are none that could be good.
pub(super) fn credentials(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return Some(String::new());
    }
    Some(String::from_utf8_lossy(first.as_bytes()).into_owned())
}

/// The length of the body that a request announces.
pub(super) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

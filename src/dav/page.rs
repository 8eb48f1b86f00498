//! What a browser sees of a collection: a plain list of links.

use std::fmt::Write;

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use http::{HeaderValue, Response, StatusCode};

use super::body::{Body, full, text};
use super::place;
use super::target::{Members, Target};

/// The page of a collection.
pub(super) fn listing(
    prefix: &str,
    target: &Target,
    members: &Members,
    head: bool,
) -> Response<Body> {
    let title = escape(&target.name());
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><h1>{title}</h1>\n<ul>\n"
    );
    let base = target.href(prefix, true);
    for at in 0..members.len() {
        let member = members.get(at);
        let mut href = base.clone();
        place::push_segment(&mut href, member.segment);
        let slash = if member.what.is_collection() { "/" } else { "" };
        let name = escape(&member.name);
        writeln!(html, "<li><a href=\"{href}{slash}\">{name}{slash}</a></li>")
            .expect("a string grows");
    }
    html.push_str("</ul></body></html>\n");
    let mut response = text(StatusCode::OK, "text/html; charset=utf-8", html);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.insert(CONTENT_SECURITY_POLICY, nothing);
    if head {
        *response.body_mut() = full("");
    }
    response
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

//! What a reading bridge refuses, and how.

use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};

use crate::domain::{Error, Kind, Result};

use super::body::{self, Body, BoxError, full, text};
use super::xml::{self, CALDAV, CARDDAV, Element, Name, Prefixes, Writer};
use super::{Dav, Visit};

/// An answer whose body names a violated precondition (RFC 4918 §16).
pub(super) fn precondition(status: StatusCode, markup: &'static str) -> Response<Body> {
    let mut prefixes = Prefixes::new();
    for (mark, namespace) in [("<C:", CALDAV), ("<CR:", CARDDAV)] {
        if markup.contains(mark) {
            prefixes.tag(namespace, "", "");
        }
    }
    let mut writer = Writer::new();
    writer.begin("D:error", &prefixes);
    writer.raw(markup);
    writer.close("D:error");
    text(status, "application/xml; charset=utf-8", writer.finish())
}

/// Writing is refused for want of a privilege (RFC 3744 §7.1.1).
pub(super) fn need_privileges(href: &str, privilege: &'static str) -> Response<Body> {
    let mut writer = Writer::new();
    writer.begin("D:error", &Prefixes::new());
    write_need_privileges(&mut writer, href, privilege);
    writer.close("D:error");
    text(
        StatusCode::FORBIDDEN,
        "application/xml; charset=utf-8",
        writer.finish(),
    )
}

fn write_need_privileges(writer: &mut Writer, href: &str, privilege: &'static str) {
    writer.open("D:need-privileges");
    writer.open("D:resource");
    writer.text("D:href", href);
    writer.open("D:privilege");
    writer.empty(privilege);
    writer.close("D:privilege");
    writer.close("D:resource");
    writer.close("D:need-privileges");
}

/// The privilege that a writing method needs, as a tag.
pub(super) fn privilege(method: &str) -> Option<&'static str> {
    Some(match method {
        "PUT" | "PATCH" | "LOCK" | "UNLOCK" => "D:write-content",
        "MKCOL" | "COPY" | "MKCALENDAR" | "MKADDRESSBOOK" => "D:bind",
        "DELETE" | "MOVE" => "D:unbind",
        "ACL" => "D:write-acl",
        _ => return None,
    })
}

/// A method that is known but means nothing here.
pub(super) fn not_allowed(allowed: HeaderValue) -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "", "");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

impl Dav {
    /// PROPPATCH: every property is refused inside a 207 (RFC 4918 §9.2).
    pub(super) async fn proppatch<B>(
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
        let names =
            patched(&body).map_err(|error| Error::client(Kind::Invalid, error.to_string()))?;
        let target = self.target(visit, parts.uri.path()).await?;
        let href = target.href(&visit.prefix, target.is_collection());
        let mut prefixes = Prefixes::new();
        let tags: Vec<String> = names.iter().map(|name| prefixes.tag_of(name)).collect();
        let mut writer = Writer::new();
        writer.begin("D:multistatus", &prefixes);
        writer.open("D:response");
        writer.text("D:href", &href);
        writer.open("D:propstat");
        writer.open("D:prop");
        tags.iter().for_each(|tag| writer.empty(tag));
        writer.close("D:prop");
        writer.text("D:status", "HTTP/1.1 403 Forbidden");
        writer.open("D:error");
        write_need_privileges(&mut writer, &href, "D:write-properties");
        writer.close("D:error");
        writer.close("D:propstat");
        writer.close("D:response");
        writer.close("D:multistatus");
        let mut response = Response::new(full(writer.finish()));
        *response.status_mut() = StatusCode::MULTI_STATUS;
        let xml = HeaderValue::from_static("application/xml; charset=utf-8");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, xml);
        Ok(response)
    }
}

/// The names that a `propertyupdate` sets or removes, each once.
fn patched(body: &[u8]) -> Result<Vec<Name>, xml::XmlError> {
    let root = xml::parse(body)?;
    if !root.name.is(xml::DAV, "propertyupdate") {
        return Err(xml::XmlError::new(
            "the root element is not DAV:propertyupdate",
        ));
    }
    let is_change = |element: &&Element| {
        element.name.is(xml::DAV, "set") || element.name.is(xml::DAV, "remove")
    };
    let props = root
        .children
        .iter()
        .filter(is_change)
        .filter_map(|change| change.child("prop"));
    let mut names: Vec<Name> = Vec::new();
    for element in props.flat_map(|prop| &prop.children) {
        if !names.contains(&element.name) {
            names.push(element.name.clone());
        }
        if names.len() > 500 {
            return Err(xml::XmlError::new("too many properties"));
        }
    }
    if names.is_empty() {
        return Err(xml::XmlError::new("no property is named"));
    }
    Ok(names)
}

//! Properties of every resource (RFC 4918 §15, RFC 4331, RFC 6578 §4).

use crate::domain::{Entry, EntryKind, ItemKind, Quota};

use super::super::report::token;
use super::super::types::{content_type, item_type};
use super::super::xml::{CALDAV, CARDDAV, DAV};
use super::dates::{http_date, iso_date};
use super::live::{Live, Needs, Value, live, number, text};
use super::resource::{Resource, Scene, What, etag};

/// Told as free where a cloud has no limit: clients take absence for a full disk.
const UNLIMITED: u64 = 1 << 50;

pub(super) const LIVE: &[Live] = &[
    live(DAV, "resourcetype", resourcetype)
        .always()
        .binding(&[CALDAV, CARDDAV]),
    live(DAV, "displayname", |_, resource| {
        Some(text(resource.name.as_ref()))
    })
    .always(),
    live(DAV, "getcontentlength", getcontentlength).always(),
    live(DAV, "getlastmodified", |_, resource| {
        match resource.what {
            What::Item(_, row) => Some(row.modified),
            _ => entry(resource)?.modified,
        }
        .and_then(http_date)
        .map(Value::Text)
    })
    .always(),
    live(DAV, "creationdate", |_, resource| {
        match resource.what {
            What::Item(_, row) => Some(row.created),
            _ => entry(resource)?.created,
        }
        .and_then(iso_date)
        .map(Value::Text)
    })
    .always(),
    live(DAV, "getetag", getetag).always(),
    live(DAV, "getcontenttype", getcontenttype).always(),
    live(DAV, "supportedlock", |_, _| Some(Value::Empty)).always(),
    live(DAV, "lockdiscovery", |_, _| Some(Value::Empty)).always(),
    live(DAV, "quota-available-bytes", |_, resource| {
        resource.quota.map(|quota| number(free(quota)))
    })
    .needing(Needs::Quota),
    live(DAV, "quota-used-bytes", |_, resource| {
        let quota = resource.quota?;
        Some(number(quota.used.min(i64::MAX as u64)))
    })
    .needing(Needs::Quota),
    // Asked by WinSCP, rclone and davfs2
    live(DAV, "iscollection", |_, resource| {
        Some(text(if resource.is_collection() { "1" } else { "0" }))
    }),
    live(DAV, "ishidden", |_, _| Some(text("0"))),
    live(DAV, "sync-token", |_, resource| match resource.what {
        What::Shelf(shelf) => Some(text(token::write(shelf.id, resource.head?))),
        _ => None,
    })
    .needing(Needs::Head),
];

pub(super) fn entry<'r>(resource: &'r Resource<'_>) -> Option<&'r Entry> {
    match resource.what {
        What::Entry(entry) => Some(entry),
        _ => None,
    }
}

fn resourcetype<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    Some(match resource.what {
        // `collection` first: gvfs looks at nothing else.
        What::Principal => Value::Markup("<D:collection/><D:principal/>"),
        What::Shelf(shelf) => Value::Markup(match shelf.kind {
            ItemKind::Event => "<D:collection/><C:calendar/>",
            ItemKind::Contact => "<D:collection/><CR:addressbook/>",
        }),
        _ if resource.is_collection() => Value::Markup("<D:collection/>"),
        _ => Value::Empty,
    })
}

fn getcontentlength<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    if let What::Item(_, row) = resource.what {
        return Some(number(row.size));
    }
    match &entry(resource)?.kind {
        EntryKind::File {
            size: Some(size), ..
        } => Some(number(*size)),
        EntryKind::File { size: None, .. } | EntryKind::Folder => None,
    }
}

fn getetag<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    if let What::Item(_, row) = resource.what {
        return Some(text(format!("\"{}\"", row.etag)));
    }
    match &entry(resource)?.kind {
        EntryKind::File { version, .. } => Some(text(format!("\"{}\"", etag(version)))),
        EntryKind::Folder => None,
    }
}

fn getcontenttype<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    if let What::Item(kind, _) = resource.what {
        return Some(text(item_type(kind)));
    }
    match &entry(resource)?.kind {
        EntryKind::File {
            content_type: told, ..
        } => Some(Value::Text(content_type(told.as_deref(), &resource.name))),
        EntryKind::Folder => None,
    }
}

/// Bytes free, within a signed 64-bit number.
fn free(quota: Quota) -> u64 {
    let free = quota
        .total
        .map_or(UNLIMITED, |total| total.saturating_sub(quota.used));
    free.min(i64::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_fits_signed_numbers() {
        let quota = |used, total| Quota { used, total };
        assert_eq!(free(quota(10, Some(4))), 0);
        assert_eq!(free(quota(1, Some(5))), 4);
        assert_eq!(free(quota(1, None)), UNLIMITED);
        assert_eq!(free(quota(0, Some(u64::MAX))), i64::MAX as u64);
    }
}

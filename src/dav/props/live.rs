//! The live properties, one small function each.

use std::borrow::Cow;
use std::time::SystemTime;

use chrono::{DateTime, Datelike, Utc};

use crate::domain::{Entry, EntryKind, Quota};

use super::super::place;
use super::super::types::content_type;
use super::super::xml::DAV;
use super::resource::{Resource, Scene, What, etag};

const MICROSOFT: &str = "urn:schemas-microsoft-com:";
const APACHE: &str = "http://apache.org/dav/props/";

/// Told as free where a cloud has no limit: clients take absence for a full disk.
const UNLIMITED: u64 = 1 << 50;

/// The value of a property.
pub(super) enum Value<'r> {
    /// An empty element.
    Empty,
    /// Text.
    Text(Cow<'r, str>),
    /// One `D:href`.
    Href(String),
    /// Markup of ours; prefix `D` only.
    Markup(&'static str),
}

/// Whether a property is part of `allprop`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AllProp {
    Yes,
    /// For Windows, whose request for everything means these.
    Microsoft,
    No,
}

/// A property that the server knows.
pub(super) struct Live {
    pub(super) namespace: &'static str,
    pub(super) local: &'static str,
    pub(super) all: AllProp,
    /// Its value on a resource; `None` where it does not exist.
    pub(super) answer: for<'r> fn(&Scene<'_>, &'r Resource<'_>) -> Option<Value<'r>>,
}

const fn live(
    namespace: &'static str,
    local: &'static str,
    all: AllProp,
    answer: for<'r> fn(&Scene<'_>, &'r Resource<'_>) -> Option<Value<'r>>,
) -> Live {
    Live {
        namespace,
        local,
        all,
        answer,
    }
}

/// Every live property. The order is that of an `allprop` answer.
pub(super) const LIVE: &[Live] = &[
    // RFC 4918 §15
    live(DAV, "resourcetype", AllProp::Yes, resourcetype),
    live(DAV, "displayname", AllProp::Yes, |_, resource| {
        Some(Value::Text(resource.name.into()))
    }),
    live(DAV, "getcontentlength", AllProp::Yes, getcontentlength),
    live(DAV, "getlastmodified", AllProp::Yes, |_, resource| {
        entry(resource)?
            .modified
            .and_then(http_date)
            .map(Value::Text)
    }),
    live(DAV, "creationdate", AllProp::Yes, |_, resource| {
        entry(resource)?.created.and_then(iso_date).map(Value::Text)
    }),
    live(DAV, "getetag", AllProp::Yes, getetag),
    live(DAV, "getcontenttype", AllProp::Yes, getcontenttype),
    live(DAV, "supportedlock", AllProp::Yes, |_, _| {
        Some(Value::Empty)
    }),
    live(DAV, "lockdiscovery", AllProp::Yes, |_, _| {
        Some(Value::Empty)
    }),
    // RFC 5397, RFC 3744, RFC 3253
    live(DAV, "current-user-principal", AllProp::No, principal_href),
    live(DAV, "current-user-privilege-set", AllProp::No, |_, _| {
        Some(Value::Markup(READ_ONLY))
    }),
    live(DAV, "owner", AllProp::No, principal_href),
    live(DAV, "principal-collection-set", AllProp::No, |scene, _| {
        Some(Value::Href(place::href(
            scene.prefix,
            ["dav", "principals"],
            true,
        )))
    }),
    live(DAV, "principal-URL", AllProp::No, |scene, resource| {
        matches!(resource.what, What::Principal).then(|| principal_href(scene, resource))?
    }),
    live(DAV, "group-membership", AllProp::No, |_, resource| {
        matches!(resource.what, What::Principal).then_some(Value::Empty)
    }),
    live(DAV, "supported-report-set", AllProp::No, |_, _| {
        Some(Value::Empty)
    }),
    // RFC 4331: never part of allprop
    live(DAV, "quota-available-bytes", AllProp::No, |_, resource| {
        resource.quota.map(|quota| number(free(quota)))
    }),
    live(DAV, "quota-used-bytes", AllProp::No, |_, resource| {
        resource
            .quota
            .map(|quota| number(quota.used.min(i64::MAX as u64)))
    }),
    // Asked by WinSCP, rclone and davfs2
    live(DAV, "iscollection", AllProp::No, |_, resource| {
        Some(Value::Text(
            if resource.is_collection() { "1" } else { "0" }.into(),
        ))
    }),
    live(DAV, "ishidden", AllProp::No, |_, _| {
        Some(Value::Text("0".into()))
    }),
    live(APACHE, "executable", AllProp::No, |_, resource| {
        (!resource.is_collection()).then(|| Value::Text("F".into()))
    }),
    // Windows
    live(
        MICROSOFT,
        "Win32CreationTime",
        AllProp::Microsoft,
        |_, resource| {
            entry(resource)?
                .created
                .and_then(http_date)
                .map(Value::Text)
        },
    ),
    live(
        MICROSOFT,
        "Win32LastModifiedTime",
        AllProp::Microsoft,
        |_, resource| {
            entry(resource)?
                .modified
                .and_then(http_date)
                .map(Value::Text)
        },
    ),
    live(
        MICROSOFT,
        "Win32LastAccessTime",
        AllProp::Microsoft,
        |_, resource| {
            entry(resource)?
                .modified
                .and_then(http_date)
                .map(Value::Text)
        },
    ),
    live(
        MICROSOFT,
        "Win32FileAttributes",
        AllProp::Microsoft,
        |_, resource| {
            // FILE_ATTRIBUTE_DIRECTORY, or ARCHIVE and READONLY
            Some(Value::Text(
                if resource.is_collection() {
                    "00000010"
                } else {
                    "00000021"
                }
                .into(),
            ))
        },
    ),
];

const READ_ONLY: &str = "<D:privilege><D:read/></D:privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege>";

fn entry<'r>(resource: &'r Resource<'_>) -> Option<&'r Entry> {
    match resource.what {
        What::Entry(entry) => Some(entry),
        What::Collection | What::Principal => None,
    }
}

fn resourcetype<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    Some(match resource.what {
        // `collection` first: gvfs looks at nothing else.
        What::Principal => Value::Markup("<D:collection/><D:principal/>"),
        _ if resource.is_collection() => Value::Markup("<D:collection/>"),
        _ => Value::Empty,
    })
}

fn getcontentlength<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    match &entry(resource)?.kind {
        EntryKind::File {
            size: Some(size), ..
        } => Some(number(*size)),
        EntryKind::File { size: None, .. } | EntryKind::Folder => None,
    }
}

fn getetag<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    match &entry(resource)?.kind {
        EntryKind::File { version, .. } => {
            Some(Value::Text(format!("\"{}\"", etag(version)).into()))
        }
        EntryKind::Folder => None,
    }
}

fn getcontenttype<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    match &entry(resource)?.kind {
        EntryKind::File {
            content_type: told, ..
        } => Some(Value::Text(content_type(told.as_deref(), resource.name))),
        EntryKind::Folder => None,
    }
}

fn principal_href<'r>(scene: &Scene<'_>, _: &'r Resource<'_>) -> Option<Value<'r>> {
    let segments = ["dav", "principals", scene.user.as_str()];
    Some(Value::Href(place::href(scene.prefix, segments, true)))
}

fn number<'r>(number: u64) -> Value<'r> {
    Value::Text(number.to_string().into())
}

/// Bytes free, within a signed 64-bit number.
fn free(quota: Quota) -> u64 {
    let free = quota
        .total
        .map_or(UNLIMITED, |total| total.saturating_sub(quota.used));
    free.min(i64::MAX as u64)
}

/// RFC 9110 §5.6.7; years that fit only.
pub(in crate::dav) fn http_date(instant: DateTime<Utc>) -> Option<Cow<'static, str>> {
    fits(instant).map(|instant| httpdate::fmt_http_date(SystemTime::from(instant)).into())
}

/// RFC 3339 in UTC.
fn iso_date(instant: DateTime<Utc>) -> Option<Cow<'static, str>> {
    fits(instant).map(|instant| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string().into())
}

/// Dates that every client can hold.
fn fits(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1970..=9999).contains(&instant.year()).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_clients_parse_them() {
        let instant = DateTime::from_timestamp(1_513_720_956, 0).unwrap();
        assert_eq!(http_date(instant).unwrap(), "Tue, 19 Dec 2017 22:02:36 GMT");
        assert_eq!(iso_date(instant).unwrap(), "2017-12-19T22:02:36Z");
        assert!(http_date(DateTime::<Utc>::MAX_UTC).is_none());
        assert!(iso_date(DateTime::<Utc>::MIN_UTC).is_none());
    }

    #[test]
    fn space_fits_signed_numbers() {
        let quota = |used, total| Quota { used, total };
        assert_eq!(free(quota(10, Some(4))), 0);
        assert_eq!(free(quota(1, Some(5))), 4);
        assert_eq!(free(quota(1, None)), UNLIMITED);
        assert_eq!(free(quota(0, Some(u64::MAX))), i64::MAX as u64);
    }

    #[test]
    fn names_are_listed_once() {
        for (at, one) in LIVE.iter().enumerate() {
            let again = LIVE[..at]
                .iter()
                .any(|other| (other.namespace, other.local) == (one.namespace, one.local));
            assert!(!again, "{}", one.local);
        }
    }
}

//! Properties of calendars (RFC 4791 §5.2, §6.2; RFC 6638 §2.4, §9.1).

use crate::domain::ItemKind;

use super::super::place;
use super::super::xml::CALDAV;
use super::access::principal_href;
use super::live::{Live, Value, live, number, text};
use super::resource::{Resource, Scene, What};
use crate::mirror::Collection;

/// Longest object that is told as possible, in bytes; no object can be put here.
pub(super) const MAX_SIZE: u64 = 4 << 20;

pub(super) const LIVE: &[Live] = &[
    live(CALDAV, "calendar-home-set", |scene, resource| {
        home(scene, resource, ItemKind::Event)
    }),
    // The mail addresses of the accounts are not known; the principal is always the user's.
    live(CALDAV, "calendar-user-address-set", |scene, resource| {
        matches!(resource.what, What::Principal).then(|| principal_href(scene, resource))?
    }),
    live(CALDAV, "supported-calendar-component-set", |_, resource| {
        calendar(resource).map(|_| Value::Markup("<C:comp name=\"VEVENT\"/>"))
    }),
    live(CALDAV, "supported-calendar-data", |_, resource| {
        calendar(resource).map(|_| {
            Value::Markup("<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>")
        })
    }),
    live(CALDAV, "supported-collation-set", |_, resource| {
        calendar(resource).map(|_| {
            Value::Markup("<C:supported-collation>i;ascii-casemap</C:supported-collation><C:supported-collation>i;octet</C:supported-collation><C:supported-collation>i;unicode-casemap</C:supported-collation>")
        })
    }),
    live(CALDAV, "calendar-description", |_, resource| {
        calendar(resource)?.description.as_deref().map(text)
    }),
    live(CALDAV, "max-resource-size", |_, resource| {
        calendar(resource).map(|_| number(MAX_SIZE))
    }),
    live(CALDAV, "schedule-calendar-transp", |_, resource| {
        calendar(resource).map(|_| Value::Markup("<C:opaque/>"))
    }),
    // Only in reports: a PROPFIND has no data (RFC 4791 §9.6).
    live(CALDAV, "calendar-data", |_, resource| match resource.what {
        What::Item(ItemKind::Event, _) => resource.data.as_deref().map(text),
        _ => None,
    }),
];

pub(super) fn calendar<'r>(resource: &'r Resource<'_>) -> Option<&'r Collection> {
    match resource.what {
        What::Shelf(shelf) if shelf.kind == ItemKind::Event => Some(shelf),
        _ => None,
    }
}

/// The home of a kind, told of the principal where the credential opens it.
pub(super) fn home<'r>(
    scene: &Scene<'_>,
    resource: &Resource<'_>,
    kind: ItemKind,
) -> Option<Value<'r>> {
    let segments = ["dav", place::homes(kind), scene.user.as_str()];
    let told = matches!(resource.what, What::Principal) && place::opens(scene.services, kind);
    told.then(|| Value::Href(place::href(scene.prefix, segments, true)))
}

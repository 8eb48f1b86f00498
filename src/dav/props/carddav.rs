//! Properties of address books (RFC 6352 §6.2, §7.1).

use crate::domain::ItemKind;

use super::super::xml::CARDDAV;
use super::caldav::{MAX_SIZE, home};
use super::live::{Live, Value, live, number, text};
use super::resource::{Resource, What};
use crate::mirror::Collection;

pub(super) const LIVE: &[Live] = &[
    live(CARDDAV, "addressbook-home-set", |scene, resource| {
        home(scene, resource, ItemKind::Contact)
    }),
    // 3.0 alone: Apple's Contacts fails on 4.0, and DAVx5 writes it once it is told here.
    live(CARDDAV, "supported-address-data", |_, resource| {
        book(resource).map(|_| {
            Value::Markup("<CR:address-data-type content-type=\"text/vcard\" version=\"3.0\"/>")
        })
    }),
    live(CARDDAV, "supported-collation-set", |_, resource| {
        book(resource).map(|_| {
            Value::Markup("<CR:supported-collation>i;ascii-casemap</CR:supported-collation><CR:supported-collation>i;octet</CR:supported-collation><CR:supported-collation>i;unicode-casemap</CR:supported-collation>")
        })
    }),
    live(CARDDAV, "addressbook-description", |_, resource| {
        book(resource)?.description.as_deref().map(text)
    }),
    live(CARDDAV, "max-resource-size", |_, resource| {
        book(resource).map(|_| number(MAX_SIZE))
    }),
    // Only in reports.
    live(CARDDAV, "address-data", |_, resource| match resource.what {
        What::Item(ItemKind::Contact, _) => resource.data.as_deref().map(text),
        _ => None,
    }),
];

fn book<'r>(resource: &'r Resource<'_>) -> Option<&'r Collection> {
    match resource.what {
        What::Shelf(shelf) if shelf.kind == ItemKind::Contact => Some(shelf),
        _ => None,
    }
}

//! From records to contacts (fact sheet §5.2). Shapes of most fields are not certain: texts and
//! objects are accepted alike, and what makes no sense is left out.

use serde_json::Value;

use super::super::fields::{instant, told, truth};
use super::super::wire::{self, Record};
use super::books::Categories;
use super::details;
use crate::domain::{Contact, PersonName, PostalAddress, Typed};

/// Names of the field that holds the value of a mail address or a telephone number.
const VALUE: [&str; 6] = ["value", "address", "email", "number", "phone", "url"];

/// A contact; the categories are found by [`categories`].
pub(super) fn contact(record: &Record, categories: Vec<String>) -> Contact {
    let part = |name| told(record, name).unwrap_or_default();
    let mut contact = Contact {
        display_name: told(record, "name"),
        name: PersonName {
            given: part("firstname"),
            family: part("lastname"),
            ..PersonName::default()
        },
        emails: values(record.get("emails")),
        phones: values(record.get("phones")),
        addresses: list(record.get("addresses")).filter_map(address).collect(),
        categories,
        modified: instant(record, "updated_at"),
        ..Contact::default()
    };
    details::read(record, &mut contact);
    contact
}

/// Names of the categories that a record is in.
pub(super) fn categories(record: &Record, known: &Categories) -> Vec<String> {
    let name = |one: &Value| match one {
        Value::Object(category) => told(category, "name"),
        Value::Number(id) => known.get(&id.to_string()).cloned(),
        Value::String(text) => Some(known.get(text).unwrap_or(text).clone()),
        _ => None,
    };
    let names = list(record.get("categories")).filter_map(name);
    names.filter(|name| !name.trim().is_empty()).collect()
}

/// The members of a list; one value that is no list is its only member.
fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Some(Value::Array(list)) => (list.as_slice(), None),
        one => (&[][..], one),
    };
    many.iter().chain(one)
}

/// Texts with or without a type.
pub(super) fn values(value: Option<&Value>) -> Vec<Typed<String>> {
    list(value).filter_map(typed).collect()
}

fn typed(value: &Value) -> Option<Typed<String>> {
    let plain = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    match value {
        Value::String(text) => Some(untyped(plain(text)?)),
        Value::Object(record) => {
            let value = VALUE.iter().find_map(|name| told(record, name))?;
            Some(typed_as(value, record))
        }
        _ => None,
    }
}

fn untyped<T: Default>(value: T) -> Typed<T> {
    Typed {
        value,
        ..Typed::default()
    }
}

fn typed_as<T>(value: T, record: &Record) -> Typed<T> {
    let kinds = list(record.get("type")).filter_map(Value::as_str);
    let kinds = kinds.map(|kind| kind.trim().to_lowercase());
    Typed {
        value,
        kinds: kinds.filter(|kind| !kind.is_empty()).collect(),
        label: told(record, "label"),
        preferred: ["preferred", "default", "primary"]
            .iter()
            .any(|name| truth(record, name)),
    }
}

fn address(value: &Value) -> Option<Typed<PostalAddress>> {
    let record = match value {
        Value::Object(record) => record,
        text => {
            let street = text.as_str().filter(|text| !text.trim().is_empty())?;
            return Some(untyped(PostalAddress {
                street: street.to_owned(),
                ..PostalAddress::default()
            }));
        }
    };
    let part = |names: &[&str]| {
        let text = |name: &&str| told(record, name).or_else(|| digits(record, name));
        names.iter().find_map(text).unwrap_or_default()
    };
    let address = PostalAddress {
        box_number: part(&["pobox", "po_box", "postbox"]),
        extended: part(&["extended", "complement", "street2"]),
        street: part(&["street", "address", "value"]),
        locality: part(&["city", "locality", "town"]),
        region: part(&["region", "state", "canton", "province"]),
        code: part(&[
            "zip",
            "zipcode",
            "zip_code",
            "postcode",
            "postal_code",
            "code",
        ]),
        country: part(&["country", "country_name"]),
    };
    (address != PostalAddress::default()).then(|| typed_as(address, record))
}

/// A number, such as a postal code that was not spelled as text.
fn digits(record: &Record, name: &str) -> Option<String> {
    wire::number(record, name).map(|number| number.to_string())
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;

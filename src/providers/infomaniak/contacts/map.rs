//! From records to contacts (fact sheet §5.2). Shapes of most fields are not certain: texts and
//! objects are accepted alike, and what makes no sense is left out.

use serde_json::Value;

use super::super::fields::{instant, plain, told, truth};
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
        phones: list(record.get("phones")).filter_map(phone).collect(),
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
    let id = |id: String| known.get(&id).cloned();
    let name = |one: &Value| match one {
        Value::Object(category) => {
            told(category, "name").or_else(|| id(wire::key(category, "id")?))
        }
        Value::Number(number) => id(number.to_string()),
        Value::String(text) => Some(id(text.clone()).unwrap_or_else(|| text.clone())),
        _ => None,
    };
    let mut names: Vec<String> = Vec::new();
    for name in list(record.get("categories")).filter_map(name) {
        if !name.trim().is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
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

/// A telephone number, also one that was not spelled as text.
fn phone(value: &Value) -> Option<Typed<String>> {
    let digits = || value.as_u64().map(|number| untyped(number.to_string()));
    typed(value).or_else(digits)
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
        let mut found = record
            .iter()
            .filter(|field| names.contains(&&*plain(field.0)));
        found.find_map(|(_, value)| line(value)).unwrap_or_default()
    };
    let address = PostalAddress {
        box_number: part(&["pobox", "postbox", "postofficebox"]),
        extended: part(&["extended", "complement", "street2"]),
        street: part(&["street", "address", "value"]),
        locality: part(&["city", "locality", "town"]),
        region: part(&["region", "state", "canton", "province"]),
        code: part(&["zip", "zipcode", "postcode", "postalcode", "code"]),
        country: part(&["country", "countryname"]),
    };
    (address != PostalAddress::default()).then(|| typed_as(address, record))
}

/// A text; a postal code may be a number.
fn line(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;

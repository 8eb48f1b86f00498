//! What else is known of a contact, in any of the plausible shapes (fact sheet §5.2): fields of
//! the record, fields of an object `details`, or a list of `{type, value}`.

use serde_json::Value;

use super::super::fields::{plain, told};
use super::super::wire::Record;
use super::{birthday, map};
use crate::domain::{Contact, Typed};

/// Longest list of details that is read.
const MOST: usize = 1000;
/// Most levels of an organisation.
const LEVELS: usize = 5;

/// Reads them into a contact.
pub(super) fn read(record: &Record, contact: &mut Contact) {
    for (name, value) in record {
        one(name, value, contact);
    }
    for name in ["details", "others"] {
        match record.get(name) {
            Some(Value::Object(details)) => each(details, contact),
            Some(Value::Array(details)) => {
                let details = details.iter().take(MOST);
                details.for_each(|detail| entry(detail, contact));
            }
            _ => {}
        }
    }
}

fn each(details: &Record, contact: &mut Contact) {
    details
        .iter()
        .for_each(|(name, value)| one(name, value, contact));
}

/// A member of a list: a name beside a value, or fields.
fn entry(detail: &Value, contact: &mut Contact) {
    let Value::Object(detail) = detail else {
        return;
    };
    let name = ["type", "key", "kind", "field", "name", "label"];
    let name = name.iter().find_map(|name| told(detail, name));
    let value = ["value", "text", "content", "data"];
    let value = value.iter().find_map(|name| detail.get(*name));
    match (name, value) {
        (Some(name), Some(value)) => one(&name, value, contact),
        _ => each(detail, contact),
    }
}

/// One detail; the first of those that can be but once counts.
fn one(name: &str, value: &Value, contact: &mut Contact) {
    match &*plain(name) {
        "organization" | "organisation" | "company" | "org" | "firm" => {
            organization(value, contact);
        }
        "department" | "unit" => unit(value, 1, contact),
        "title" | "job" | "jobtitle" | "position" | "function" => first(&mut contact.title, value),
        "role" => first(&mut contact.role, value),
        "note" | "notes" | "comment" | "description" => first(&mut contact.note, value),
        "nickname" | "nicknames" => texts(value, &mut contact.nicknames),
        "birthday" | "birthdate" | "bday" | "dateofbirth" => {
            contact.birthday = contact.birthday.or_else(|| birthday::read(value));
        }
        "anniversary" => {
            contact.anniversary = contact.anniversary.or_else(|| birthday::read(value));
        }
        "url" | "urls" | "website" | "websites" | "web" => typed(value, &mut contact.urls),
        "impp" | "im" | "messenger" | "messengers" => typed(value, &mut contact.messengers),
        _ => {}
    }
}

/// The text of a value, also inside an object or as the first of a list.
fn text(value: &Value) -> Option<String> {
    map::values(Some(value))
        .into_iter()
        .next()
        .map(|one| one.value)
}

fn first(field: &mut Option<String>, value: &Value) {
    if field.is_none() {
        *field = text(value);
    }
}

fn texts(value: &Value, list: &mut Vec<String>) {
    for one in map::values(Some(value)) {
        if !list.contains(&one.value) {
            list.push(one.value);
        }
    }
}

fn typed(value: &Value, list: &mut Vec<Typed<String>>) {
    for one in map::values(Some(value)) {
        if list.iter().all(|known| known.value != one.value) {
            list.push(one);
        }
    }
}

/// An organisation: a text, a list of it and its units, or an object with names for them.
fn organization(value: &Value, contact: &mut Contact) {
    match value {
        Value::Array(parts) => {
            let levels = parts.iter().take(LEVELS).enumerate();
            levels.for_each(|(level, part)| unit(part, level, contact));
        }
        Value::Object(parts) if parts.contains_key("name") => {
            for (level, name) in ["name", "department"].into_iter().enumerate() {
                unit(parts.get(name).unwrap_or(&Value::Null), level, contact);
            }
        }
        other => unit(other, 0, contact),
    }
}

/// The organisation (level 0) or a unit of it. A unit whose organisation is not known yet waits
/// behind an empty name.
fn unit(value: &Value, level: usize, contact: &mut Contact) {
    let Some(name) = text(value) else {
        return;
    };
    let parts = &mut contact.organization;
    if parts.len() <= level {
        parts.resize(level + 1, String::new());
    }
    if let Some(part) = parts.get_mut(level).filter(|part| part.is_empty()) {
        *part = name;
    }
}

#[cfg(test)]
#[path = "details_tests.rs"]
mod tests;

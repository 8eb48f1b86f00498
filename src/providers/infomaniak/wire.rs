//! Infomaniak's JSON: the envelope, and fields of records that may be damaged (§1.4, §1.5).

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::domain::{Error, Kind, Result};
use crate::upstream::{Answer, json};

/// A successful answer, its fields unread.
#[derive(Debug)]
pub(super) struct Envelope(Fields);

type Fields = BTreeMap<String, Box<RawValue>>;

/// A JSON object of unknown soundness.
pub(super) type Record = Map<String, Value>;

impl Envelope {
    /// Reads an answer. Errors are errors on every status.
    pub(super) fn read(answer: &Answer) -> Result<Self, Failure> {
        let status = answer.status();
        let bare = |trouble: Error| {
            let refusal = match status {
                200..=299 => trouble.into(),
                _ => Refusal::bare(status),
            };
            Failure::from(refusal)
        };
        let top: Fields = json(answer.body()).map_err(bare)?;
        let codes = codes(&top);
        if !codes.is_empty() {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            return Err(Failure {
                told: result(&top).as_deref() == Some("error"),
                is_final: Refusal::is_final(&codes),
                refusal: Refusal::told(status, &codes),
            });
        }
        let success = result(&top).as_deref() == Some("success");
        if !success || !(200..=299).contains(&status) || !top.contains_key("data") {
            return Err(bare(broken("the answer tells no success")));
        }
        Ok(Self(top))
    }

    /// `data` as a list. A record that cannot be read is `null`.
    pub(super) fn list(&self) -> Result<Vec<Value>> {
        let records: Option<Vec<Box<RawValue>>> = field(&self.0, "data");
        let records = records.ok_or_else(|| broken("the answer holds no list"))?;
        let read = |record: Box<RawValue>| serde_json::from_str(record.get()).unwrap_or_default();
        Ok(records.into_iter().map(read).collect())
    }

    /// The rows of a list that is `data` itself or one of its fields.
    pub(super) fn rows(&self, names: &[&str]) -> Result<Vec<Row>> {
        let inner = || {
            let data: Fields = field(&self.0, "data")?;
            names.iter().find_map(|name| field(&data, name))
        };
        let rows: Option<Vec<Box<RawValue>>> = field(&self.0, "data").or_else(inner);
        let rows = rows.ok_or_else(|| broken("the answer holds no list"))?;
        Ok(rows.iter().map(|row| self::row(row)).collect())
    }

    /// `data` as an object.
    pub(super) fn object(&self) -> Result<Record> {
        field(&self.0, "data").ok_or_else(|| broken("the answer holds no object"))
    }

    /// The cursor of the next page of a v3 list.
    pub(super) fn next(&self) -> Result<Option<String>> {
        let fields = ["cursor", "has_more"].into_iter();
        let fields = fields.filter_map(|name| Some((name.to_owned(), field(&self.0, name)?)));
        next(&fields.collect())
    }

    /// A number at top level.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        field(&self.0, name)
    }
}

/// A row of a list, read by itself.
pub(super) type Row = std::result::Result<Record, Damaged>;

/// A row that is there but cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged {
    /// Whose it is, where that much can be read.
    pub(super) id: Option<String>,
    /// What is wrong with it; no content.
    pub(super) reason: &'static str,
}

fn row(row: &RawValue) -> Row {
    let reason = match serde_json::from_str(row.get()) {
        Ok(Value::Object(record)) => return Ok(record),
        Ok(_) => "the record is no object",
        Err(_) => "the record cannot be read",
    };
    // its id may be sound
    let fields: Fields = serde_json::from_str(row.get()).unwrap_or_default();
    let id = field(&fields, "id").and_then(|id| key_of(&id));
    Err(Damaged { id, reason })
}

/// The cursor of the next page: `None` at the end. More to come without a cursor is an error,
/// not an end.
pub(super) fn next(page: &Record) -> Result<Option<String>> {
    let cursor = text(page, "cursor").filter(|cursor| !cursor.is_empty());
    let more = match page.get("has_more") {
        Some(Value::Bool(more)) => *more,
        _ => cursor.is_some(),
    };
    match (more, cursor) {
        (false, _) => Ok(None),
        (true, Some(cursor)) => Ok(Some(cursor.to_owned())),
        (true, None) => Err(broken("the list goes on but tells no cursor")),
    }
}

fn broken(message: &'static str) -> Error {
    Error::cloud(Kind::Broken, message)
}

/// An answer that is no success.
pub(super) struct Failure {
    pub(super) refusal: Refusal,
    /// Whether it is a complete error envelope.
    pub(super) told: bool,
    /// Whether asking again is useless although it is a server error.
    pub(super) is_final: bool,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            told: false,
            is_final: false,
        }
    }
}

/// The codes of an error envelope or of a bare inner error, the outermost first.
fn codes(top: &Fields) -> Vec<String> {
    let is_error = result(top).as_deref() == Some("error");
    let wrapped: Option<Record> = field(top, "error");
    let bare = is_error || !top.contains_key("result");
    let (main, inner) = match &wrapped {
        Some(error) => (
            text(error, "code").map(str::to_owned),
            error.get("errors").cloned(),
        ),
        None if bare => (field(top, "code"), field(top, "errors")),
        None => return Vec::new(),
    };
    let inner = inner
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let inner = inner.filter_map(|one| one.get("code")?.as_str().map(str::to_owned));
    let mut codes: Vec<String> = main.into_iter().chain(inner).collect();
    if codes.is_empty() && is_error {
        codes.push(String::new());
    }
    codes
}

fn result(top: &Fields) -> Option<String> {
    field(top, "result")
}

/// A field of a known shape.
fn field<T: serde::de::DeserializeOwned>(fields: &Fields, name: &str) -> Option<T> {
    serde_json::from_str(fields.get(name)?.get()).ok()
}

/// A text field.
pub(super) fn text<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.get(name)?.as_str()
}

/// A whole number that is not negative.
pub(super) fn number(record: &Record, name: &str) -> Option<u64> {
    record.get(name)?.as_u64()
}

/// An id: a positive number, also spelled as text.
pub(super) fn id(record: &Record, name: &str) -> Option<u64> {
    let value = record.get(name)?;
    let id = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    id.filter(|id| *id > 0)
}

/// An id as the domain has it: a positive number, or text.
pub(super) fn key(record: &Record, name: &str) -> Option<String> {
    key_of(record.get(name)?)
}

fn key_of(id: &Value) -> Option<String> {
    match id {
        Value::Number(id) => id.as_u64().filter(|id| *id > 0).map(|id| id.to_string()),
        Value::String(id) => {
            let id = id.trim();
            let plain = !id.is_empty() && id.len() <= 200 && !id.contains(char::is_control);
            plain.then(|| id.to_owned())
        }
        _ => None,
    }
}

/// An id as a part of an address.
pub(super) fn segment(id: &str) -> Result<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.is_empty() || !id.bytes().all(plain) {
        return Err(broken("the id cannot be part of an address"));
    }
    Ok(id)
}

/// A switch.
pub(super) fn flag(record: &Record, name: &str) -> bool {
    record.get(name).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;

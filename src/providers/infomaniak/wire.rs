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

/// A switch.
pub(super) fn flag(record: &Record, name: &str) -> bool {
    record.get(name).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;

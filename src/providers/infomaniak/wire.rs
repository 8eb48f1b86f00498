//! Infomaniak's JSON: the envelope, and fields of records that may be damaged (§1.4, §1.5).

use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::domain::{Error, Kind, Result};
use crate::upstream::{Answer, json};

/// A successful answer.
#[derive(Debug)]
pub(super) struct Envelope(Map<String, Value>);

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
        let document = json(answer.body()).map_err(bare)?;
        let Value::Object(top) = document else {
            return Err(bare(Error::cloud(
                Kind::Broken,
                "the answer is no envelope",
            )));
        };
        let codes = codes(&top);
        if !codes.is_empty() {
            return Err(Failure {
                told: text(&top, "result") == Some("error"),
                is_final: Refusal::is_final(&codes),
                refusal: Refusal::told(status, &codes),
            });
        }
        let success = text(&top, "result") == Some("success");
        if !success || !(200..=299).contains(&status) || !top.contains_key("data") {
            return Err(bare(Error::cloud(
                Kind::Broken,
                "the answer tells no success",
            )));
        }
        Ok(Self(top))
    }

    /// `data` as a list.
    pub(super) fn list(&mut self) -> Result<Vec<Value>> {
        match self.0.get_mut("data").map(Value::take) {
            Some(Value::Array(list)) => Ok(list),
            _ => Err(Error::cloud(Kind::Broken, "the answer holds no list")),
        }
    }

    /// `data` as an object.
    pub(super) fn object(&mut self) -> Result<Record> {
        match self.0.get_mut("data").map(Value::take) {
            Some(Value::Object(object)) => Ok(object),
            _ => Err(Error::cloud(Kind::Broken, "the answer holds no object")),
        }
    }

    /// The cursor of the next page of a v3 list.
    pub(super) fn next(&self) -> Result<Option<String>> {
        next(&self.0)
    }

    /// A number at top level.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
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
        (true, None) => Err(Error::cloud(
            Kind::Broken,
            "the list goes on but tells no cursor",
        )),
    }
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
fn codes(top: &Record) -> Vec<&str> {
    let is_error = text(top, "result") == Some("error");
    let error = match top.get("error") {
        Some(Value::Object(error)) => error,
        // the bare inner object
        _ if is_error || !top.contains_key("result") => top,
        _ => return Vec::new(),
    };
    let main = text(error, "code").into_iter();
    let inner = error.get("errors").and_then(Value::as_array);
    let inner = inner
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("code")?.as_str());
    let mut codes: Vec<&str> = main.chain(inner).collect();
    if codes.is_empty() && is_error {
        codes.push("");
    }
    codes
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

//! Spoiling an answer that was right.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::spec::{Bad, Kind};
use crate::payload::{Payload, Trouble};
use crate::reply::Reply;
use crate::surrogate;

/// Stands for half a surrogate pair until the JSON is text.
const HALF: &str = "\u{f8ff}d83d\u{f8ff}";
/// Fields that get wrong types; the id stays right.
const TYPED: [&str; 11] = [
    "name",
    "size",
    "type",
    "last_modified_at",
    "added_at",
    "title",
    "start",
    "end",
    "rrule",
    "attendees",
    "emails",
];
/// Stands for the deep nesting until the JSON is text.
const DEEP: &str = "\"\u{f8ff}deep\u{f8ff}\"";

/// The answer with a fault on it.
pub(crate) fn spoil(reply: Reply, kind: &Kind) -> Reply {
    match kind {
        Kind::Cut { after } => troubled(reply, Trouble::Cut(*after)),
        Kind::Stall { after } => troubled(reply, Trouble::Stall(*after)),
        Kind::Slow { piece, every_ms } => {
            let pause = Duration::from_millis(*every_ms);
            troubled(
                reply,
                Trouble::Slow {
                    piece: *piece,
                    pause,
                },
            )
        }
        Kind::Short { keep } => reply.map(|body| body.shortened(*keep)),
        Kind::Malformed => reply.map(|body| {
            let half = body.left() / 2;
            body.shortened(half)
        }),
        Kind::BadRecord { index, how } => rewritten(reply, |json| bad_record(json, *index, *how)),
        Kind::Patch { pointer, value } => rewritten(reply, |json| patch(json, pointer, value)),
        Kind::Header { name, value } => with_header(reply, name, value),
        _ => reply,
    }
}

fn troubled(reply: Reply, trouble: Trouble) -> Reply {
    reply.map(|body| body.with_trouble(trouble))
}

fn with_header(mut reply: Reply, name: &str, value: &str) -> Reply {
    let name = HeaderName::from_bytes(name.as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

/// The answer with its JSON changed; other bodies stay.
fn rewritten(reply: Reply, change: impl FnOnce(&mut Value)) -> Reply {
    reply.map(|body| {
        let json = body
            .whole()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .and_then(|text| serde_json::from_str(&surrogate::hide(text)).ok());
        let Some(mut json) = json else {
            return body;
        };
        change(&mut json);
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        let text = surrogate::show(&json.to_string()).replace(DEEP, &deep);
        Payload::from(Bytes::from(text))
    })
}

/// The records of a listing: `data`, or `data.files` of the change feeds.
fn records(json: &mut Value) -> Option<&mut Vec<Value>> {
    let data = json.get_mut("data")?;
    if data.is_array() {
        return data.as_array_mut();
    }
    let names = [
        "files",
        "actions_files",
        "actions",
        "events",
        "calendars",
        "addressbooks",
    ];
    let fields = data.as_object_mut()?;
    let lists = fields
        .iter_mut()
        .filter(|field| names.contains(&field.0.as_str()));
    let mut lists = lists.filter_map(|field| field.1.as_array_mut());
    lists.find(|list| !list.is_empty())
}

fn bad_record(json: &mut Value, index: usize, how: Bad) {
    let Some(record) = records(json).and_then(|records| records.get_mut(index)) else {
        return;
    };
    let titled = record.get("title").is_some();
    let name = if titled { "title" } else { "name" };
    match how {
        Bad::Null => *record = Value::Null,
        Bad::Text => *record = json!("not a record"),
        Bad::Types => {
            for name in TYPED {
                if record.get(name).is_none() {
                    continue;
                }
                record[name] = json!({ "wrong": [name] });
            }
        }
        Bad::NoName => remove(record, name),
        Bad::NoId => remove(record, "id"),
        Bad::Surrogate => record[name] = json!(format!("half {HALF} pair.txt")),
        Bad::Deep => record["color"] = json!(DEEP.trim_matches('"')),
    }
}

fn remove(record: &mut Value, name: &str) {
    if let Some(fields) = record.as_object_mut() {
        fields.remove(name);
    }
}

fn patch(json: &mut Value, pointer: &str, value: &Option<Value>) {
    let Some((above, name)) = pointer.rsplit_once('/') else {
        return;
    };
    match (json.pointer_mut(above), value) {
        (Some(Value::Object(fields)), Some(value)) => {
            fields.insert(name.to_owned(), value.clone());
        }
        (Some(Value::Object(fields)), None) => {
            fields.remove(name);
        }
        (Some(Value::Array(list)), value) => {
            let index = name.parse().ok().filter(|index| *index < list.len());
            match (index, value) {
                (Some(index), Some(value)) => list[index] = value.clone(),
                (Some(index), None) => drop(list.remove(index)),
                (None, _) => {}
            }
        }
        _ => {}
    }
}

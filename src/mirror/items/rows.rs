//! Between parts as the ports have them and rows as the store keeps them.

use crate::domain::{Error, Item, Kind, Part, Result, Seen, ShelfId};
use crate::store::NewPart;
use crate::text::Render;

/// The name of a part in the store; equal parts have equal names.
pub(super) fn part_key(part: &Part) -> Result<String> {
    serde_json::to_string(part).map_err(|error| unwritable(&error))
}

/// Reads the name of a part back.
pub(super) fn part_of(key: &str) -> Result<Part> {
    serde_json::from_str(key).map_err(|error| unreadable(&error))
}

/// A row that a look saw. Of a feed of `several` shelves its version changes with those that it
/// lies on, which a cloud's version says nothing of.
pub(super) fn seen_row<K: Item>(seen: Seen<K>, several: bool) -> Result<NewPart> {
    let mut shelves = seen.shelves;
    shelves.sort();
    let mut row = value_row(&seen.part, shelves, seen.value.as_ref())?;
    row.version = seen.version.as_str().to_owned();
    for shelf in row.shelves.iter().filter(|_| several) {
        row.version.push('@');
        row.version.push_str(shelf.as_str());
    }
    row.more = seen.more;
    Ok(row)
}

/// A row of a value.
pub(super) fn value_row<K: Item>(
    part: &Part,
    shelves: Vec<ShelfId>,
    value: Option<&K>,
) -> Result<NewPart> {
    let span = value.and_then(Item::span);
    Ok(NewPart {
        part: part_key(part)?,
        version: String::new(),
        more: false,
        first: span.map(|span| span.from),
        last: span.map(|span| span.to),
        shelves,
        uid: None,
        value: value
            .map(serde_json::to_string)
            .transpose()
            .map_err(|error| unwritable(&error))?,
    })
}

/// The value of a row; `None` where none was told.
pub(super) fn value_of<K: Render>(row: &NewPart) -> Result<Option<(Part, K)>> {
    let Some(value) = &row.value else {
        return Ok(None);
    };
    let value = serde_json::from_str(value).map_err(|error| unreadable(&error))?;
    Ok(Some((part_of(&row.part)?, value)))
}

fn unwritable(error: &serde_json::Error) -> Error {
    Error::bridge(Kind::Broken, format!("a part cannot be kept: {error}"))
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::bridge(
        Kind::Down,
        format!("the store holds a part that cannot be read: {error}"),
    )
}

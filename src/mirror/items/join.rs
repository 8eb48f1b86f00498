//! The parts of one item joined into its text.

use chrono::{DateTime, SubsecRound, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::names;
use super::rows::value_of;
use crate::domain::{ItemId, ItemKind, Part, Result, ShelfId};
use crate::store::{Publish, PublishedRow, StoredPart, Text};
use crate::text::{Object, Render, Rendered};

/// An item as joined from its parts.
pub(super) struct Joined<K> {
    pub(super) parts: Vec<(Part, K)>,
    pub(super) shelves: Vec<ShelfId>,
    pub(super) uid: Option<String>,
}

/// What is known of an item: a single reading counts alone, else the rows of listings.
pub(super) fn join<K: Render>(stored: &[StoredPart]) -> Result<Option<Joined<K>>> {
    let fetched = stored.iter().any(|part| part.fetched);
    let mut joined = Joined {
        parts: Vec::new(),
        shelves: Vec::new(),
        uid: None,
    };
    for row in stored.iter().filter(|part| part.fetched == fetched) {
        let Some(value) = value_of::<K>(&row.part)? else {
            continue;
        };
        joined.parts.push(value);
        joined.shelves.extend(row.part.shelves.iter().cloned());
        joined.uid = joined.uid.or_else(|| row.part.uid.clone());
    }
    Ok((!joined.parts.is_empty()).then_some(joined))
}

/// The text under its own stamp if that gives the bytes that are served, else under a new one.
pub(super) fn text<K: Render>(
    uid: &str,
    parts: &[(Part, K)],
    row: Option<&PublishedRow>,
    keep_stamp: bool,
    now: DateTime<Utc>,
) -> Result<Text> {
    let render = |stamp: DateTime<Utc>| -> Result<Text> {
        let object = Object { uid, parts, stamp };
        Ok(finished::<K>(K::render(&object)?, stamp))
    };
    let now = now.trunc_subsecs(0);
    let Some(row) = row.filter(|row| !row.removed) else {
        return render(now);
    };
    let same = render(row.stamp)?;
    if same.etag == row.etag || keep_stamp {
        return Ok(same);
    }
    render(now)
}

fn finished<K: Render>(rendered: Rendered, stamp: DateTime<Utc>) -> Text {
    let hash = Sha256::digest(rendered.text.as_bytes());
    Text {
        etag: HEXLOWER.encode(&hash[..12]),
        text: rendered.text,
        first: rendered.first,
        last: rendered.last,
        recurring: rendered.recurring,
        renderer: K::RENDERER,
        stamp,
    }
}

/// What a text changes in a collection, whose content is `served` or not yet; `None`: nothing.
pub(super) fn change(
    (collection, served): (i64, bool),
    item: &ItemId,
    uid: &str,
    row: Option<&PublishedRow>,
    text: Text,
    kind: ItemKind,
) -> Option<Publish> {
    let same = row.filter(|row| !row.removed && row.etag == text.etag);
    match same {
        Some(row) if row.kept && row.renderer == text.renderer => None,
        // Who was told of it while there was no text asks again for what has changed since.
        Some(row) if row.kept || !served => Some(Publish::Same {
            collection,
            item: item.clone(),
            text,
        }),
        _ => Some(Publish::Serve {
            collection,
            item: item.clone(),
            name: names::name(kind, item),
            uid: uid.to_owned(),
            text,
        }),
    }
}

/// Whether a UID can stand in any client's database.
pub(super) fn is_plain(uid: &str) -> bool {
    !uid.is_empty() && uid.len() <= 200 && uid.bytes().all(|c| c.is_ascii_graphic())
}

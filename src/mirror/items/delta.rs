//! What changed since a client asked last.

use std::sync::Arc;

use super::collection::{Collection, Delta, Row, Since};
use super::head::Head;
use super::read::at;
use crate::domain::{Call, Error, Kind, Result};
use crate::mirror::Mirror;
use crate::store::ItemRow;

impl Delta {
    /// Nothing has changed since the state of this head.
    #[must_use]
    pub fn none(head: Head) -> Self {
        Self {
            to: Since::Revision(head.revision),
            head,
            changed: Vec::new(),
            removed: Vec::new(),
            more: false,
        }
    }

    /// Of the rows after `since`, in order of their revision, those that fit into `limit`.
    fn of(head: Head, mut rows: Vec<ItemRow>, since: Since, limit: Option<usize>) -> Self {
        let more = limit.is_some_and(|limit| rows.len() > limit);
        rows.truncate(limit.unwrap_or(usize::MAX));
        let told = match rows.last() {
            Some(last) if more => last.revision.unsigned_abs(),
            None if more => since.told(),
            _ => head.revision,
        };
        let to = since.then(told, head.revision);
        let (removed, changed): (Vec<ItemRow>, Vec<ItemRow>) =
            rows.into_iter().partition(|row| row.removed);
        Self {
            head,
            changed: changed.into_iter().map(Row::from).collect(),
            removed: removed.into_iter().map(|row| row.name).collect(),
            to,
            more,
        }
    }
}

impl Mirror {
    /// What changed since a client asked last, at most `limit` items; the caller has made sure
    /// that the revisions are of this collection's life. `StaleCursor` of the client where what
    /// was removed since is forgotten; other errors as of [`Mirror::listing`].
    pub async fn delta(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
        since: Since,
        limit: Option<usize>,
    ) -> Result<Delta> {
        let head = self.current(call, collection).await?;
        if since.told() >= head.revision {
            return Ok(Delta::none(head));
        }
        // one more tells whether there are more
        let most = limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX).saturating_add(1));
        let number = |revision| i64::try_from(revision).unwrap_or(i64::MAX);
        let known = since.known().map(number);
        let store = &self.items.store;
        let (revision, floor, rows) = store
            .changed_items(collection.id, number(since.told()), known, most)
            .await?;
        collection.cell.raise(revision);
        if known.is_some_and(|known| known < floor) {
            // It was purged just now; the next head tells it.
            let message = "changes since then can no longer be told apart";
            return Err(Error::client(Kind::StaleCursor, message));
        }
        Ok(Delta::of(at(head, revision), rows, since, limit))
    }
}

//! What changed since a revision.

use std::sync::Arc;

use super::collection::{Collection, Delta, Row};
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
            to: head.revision,
            head,
            changed: Vec::new(),
            removed: Vec::new(),
            more: false,
        }
    }

    /// Of the rows after `since`, in order of their revision, those that fit into `limit`.
    fn of(head: Head, mut rows: Vec<ItemRow>, since: u64, limit: Option<usize>) -> Self {
        let more = limit.is_some_and(|limit| rows.len() > limit);
        rows.truncate(limit.unwrap_or(usize::MAX));
        let to = match rows.last() {
            Some(last) if more => last.revision.unsigned_abs(),
            None if more => since,
            _ => head.revision,
        };
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
    /// What changed after the revision `since`, at most `limit` items; the caller has made sure
    /// that the revision is one of this collection's life. Errors as of [`Mirror::listing`].
    pub async fn delta(
        self: &Arc<Self>,
        call: &Call,
        collection: &Arc<Collection>,
        since: u64,
        limit: Option<usize>,
    ) -> Result<Delta> {
        let head = self.current(call, collection).await?;
        if since >= head.revision {
            return Ok(Delta::none(head));
        }
        // one more tells whether there are more
        let most = limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX).saturating_add(1));
        let from = i64::try_from(since).unwrap_or(i64::MAX);
        let store = &self.items.store;
        let (revision, floor, rows) = store
            .changed_items(collection.id, (from > 0).then_some(from), most)
            .await?;
        collection.cell.raise(revision);
        if from > 0 && from < floor {
            // It was purged just now; the next head tells it.
            let message = "changes since then can no longer be told apart";
            return Err(Error::client(Kind::StaleCursor, message));
        }
        Ok(Delta::of(at(head, revision), rows, since, limit))
    }
}

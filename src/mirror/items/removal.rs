//! When an item that looks no longer see is believed to be gone.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::domain::ItemId;

/// Two looks that have to agree are at least so far apart where single items cannot be read.
const AGREE_AFTER: Duration = Duration::from_mins(10);
/// The same where a look would take a collection's items away wholesale.
const AGREE_ON_MANY_AFTER: Duration = Duration::from_hours(1);
/// An item that was read although looks miss it is not read again before.
const READ_AGAIN_AFTER: Duration = Duration::from_hours(1);
/// From so many items on half of them are many.
const MANY: usize = 20;

/// Items that complete looks missed. In memory: a restart only delays.
#[derive(Debug, Default)]
pub(super) struct Doubts(HashMap<ItemId, Doubt>);

/// A doubt about one item.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    /// When it was first missed.
    since: Instant,
    /// When a single reading found it nevertheless.
    found: Option<Instant>,
}

/// What to make of the items that a look missed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// To be confirmed by a single reading, or, without one, gone.
    pub(super) ripe: Vec<ItemId>,
    /// Wait for another look.
    pub(super) waiting: usize,
}

impl Doubts {
    /// There is nothing to doubt about these items any more.
    pub(super) fn clear<'a>(&mut self, items: impl IntoIterator<Item = &'a ItemId>) {
        for item in items {
            self.0.remove(item);
        }
    }

    /// A single reading found an item that looks miss.
    pub(super) fn found(&mut self, item: &ItemId, now: Instant) {
        if let Some(doubt) = self.0.get_mut(item) {
            doubt.found = Some(now);
        }
    }

    /// Judges what a complete look missed of one collection with `live` items. `can_fetch`: a
    /// single reading follows, so one look is enough for few.
    pub(super) fn judge(
        &mut self,
        missed: &HashSet<ItemId>,
        live: usize,
        can_fetch: bool,
        now: Instant,
    ) -> Verdict {
        let many = missed.len() >= live || (live >= MANY && missed.len() * 2 > live);
        let wait = match (many, can_fetch) {
            (true, _) => Some(AGREE_ON_MANY_AFTER),
            (false, false) => Some(AGREE_AFTER),
            (false, true) => None,
        };
        let mut verdict = Verdict::default();
        for item in missed {
            let known = self.0.contains_key(item);
            let new = Doubt {
                since: now,
                found: None,
            };
            let doubt = *self.0.entry(item.clone()).or_insert(new);
            let agreed = known && now.duration_since(doubt.since) >= wait.unwrap_or_default();
            let read = doubt.found.map(|found| now.duration_since(found));
            if read.is_some_and(|age| age < READ_AGAIN_AFTER) {
                continue;
            }
            if wait.is_none() || agreed {
                verdict.ripe.push(item.clone());
            } else {
                verdict.waiting += 1;
            }
        }
        verdict.ripe.sort();
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(range: std::ops::Range<u32>) -> HashSet<ItemId> {
        range.map(|id| ItemId::new(id.to_string())).collect()
    }

    #[test]
    fn few_are_read_at_once_or_wait_for_a_second_look() {
        let start = Instant::now();
        let mut doubts = Doubts::default();
        assert_eq!(doubts.judge(&items(0..2), 10, true, start).ripe.len(), 2);
        let mut doubts = Doubts::default();
        assert_eq!(doubts.judge(&items(0..2), 10, false, start).waiting, 2);
        let early = start + AGREE_AFTER - Duration::from_secs(1);
        assert_eq!(doubts.judge(&items(0..2), 10, false, early).waiting, 2);
        let late = start + AGREE_AFTER;
        assert_eq!(doubts.judge(&items(0..2), 10, false, late).ripe.len(), 2);
    }

    #[test]
    fn a_collection_is_not_emptied_by_one_look() {
        let start = Instant::now();
        for (missed, live) in [(1, 1), (11, 20), (20, 20)] {
            let mut doubts = Doubts::default();
            let missed = items(0..missed);
            assert!(doubts.judge(&missed, live, true, start).ripe.is_empty());
            let early = start + AGREE_AFTER;
            assert!(doubts.judge(&missed, live, true, early).ripe.is_empty());
            let late = start + AGREE_ON_MANY_AFTER;
            let verdict = doubts.judge(&missed, live, true, late);
            assert_eq!(verdict.ripe.len(), missed.len());
        }
        let mut doubts = Doubts::default();
        assert_eq!(
            doubts.judge(&items(0..10), 20, true, start).waiting,
            0,
            "half is not more than half"
        );
    }

    #[test]
    fn an_item_seen_again_begins_anew() {
        let start = Instant::now();
        let mut doubts = Doubts::default();
        doubts.judge(&items(0..1), 10, false, start);
        doubts.clear(&items(0..1));
        let late = start + AGREE_AFTER;
        assert_eq!(doubts.judge(&items(0..1), 10, false, late).waiting, 1);
    }
}

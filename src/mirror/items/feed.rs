//! The state of a feed in memory: ages, backoff, doubts.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::super::flight::Flight;
use super::removal::Doubts;
use crate::domain::{Error, ItemId, Kind};
use crate::store::FeedRow;

/// First wait after a failed look; doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(15);

/// A feed in this process.
#[derive(Default)]
pub(super) struct FeedState {
    /// The look under way.
    pub(super) flight: Flight<()>,
    /// Held by whoever changes what is kept: there is one worker at a time.
    pub(super) work: tokio::sync::Mutex<()>,
    inner: Mutex<Inner>,
}

/// What is remembered of a feed between looks.
#[derive(Default)]
pub(super) struct Inner {
    /// Generation of the connection for which the stored ages were taken over: a disconnect or a
    /// restore of the store shows in a new one.
    pub(super) loaded: Option<i64>,
    /// Whether there was a complete look, ever.
    pub(super) complete: bool,
    /// Whether the cloud gives a cursor.
    pub(super) cursor: bool,
    /// Generation of the connection at the last good look.
    pub(super) generation: i64,
    near: Option<Instant>,
    full: Option<Instant>,
    /// Not tried again before, and the wait that led there.
    pause: Option<(Instant, Duration)>,
    /// Generation of the connection at the last failed look.
    failed: i64,
    /// What was wrong at the last try.
    pub(super) problem: Option<Error>,
    /// When a client last asked for it.
    pub(super) used: Option<Instant>,
    /// Whether older texts were looked for.
    pub(super) rendered: bool,
    /// Items that looks missed.
    pub(super) doubts: Doubts,
    /// Items whose single reading failed, and how often.
    pub(super) failures: HashMap<ItemId, u32>,
    /// Series whose rows the last look at everything saw as they were: to be read again.
    pub(super) unchanged: Vec<ItemId>,
    /// Whether series are read again now.
    pub(super) rereading: bool,
    /// Items that were found on shelves that no list tells.
    pub(super) strangers: HashSet<ItemId>,
    /// Records that cannot be read and were told of in the log.
    told: HashSet<(Option<ItemId>, String)>,
}

/// Of so many unreadable records of a feed the log tells in plain sight.
const TOLD: usize = 100;

impl FeedState {
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whether the log is to tell of an unreadable record: once, and not of thousands.
    pub(super) fn tell(&mut self, item: Option<&ItemId>, reason: &str) -> bool {
        self.told.len() < TOLD && self.told.insert((item.cloned(), reason.to_owned()))
    }

    /// Takes the stored ages over. A look in the future was made before the clock was set back.
    pub(super) fn load(
        &mut self,
        row: &FeedRow,
        generation: i64,
        now: DateTime<Utc>,
        instant: Instant,
    ) {
        let age = |at: DateTime<Utc>| {
            let age = (now - at).to_std().ok()?;
            instant.checked_sub(age)
        };
        self.near = row.near_look.and_then(age);
        self.full = row.full_look.and_then(age);
        self.complete = row.full_look.is_some();
        self.cursor = row.cursor.is_some();
        self.generation = row.generation;
        self.loaded = Some(generation);
    }

    /// How old the last good look is, under this generation of the connection; `None`: there is
    /// none.
    pub(super) fn age(&self, full: bool, generation: i64, now: Instant) -> Option<Duration> {
        let at = if full {
            self.full
        } else {
            self.near.max(self.full)
        };
        at.filter(|_| self.generation == generation)
            .map(|at| now.duration_since(at))
    }

    /// Everything is to be looked at soon.
    pub(super) fn outdate(&mut self) {
        self.full = None;
    }

    /// Nothing needs to be remembered of items that are gone.
    pub(super) fn forget(&mut self, gone: &HashSet<ItemId>) {
        self.doubts.clear(gone);
        self.failures.retain(|item, _| !gone.contains(item));
        self.strangers.retain(|item| !gone.contains(item));
    }

    /// Whether the cloud is left alone for now.
    pub(super) fn is_paused(&self, generation: i64, now: Instant) -> bool {
        self.failed == generation && self.pause.is_some_and(|(until, _)| now < until)
    }

    /// How long until the next try.
    pub(super) fn pause_left(&self, now: Instant) -> Option<Duration> {
        self.pause
            .map(|(until, _)| until.saturating_duration_since(now))
            .filter(|left| !left.is_zero())
    }

    /// A look was complete.
    pub(super) fn succeeded(&mut self, full: bool, generation: i64, began: Instant) {
        self.near = Some(began);
        if full {
            self.full = Some(began);
            self.complete = true;
        } else if self.generation != generation {
            // What was far was seen with an older token only.
            self.full = None;
        }
        self.generation = generation;
        self.pause = None;
        self.problem = None;
    }

    /// A look failed: wait as long as the cloud asks, else twice as long as the last time.
    pub(super) fn failed(&mut self, error: &Error, generation: i64, now: Instant) {
        let longer = self
            .pause
            .filter(|_| self.failed == generation)
            .map_or(FIRST, |(_, wait)| (wait * 2).min(LONGEST));
        let wait = match error.kind() {
            Kind::Busy {
                retry_after: Some(asked),
            } => asked.clamp(FIRST, LONGEST),
            _ => longer,
        };
        self.pause = Some((now + wait, wait));
        self.failed = generation;
        self.problem = Some(error.repeat());
    }

    /// The cloud's word that it wants another token, if that was its last one under this
    /// generation.
    pub(super) fn refused(&self, generation: i64) -> Option<&Error> {
        let problem = self
            .problem
            .as_ref()
            .filter(|problem| problem.wants_token());
        problem.filter(|_| self.failed == generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_of_an_unreadable_record_once() {
        let mut inner = Inner::default();
        let item = ItemId::new("1");
        assert!(inner.tell(Some(&item), "no begin"));
        assert!(!inner.tell(Some(&item), "no begin"), "at the next look");
        assert!(inner.tell(Some(&item), "no end"));
        let told = (0..1000).filter(|n| inner.tell(None, &n.to_string()));
        assert_eq!(told.count(), TOLD - 2, "not of thousands");
    }
}

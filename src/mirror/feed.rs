//! Following a drive's change feed: one cheap call per freshness window vouches for every
//! listing of the drive that no change spoke of.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{Call, Change, Changes, Cursor, Kind, Result};

use super::cache::{Held, Slot};
use super::drive::DriveTree;
use super::flight::Flight;
use super::{Freshness, Mirror};

/// A cloud that gave no feed is asked again after this time.
const NO_FEED: Duration = Duration::from_hours(1);

/// How far a feed had been read. Listings begun at a mark hold until a later turn touches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark(u64);

/// Where the reading of a drive's change feed stands.
#[derive(Default)]
pub(super) struct Feed {
    state: Mutex<State>,
    flight: Flight<()>,
}

#[derive(Default)]
struct State {
    cursor: Option<Cursor>,
    /// Turns of the feed read so far.
    turn: u64,
    /// Listings begun before this turn are not vouched for.
    floor: u64,
    /// When the last good turn was asked for.
    read: Option<Instant>,
    /// Not asked again before.
    pause: Option<Instant>,
}

impl Feed {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mark for a listing that begins now; `None` while no cursor is known.
    pub(super) fn mark(&self) -> Option<Mark> {
        let state = self.state();
        state.cursor.as_ref().map(|_| Mark(state.turn))
    }

    /// When the feed was last read, if it vouches for this listing.
    pub(super) fn vouches(&self, held: &Held, slot: &Slot) -> Option<Instant> {
        let state = self.state();
        let Mark(since) = held.since?;
        (since >= state.floor && since >= slot.touched(held.epoch))
            .then_some(state.read)
            .flatten()
    }

    fn refuse(&self, kind: Kind, pause: Instant) {
        let mut state = self.state();
        match kind {
            Kind::StaleCursor => {
                // Whatever happened since is unknown: no listing so far is vouched for.
                state.cursor = None;
                state.turn += 1;
                state.floor = state.turn;
                state.read = None;
            }
            // The first turn is the probe: the cloud gives this account no feed, for now.
            Kind::Unsupported => state.pause = Some(pause + NO_FEED),
            _ => state.pause = Some(pause),
        }
    }

    fn is_read(&self, now: Instant, freshness: &Freshness) -> bool {
        let read = self.state().read;
        read.is_some_and(|read| now.duration_since(read) < freshness.folder_feed)
    }

    fn is_off(&self, now: Instant) -> bool {
        let state = self.state();
        state.pause.is_some_and(|pause| now < pause)
    }
}

impl Mirror {
    /// Reads the drive's feed unless that was done within the freshness window. Whether the feed
    /// is current afterwards.
    pub(super) async fn follow(self: &Arc<Self>, call: &Call, drive: &Arc<DriveTree>) -> bool {
        let feed = &drive.state.feed;
        let now = self.clock.instant();
        if feed.is_read(now, &self.freshness) {
            return true;
        }
        if feed.is_off(now) {
            return false;
        }
        let patience = self.freshness.wait(call, true);
        let (mirror, drive, call) = (self.clone(), drive.clone(), call.clone());
        let turn = async move || mirror.take_turn(&call, &drive).await;
        feed.flight.join(&*self.clock, patience, turn).await.is_ok()
    }

    async fn take_turn(self: &Arc<Self>, call: &Call, drive: &Arc<DriveTree>) -> Result<()> {
        let feed = &drive.state.feed;
        let asked = self.clock.instant();
        let cursor = feed.state().cursor.clone();
        let files = drive.account.files();
        match files.changes(call, &drive.drive.id, cursor.as_ref()).await {
            Ok(changes) => {
                self.accept(drive, changes, asked);
                Ok(())
            }
            Err(error) => {
                feed.refuse(error.kind(), asked + self.freshness.folder_feed);
                self.note(&drive.account, Err(&error)).await;
                Err(error)
            }
        }
    }

    fn accept(&self, drive: &DriveTree, changes: Changes, asked: Instant) {
        let feed = &drive.state.feed;
        let turn = {
            let mut state = feed.state();
            state.turn += 1;
            if changes.changes.contains(&Change::Everything) {
                state.floor = state.turn;
            }
            state.turn
        };
        // Touch before the turn counts as read: a request in between must not trust old listings.
        self.folders.touch(drive, &changes.changes, turn);
        let mut state = feed.state();
        state.cursor = Some(changes.cursor);
        state.read = Some(asked);
        state.pause = None;
    }
}

//! How old a copy may be.

use std::time::Duration;

use crate::domain::Call;

/// Ages and patience; the defaults are the product's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// How long a drive's change feed is taken as read.
    pub folder_feed: Duration,
    /// How long a listing is good where there is no change feed.
    pub folder: Duration,
    /// How long the last complete listing is served while the cloud is in trouble.
    pub folder_stale_max: Duration,
    /// How long the list of drives is good.
    pub drives: Duration,
    /// How long a drive's space is good.
    pub quota: Duration,
    /// How long the list of calendars or address books is good.
    pub shelves: Duration,
    /// How long a calendar is good where the cloud tells its changes.
    pub events: Duration,
    /// How long the near part of a calendar is good where it does not.
    pub events_near: Duration,
    /// How long all of such a calendar is good.
    pub events_full: Duration,
    /// How long address books are good.
    pub contacts: Duration,
    /// Days back for which calendars are kept that can only be read in windows.
    pub horizon_past: u32,
    /// Days ahead for the same.
    pub horizon_future: u32,
    /// How long a request waits for a refresh before it is served the last complete state.
    pub patience: Duration,
    /// How long a request waits where there is no such state. Clients give up at 30 s.
    pub patience_cold: Duration,
}

impl Default for Freshness {
    fn default() -> Self {
        Self {
            folder_feed: Duration::from_secs(15),
            folder: Duration::from_mins(1),
            folder_stale_max: Duration::from_mins(10),
            drives: Duration::from_hours(1),
            quota: Duration::from_mins(10),
            shelves: Duration::from_hours(1),
            events: Duration::from_mins(1),
            events_near: Duration::from_mins(5),
            events_full: Duration::from_hours(6),
            contacts: Duration::from_mins(15),
            horizon_past: 365,
            horizon_future: 730,
            patience: Duration::from_secs(8),
            patience_cold: Duration::from_secs(25),
        }
    }
}

impl Freshness {
    /// How long a load may be waited for: less where there is something to serve instead, and
    /// never longer than clients wait for the whole request, whatever it has waited for before.
    pub(super) fn wait(&self, call: &Call, has_spare: bool) -> Duration {
        let longest = if has_spare {
            self.patience
        } else {
            self.patience_cold
        };
        let left = self.patience_cold.saturating_sub(call.age());
        longest.min(left.max(Duration::from_secs(1)))
    }
}

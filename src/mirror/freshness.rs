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

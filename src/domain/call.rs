//! What one unit of work carries on its way to the cloud.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Who waits for a call to the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A client's request waits.
    Interactive,
    /// Nobody waits: refresh ahead of need.
    Background,
}

/// One unit of work on behalf of a request or of the schedule: its priority, and the count of
/// calls to the cloud made for it. Clones share the count.
#[derive(Debug, Clone)]
pub struct Call {
    priority: Priority,
    begun: Instant,
    upstream: Arc<AtomicU32>,
}

impl Call {
    /// Work that a client waits for.
    #[must_use]
    pub fn interactive() -> Self {
        Self::new(Priority::Interactive)
    }

    /// Work that nobody waits for.
    #[must_use]
    pub fn background() -> Self {
        Self::new(Priority::Background)
    }

    fn new(priority: Priority) -> Self {
        Self {
            priority,
            begun: Instant::now(),
            upstream: Arc::default(),
        }
    }

    /// Who waits.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// How long it has been going on.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Counts one request sent to a cloud; called by `upstream` for each attempt.
    pub fn count_upstream(&self) {
        self.upstream.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent to clouds so far.
    #[must_use]
    pub fn upstream_calls(&self) -> u32 {
        self.upstream.load(Ordering::Relaxed)
    }
}

//! The port to time.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Time as the rooms see it, so that tests can move it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Wall-clock time; may jump.
    fn now(&self) -> DateTime<Utc>;

    /// Monotonic time, for ages and deadlines.
    fn instant(&self) -> Instant;

    /// Waits.
    async fn sleep(&self, duration: Duration);
}

/// The machine's time. Follows tokio's paused time in tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn instant(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

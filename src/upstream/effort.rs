//! How long one call is tried.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::pacer::{Pacer, Permit};
use super::settings::ClientSettings;
use super::wait;
use crate::domain::{Call, Clock, Error, Kind, Priority, Result};

/// The attempts of one call.
pub(super) struct Effort<'a> {
    settings: &'a ClientSettings,
    clock: &'a dyn Clock,
    priority: Priority,
    /// Attempts left after the present one.
    left: u32,
    made: u32,
    /// No turn is waited for longer.
    turn_by: Instant,
    /// No attempt begins later.
    retry_by: Instant,
}

impl<'a> Effort<'a> {
    pub(super) fn new(
        settings: &'a ClientSettings,
        clock: &'a dyn Clock,
        call: &Call,
        repeatable: bool,
    ) -> Self {
        let now = clock.instant();
        let patience = match call.priority() {
            Priority::Interactive => settings.interactive_wait,
            Priority::Background => settings.background_wait,
        };
        Self {
            settings,
            clock,
            priority: call.priority(),
            left: if repeatable {
                settings.attempts.saturating_sub(1)
            } else {
                0
            },
            made: 0,
            turn_by: now + patience,
            retry_by: now + patience.max(settings.retry_within),
        }
    }

    /// Waits for the turn of the next attempt.
    pub(super) async fn turn(&mut self, pacer: &Arc<Pacer>) -> Result<Permit> {
        let patience = self.turn_by.saturating_duration_since(self.clock.instant());
        pacer.turn(self.priority, patience).await
    }

    /// Waits until the next attempt may begin; `error` when there is none.
    pub(super) async fn again(&mut self, error: Error) -> Result<()> {
        let Some(left) = self.left.checked_sub(1) else {
            return Err(error);
        };
        let (pause, until) = match error.kind() {
            Kind::Busy {
                retry_after: Some(wait),
            } => (wait, self.turn_by),
            _ => (self.backoff(), self.retry_by),
        };
        if self.clock.instant() + pause > until {
            return Err(error);
        }
        self.left = left;
        self.made += 1;
        self.clock.sleep(pause).await;
        Ok(())
    }

    fn backoff(&self) -> Duration {
        let step = self.settings.backoff * 2_u32.saturating_pow(self.made);
        step.mul_f64(0.5 + wait::chance())
    }
}

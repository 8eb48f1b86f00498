//! When an account may be asked: rate, number of calls at once, order, pauses.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::settings::PaceSettings;
use super::wait;
use crate::domain::{Clock, Error, Kind, Priority, Result};

/// First pause after "too many requests" that names no time; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The pace of one account. Waiting interactive calls go before waiting background calls, each
/// kind in order of arrival; background calls leave one place free.
pub struct Pacer {
    settings: PaceSettings,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    moved: Notify,
}

/// Priority, then order of arrival.
type Ticket = (Priority, u64);

struct State {
    /// Calls that may go now, and since when that is so.
    tokens: f64,
    filled: Instant,
    running: usize,
    paused: Option<Instant>,
    /// Pauses in a row whose length nobody told.
    strikes: u32,
    waiting: BTreeSet<Ticket>,
    next: u64,
}

impl Pacer {
    /// A rested pacer.
    #[must_use]
    pub fn new(settings: PaceSettings, clock: Arc<dyn Clock>) -> Arc<Self> {
        let state = State {
            tokens: f64::from(settings.burst.max(1)),
            filled: clock.instant(),
            running: 0,
            paused: None,
            strikes: 0,
            waiting: BTreeSet::new(),
            next: 0,
        };
        Arc::new(Self {
            settings,
            clock,
            state: Mutex::new(state),
            moved: Notify::new(),
        })
    }

    /// Waits until a call may go, at most `patience`.
    ///
    /// # Errors
    /// `Busy` when it would take longer, at once where that is known before.
    pub async fn turn(self: &Arc<Self>, priority: Priority, patience: Duration) -> Result<Permit> {
        let deadline = self.clock.instant() + patience;
        let place = self.queue(priority, deadline)?;
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            // from here on no move is missed
            moved.as_mut().enable();
            let now = self.clock.instant();
            let ready = match self.try_go(place.ticket, now) {
                Go::Now(permit) => return Ok(permit),
                Go::At(ready) => ready.min(deadline),
                Go::Later => deadline,
            };
            if now >= deadline {
                return Err(busy(self.wait_of(place.ticket, now)));
            }
            tokio::select! {
                () = moved => {}
                () = self.clock.sleep(ready.saturating_duration_since(now)) => {}
            }
        }
    }

    /// Stops all new calls for `asked`, or for a growing time where the cloud named none.
    pub fn pause(&self, asked: Option<Duration>) {
        let now = self.clock.instant();
        let mut state = self.state();
        let going = state.paused.is_some_and(|until| until > now);
        let wait = asked.unwrap_or_else(|| {
            // calls that were under way together are one strike
            let strikes = state.strikes.saturating_sub(u32::from(going));
            state.strikes = strikes + 1;
            LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.saturating_pow(strikes))
        });
        let jitter = wait.mul_f64(wait::chance() / 10.0);
        let until = now + wait + jitter;
        state.paused = state.paused.max(Some(until));
        // the bucket proved too full: go on slowly, nothing is gained during the pause
        state.refill(&self.settings, now);
        state.tokens = state.tokens.min(1.0);
        state.filled = state.filled.max(until);
        drop(state);
        self.moved.notify_waiters();
    }

    /// Notes that the cloud takes calls again.
    pub fn went_well(&self) {
        self.state().strikes = 0;
    }

    fn queue(self: &Arc<Self>, priority: Priority, deadline: Instant) -> Result<Place> {
        let now = self.clock.instant();
        let ticket = {
            let mut state = self.state();
            let ticket = (priority, state.next);
            state.next += 1;
            state.waiting.insert(ticket);
            ticket
        };
        // from here on the ticket is given back, whatever happens
        let place = Place {
            pacer: Arc::clone(self),
            ticket,
        };
        let wait = self.wait_of(ticket, now);
        if now + wait > deadline {
            Err(busy(wait))
        } else {
            Ok(place)
        }
    }

    fn try_go(self: &Arc<Self>, ticket: Ticket, now: Instant) -> Go {
        let mut state = self.state();
        let reserve = usize::from(ticket.0 == Priority::Background);
        let places = self.settings.concurrent.saturating_sub(reserve).max(1);
        if state.waiting.first() != Some(&ticket) || state.running >= places {
            return Go::Later;
        }
        let ready = state.ready(&self.settings, 1, now);
        if ready > now {
            return Go::At(ready);
        }
        if self.settings.per_minute > 0 {
            state.tokens -= 1.0;
        }
        state.running += 1;
        Go::Now(Permit {
            pacer: Arc::clone(self),
        })
    }

    /// How long the ticket waits for rate and pause, as far as is known now.
    fn wait_of(&self, ticket: Ticket, now: Instant) -> Duration {
        let mut state = self.state();
        let turn = state.waiting.range(..ticket).count() + 1;
        state
            .ready(&self.settings, turn, now)
            .saturating_duration_since(now)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // every change of the state is complete before anything can panic
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn refill(&mut self, settings: &PaceSettings, now: Instant) {
        let rest = now.saturating_duration_since(self.filled);
        let gained = rest.as_secs_f64() * f64::from(settings.per_minute) / 60.0;
        self.tokens = (self.tokens + gained).min(f64::from(settings.burst.max(1)));
        self.filled = self.filled.max(now);
    }

    /// When the `turn`-th call from now on may go, by rate and pause.
    fn ready(&mut self, settings: &PaceSettings, turn: usize, now: Instant) -> Instant {
        self.refill(settings, now);
        let start = self.paused.map_or(now, |until| until.max(now));
        if settings.per_minute == 0 {
            return start;
        }
        let turn = f64::from(u32::try_from(turn).unwrap_or(u32::MAX));
        let missing = (turn - self.tokens).max(0.0);
        // a nanosecond more, that rounding never makes a waiter spin
        let wait = Duration::from_secs_f64(missing * 60.0 / f64::from(settings.per_minute));
        let by_rate = match wait {
            Duration::ZERO => now,
            wait => self.filled + wait + Duration::from_nanos(1),
        };
        by_rate.max(start)
    }
}

enum Go {
    Now(Permit),
    /// When time alone is missing.
    At(Instant),
    /// When another call must move first.
    Later,
}

/// A place in the queue; dropping it gives it up.
struct Place {
    pacer: Arc<Pacer>,
    ticket: Ticket,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.pacer.state().waiting.remove(&self.ticket);
        self.pacer.moved.notify_waiters();
    }
}

/// A call that may go; dropping it ends the call.
#[must_use]
pub struct Permit {
    pacer: Arc<Pacer>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pacer.state().running -= 1;
        self.pacer.moved.notify_waiters();
    }
}

fn busy(wait: Duration) -> Error {
    // whole seconds, rounded up: that is what clients are told
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let retry_after = Some(Duration::from_secs(seconds.max(1)));
    Error::cloud(
        Kind::Busy { retry_after },
        "the account's calls to the cloud are used up",
    )
}

#[cfg(test)]
#[path = "pacer_tests.rs"]
mod tests;

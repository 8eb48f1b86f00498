//! Leaving a cloud in trouble alone.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{Error, Fault, Kind};

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(2);

/// Whether an account's cloud is in trouble, and until when it is not asked for what can be
/// served from the copy.
#[derive(Default)]
pub(super) struct Trouble {
    state: Mutex<Option<(Instant, Duration)>>,
}

impl Trouble {
    /// Whether to leave the cloud alone now.
    pub(super) fn is_on(&self, now: Instant) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_some_and(|(until, _)| now < until)
    }

    /// A call succeeded.
    pub(super) fn over(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A call failed: wait as long as the cloud asks, else twice as long as the last time.
    pub(super) fn again(&self, now: Instant, error: &Error) {
        if !error.is_passing() {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let longer = state.map_or(FIRST, |(_, wait)| (wait * 2).min(LONGEST));
        let asked = match error.kind() {
            Kind::Busy { retry_after } => retry_after,
            _ => None,
        };
        let wait = asked.unwrap_or(longer).clamp(FIRST, LONGEST);
        *state = Some((now + wait, wait));
    }
}

/// An error of reading: whatever a cloud says besides that the thing is not there, not for us, or
/// changed, and that we are signed out, tells nothing about the data.
pub(super) fn reading(error: Error) -> Error {
    match (error.fault(), error.kind()) {
        (
            Fault::Cloud,
            Kind::StaleCursor
            | Kind::Unsupported
            | Kind::Invalid
            | Kind::Full
            | Kind::TooLarge
            | Kind::Locked,
        ) => broken(error),
        _ => error,
    }
}

/// An error of reading a whole list of drives: that the list itself is not there, or not for us,
/// tells nothing about the drives.
pub(super) fn reading_all(error: Error) -> Error {
    match (error.fault(), error.kind()) {
        (Fault::Cloud, Kind::NotFound | Kind::Forbidden | Kind::Changed) => broken(error),
        _ => reading(error),
    }
}

fn broken(error: Error) -> Error {
    Error::cloud(Kind::Broken, "the cloud's answer makes no sense").because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let trouble = Trouble::default();
        let now = Instant::now();
        let down = Error::cloud(Kind::Down, "down");
        trouble.again(now, &down);
        assert!(trouble.is_on(now + Duration::from_secs(4)));
        assert!(!trouble.is_on(now + Duration::from_secs(5)));
        trouble.again(now, &down);
        assert!(trouble.is_on(now + Duration::from_secs(9)));
        trouble.over();
        assert!(!trouble.is_on(now));
        trouble.again(now, &Error::cloud(Kind::NotFound, "gone"));
        assert!(!trouble.is_on(now), "an answer is no trouble");
    }
}

//! Turns at what is heavy, so that the light is never kept waiting by it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::{Clock, Error, Kind, Result};

/// Longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// Lets few at a time do heavy work; others wait in the order they came.
pub struct Turns {
    places: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
}

/// The right to go on; ends when dropped.
#[must_use]
#[derive(Debug)]
pub struct Turn {
    _place: OwnedSemaphorePermit,
}

impl Turns {
    /// For so many at once.
    #[must_use]
    pub fn new(at_once: usize, clock: Arc<dyn Clock>) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once)),
            clock,
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `Busy` of the bridge where there is none within 20 s.
    pub async fn next(&self) -> Result<Turn> {
        let busy = || {
            let retry_after = Some(PATIENCE);
            Error::bridge(Kind::Busy { retry_after }, "too much is asked at once")
        };
        tokio::select! {
            biased;
            place = Arc::clone(&self.places).acquire_owned() => match place {
                Ok(place) => Ok(Turn { _place: place }),
                Err(_) => Err(busy()),
            },
            () = self.clock.sleep(PATIENCE) => Err(busy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SystemClock;

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_told_when_to_come_back() {
        let turns = Turns::new(2, Arc::new(SystemClock));
        let first = turns.next().await.unwrap();
        let _second = turns.next().await.unwrap();
        let error = turns.next().await.unwrap_err();
        let retry_after = Some(PATIENCE);
        assert_eq!(error.kind(), Kind::Busy { retry_after });
        drop(first);
        assert!(turns.next().await.is_ok());
    }
}

//! Documents of the provider, kept for an hour and, in its outage, for as long as that lasts.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::accounts::locked;
use crate::domain::{Clock, Error, Result};

/// Read again when older.
const FRESH: Duration = Duration::from_secs(3600);
/// How long nothing is read after a reading failed.
const PAUSE: Duration = Duration::from_secs(60);
/// The same between readings that were asked for out of turn: strangers can ask, so the provider
/// is spared; but what is new there has to be seen within seconds.
const OUT_OF_TURN: Duration = Duration::from_secs(5);
/// The same where nothing was ever read.
const SHORT_PAUSE: Duration = Duration::from_secs(5);

/// A document; one reading at a time.
pub(super) struct Kept<T> {
    clock: Arc<dyn Clock>,
    state: Mutex<State<T>>,
    reading: tokio::sync::Mutex<()>,
}

struct State<T> {
    value: Option<Arc<T>>,
    read: Option<Instant>,
    failed: Option<(Instant, Error)>,
    out_of_turn: Option<Instant>,
}

impl<T> Kept<T> {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::new(State {
                value: None,
                read: None,
                failed: None,
                out_of_turn: None,
            }),
            reading: tokio::sync::Mutex::default(),
        }
    }

    /// What was read last, however old.
    pub(super) fn last(&self) -> Option<Arc<T>> {
        self.state().value.clone()
    }

    /// Whether it is time to read, and nobody does.
    pub(super) fn is_due(&self) -> bool {
        let now = self.clock.instant();
        let state = self.state();
        state.fresh(now).is_none()
            && state.resting(now).is_none()
            && self.reading.try_lock().is_ok()
    }

    /// The document, read with `read` where it is too old; in trouble the last one.
    pub(super) async fn get<F>(&self, read: impl FnOnce() -> F) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>>,
    {
        if let Some(value) = self.state().fresh(self.clock.instant()) {
            return Ok(value);
        }
        let _turn = self.reading.lock().await;
        // somebody else may have read, or failed to, meanwhile
        let now = self.clock.instant();
        let settled = {
            let state = self.state();
            state.fresh(now).map(Ok).or_else(|| state.resting(now))
        };
        if let Some(settled) = settled {
            return settled;
        }
        match self.read(read).await {
            Ok(value) => Ok(value),
            Err(error) => self.last().ok_or(error),
        }
    }

    /// Another document than `seen`, which lacks something: read now, but out of turn only once
    /// in a while. `seen` itself where it was read a moment ago.
    pub(super) async fn other_than<F>(
        &self,
        seen: &Arc<T>,
        read: impl FnOnce() -> F,
    ) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>>,
    {
        let _turn = self.reading.lock().await;
        let now = self.clock.instant();
        {
            let mut state = self.state();
            if let Some(value) = state
                .value
                .clone()
                .filter(|value| !Arc::ptr_eq(value, seen))
            {
                return Ok(value);
            }
            let pausing = |at: &Instant| now.saturating_duration_since(*at) < OUT_OF_TURN;
            if state.out_of_turn.as_ref().is_some_and(pausing) {
                let failed = state.failed.as_ref().map(|(_, error)| error.repeat());
                return failed.map_or_else(|| Ok(Arc::clone(seen)), Err);
            }
            state.out_of_turn = Some(now);
        }
        self.read(read).await
    }

    async fn read<F>(&self, read: impl FnOnce() -> F) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>>,
    {
        let outcome = read().await;
        let now = self.clock.instant();
        let mut state = self.state();
        match outcome {
            Ok(value) => {
                let value = Arc::new(value);
                state.value = Some(Arc::clone(&value));
                state.read = Some(now);
                state.failed = None;
                Ok(value)
            }
            Err(error) => {
                tracing::warn!(error = error.chain(), "identity provider not read");
                state.failed = Some((now, error.repeat()));
                Err(error)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        locked(&self.state)
    }
}

impl<T> State<T> {
    fn fresh(&self, now: Instant) -> Option<Arc<T>> {
        let fresh = |read: &Instant| now.saturating_duration_since(*read) < FRESH;
        self.read.filter(fresh).and(self.value.clone())
    }

    /// The outcome while a failed reading is not repeated yet.
    fn resting(&self, now: Instant) -> Option<Result<Arc<T>>> {
        let (at, error) = self.failed.as_ref()?;
        let pause = match self.value {
            Some(_) => PAUSE,
            None => SHORT_PAUSE,
        };
        let rests = now.saturating_duration_since(*at) < pause;
        rests.then(|| self.value.clone().ok_or_else(|| error.repeat()))
    }
}

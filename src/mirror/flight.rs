//! Single flight: one running load for all who wait for the same thing.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::domain::{Clock, Error, Kind, Result};

type Running<T> = Shared<BoxFuture<'static, Result<T, Arc<Error>>>>;

/// One thing that is loaded at most once at a time. The load goes on when waiters leave.
pub(super) struct Flight<T: Clone> {
    /// The load, and when it began.
    running: Mutex<Option<(Instant, Running<T>)>>,
}

impl<T: Clone> Default for Flight<T> {
    fn default() -> Self {
        Self {
            running: Mutex::new(None),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Joins the running load, or starts `load` as a task of its own. Waits at most until it has
    /// run for `patience`, so that a client with many requests waits for a slow cloud once:
    /// `Busy` after that, while the load goes on.
    pub(super) async fn join<F>(
        &self,
        clock: &dyn Clock,
        patience: Duration,
        load: impl FnOnce() -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let now = clock.instant();
        let (began, running) = self.running(now, load);
        let patience = patience.saturating_sub(now.saturating_duration_since(began));
        tokio::select! {
            biased;
            outcome = running => outcome.map_err(|error| error.repeat()),
            () = clock.sleep(patience) => Err(Error::cloud(Kind::Busy { retry_after: None }, "the cloud is slow to answer")),
        }
    }

    fn running<F>(&self, now: Instant, load: impl FnOnce() -> F) -> (Instant, Running<T>)
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut slot = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // asked, not peeked at: nobody may have waited for its end
        let goes_on = |(_, running): &&(Instant, Running<T>)| {
            Running::clone(running).now_or_never().is_none()
        };
        if let Some(running) = slot.as_ref().filter(goes_on) {
            return running.clone();
        }
        let task = tokio::spawn(load());
        let running = async move {
            match task.await {
                Ok(outcome) => outcome.map_err(Arc::new),
                Err(lost) => Err(Arc::new(
                    Error::bridge(Kind::Broken, "a load ended early").because(lost),
                )),
            }
        }
        .boxed()
        .shared();
        *slot = Some((now, running.clone()));
        (now, running)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::domain::SystemClock;

    #[tokio::test(start_paused = true)]
    async fn all_waiters_share_one_load() {
        let loads = Arc::new(AtomicU32::new(0));
        let flight = Flight::default();
        let join = || {
            let loads = loads.clone();
            flight.join(&SystemClock, Duration::from_secs(8), || async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(loads.fetch_add(1, Ordering::SeqCst))
            })
        };
        let (one, two) = tokio::join!(join(), join());
        assert_eq!((one.unwrap(), two.unwrap()), (0, 0));
        assert_eq!(
            join().await.unwrap(),
            1,
            "a finished load is not served again"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_load_goes_on_after_patience() {
        let loads = Arc::new(AtomicU32::new(0));
        let flight = Flight::default();
        let join = |patience| {
            let loads = loads.clone();
            flight.join(&SystemClock, Duration::from_secs(patience), || async move {
                tokio::time::sleep(Duration::from_secs(20)).await;
                Ok(loads.fetch_add(1, Ordering::SeqCst))
            })
        };
        assert!(matches!(
            join(8).await.unwrap_err().kind(),
            Kind::Busy { .. }
        ));
        assert_eq!(join(30).await.unwrap(), 0);
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_load_is_waited_for_once() {
        let flight = Flight::default();
        let join = || {
            flight.join(&SystemClock, Duration::from_secs(8), async || {
                std::future::pending::<()>().await;
                Ok(())
            })
        };
        let begun = tokio::time::Instant::now();
        let waited = || (begun.elapsed() + Duration::from_millis(50)).as_secs();
        join().await.unwrap_err();
        assert_eq!(waited(), 8);
        for _ in 0..3 {
            join().await.unwrap_err();
        }
        assert_eq!(waited(), 8, "not again by the same client, nor by others");
    }

    #[tokio::test(start_paused = true)]
    async fn a_load_that_ended_without_waiters_is_not_joined() {
        let loads = Arc::new(AtomicU32::new(0));
        let flight = Flight::default();
        let join = |patience| {
            let loads = loads.clone();
            flight.join(&SystemClock, Duration::from_secs(patience), || async move {
                tokio::time::sleep(Duration::from_secs(2)).await;
                Ok(loads.fetch_add(1, Ordering::SeqCst))
            })
        };
        join(0).await.unwrap_err();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        assert_eq!(join(8).await.unwrap(), 1);
    }
}

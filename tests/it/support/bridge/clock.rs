//! Time in the test's hands.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::Clock;
use tokio::sync::{Semaphore, watch};

/// A clock that tests move by hand; waiting follows tokio's (paused) time.
#[derive(Default)]
pub struct HandClock {
    /// When it was set, and what it said then; `None`: it goes with the machine's.
    set: Option<(tokio::time::Instant, DateTime<Utc>)>,
    /// It moves by hand alone, and no waiting ends but by what is waited for.
    stopped: AtomicBool,
    ahead: Mutex<Duration>,
    /// How far the wall clock is off.
    off: Mutex<TimeDelta>,
    impatient: AtomicBool,
    /// Turns of the schedule that may begin, and those that ended; `None`: they follow the time.
    turns: Mutex<Option<Turns>>,
}

#[derive(Clone)]
struct Turns {
    granted: Arc<Semaphore>,
    waiting: Arc<watch::Sender<u32>>,
}

/// How long the schedule sleeps between two turns.
const TURN: Duration = Duration::from_secs(30);

impl HandClock {
    /// One that says this now.
    pub fn at(says: DateTime<Utc>) -> Self {
        Self {
            set: Some((tokio::time::Instant::now(), says)),
            ..Self::default()
        }
    }

    /// From now on it moves by hand alone.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    fn begun(&self) -> (tokio::time::Instant, DateTime<Utc>) {
        let now = tokio::time::Instant::now();
        match self.set {
            Some(set) if self.stopped.load(Ordering::SeqCst) => set,
            Some((at, said)) => (now, said + (now - at)),
            None => (now, Utc::now()),
        }
    }

    /// From now on turns of the schedule begin when they are told to.
    pub fn hold_turns(&self) {
        *self.turns.lock().unwrap() = Some(Turns {
            granted: Arc::new(Semaphore::new(0)),
            waiting: Arc::new(watch::Sender::new(0)),
        });
    }

    /// One turn of the schedule, from its begin to its end.
    pub async fn turn(&self) {
        let turns = self.turns.lock().unwrap().clone().unwrap();
        let mut waiting = turns.waiting.subscribe();
        // The first turn has not begun before the schedule sleeps.
        let before = *waiting.wait_for(|count| *count > 0).await.unwrap();
        turns.granted.add_permits(1);
        let ended = waiting.wait_for(|count| *count > before);
        let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
        ended.expect("the turn ends").unwrap();
    }

    async fn wait_for_turn(&self) -> bool {
        let Some(turns) = self.turns.lock().unwrap().clone() else {
            return false;
        };
        turns.waiting.send_modify(|count| *count += 1);
        turns.granted.acquire().await.unwrap().forget();
        true
    }

    pub fn forward(&self, by: Duration) {
        *self.ahead.lock().unwrap() += by;
    }

    /// Sets the wall clock, and it alone.
    pub fn set_wall(&self, off: TimeDelta) {
        *self.off.lock().unwrap() = off;
    }

    /// Whether nobody waits for anything any more.
    pub fn set_impatient(&self, impatient: bool) {
        self.impatient.store(impatient, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        self.begun().1 + *self.ahead.lock().unwrap() + *self.off.lock().unwrap()
    }

    fn instant(&self) -> Instant {
        self.begun().0.into_std() + *self.ahead.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        if duration == TURN && self.wait_for_turn().await {
            return;
        }
        if self.impatient.load(Ordering::SeqCst) || duration.is_zero() {
            return;
        }
        if self.stopped.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(duration).await;
    }
}

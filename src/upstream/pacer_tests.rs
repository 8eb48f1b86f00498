//! The pacer, on paused time.

use super::*;
use crate::domain::SystemClock;

const LONG: Duration = Duration::from_secs(3600);

fn pacer(per_minute: u32, burst: u32, concurrent: usize) -> Arc<Pacer> {
    let settings = PaceSettings {
        per_minute,
        burst,
        concurrent,
    };
    Pacer::new(settings, Arc::new(SystemClock))
}

async fn pass(pacer: &Arc<Pacer>) {
    drop(
        pacer
            .turn(Priority::Interactive, LONG)
            .await
            .expect("a turn"),
    );
}

/// Lets every task that can move do so, without moving the time.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

fn retry_after(error: &Error) -> Duration {
    match error.kind() {
        Kind::Busy {
            retry_after: Some(wait),
        } => wait,
        kind => panic!("{kind:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_goes_at_once_and_the_rest_by_rate() {
    let pacer = pacer(60, 5, 100);
    let start = tokio::time::Instant::now();
    for _ in 0..5 {
        pass(&pacer).await;
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    for _ in 0..3 {
        pass(&pacer).await;
    }
    assert_eq!(start.elapsed().as_secs(), 3);
    // rest fills the bucket, up to the burst
    tokio::time::advance(Duration::from_secs(100)).await;
    let start = tokio::time::Instant::now();
    for _ in 0..6 {
        pass(&pacer).await;
    }
    assert_eq!(start.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_limit_run_at_once() {
    let pacer = pacer(0, 1, 2);
    let one = pacer
        .turn(Priority::Interactive, LONG)
        .await
        .expect("first");
    let _two = pacer
        .turn(Priority::Interactive, LONG)
        .await
        .expect("second");
    let third = tokio::spawn({
        let pacer = Arc::clone(&pacer);
        async move { pacer.turn(Priority::Interactive, LONG).await.map(drop) }
    });
    settle().await;
    assert!(!third.is_finished());
    drop(one);
    settle().await;
    assert!(third.is_finished());
}

#[tokio::test(start_paused = true)]
async fn background_leaves_one_place_free() {
    let pacer = pacer(0, 1, 2);
    let _one = pacer.turn(Priority::Background, LONG).await.expect("first");
    let wait = Duration::from_secs(1);
    let two = pacer.turn(Priority::Background, wait).await;
    assert!(two.is_err(), "the last place is for clients");
    let three = pacer.turn(Priority::Interactive, wait).await;
    assert!(three.is_ok());
}

#[tokio::test(start_paused = true)]
async fn interactive_goes_before_waiting_background() {
    let pacer = pacer(60, 1, 100);
    pass(&pacer).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    let kinds = [
        (Priority::Background, 'b'),
        (Priority::Background, 'c'),
        (Priority::Interactive, 'i'),
    ];
    for (priority, name) in kinds {
        let (pacer, order) = (Arc::clone(&pacer), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            let _permit = pacer.turn(priority, LONG).await.expect("a turn");
            order.lock().expect("order").push(name);
        }));
        settle().await;
    }
    for task in tasks {
        task.await.expect("task");
    }
    assert_eq!(*order.lock().expect("order"), ['i', 'b', 'c']);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_known_to_be_too_long_fails_at_once() {
    let pacer = pacer(60, 1, 100);
    pass(&pacer).await;
    pacer.pause(Some(Duration::from_secs(30)));
    let start = tokio::time::Instant::now();
    let error = pacer
        .turn(Priority::Interactive, Duration::from_secs(20))
        .await;
    let wait = retry_after(&error.err().expect("busy"));
    assert!((30..=34).contains(&wait.as_secs()), "{wait:?}");
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn patience_ends() {
    let pacer = pacer(0, 1, 1);
    let _one = pacer
        .turn(Priority::Interactive, LONG)
        .await
        .expect("first");
    let start = tokio::time::Instant::now();
    let error = pacer
        .turn(Priority::Interactive, Duration::from_secs(20))
        .await;
    assert_eq!(retry_after(&error.err().expect("busy")).as_secs(), 1);
    assert_eq!(start.elapsed().as_secs(), 20);
    assert!(pacer.state().waiting.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_and_ends() {
    let pacer = pacer(600, 100, 100);
    pacer.pause(Some(Duration::from_secs(10)));
    pacer.pause(Some(Duration::from_secs(1)));
    let start = tokio::time::Instant::now();
    pass(&pacer).await;
    let waited = start.elapsed().as_secs_f64();
    assert!((10.0..11.5).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn pauses_without_a_time_grow_once_per_round() {
    let pacer = pacer(0, 1, 100);
    let mut last = 0.0;
    for round in 0..8 {
        // a whole round of calls is refused together
        for _ in 0..5 {
            pacer.pause(None);
        }
        let start = tokio::time::Instant::now();
        pass(&pacer).await;
        let waited = start.elapsed().as_secs_f64();
        let least = (2_f64.powi(round)).min(60.0);
        assert!(
            waited >= least && waited <= least * 1.11,
            "{round}: {waited} after {last}"
        );
        last = waited;
    }
    pacer.went_well();
    pacer.pause(None);
    let start = tokio::time::Instant::now();
    pass(&pacer).await;
    assert!(start.elapsed().as_secs_f64() < 1.2);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_queue_holds_nobody_up() {
    let pacer = pacer(60, 1, 1);
    let first = pacer
        .turn(Priority::Interactive, LONG)
        .await
        .expect("first");
    let leaver = tokio::spawn({
        let pacer = Arc::clone(&pacer);
        async move { pacer.turn(Priority::Interactive, LONG).await.map(drop) }
    });
    settle().await;
    let stayer = tokio::spawn({
        let pacer = Arc::clone(&pacer);
        async move { pacer.turn(Priority::Background, LONG).await.map(drop) }
    });
    settle().await;
    drop(first);
    leaver.abort();
    let start = tokio::time::Instant::now();
    stayer.await.expect("task").expect("a turn");
    assert_eq!(start.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn many_waiters_all_get_their_turn() {
    let pacer = pacer(600, 10, 3);
    let start = tokio::time::Instant::now();
    let all = (0..110).map(|_| pass(&pacer));
    futures::future::join_all(all).await;
    let waited = start.elapsed().as_secs_f64();
    assert!((10.0..10.2).contains(&waited), "{waited}");
}

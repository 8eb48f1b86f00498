//! A cloud that asks to wait.

use super::*;

#[tokio::test]
async fn too_many_requests_are_waited_for() {
    for (retry_after, reset_after) in [(Some(1), None), (None, Some(2)), (None, None)] {
        let sim = sim().await;
        let whole = list(&sim).await.unwrap();
        let bug = Bug::TooMany {
            retry_after,
            reset_after,
        };
        sim.cloud.faults([Fault::on(LISTING, bug).page(2)]);
        let start = std::time::Instant::now();
        assert_eq!(list(&sim).await.unwrap(), whole);
        // the reset is told in whole seconds
        let least = Duration::from_millis(if reset_after.is_some() { 500 } else { 1000 });
        assert!(start.elapsed() >= least, "{retry_after:?} {reset_after:?}");
    }
}

#[tokio::test]
async fn a_long_wait_is_passed_on() {
    let sim = sim().await;
    let bug = Bug::TooMany {
        retry_after: Some(120),
        reset_after: None,
    };
    sim.cloud.faults([Fault::on(LISTING, bug)]);
    for _ in 0..2 {
        let Kind::Busy {
            retry_after: Some(wait),
        } = list(&sim).await.unwrap_err().kind()
        else {
            panic!("busy")
        };
        assert!((100..=135).contains(&wait.as_secs()), "{wait:?}");
    }
    assert_eq!(sim.cloud.calls(LISTING), 1, "the second does not even ask");
}

#[tokio::test]
async fn a_server_error_that_names_a_time_is_busy() {
    let sim = sim().await;
    let header = Bug::Header {
        name: "retry-after".to_owned(),
        value: "90".to_owned(),
    };
    sim.cloud.faults([
        Fault::on(LISTING, Bug::Empty { status: 503 }),
        Fault::on(LISTING, header),
    ]);
    let wait = Some(Duration::from_secs(90));
    assert_eq!(
        list(&sim).await.unwrap_err().kind(),
        Kind::Busy { retry_after: wait }
    );
}

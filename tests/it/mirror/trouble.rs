//! A cloud or a store in trouble.

use super::*;

#[tokio::test]
async fn trouble_shows_the_last_complete_state_and_then_503() {
    for feed in [true, false] {
        for kind in [Kind::Down, Kind::Busy { retry_after: None }, Kind::Broken] {
            let cloud = Reference::new(feed);
            cloud.put(&root(), "f", "x");
            let bridge = Bridge::over(&cloud);
            bridge.list(DRIVE).await.unwrap();
            cloud.set_faults(failing(kind));
            bridge.clock.forward(Duration::from_mins(5));
            assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"], "{feed} {kind:?}");
            bridge.clock.forward(Duration::from_mins(6));
            assert_eq!(
                bridge.list(DRIVE).await.unwrap_err(),
                StatusCode::SERVICE_UNAVAILABLE,
                "{feed} {kind:?}"
            );
            cloud.set_faults(Faults::default());
            assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"], "{feed} {kind:?}");
        }
    }
}

#[tokio::test]
async fn trouble_from_the_start_is_503() {
    for kind in [
        Kind::Down,
        Kind::Busy { retry_after: None },
        Kind::Broken,
        Kind::SignedOut,
    ] {
        let cloud = Reference::new(true);
        cloud.put(&root(), "f", "x");
        let bridge = Bridge::over(&cloud);
        cloud.set_faults(failing(kind));
        assert_eq!(
            bridge.list(DRIVE).await.unwrap_err(),
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(
            bridge.list("/dav/files/anna/ref").await.unwrap_err(),
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(
            bridge.list("/dav/files/anna").await.unwrap(),
            ["Anna (reference)"],
            "the home still answers"
        );
        assert_eq!(
            bridge.propfind("/dav/files/anna/ref", "0").await.status,
            StatusCode::MULTI_STATUS
        );
        assert_eq!(
            bridge.get(&format!("{DRIVE}/f"), &[]).await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
}

#[tokio::test]
async fn a_signed_out_account_serves_no_contents_and_is_noted() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(failing(Kind::SignedOut));
    bridge.clock.forward(Duration::from_secs(61));
    assert_eq!(
        bridge.list(DRIVE).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    cloud.set_faults(Faults::default());
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"]);
    let notes = bridge.connections.notes.lock().unwrap().clone();
    assert_eq!(notes, [ConnectionState::SignedOut, ConnectionState::Active]);
}

#[tokio::test]
async fn a_cloud_in_trouble_is_left_alone() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(failing(Kind::Down));
    bridge.clock.forward(Duration::from_secs(61));
    cloud.take_calls();
    for _ in 0..50 {
        bridge.list(DRIVE).await.unwrap();
    }
    assert_eq!(cloud.take_calls(), 1);
}

#[tokio::test]
async fn a_store_in_trouble_is_503() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    for kind in [Kind::Down, Kind::Full, Kind::Busy { retry_after: None }] {
        *bridge.connections.trouble.lock().unwrap() = Some(kind);
        for path in [DRIVE, "/dav/files/anna/"] {
            assert_eq!(
                bridge.list(path).await.unwrap_err(),
                StatusCode::SERVICE_UNAVAILABLE,
                "{kind:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_cloud_makes_nobody_wait_longer_than_patience() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(Faults {
        slow: Some(Duration::from_secs(60)),
        ..Faults::default()
    });
    tokio::time::advance(Duration::from_secs(61)).await;
    let asked = tokio::time::Instant::now();
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"]);
    // the timer counts whole milliseconds
    let waited = || (asked.elapsed() + Duration::from_millis(50)).as_secs();
    assert_eq!(waited(), 8);
    let cold = Bridge::over(&cloud);
    assert_eq!(
        cold.list(DRIVE).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(waited(), 8 + 25);
}

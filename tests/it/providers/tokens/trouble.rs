//! Trouble of the sign-in, the store, the clock: the account stays.

use super::*;

#[tokio::test]
async fn a_set_the_store_does_not_take_is_saved_before_it_is_used() {
    let rig = microsoft().await;
    rig.cloud
        .microsoft_switches(|switches| switches.old_refresh_works = false);
    rig.hour();
    let before = rig.refresh_token();
    *rig.vault.trouble.lock().unwrap() = Some(Kind::Full);
    for _ in 0..3 {
        assert_eq!(rig.refused().await.kind(), Kind::Full);
    }
    assert_eq!((rig.refreshes(), rig.refresh_token()), (1, before.clone()));
    *rig.vault.trouble.lock().unwrap() = None;
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 1);
    assert_ne!(rig.refresh_token(), before);
}

#[tokio::test]
async fn killed_between_refresh_and_save_goes_on_with_the_old_token() {
    for works in [true, false] {
        let rig = microsoft().await;
        rig.cloud
            .microsoft_switches(|switches| switches.old_refresh_works = works);
        rig.hour();
        *rig.vault.trouble.lock().unwrap() = Some(Kind::Down);
        rig.refused().await;
        *rig.vault.trouble.lock().unwrap() = None;
        // a new process: nothing in memory
        let connector = Microsoft::new(microsoft_settings(&rig.cloud), rig.clock.clone()).unwrap();
        let rig = Rig { connector, ..rig };
        let used = rig.use_it().await;
        if works {
            used.unwrap();
        } else {
            assert_eq!(used.unwrap_err().kind(), Kind::SignedOut);
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let rig = microsoft().await;
    rig.hour();
    rig.cloud.faults([Fault::on(TOKEN, Bug::Cut { after: 0 })]);
    assert_eq!(rig.refused().await.kind(), Kind::Down);
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 2);
}

#[tokio::test]
async fn trouble_of_the_sign_in_keeps_the_account() {
    for (bug, kind) in [
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Html { status: 400 }, Kind::Broken),
        (Bug::Html { status: 200 }, Kind::Broken),
        (Bug::Empty { status: 503 }, Kind::Down),
        (Bug::Drop, Kind::Down),
        (Bug::Stall { after: 0 }, Kind::Down),
        (Bug::Malformed, Kind::Broken),
        (
            Bug::TooMany {
                retry_after: Some(1000),
                reset_after: None,
            },
            Kind::Busy {
                retry_after: Some(Duration::from_secs(1000)),
            },
        ),
        (status(503, "temporarily_unavailable"), Kind::Down),
        (status(401, "invalid_client"), Kind::Down),
        (status(400, "invalid_scope"), Kind::Down),
        (status(404, "invalid_grant"), Kind::Broken),
    ] {
        let rig = microsoft().await;
        rig.hour();
        rig.fault(bug.clone());
        let before = rig.vault.now();
        let error = rig.refused().await;
        assert_eq!(error.kind(), kind, "{bug:?}: {}", error.chain());
        assert_eq!(rig.vault.now().expose_secret(), before.expose_secret());
        if matches!(kind, Kind::Busy { .. }) {
            let patience = rig.refused().await;
            assert!(matches!(patience.kind(), Kind::Busy { .. }));
            assert_eq!(rig.refreshes(), 1, "the pause is kept");
            rig.clock.forward(Duration::from_secs(1200));
        }
        assert_kept(&rig).await;
    }
}

fn status(status: u16, code: &str) -> Bug {
    Bug::Status {
        status,
        code: code.to_owned(),
        description: "SECRET".to_owned(),
    }
}

#[tokio::test]
async fn an_outage_keeps_the_account() {
    let rig = google().await;
    rig.hour();
    rig.cloud.outage(cloud::Outage::Refuse);
    assert_eq!(rig.refused().await.kind(), Kind::Down);
    rig.cloud.end_outage().await;
    rig.use_it().await.unwrap();
}

#[tokio::test]
async fn a_clock_wrong_by_an_hour_loses_nothing() {
    // ours jumps ahead: renewed early
    let rig = microsoft().await;
    rig.clock.forward(Duration::from_secs(3600 + 600));
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 1);
    // a token made while the clock was ahead: nothing is known of its end
    let made = rig.vault.now();
    let right = Arc::new(HandClock::default());
    assert!(right.now() < rig.clock.now());
    let connector = Microsoft::new(microsoft_settings(&rig.cloud), right.clone()).unwrap();
    let rig = Rig {
        connector,
        clock: right,
        ..rig
    };
    rig.vault.put(&made);
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 2);
    // ours is behind: the cloud refuses what we think good, and it is renewed once
    rig.cloud.pass(4000);
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 3);
}

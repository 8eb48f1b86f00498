//! Several that need a token at the same time.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_wait_for_one_refresh() {
    let rig = Arc::new(microsoft().await);
    rig.cloud
        .microsoft_switches(|switches| switches.old_refresh_works = false);
    rig.hour();
    rig.fault(Bug::Latency { ms: 100 });
    let all = (0..24).map(|_| {
        let rig = Arc::clone(&rig);
        tokio::spawn(async move { rig.use_it().await })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
    assert_eq!((rig.refreshes(), *rig.vault.writes.lock().unwrap()), (1, 1));
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_lose_the_refresh() {
    let rig = microsoft().await;
    rig.cloud
        .microsoft_switches(|switches| switches.old_refresh_works = false);
    rig.hour();
    rig.fault(Bug::Latency { ms: 100 });
    let before = rig.refresh_token();
    let account = rig.account();
    let request = tokio::spawn(async move { account.ability(&call()).await.map(drop) });
    until(|| rig.refreshes() == 1).await;
    request.abort();
    until(|| rig.refresh_token() != before).await;
    assert_kept(&rig).await;
}

/// Until something is so; a test that waits in vain ends with the runner's patience.
async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_late_answer_does_not_overwrite_a_reconnect() {
    let rig = Arc::new(microsoft().await);
    rig.hour();
    rig.cloud
        .faults([Fault::on(TOKEN, Bug::Latency { ms: 400 })]);
    let late = tokio::spawn({
        let rig = Arc::clone(&rig);
        async move { rig.use_it().await }
    });
    until(|| rig.refreshes() == 1).await;
    let again = connected(&rig.cloud, &rig.connector, WORK_ANNA).await;
    rig.vault.put(&again);
    late.await.unwrap().unwrap();
    assert_eq!(rig.vault.now().expose_secret(), again.expose_secret());
    assert_eq!(rig.refreshes(), 0, "the new token is fresh");
}

#[tokio::test]
async fn of_two_processes_the_slower_takes_what_the_faster_saved() {
    for works in [true, false] {
        let rig = microsoft().await;
        rig.cloud
            .microsoft_switches(|switches| switches.old_refresh_works = works);
        rig.hour();
        let other = Microsoft::new(microsoft_settings(&rig.cloud), rig.clock.clone()).unwrap();
        rig.cloud
            .faults([Fault::on(TOKEN, Bug::Latency { ms: 200 })]);
        let slow = rig.account();
        let slow = tokio::spawn(async move { slow.ability(&call()).await.map(drop) });
        until(|| rig.refreshes() == 1).await;
        let fast = other.open(&connection(other.name()), rig.vault.clone());
        fast.ability(&call()).await.unwrap();
        let saved = rig.refresh_token();
        slow.await.unwrap().unwrap();
        assert_eq!(
            (rig.refreshes(), rig.refresh_token()),
            (2, saved),
            "{works}"
        );
        assert_eq!(*rig.vault.writes.lock().unwrap(), 1);
    }
}

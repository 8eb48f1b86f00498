//! Access tokens renewed in time, and what goes wrong meanwhile.

use std::sync::Arc;
use std::time::Duration;

use cloud::{
    Cloud, Fault, Kind as Bug, MicrosoftSwitches, Options, RefreshRefusal, TokenKind, TokenOrder,
};
use davbridge::domain::{
    Ask, Clock, Connection, Connector, Consent, Error, Kind, Provider, Purpose, Redemption, Result,
};
use davbridge::providers::google::Google;
use davbridge::providers::microsoft::Microsoft;
use davbridge::upstream::oauth::{TokenSet, challenge, random};
use secrecy::{ExposeSecret, SecretString};

use crate::support::bridge::{HandClock, connection};
use crate::support::consent::{
    ANNA, BACK, MemoryVault, Ticks, WORK_ANNA, allow, google_settings, microsoft_settings,
    parameter, pass,
};
use crate::support::infomaniak::{call, cloud};

const TOKEN: &str = "POST /microsoft/login/{tenant}/oauth2/v2.0/token";

/// A connected account of the simulated Microsoft (or Google), the clock in the test's hands.
struct Rig<C> {
    cloud: Cloud,
    clock: Arc<HandClock>,
    vault: Arc<MemoryVault>,
    connector: C,
    token: &'static str,
}

async fn connected(cloud: &Cloud, consent: &dyn Consent, account: &str) -> SecretString {
    let verifier = random().unwrap();
    let page = consent.page(&Ask {
        redirect: BACK,
        state: "s",
        challenge: &challenge(&verifier),
        purpose: Purpose::Connect,
    });
    let back = allow(&page, account, Ticks::All).await;
    let code = parameter(&back, "code").unwrap().into();
    let redemption = Redemption {
        code: &code,
        redirect: BACK,
        verifier: &verifier,
    };
    let consented = consent.redeem(&call(), redemption).await.unwrap();
    cloud.reset_counters();
    consented.token
}

async fn microsoft() -> Rig<Microsoft> {
    let cloud = cloud(Options::default()).await;
    let clock = Arc::new(HandClock::default());
    let connector = Microsoft::new(microsoft_settings(&cloud), clock.clone()).unwrap();
    let token = connected(&cloud, &connector, WORK_ANNA).await;
    Rig {
        cloud,
        clock,
        vault: MemoryVault::with(&token),
        connector,
        token: TOKEN,
    }
}

async fn google() -> Rig<Google> {
    let cloud = cloud(Options::default()).await;
    let clock = Arc::new(HandClock::default());
    let connector = Google::new(google_settings(&cloud), clock.clone()).unwrap();
    let token = connected(&cloud, &connector, ANNA).await;
    Rig {
        cloud,
        clock,
        vault: MemoryVault::with(&token),
        connector,
        token: "POST /google/oauth2/token",
    }
}

impl<C: Connector> Rig<C> {
    /// As each request may: opened anew.
    fn account(&self) -> Arc<dyn Provider> {
        let opened: Connection = connection(self.connector.name());
        self.connector.open(&opened, self.vault.clone())
    }

    /// Uses the account: a call that needs an access token.
    async fn use_it(&self) -> Result<()> {
        self.account().ability(&call()).await.map(drop)
    }

    async fn refused(&self) -> Error {
        self.use_it().await.unwrap_err()
    }

    fn refreshes(&self) -> u64 {
        self.cloud.calls(self.token)
    }

    /// The hour of the access token is over, here and there.
    fn hour(&self) {
        pass(&self.clock, &self.cloud, 4000);
    }

    fn set(&self) -> TokenSet {
        TokenSet::read(&self.vault.now()).unwrap()
    }

    fn refresh_token(&self) -> String {
        self.set().refresh.unwrap().expose_secret().to_owned()
    }

    fn fault(&self, bug: Bug) {
        self.cloud.faults([Fault::on(self.token, bug).always()]);
    }
}

/// After whatever happened, the account works.
async fn assert_kept<C: Connector>(rig: &Rig<C>) {
    rig.cloud.clear_faults();
    rig.use_it().await.unwrap();
}

#[tokio::test]
async fn a_fresh_token_is_used_as_it_is() {
    let rig = microsoft().await;
    for _ in 0..3 {
        rig.use_it().await.unwrap();
    }
    assert_eq!((rig.refreshes(), *rig.vault.writes.lock().unwrap()), (0, 0));
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end() {
    let rig = microsoft().await;
    let before = rig.refresh_token();
    pass(&rig.clock, &rig.cloud, 3912 - 61);
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 0);
    pass(&rig.clock, &rig.cloud, 2);
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 1);
    assert_ne!(rig.refresh_token(), before, "the replacement is kept");
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_keeps_the_old() {
    let rig = google().await;
    let before = rig.refresh_token();
    for round in 1..=3 {
        rig.hour();
        rig.use_it().await.unwrap();
        assert_eq!(
            (rig.refreshes(), rig.refresh_token()),
            (round, before.clone())
        );
    }
}

#[tokio::test]
async fn the_chain_of_replaced_tokens_holds_where_the_old_one_dies() {
    let rig = microsoft().await;
    rig.cloud
        .microsoft_switches(|switches: &mut MicrosoftSwitches| switches.old_refresh_works = false);
    for round in 1..=4 {
        rig.hour();
        rig.use_it().await.unwrap();
        assert_eq!(rig.refreshes(), round);
    }
}

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
async fn a_sign_in_that_is_gone_is_signed_out() {
    for refusal in [
        RefreshRefusal::Password,
        RefreshRefusal::SecondFactor,
        RefreshRefusal::Interaction,
    ] {
        let rig = microsoft().await;
        rig.hour();
        rig.cloud
            .microsoft_switches(|switches| switches.refusal = refusal);
        let before = rig.vault.now();
        for _ in 0..3 {
            let error = rig.refused().await;
            assert_eq!(error.kind(), Kind::SignedOut, "{}", error.chain());
            assert!(!error.chain().contains(&rig.refresh_token()));
        }
        assert_eq!(rig.refreshes(), 1, "not asked again and again");
        assert_eq!(rig.vault.now().expose_secret(), before.expose_secret());
        // the second factor was given after all
        rig.cloud
            .microsoft_switches(|switches| switches.refusal = RefreshRefusal::None);
        rig.clock.forward(Duration::from_secs(301));
        assert_kept(&rig).await;
    }
}

#[tokio::test]
async fn a_consent_taken_back_is_noticed_at_the_next_call() {
    let rig = google().await;
    rig.cloud.google().order(&TokenOrder::Revoke {
        account: ANNA.to_owned(),
        client: None,
    });
    assert_eq!(rig.refused().await.kind(), Kind::SignedOut);
    let token = connected(&rig.cloud, &rig.connector, ANNA).await;
    rig.vault.put(&token);
    rig.use_it().await.unwrap();
    rig.connector.revoke(&call(), &token).await.unwrap();
    rig.connector.revoke(&call(), &token).await.unwrap();
    assert_eq!(rig.refused().await.kind(), Kind::SignedOut);
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
    rig.cloud.outage(cloud::Outage::None);
    let mut left = 200;
    while rig.use_it().await.is_err() {
        left -= 1;
        assert!(left > 0, "the account came back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
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

#[tokio::test]
async fn an_access_token_revoked_before_its_time_is_replaced_once() {
    let rig = google().await;
    rig.cloud.google().order(&TokenOrder::Expire {
        kind: TokenKind::Access,
    });
    rig.use_it().await.unwrap();
    assert_eq!(rig.refreshes(), 1);
    // a cloud that refuses every token is asked once more, not for ever
    let who = "GET /google/www/oauth2/v2/userinfo";
    rig.cloud.faults([Fault::on(who, Bug::Revoke).always()]);
    assert_eq!(rig.refused().await.kind(), Kind::SignedOut);
    assert_eq!(rig.refreshes(), 2);
}

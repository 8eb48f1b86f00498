//! Access tokens renewed in time, and what goes wrong meanwhile.

mod at_once;
mod refusal;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use cloud::{
    Cloud, Fault, Kind as Bug, MicrosoftSwitches, Options, RefreshRefusal, TokenKind, TokenOrder,
};
use davbridge::domain::{
    Ask, Clock, Connection, Connector, Error, Kind, Provider, Purpose, Redemption, Result,
};
use davbridge::providers::google::Google;
use davbridge::providers::microsoft::Microsoft;
use davbridge::upstream::oauth::{TokenSet, challenge, random};
use secrecy::{ExposeSecret, SecretString};

use crate::support::bridge::{HandClock, connection};
use crate::support::consent::{
    ANNA, BACK, MemoryVault, Ticks, WORK_ANNA, allow, by_consent, google_settings,
    microsoft_settings, parameter, pass,
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

async fn connected(cloud: &Cloud, company: &dyn Connector, account: &str) -> SecretString {
    let verifier = random().unwrap();
    let consent = by_consent(company);
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

//! Accounts connected by consent, and connected again (requirements row 10).

use std::sync::Arc;
use std::time::Duration;

use cloud::{Cloud, Fault, Kind as Bug, Options, TokenState};
use davbridge::accounts::{
    Accounts, Begun, By, Callback, Client, ConnectError, ConsentError, RowState,
};
use davbridge::domain::{Call, Connection, Connections, Connector, Role, UserName, Vault};
use davbridge::providers::google::Google;
use davbridge::providers::infomaniak::Infomaniak;
use davbridge::providers::microsoft::Microsoft;
use davbridge::store::Store;
use secrecy::{ExposeSecret, SecretString};

use crate::support::bridge::HandClock;
use crate::support::consent::{
    ANNA, BACK, BEN, Ticks, WORK_ANNA, WORK_BEN, allow, deny, google_settings, microsoft_settings,
};
use crate::support::infomaniak::{cloud, settings};

const DRIVE: &str = "https://www.googleapis.com/auth/drive.readonly";

struct Rig {
    cloud: Cloud,
    clock: Arc<HandClock>,
    accounts: Arc<Accounts>,
}

fn user(name: &str) -> UserName {
    UserName::parse(name).unwrap()
}

fn browser() -> Client {
    Client::new([192, 0, 2, 7].into(), "Browser")
}

fn session() -> SecretString {
    "the session of this browser".into()
}

async fn rig() -> Rig {
    let cloud = cloud(Options::default()).await;
    let clock = Arc::new(HandClock::default());
    let connectors: Vec<Arc<dyn Connector>> = vec![
        Arc::new(Google::new(google_settings(&cloud), clock.clone()).unwrap()),
        Arc::new(Microsoft::new(microsoft_settings(&cloud), clock.clone()).unwrap()),
        Arc::new(Infomaniak::new(settings(&cloud), clock.clone()).unwrap()),
    ];
    let store = Arc::new(Store::in_memory().await.unwrap());
    let accounts = Accounts::new(store, connectors, clock.clone());
    for name in ["anna", "bert"] {
        accounts
            .add_user(&By::command(), &user(name), name, Role::Editor)
            .await
            .unwrap();
    }
    Rig {
        cloud,
        clock,
        accounts,
    }
}

impl Rig {
    async fn begin(&self, name: &str, provider: &str) -> Begun {
        let (user, session) = (user(name), session());
        let begun = self.accounts.begin_consent(&user, provider, &session, BACK);
        begun.await.unwrap()
    }

    async fn again(&self, slug: &str) -> Begun {
        let (user, session) = (user("anna"), session());
        let begun = self.accounts.begin_reconnect(&user, slug, &session, BACK);
        begun.await.unwrap()
    }

    async fn finish(&self, back: &str) -> Result<Connection, ConsentError> {
        let callback = Callback::parse(back).unwrap();
        self.accounts
            .finish_consent(&session(), &callback, &browser())
            .await
    }

    async fn connect(&self, name: &str, provider: &str, account: &str) -> Connection {
        let begun = self.begin(name, provider).await;
        let back = allow(&begun.page, account, Ticks::All).await;
        self.finish(&back).await.unwrap()
    }

    async fn token(&self, connection: &Connection) -> String {
        let token = Vault::load(self.accounts.as_ref(), connection.id).await;
        token.unwrap().expose_secret().to_owned()
    }

    async fn works(&self, connection: &Connection) -> bool {
        let provider = self.accounts.provider(connection).await.unwrap();
        provider.ability(&Call::interactive()).await.is_ok()
    }

    /// Connections as the commands show them.
    async fn shown(&self) -> String {
        let list = self.accounts.list_connections(None).await.unwrap();
        format!("{list:?}")
    }
}

#[tokio::test]
async fn accounts_of_both_companies_are_connected_and_used() {
    let rig = rig().await;
    for (provider, account, label) in [
        ("google", ANNA, "anna.muster@gmail.example"),
        ("microsoft", WORK_ANNA, "anna.muster@company.example"),
    ] {
        let made = rig.connect("anna", provider, account).await;
        assert_eq!((&*made.slug, &*made.account.label), (provider, label));
        assert!(rig.works(&made).await);
        rig.clock.forward(Duration::from_secs(4000));
        rig.cloud.pass(4000);
        assert!(rig.works(&made).await, "renewed");
        let same = rig.connect("anna", provider, account).await;
        assert_eq!((same.id, &*same.slug), (made.id, provider));
        let other = if provider == "google" { BEN } else { WORK_BEN };
        let other = rig.connect("anna", provider, other).await;
        assert_eq!(other.slug, format!("{provider}-2"));
    }
    assert_eq!(rig.accounts.of_user(&user("anna")).await.unwrap().len(), 4);
}

#[tokio::test]
async fn missing_scopes_are_told_and_come_with_a_reconnect() {
    let rig = rig().await;
    let begun = rig.begin("anna", "google").await;
    let back = allow(&begun.page, ANNA, Ticks::Only(&[DRIVE])).await;
    let made = rig.finish(&back).await.unwrap();
    assert_eq!(made.missing.len(), 2);
    assert!(!made.lacks(DRIVE));
    assert!(
        rig.shown()
            .await
            .contains("Access to calendars was not granted.")
    );
    let begun = rig.again("google").await;
    let back = allow(&begun.page, ANNA, Ticks::All).await;
    let whole = rig.finish(&back).await.unwrap();
    assert_eq!((whole.id, whole.missing.len()), (made.id, 0));
    assert!(whole.generation > made.generation);
}

#[tokio::test]
async fn an_abandoned_or_refused_reconnect_changes_nothing() {
    let rig = rig().await;
    let made = rig.connect("anna", "microsoft", WORK_ANNA).await;
    let (token, shown) = (rig.token(&made).await, rig.shown().await);
    let begun = rig.again("microsoft").await;
    assert!(rig.works(&made).await, "while the page is open");
    rig.accounts
        .cancel_consent(&session(), &begun.state)
        .await
        .unwrap();
    let back = allow(&begun.page, WORK_ANNA, Ticks::All).await;
    assert!(
        matches!(rig.finish(&back).await, Err(ConsentError::Stale)),
        "cancelled"
    );
    let begun = rig.again("microsoft").await;
    let denied = rig.finish(&deny(&begun.page).await).await;
    assert!(matches!(denied, Err(ConsentError::Denied)));
    let begun = rig.again("microsoft").await;
    let back = allow(&begun.page, WORK_ANNA, Ticks::Only(&[])).await;
    assert!(matches!(
        rig.finish(&back).await,
        Err(ConsentError::NothingGranted)
    ));
    let route = "POST /microsoft/login/{tenant}/oauth2/v2.0/token";
    rig.cloud
        .faults([Fault::on(route, Bug::Html { status: 502 })]);
    let begun = rig.again("microsoft").await;
    let back = allow(&begun.page, WORK_ANNA, Ticks::All).await;
    assert!(matches!(
        rig.finish(&back).await,
        Err(ConsentError::Unexpected(_))
    ));
    assert_eq!((rig.token(&made).await, rig.shown().await), (token, shown));
    assert!(rig.works(&made).await);
}

#[tokio::test]
async fn another_account_is_refused_by_name() {
    let rig = rig().await;
    for (provider, account, other, label) in [
        ("google", ANNA, BEN, "ben@company.example"),
        ("microsoft", WORK_ANNA, WORK_BEN, "ben@company.example"),
    ] {
        let made = rig.connect("anna", provider, account).await;
        let (token, shown) = (rig.token(&made).await, rig.shown().await);
        // a browser that is signed in to the other account only
        let order = cloud::TokenOrder::SignOut;
        rig.cloud.google().order(&order);
        rig.cloud.microsoft().order(&order);
        let begun = rig.again(provider).await;
        let back = allow(&begun.page, other, Ticks::All).await;
        let refused = rig.finish(&back).await.unwrap_err();
        let named = matches!(&refused, ConsentError::OtherAccount { came, .. } if came == label);
        assert!(named, "{refused}");
        assert!(refused.to_string().contains(label));
        assert_eq!((rig.token(&made).await, rig.shown().await), (token, shown));
        assert!(rig.works(&made).await);
    }
}

#[tokio::test]
async fn what_comes_back_is_taken_once_in_time_and_in_its_session() {
    let rig = rig().await;
    let stale = |outcome: Result<Connection, ConsentError>| {
        assert!(matches!(outcome, Err(ConsentError::Stale)), "{outcome:?}");
    };
    let begun = rig.begin("anna", "google").await;
    let back = allow(&begun.page, ANNA, Ticks::All).await;
    let callback = Callback::parse(&back).unwrap();
    let other = "another browser".into();
    stale(
        rig.accounts
            .finish_consent(&other, &callback, &browser())
            .await,
    );
    assert!(rig.finish(&back).await.is_ok());
    stale(rig.finish(&back).await);
    stale(rig.finish(&format!("{BACK}?code=x&state=invented")).await);
    let late = rig.begin("anna", "google").await;
    let back = allow(&late.page, ANNA, Ticks::All).await;
    rig.clock.forward(Duration::from_secs(601));
    stale(rig.finish(&back).await);
    // injected: the code of somebody else's page fits no verifier of ours
    let mine = rig.begin("anna", "google").await;
    let theirs = rig.begin("bert", "google").await;
    let back = allow(&theirs.page, BEN, Ticks::All).await;
    let code = crate::support::consent::parameter(&back, "code").unwrap();
    let state = mine.state.expose_secret();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", state)
        .finish();
    let refused = rig.finish(&format!("{BACK}?{query}")).await;
    assert!(
        matches!(refused, Err(ConsentError::NotAccepted { .. })),
        "{refused:?}"
    );
    assert_eq!(rig.accounts.of_user(&user("anna")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_connection_taken_away_meanwhile_does_not_come_back() {
    let rig = rig().await;
    rig.connect("anna", "microsoft", WORK_ANNA).await;
    let begun = rig.again("microsoft").await;
    rig.accounts
        .disconnect(&By::command(), &user("anna"), "microsoft")
        .await
        .unwrap();
    let back = allow(&begun.page, WORK_ANNA, Ticks::All).await;
    assert!(matches!(rig.finish(&back).await, Err(ConsentError::Stale)));
    let list = rig.accounts.list_connections(None).await.unwrap();
    assert_eq!(list[0].state, RowState::Disconnected);
    let begun = rig
        .accounts
        .begin_reconnect(&user("anna"), "microsoft", &session(), BACK)
        .await;
    assert!(matches!(begun, Err(ConsentError::UnknownConnection(_))));
}

#[tokio::test]
async fn the_two_ways_are_kept_apart() {
    let rig = rig().await;
    let (anna, token) = (user("anna"), SecretString::from("pasted"));
    let pasted = rig
        .accounts
        .connect(&By::command(), &anna, "google", &token)
        .await;
    assert!(matches!(pasted, Err(ConnectError::ByConsent(_))));
    for provider in ["infomaniak", "nowhere"] {
        let begun = rig
            .accounts
            .begin_consent(&anna, provider, &session(), BACK)
            .await;
        assert!(
            matches!(begun, Err(ConsentError::NotByConsent(_))),
            "{provider}"
        );
    }
    let token = SecretString::from(rig.cloud.token());
    rig.accounts
        .connect(&By::command(), &anna, "infomaniak", &token)
        .await
        .unwrap();
    let begun = rig
        .accounts
        .begin_reconnect(&anna, "infomaniak", &session(), BACK)
        .await;
    assert!(matches!(begun, Err(ConsentError::NotByConsent(_))));
    let nobody = user("nobody");
    let begun = rig
        .accounts
        .begin_consent(&nobody, "google", &session(), BACK)
        .await;
    assert!(matches!(begun, Err(ConsentError::UnknownUser(_))));
}

#[tokio::test]
async fn a_disconnect_takes_the_consent_back_unless_others_live_by_it() {
    let rig = rig().await;
    let live = || {
        let tokens = rig.cloud.google().tokens();
        tokens.iter().any(|token| token.state == TokenState::Live)
    };
    rig.connect("anna", "google", ANNA).await;
    let bert = rig.connect("bert", "google", ANNA).await;
    let away = async |name: &str| {
        rig.accounts
            .disconnect(&By::command(), &user(name), "google")
            .await
    };
    away("anna").await.unwrap();
    assert!(live() && rig.works(&bert).await);
    away("bert").await.unwrap();
    assert!(!live());
    // a company that cannot be reached does not hold up the bridge's own deletion
    rig.connect("anna", "google", ANNA).await;
    rig.cloud
        .faults([Fault::on("POST /google/oauth2/revoke", Bug::Html { status: 502 }).always()]);
    away("anna").await.unwrap();
    let list = rig.accounts.list_connections(None).await.unwrap();
    assert!(list.iter().all(|row| row.state == RowState::Disconnected));
}

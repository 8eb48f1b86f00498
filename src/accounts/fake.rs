//! A small made-up cloud and a clock that stands still, for tests.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{Accounts, By, Settings, locked};
use crate::domain::{
    Ability, Account, Call, Clock, Connection, ConnectionId, Connector, Error, Files, Kind, Paste,
    Probe, ProbeFailure, Provider, ProviderName, Result, Role, Scope, ScopeState, UserName, Vault,
    Way,
};
use crate::store::Store;

pub(super) const NAME: ProviderName = ProviderName("infomaniak");
pub(super) const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

/// Time that a test moves.
pub(super) struct TestClock {
    start: Instant,
    passed: Mutex<Duration>,
}

impl TestClock {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            passed: Mutex::default(),
        })
    }

    pub(super) fn advance(&self, duration: Duration) {
        *locked(&self.passed) += duration;
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        start + TimeDelta::from_std(*locked(&self.passed)).unwrap()
    }

    fn instant(&self) -> Instant {
        self.start + *locked(&self.passed)
    }

    async fn sleep(&self, _: Duration) {}
}

/// A company whose tokens read `account/anything`; some words in them are faults.
#[derive(Default)]
pub(super) struct FakeCloud {
    /// Tokens that were tried.
    pub(super) probed: Mutex<Vec<String>>,
    /// Providers that were opened.
    pub(super) opened: AtomicU32,
}

impl Connector for FakeCloud {
    fn name(&self) -> ProviderName {
        NAME
    }

    fn way(&self) -> Way<'_> {
        Way::Paste(self)
    }

    fn open(&self, connection: &Connection, vault: Arc<dyn Vault>) -> Arc<dyn Provider> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let connection = connection.id;
        Arc::new(FakeProvider { connection, vault })
    }
}

#[async_trait]
impl Paste for FakeCloud {
    fn scopes(&self) -> &'static [&'static str] {
        &["drive", "profile"]
    }

    async fn probe(&self, _: &Call, token: &SecretString) -> Result<Probe, ProbeFailure> {
        let token = token.expose_secret();
        locked(&self.probed).push(token.to_owned());
        let scope = |name: &str| Scope(name.to_owned());
        let (id, rest) = token.split_once('/').unwrap_or((token, ""));
        match rest {
            "unknown" => Err(ProbeFailure::NotAccepted {
                scope: scope("profile"),
            }),
            "scopeless" => Err(ProbeFailure::ScopeMissing {
                scope: scope("drive"),
            }),
            "down" => Err(ProbeFailure::Unexpected(Error::cloud(
                Kind::Down,
                "the cloud is down",
            ))),
            _ => Ok(Probe {
                account: Account {
                    id: id.to_owned(),
                    label: format!("Account {id}"),
                },
                scopes: vec![
                    (scope("profile"), ScopeState::Granted),
                    (
                        scope("calendar"),
                        ScopeState::Missing {
                            reason: "the token lacks it".to_owned(),
                        },
                    ),
                ],
            }),
        }
    }
}

struct FakeProvider {
    connection: ConnectionId,
    vault: Arc<dyn Vault>,
}

#[async_trait]
impl Provider for FakeProvider {
    fn name(&self) -> ProviderName {
        NAME
    }

    /// Loads its token, as a real one does for a call.
    async fn ability(&self, _: &Call) -> Result<Ability> {
        self.vault.load(self.connection).await?;
        Ok(Ability::default())
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        None
    }
}

/// Accounts over a store, with their cloud and clock in the test's hands.
pub(super) struct Bench {
    pub(super) store: Arc<Store>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) cloud: Arc<FakeCloud>,
    pub(super) clock: Arc<TestClock>,
}

impl Bench {
    pub(super) fn over(store: Store) -> Self {
        Self::with(store, Settings::default())
    }

    pub(super) fn with(store: Store, settings: Settings) -> Self {
        let (store, cloud, clock) = (
            Arc::new(store),
            Arc::<FakeCloud>::default(),
            TestClock::new(),
        );
        let connectors: Vec<Arc<dyn Connector>> = vec![cloud.clone()];
        let accounts =
            Accounts::with_settings(store.clone(), connectors, clock.clone(), settings, None);
        Self {
            store,
            accounts,
            cloud,
            clock,
        }
    }

    /// In memory, with the user `anna`.
    pub(super) async fn new() -> Self {
        let bench = Self::over(Store::in_memory().await.unwrap());
        bench
            .accounts
            .add_user(&By::command(), &anna(), "Anna", Role::Editor)
            .await
            .unwrap();
        bench
    }

    /// Signs in from home.
    pub(super) async fn sign_in(&self, user: &str, password: &str) -> super::SignIn {
        let header = basic(user, password);
        self.accounts.sign_in(Some(&header), HOME).await.unwrap()
    }
}

pub(super) fn anna() -> UserName {
    UserName::parse("anna").unwrap()
}

pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

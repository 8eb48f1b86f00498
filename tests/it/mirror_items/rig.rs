//! Mirrors over the reference cloud, on a store with real connections.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use davbridge::domain::{Call, Connection, Connections, Error, Event, ItemId, Kind, Result};
use davbridge::mirror::{Collection, FeedStatus, Head, Mirror, ServiceStatus, Settings};
use davbridge::store::{PublishedRow, Store};
use sqlx::{ConnectOptions, Connection as _};

use super::accounts::Accounts;
use crate::support::bridge::{HandClock, trace, user};
use crate::support::items::{Cloud, Faults, Manner, Sample};

/// One mirror over one cloud.
pub struct Rig<K: Sample = Event> {
    pub cloud: Arc<Cloud<K>>,
    pub accounts: Arc<Accounts>,
    pub clock: Arc<HandClock>,
    pub mirror: Arc<Mirror>,
    pub settings: Settings,
}

impl<K: Sample> Rig<K> {
    pub async fn new(manner: Manner) -> Self {
        Self::on(Store::in_memory().await.unwrap(), manner).await
    }

    pub async fn on(store: Store, manner: Manner) -> Self {
        let cloud = Cloud::new(manner);
        let accounts = Accounts::new(store).await;
        let account = Arc::new(K::account(Some(cloud.clone())));
        accounts.connect("one", account).await;
        let clock = Arc::new(HandClock::at(today() + TimeDelta::minutes(9 * 60 + 30)));
        let settings = Settings::default();
        Self {
            mirror: mirror(&accounts, &clock, settings),
            cloud,
            accounts,
            clock,
            settings,
        }
    }

    /// A new process on the same store.
    pub fn restart(&mut self) {
        self.mirror = mirror(&self.accounts, &self.clock, self.settings);
    }

    /// A new process on a store in a folder that was changed meanwhile.
    pub async fn edit_store(&mut self, folder: &Path, statements: &[&'static str]) {
        self.accounts.store.close().await;
        let file = folder.join("davbridge.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut database = options.connect().await.unwrap();
        for statement in statements {
            let done = sqlx::query(*statement).execute(&mut database).await;
            assert!(done.unwrap().rows_affected() > 0);
        }
        database.close().await.unwrap();
        let store = Store::open(folder).await.unwrap();
        self.accounts = self.accounts.on(store);
        self.restart();
    }

    /// A new token of the same account; `false`: without the scope.
    pub async fn reconnect(&self, scope: bool) {
        let cloud = scope.then(|| self.cloud.clone());
        self.accounts
            .connect("one", Arc::new(K::account(cloud)))
            .await;
    }

    pub async fn disconnect(&self) {
        let store = &self.accounts.store;
        let (user, slug) = (user(), self.connection().await.slug);
        let gone = store.disconnect(&user, &slug, trace());
        gone.await.unwrap();
    }

    pub async fn connection(&self) -> Connection {
        self.accounts.of_user(&user()).await.unwrap()[0].clone()
    }

    pub fn forward(&self, minutes: u64) {
        self.clock.forward(Duration::from_mins(minutes));
    }

    pub fn fault(&self, faults: Faults) {
        self.cloud.set_faults(faults);
    }

    pub async fn collections(&self) -> Result<Arc<[Arc<Collection>]>> {
        let call = Call::interactive();
        self.mirror.collections(&call, &user(), K::KIND).await
    }

    /// A collection by its address part.
    pub async fn collection(&self, slug: &str) -> Result<Arc<Collection>> {
        let call = Call::interactive();
        self.mirror.collection(&call, &user(), K::KIND, slug).await
    }

    pub async fn head(&self, slug: &str) -> Option<Head> {
        let collection = self.collection(slug).await.unwrap();
        let call = Call::interactive();
        self.mirror.head(&call, &collection).await.unwrap()
    }

    /// Names in a collection, sorted.
    pub async fn list(&self, slug: &str) -> Result<Vec<String>> {
        let collection = self.collection(slug).await?;
        let call = Call::interactive();
        let listing = self.mirror.listing(&call, &collection).await?;
        let names = listing.rows.iter().map(|row| row.name.clone());
        let mut names: Vec<String> = names.collect();
        names.sort();
        Ok(names)
    }

    /// Names in the first collection, sorted; or what is wrong.
    pub async fn names(&self) -> Result<Vec<String>, Kind> {
        self.list("first").await.map_err(|error| error.kind())
    }

    /// The text of an item of the first collection.
    pub async fn text(&self, id: &str) -> Option<String> {
        let first = self.collection("first").await.unwrap();
        let names = [format!("{id}.{}", ending::<K>())];
        let call = Call::interactive();
        let found = self.mirror.members(&call, &first, &names).await.unwrap();
        found.first().map(|member| member.text.to_string())
    }

    /// What is published of an item anywhere, tombstones among it.
    pub async fn published(&self, id: &str) -> Vec<PublishedRow> {
        let connection = self.connection().await.id;
        let store = &self.accounts.store;
        let items = [ItemId::new(id)];
        store.published(connection, K::KIND, &items).await.unwrap()
    }

    /// Whether an item is served with more than one instance.
    pub async fn recurs(&self, id: &str) -> bool {
        let rows = self.published(id).await;
        let row = rows.iter().find(|row| !row.removed);
        row.unwrap().recurring
    }

    pub async fn services(&self) -> Vec<ServiceStatus> {
        let connection = self.connection().await.id;
        let store = &self.accounts.store;
        ServiceStatus::of(store, connection).await.unwrap()
    }

    pub async fn status(&self) -> Vec<FeedStatus> {
        let services = self.services().await;
        services.into_iter().flat_map(|of| of.feeds).collect()
    }
}

fn mirror(accounts: &Arc<Accounts>, clock: &Arc<HandClock>, settings: Settings) -> Arc<Mirror> {
    let store = accounts.store.clone();
    let addresses = store.clone();
    Mirror::new(accounts.clone(), addresses, store, clock.clone(), settings)
}

pub fn ending<K: Sample>() -> &'static str {
    match K::KIND {
        davbridge::domain::ItemKind::Event => "ics",
        davbridge::domain::ItemKind::Contact => "vcf",
    }
}

/// The day on which everything happens, whenever the tests run.
fn today() -> DateTime<Utc> {
    let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
    today.and_time(NaiveTime::MIN).and_utc()
}

/// In so many days, at noon.
pub fn day(days: i64) -> DateTime<Utc> {
    today() + TimeDelta::hours(12) + TimeDelta::days(days)
}

/// Waits for what goes on in the background.
pub async fn until(mut done: impl AsyncFnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !done().await {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "it does not happen"
        );
        tokio::task::yield_now().await;
    }
}

/// The items of these ids.
pub fn ids(ids: &[&str]) -> std::collections::HashSet<ItemId> {
    ids.iter().map(|id| ItemId::new(*id)).collect()
}

/// Whether an error says nothing about the data.
pub fn says_nothing(error: &Error) -> bool {
    !matches!(
        error.kind(),
        Kind::NotFound | Kind::Forbidden | Kind::Changed | Kind::Invalid
    )
}

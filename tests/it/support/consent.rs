//! A browser on a simulated page of consent, and a vault that tests can break.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use cloud::Cloud;
use davbridge::domain::{Clock, ConnectionId, Connector, Consent, Error, Kind, Result, Vault, Way};
use davbridge::providers::{google, microsoft};
use davbridge::upstream::ClientSettings;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::companies;

/// Where the browser is sent back to.
pub const BACK: &str = "http://127.0.0.1:8080/oauth";

/// Accounts of the simulated Google.
pub const ANNA: &str = "108204268033311374519";
pub const BEN: &str = "117365910548220641983";
/// Accounts of the simulated Microsoft: two of an organisation, and a personal one.
pub const WORK_ANNA: &str = "b7e2c1d0-52a4-4f7e-8c39-0d6f2a9e4411";
pub const WORK_BEN: &str = "c93d0b6f-1e75-4a28-b4c7-6e8f5d3a2290";
pub const CARLA: &str = "48d31887c41a1f02";

/// Fast, and impatient.
fn client() -> ClientSettings {
    ClientSettings {
        read_timeout: Duration::from_millis(500),
        backoff: Duration::from_millis(5),
        interactive_wait: Duration::from_secs(2),
        ..ClientSettings::default()
    }
}

/// The page of consent of a company that has one.
pub fn by_consent(company: &dyn Connector) -> &dyn Consent {
    match company.way() {
        Way::Consent(consent) => consent,
        Way::Paste(_) => panic!("{} takes pasted tokens", company.name()),
    }
}

pub fn google_settings(cloud: &Cloud) -> google::Settings {
    companies::google_settings(cloud, client())
}

pub fn microsoft_settings(cloud: &Cloud) -> microsoft::Settings {
    companies::microsoft_settings(cloud, client())
}

/// What the person ticks.
#[derive(Clone, Copy)]
pub enum Ticks<'a> {
    All,
    Only(&'a [&'a str]),
}

/// Opens the page, picks the account, ticks, presses Allow; the address it is sent back to.
pub async fn allow(page: &str, account: &str, ticks: Ticks<'_>) -> String {
    let html = open(page).await;
    let offered = |name: &str| -> Vec<String> {
        let start = format!("name=\"{name}\" value=\"");
        let values = html.split(&*start).skip(1);
        values
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    assert!(
        offered("account").iter().any(|one| one == account),
        "{html}"
    );
    let mut form = vec![("account", account), ("answer", "allow")];
    let scopes = offered("scope");
    let ticked = scopes.iter().filter(|scope| match ticks {
        Ticks::All => true,
        Ticks::Only(some) => some.contains(&scope.as_str()),
    });
    form.extend(ticked.map(|scope| ("scope", scope.as_str())));
    press(page, &form).await
}

/// Opens the page and presses Cancel.
pub async fn deny(page: &str) -> String {
    press(page, &[("answer", "deny")]).await
}

fn browser() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(Policy::none());
    builder.build().unwrap()
}

async fn open(page: &str) -> String {
    let answer = browser().get(page).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

async fn press(page: &str, form: &[(&str, &str)]) -> String {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let answer = browser()
        .post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 302);
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(back.starts_with(BACK), "{back}");
    back
}

/// A parameter of an address.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).unwrap();
    let mut pairs = url.query_pairs();
    pairs
        .find(|pair| pair.0 == name)
        .map(|pair| pair.1.into_owned())
}

/// A vault with one token, compared and swapped in memory.
#[derive(Default)]
pub struct MemoryVault {
    token: Mutex<Option<String>>,
    /// Kind of trouble that writing is in.
    pub trouble: Mutex<Option<Kind>>,
    /// How often it was written.
    pub writes: Mutex<u32>,
}

impl MemoryVault {
    pub fn with(token: &SecretString) -> Arc<Self> {
        let vault = Self::default();
        vault.put(token);
        Arc::new(vault)
    }

    /// As another process, or a reconnect, would.
    pub fn put(&self, token: &SecretString) {
        *self.token.lock().unwrap() = Some(token.expose_secret().to_owned());
    }

    pub fn now(&self) -> SecretString {
        self.token.lock().unwrap().clone().unwrap().into()
    }
}

#[async_trait]
impl Vault for MemoryVault {
    async fn load(&self, _: ConnectionId) -> Result<SecretString> {
        let token = self.token.lock().unwrap().clone();
        let gone = || Error::cloud(Kind::SignedOut, "not connected");
        token.map(SecretString::from).ok_or_else(gone)
    }

    async fn replace(&self, _: ConnectionId, old: &SecretString, new: &SecretString) -> Result<()> {
        if let Some(kind) = *self.trouble.lock().unwrap() {
            return Err(Error::bridge(kind, "the store is in trouble"));
        }
        let mut token = self.token.lock().unwrap();
        if token.as_deref() != Some(old.expose_secret()) {
            return Err(Error::bridge(Kind::Changed, "the token was replaced"));
        }
        *token = Some(new.expose_secret().to_owned());
        *self.writes.lock().unwrap() += 1;
        Ok(())
    }
}

/// Lets time pass here and in the cloud.
pub fn pass(clock: &super::bridge::HandClock, cloud: &Cloud, seconds: u64) {
    let before = clock.now();
    clock.forward(Duration::from_secs(seconds));
    assert!(clock.now() > before);
    cloud.pass(seconds);
}

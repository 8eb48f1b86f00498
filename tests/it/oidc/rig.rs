//! Accounts with a provider, and browsers.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use davbridge::accounts::{
    Accounts, Client, NewSession, Oidc, OidcError, OidcSettings, Settings, SignIn, SignedIn, User,
};
use davbridge::domain::{Result, UserName};
use davbridge::store::Store;
use secrecy::SecretString;
use serde_json::Value;

use crate::support::bridge::HandClock;
use crate::support::issuer::{Issuer, browse};

/// Where the provider sends browsers back to.
pub const BACK: &str = "https://dav.example.org/sign-in/oidc/back";
pub const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

pub struct Rig {
    pub issuer: Issuer,
    pub accounts: Arc<Accounts>,
    pub clock: Arc<HandClock>,
}

impl Rig {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// With other settings of the operator.
    pub async fn with(change: impl FnOnce(&mut OidcSettings)) -> Self {
        let issuer = Issuer::start().await;
        let mut settings = issuer.settings();
        change(&mut settings);
        let store = Arc::new(Store::in_memory().await.unwrap());
        let clock = Arc::new(HandClock::default());
        let oidc = Oidc::new(settings, clock.clone()).unwrap();
        let accounts = Accounts::with_settings(
            store,
            Vec::new(),
            clock.clone(),
            Settings::default(),
            Some(oidc),
        );
        Self {
            issuer,
            accounts,
            clock,
        }
    }

    pub async fn begin(&self, browser: &str) -> Result<String, OidcError> {
        let browser = SecretString::from(browser);
        self.accounts.begin_oidc(&browser, BACK, "/devices").await
    }

    /// What a browser comes back with.
    pub async fn go(&self, browser: &str) -> String {
        browse(&self.begin(browser).await.unwrap()).await
    }

    pub async fn finish(&self, browser: &str, back: &str) -> Result<SignedIn, OidcError> {
        let client = Client::new(HOME, "a browser");
        let browser = SecretString::from(browser);
        self.accounts.finish_oidc(&browser, back, &client).await
    }

    /// The whole sign-in in a browser.
    pub async fn sign_in(&self) -> Result<NewSession, OidcError> {
        let back = self.go("b").await;
        self.finish("b", &back)
            .await
            .map(|signed_in| signed_in.session)
    }

    /// The user as it is now.
    pub async fn user(&self, name: &str) -> User {
        let name = UserName::parse(name).unwrap();
        self.accounts.user(&name).await.unwrap().unwrap()
    }

    /// Signs a person in; the user behind the session.
    pub async fn sign_in_as(&self, person: Value) -> Result<User, OidcError> {
        self.issuer.knobs().person = person;
        let session = self.sign_in().await?;
        Ok(self.user(session.user.as_str()).await)
    }

    /// A DAV request with an app password.
    pub async fn basic(&self, user: &str, password: &str) -> Result<SignIn> {
        let header = STANDARD.encode(format!("{user}:{password}"));
        let header = format!("Basic {header}");
        self.accounts.sign_in(Some(&header), HOME).await
    }

    /// A DAV request with an access token.
    pub async fn bearer(&self, token: &str) -> Result<SignIn> {
        let header = format!("Bearer {token}");
        self.accounts.sign_in(Some(&header), HOME).await
    }
}

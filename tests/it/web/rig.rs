//! The whole bridge over simulated clouds, and people in it.

use std::net::SocketAddr;
use std::sync::Arc;

use cloud::{Cloud, Options};
use davbridge::accounts::{Accounts, By};
use davbridge::app::{Bridge, Settings};
use davbridge::domain::{Connector, UserName};
use davbridge::providers::google::Google;
use davbridge::providers::infomaniak::Infomaniak;
use davbridge::providers::microsoft::Microsoft;
use davbridge::server::{Shutdown, bind};
use davbridge::store::Store;
use secrecy::{ExposeSecret, SecretString};

use super::browser::{Browser, Page};
use crate::support::bridge::HandClock;
use crate::support::consent::{google_settings, microsoft_settings};
use crate::support::infomaniak::{cloud, settings};

/// Password of everybody here.
pub const PASSWORD: &str = "correct horse battery";

pub struct Rig {
    pub cloud: Cloud,
    pub clock: Arc<HandClock>,
    pub accounts: Arc<Accounts>,
    pub address: SocketAddr,
    shutdown: Shutdown,
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.shutdown.now.cancel();
        self.shutdown.stop.cancel();
    }
}

pub fn user(name: &str) -> UserName {
    UserName::parse(name).unwrap()
}

/// Few sample records: these tests are not about them.
fn few() -> Options {
    Options {
        files: 5,
        events: 10,
        contacts: 5,
        ..Options::default()
    }
}

/// A bridge that nobody has set up.
pub async fn bare() -> Rig {
    with(Settings::default(), few()).await
}

pub async fn with(settings_of: Settings, options: Options) -> Rig {
    let cloud = cloud(options).await;
    let clock = Arc::new(HandClock::default());
    let connectors: Vec<Arc<dyn Connector>> = vec![
        Arc::new(Infomaniak::new(settings(&cloud), clock.clone()).unwrap()),
        Arc::new(Google::new(google_settings(&cloud), clock.clone()).unwrap()),
        Arc::new(Microsoft::new(microsoft_settings(&cloud), clock.clone()).unwrap()),
    ];
    let store = Arc::new(Store::in_memory().await.unwrap());
    let bridge = Bridge::with(settings_of, store, connectors, clock.clone()).unwrap();
    let accounts = bridge.accounts().clone();
    let listeners = bind(&["127.0.0.1:0".parse().unwrap()]).unwrap();
    let address = listeners[0].local_addr().unwrap();
    let shutdown = Shutdown::default();
    let ending = shutdown.clone();
    tokio::spawn(async move { bridge.serve(listeners, ending).await });
    Rig {
        cloud,
        clock,
        accounts,
        address,
        shutdown,
    }
}

/// A bridge with the administrator `anna`.
pub async fn rig() -> Rig {
    let rig = bare().await;
    rig.set_up().await;
    rig
}

impl Rig {
    pub fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// The owner's link; the last segment of its address.
    pub async fn link(&self) -> String {
        let link = self.accounts.owner_link().await.unwrap().unwrap();
        link.expose_secret().to_owned()
    }

    /// Makes the administrator `anna`; her browser.
    pub async fn set_up(&self) -> Browser {
        let mut browser = self.browser();
        let place = format!("/welcome/{}", self.link().await);
        let page = browser.get(&place).await;
        let fields = [
            ("name", "anna"),
            ("display_name", "Anna Muster"),
            ("new", PASSWORD),
            ("again", PASSWORD),
        ];
        let page = browser.go(&page, &place, &fields).await;
        assert_eq!(page.status(), 200, "{}", page.body());
        browser
    }

    /// Somebody's browser after signing in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let page = sign_in(&mut browser, name, PASSWORD).await;
        assert_eq!((page.status(), page.title()), (200, "Overview"));
        browser
    }

    /// Another user, by a link of the administrator; their browser.
    pub async fn invite(&self, name: &str, role: &str) -> Browser {
        let mut admin = self.signed_in("anna").await;
        let page = admin.get("/admin/users").await;
        let fields = [("name", name), ("role", role)];
        let page = admin.submit(&page, "/admin/users", &fields).await;
        assert_eq!(page.status(), 200, "{}", page.body());
        let link = page.between("/welcome/", "<").to_owned();
        let mut browser = self.browser();
        let place = format!("/welcome/{link}");
        let page = browser.get(&place).await;
        let fields = [("new", PASSWORD), ("again", PASSWORD)];
        let page = browser.go(&page, &place, &fields).await;
        assert_eq!(page.status(), 200, "{}", page.body());
        browser
    }

    /// The sample account's token, from now on with these scopes only.
    pub fn token_with(&self, scopes: &[&str]) -> String {
        self.cloud.set_token(self.cloud.token(), Some(scopes));
        self.cloud.token().to_owned()
    }

    /// Connects the sample account of a user.
    pub async fn connect(&self, name: &str) {
        let token = SecretString::from(self.cloud.token());
        self.accounts
            .connect(&By::command(), &user(name), "infomaniak", &token)
            .await
            .unwrap();
    }
}

/// Signs in by the form.
pub async fn sign_in(browser: &mut Browser, name: &str, password: &str) -> Page {
    let page = browser.get("/sign-in").await;
    let fields = [("name", name), ("password", password)];
    browser.go(&page, "/sign-in", &fields).await
}

//! Settings.

use url::Url;

use crate::upstream::ClientSettings;
use crate::upstream::oauth::{App, Endpoints};

/// Where Google is and how it is asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The operator's application.
    pub app: App,
    /// Addresses of the sign-in.
    pub endpoints: Endpoints,
    /// `https://www.googleapis.com`.
    pub api_base: Url,
    /// Whether "other contacts" are asked for.
    pub other_contacts: bool,
    /// How the client talks.
    pub client: ClientSettings,
}

impl Settings {
    /// Production, in the name of an application.
    #[must_use]
    pub fn new(app: App) -> Self {
        let base = |url| Url::parse(url).expect("the address is well formed");
        Self {
            app,
            endpoints: Endpoints {
                authorize: base("https://accounts.google.com/o/oauth2/v2/auth"),
                token: base("https://oauth2.googleapis.com/token"),
                revoke: Some(base("https://oauth2.googleapis.com/revoke")),
            },
            api_base: base("https://www.googleapis.com"),
            other_contacts: false,
            client: ClientSettings::default(),
        }
    }
}

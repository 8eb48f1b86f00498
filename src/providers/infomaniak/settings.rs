//! Settings.

use url::Url;

use crate::upstream::{ClientSettings, PaceSettings};

/// Where Infomaniak is and how it is asked. The default is production.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://api.infomaniak.com`: accounts, drives.
    pub api_base: Url,
    /// `https://api.kdrive.infomaniak.com`: trees and content.
    pub kdrive_base: Url,
    /// `https://api.infomaniak.com/1/calendar/pim`, or the calendar application's own
    /// `https://calendar.infomaniak.com/api/pim`: calendars and events.
    pub calendar_base: Url,
    /// `https://contacts.infomaniak.com`: address books.
    pub contacts_base: Url,
    /// Hosts a download may be redirected to: `host` (and all below it, HTTPS) or `host:port`
    /// (exactly that, HTTP too).
    pub download_hosts: Vec<String>,
    /// How fast one account is asked.
    pub pace: PaceSettings,
    /// Entries per page of a listing, 5 to 1000.
    pub page_limit: u32,
    /// Whether the change feed is used.
    pub change_feed: FeedMode,
    /// How the client talks.
    pub client: ClientSettings,
}

/// Whether the change feed is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FeedMode {
    /// Where it takes the token: asked once per connection.
    #[default]
    Probe,
    /// Never.
    Off,
}

impl Default for Settings {
    fn default() -> Self {
        let base = |url| Url::parse(url).expect("the address is well formed");
        Self {
            api_base: base("https://api.infomaniak.com"),
            kdrive_base: base("https://api.kdrive.infomaniak.com"),
            calendar_base: base("https://api.infomaniak.com/1/calendar/pim"),
            contacts_base: base("https://contacts.infomaniak.com"),
            download_hosts: vec!["download.kdrive.infomaniakusercontent.com".to_owned()],
            pace: PaceSettings::default(),
            page_limit: 1000,
            change_feed: FeedMode::default(),
            client: ClientSettings::default(),
        }
    }
}

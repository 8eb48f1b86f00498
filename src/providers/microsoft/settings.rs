//! Settings.

use url::Url;

use crate::upstream::ClientSettings;
use crate::upstream::oauth::App;

/// Where Microsoft is and how it is asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The operator's application.
    pub app: App,
    /// `https://login.microsoftonline.com`.
    pub login_base: Url,
    /// `common` (work and personal accounts), `organizations`, `consumers`, or a tenant's id or
    /// domain.
    pub tenant: String,
    /// `https://graph.microsoft.com/v1.0`.
    pub graph_base: Url,
    /// What is asked for, in the order shown.
    pub services: Vec<Service>,
    /// How the client talks.
    pub client: ClientSettings,
}

/// What can be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The account's own files.
    OwnFiles,
    /// All files it can reach: libraries, shortcuts.
    AllFiles,
    /// The sites of the organisation.
    Sites,
    /// Its own calendars.
    Calendars,
    /// Calendars of others; asked of work accounts only, since it spoils the sign-in of personal
    /// ones.
    SharedCalendars,
    /// Contacts.
    Contacts,
    /// To Do.
    Tasks,
    /// The time zone of the mailbox.
    TimeZone,
}

impl Settings {
    /// Production, in the name of an application.
    #[must_use]
    pub fn new(app: App) -> Self {
        let base = |url| Url::parse(url).expect("the address is well formed");
        Self {
            app,
            login_base: base("https://login.microsoftonline.com"),
            tenant: "common".to_owned(),
            graph_base: base("https://graph.microsoft.com/v1.0"),
            services: vec![
                Service::AllFiles,
                Service::Sites,
                Service::Calendars,
                Service::Contacts,
                Service::TimeZone,
            ],
            client: ClientSettings::default(),
        }
    }
}

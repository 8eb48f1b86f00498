//! Consent, and whose account it is (requirements rows 8 and 10; fact sheet §1).

use serde::Deserialize;

use super::{NAME, Service, Settings};
use crate::domain::{Purpose, Result};
use crate::providers::consent::{Asked, Company, Owner, below};
use crate::upstream::oauth::Endpoints;
use crate::upstream::{PaceSettings, json};

/// Graph takes four calls at a time per mailbox (§0).
const PACE: PaceSettings = PaceSettings {
    per_minute: 0,
    burst: 1,
    concurrent: 4,
};

impl Service {
    fn asked(self) -> Asked {
        match self {
            Service::OwnFiles => ("Files.Read", "files"),
            Service::AllFiles => ("Files.Read.All", "files"),
            Service::Sites => ("Sites.Read.All", "sites"),
            Service::Calendars => ("Calendars.Read", "calendars"),
            Service::SharedCalendars => ("Calendars.Read.Shared", "calendars of others"),
            Service::Contacts => ("Contacts.Read", "contacts"),
            Service::Tasks => ("Tasks.Read", "tasks"),
            Service::TimeZone => ("MailboxSettings.Read", "the time zone"),
        }
    }
}

/// Microsoft, as these settings have it.
pub(super) fn company(settings: Settings) -> Result<Company> {
    let personal = matches!(settings.tenant.as_str(), "common" | "consumers");
    let services = settings.services.iter();
    let asked = services
        .filter(|service| !personal || **service != Service::SharedCalendars)
        .map(|service| service.asked());
    let login = |action| {
        let path = [&settings.tenant, "oauth2", "v2.0", action];
        below(&settings.login_base, &path)
    };
    Ok(Company {
        name: NAME,
        title: "Microsoft",
        endpoints: Endpoints {
            authorize: login("authorize")?,
            token: login("token")?,
            revoke: None,
        },
        identity: "openid profile email offline_access User.Read",
        asked: asked.collect(),
        same,
        more,
        pace: PACE,
        whose: below(&settings.graph_base, &["me"])?,
        owner,
        app: settings.app,
    })
}

/// Letter case and the resource in front do not count.
fn same(told: &str, ours: &str) -> bool {
    let bare = told.strip_prefix("https://graph.microsoft.com/");
    bare.unwrap_or(told).eq_ignore_ascii_case(ours)
}

fn more(purpose: Purpose<'_>) -> Vec<(&'static str, &str)> {
    match purpose {
        Purpose::Connect => vec![("prompt", "select_account")],
        Purpose::Reconnect { label } => vec![("prompt", "consent"), ("login_hint", label)],
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: String,
    mail: Option<String>,
    user_principal_name: Option<String>,
}

fn owner(body: &[u8]) -> Result<Owner> {
    let me: Me = json(body)?;
    Ok(Owner {
        id: me.id,
        address: me.mail.or(me.user_principal_name),
    })
}

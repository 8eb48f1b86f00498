//! Consent, and whose account it is (requirements rows 6 and 10; fact sheet §1).

use serde::Deserialize;

use super::{NAME, Settings};
use crate::domain::{Purpose, Result};
use crate::providers::consent::{Asked, Company, Owner, below};
use crate::upstream::{PaceSettings, json};

const SERVICES: [Asked; 3] = [
    ("https://www.googleapis.com/auth/drive.readonly", "Drive"),
    (
        "https://www.googleapis.com/auth/calendar.readonly",
        "calendars",
    ),
    (
        "https://www.googleapis.com/auth/contacts.readonly",
        "contacts",
    ),
];
const OTHER_CONTACTS: Asked = (
    "https://www.googleapis.com/auth/contacts.other.readonly",
    "other contacts",
);

/// Google, as these settings have it.
pub(super) fn company(settings: Settings) -> Result<Company> {
    let mut asked = SERVICES.to_vec();
    asked.extend(settings.other_contacts.then_some(OTHER_CONTACTS));
    Ok(Company {
        name: NAME,
        title: "Google",
        app: settings.app,
        endpoints: settings.endpoints,
        identity: "openid email profile",
        asked,
        same: |told, ours| told == ours,
        more,
        pace: PaceSettings::default(),
        whose: below(&settings.api_base, &["oauth2", "v2", "userinfo"])?,
        owner,
    })
}

/// Only `prompt=consent` brings a refresh token for sure (§1.2). Granted scopes are not included:
/// what comes back is what this page asked for.
fn more(purpose: Purpose<'_>) -> Vec<(&'static str, &str)> {
    let mut more = vec![("access_type", "offline")];
    match purpose {
        Purpose::Connect => more.push(("prompt", "select_account consent")),
        Purpose::Reconnect { label } => {
            more.extend([("prompt", "consent"), ("login_hint", label)]);
        }
    }
    more
}

#[derive(Deserialize)]
struct Userinfo {
    id: String,
    email: Option<String>,
}

fn owner(body: &[u8]) -> Result<Owner> {
    json(body).map(|Userinfo { id, email }| Owner { id, address: email })
}

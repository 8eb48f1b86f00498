//! Consent, and whose account it is (requirements rows 6 and 10; fact sheet §1).

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{NAME, Settings};
use crate::domain::{
    Account, Ask, Call, Clock, ConsentFailure, Consented, Error, Kind, Probe, Purpose, Redemption,
    Result, Scope,
};
use crate::providers::consent::{self, Asked};
use crate::upstream::oauth::{OAuth, TokenSet};
use crate::upstream::{Answer, Client, PaceSettings, Pacer, Request, Verdict, json};

const IDENTITY: &str = "openid email profile";
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

/// The sign-in, and the one call that tells whose account it is.
pub(super) struct Desk {
    pub(super) oauth: Arc<OAuth>,
    asked: Vec<Asked>,
    userinfo: Url,
    client: Client,
    pacer: Arc<Pacer>,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Userinfo {
    id: String,
    email: Option<String>,
}

impl Desk {
    pub(super) fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let mut asked = SERVICES.to_vec();
        asked.extend(settings.other_contacts.then_some(OTHER_CONTACTS));
        let mut userinfo = settings.api_base;
        let whole = userinfo.path().trim_end_matches('/').to_owned() + "/oauth2/v2/userinfo";
        userinfo.set_path(&whole);
        let client = Client::new(NAME, settings.client.clone(), Arc::clone(&clock))?;
        let (app, endpoints) = (settings.app, settings.endpoints);
        Ok(Self {
            oauth: OAuth::new(NAME, settings.client, app, endpoints, Arc::clone(&clock))?,
            asked,
            userinfo,
            client,
            pacer: Pacer::new(PaceSettings::default(), Arc::clone(&clock)),
            clock,
        })
    }

    pub(super) fn scopes(&self) -> Vec<Scope> {
        let scopes = self.asked.iter();
        scopes
            .map(|(scope, _)| Scope((*scope).to_owned()))
            .collect()
    }

    /// Only `prompt=consent` brings a refresh token for sure (§1.2). Granted scopes are not
    /// included: what comes back is what this page asked for.
    pub(super) fn page(&self, ask: &Ask<'_>) -> String {
        let mut more = vec![("access_type", "offline")];
        match ask.purpose {
            Purpose::Connect => more.push(("prompt", "select_account consent")),
            Purpose::Reconnect { label } => {
                more.extend([("prompt", "consent"), ("login_hint", label)]);
            }
        }
        let scopes = consent::joined(IDENTITY, &self.asked);
        self.oauth.page(ask, &scopes, &more)
    }

    pub(super) async fn redeem(
        &self,
        call: &Call,
        redemption: Redemption<'_>,
    ) -> Result<Consented, ConsentFailure> {
        let made = self.clock.now();
        let granted = self.oauth.exchange(call, redemption).await;
        let granted = granted.map_err(consent::failure)?;
        let scopes = consent::compare(&self.asked, &granted, |told, ours| told == ours)?;
        if granted.refresh.is_none() {
            return Err(ConsentFailure::NotLasting);
        }
        let account = self.identity(call, &granted.access).await;
        Ok(Consented {
            probe: Probe {
                account: account.map_err(ConsentFailure::Unexpected)?,
                scopes,
            },
            token: TokenSet::new(granted, made).write(),
        })
    }

    /// Whose account an access token opens: its stable id, and its address as the label.
    pub(super) async fn identity(&self, call: &Call, access: &SecretString) -> Result<Account> {
        let request = Request::get(self.userinfo.clone(), access);
        let judge = |answer: Answer| account(&answer);
        self.client.send(call, &self.pacer, &request, judge).await
    }

    pub(super) async fn revoke(&self, call: &Call, token: &SecretString) -> Result<()> {
        let set = TokenSet::read(token)?;
        let token = set.refresh.as_ref().unwrap_or(&set.access);
        self.oauth.revoke(call, token).await
    }
}

fn account(answer: &Answer) -> Verdict<Account> {
    match answer.status() {
        200 => Verdict::Done(json::<Userinfo>(answer.body()).and_then(|userinfo| {
            let Userinfo { id, email } = userinfo;
            if id.is_empty() {
                return Err(Error::cloud(Kind::Broken, "the account has no id"));
            }
            let label = email.unwrap_or_else(|| format!("Google {id}"));
            Ok(Account { id, label })
        })),
        500.. => Verdict::Again(consent::refusal(answer)),
        _ => Verdict::Done(Err(consent::refusal(answer))),
    }
}

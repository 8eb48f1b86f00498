//! Consent, and whose account it is (requirements rows 8 and 10; fact sheet §1).

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{NAME, Service, Settings};
use crate::domain::{
    Account, Ask, Call, Clock, ConsentFailure, Consented, Error, Kind, Probe, Purpose, Redemption,
    Result, Scope,
};
use crate::providers::consent::{self, Asked};
use crate::upstream::oauth::{Endpoints, OAuth, TokenSet};
use crate::upstream::{Answer, Client, PaceSettings, Pacer, Request, Verdict, json};

const IDENTITY: &str = "openid profile email offline_access User.Read";

/// Graph takes four calls at a time per mailbox (§0).
const PACE: PaceSettings = PaceSettings {
    per_minute: 0,
    burst: 1,
    concurrent: 4,
};

/// The sign-in, and the one call that tells whose account it is.
pub(super) struct Desk {
    pub(super) oauth: Arc<OAuth>,
    asked: Vec<Asked>,
    me: Url,
    client: Client,
    pacer: Arc<Pacer>,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: String,
    mail: Option<String>,
    user_principal_name: Option<String>,
}

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

impl Desk {
    pub(super) fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let personal = matches!(settings.tenant.as_str(), "common" | "consumers");
        let services = settings.services.iter();
        let asked = services
            .filter(|service| !personal || **service != Service::SharedCalendars)
            .map(|service| service.asked());
        let login = |action| {
            let path = ["oauth2", "v2.0", action];
            below(
                &settings.login_base,
                &[&[&*settings.tenant][..], &path].concat(),
            )
        };
        let endpoints = Endpoints {
            authorize: login("authorize")?,
            token: login("token")?,
            revoke: None,
        };
        let client = Client::new(NAME, settings.client.clone(), Arc::clone(&clock))?;
        Ok(Self {
            asked: asked.collect(),
            me: below(&settings.graph_base, &["me"])?,
            oauth: OAuth::new(
                NAME,
                settings.client,
                settings.app,
                endpoints,
                Arc::clone(&clock),
            )?,
            client,
            pacer: Pacer::new(PACE, Arc::clone(&clock)),
            clock,
        })
    }

    pub(super) fn scopes(&self) -> Vec<Scope> {
        let scopes = self.asked.iter();
        scopes
            .map(|(scope, _)| Scope((*scope).to_owned()))
            .collect()
    }

    pub(super) fn page(&self, ask: &Ask<'_>) -> String {
        let more = match ask.purpose {
            Purpose::Connect => vec![("prompt", "select_account")],
            Purpose::Reconnect { label } => vec![("prompt", "consent"), ("login_hint", label)],
        };
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
        let scopes = consent::compare(&self.asked, &granted, same)?;
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

    /// Whose account an access token opens: its object id, and its address as the label.
    pub(super) async fn identity(&self, call: &Call, access: &SecretString) -> Result<Account> {
        let request = Request::get(self.me.clone(), access);
        let judge = |answer: Answer| account(&answer);
        self.client.send(call, &self.pacer, &request, judge).await
    }
}

/// Letter case and the resource in front do not count.
fn same(told: &str, ours: &str) -> bool {
    let bare = told.strip_prefix("https://graph.microsoft.com/");
    bare.unwrap_or(told).eq_ignore_ascii_case(ours)
}

fn below(base: &Url, path: &[&str]) -> Result<Url> {
    let mut url = base.clone();
    let unusable = || Error::bridge(Kind::Invalid, "an address of Microsoft cannot be used");
    url.path_segments_mut()
        .map_err(|()| unusable())?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}

fn account(answer: &Answer) -> Verdict<Account> {
    match answer.status() {
        200 => Verdict::Done(json::<Me>(answer.body()).and_then(|me| {
            if me.id.is_empty() {
                return Err(Error::cloud(Kind::Broken, "the account has no id"));
            }
            let label = me.mail.or(me.user_principal_name);
            let label = label.unwrap_or_else(|| format!("Microsoft {}", me.id));
            Ok(Account { id: me.id, label })
        })),
        500.. => Verdict::Again(consent::refusal(answer)),
        _ => Verdict::Done(Err(consent::refusal(answer))),
    }
}

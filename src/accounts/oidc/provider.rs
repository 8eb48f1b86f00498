//! The identity provider: what is kept of it, and how its tokens are verified.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::bearer::Verified;
use super::claims::Claims;
use super::discovery::{self, Metadata};
use super::error::Unverified;
use super::fault::TokenFault;
use super::jws::{self, Head};
use super::kept::Kept;
use super::keys::KeySet;
use super::settings::OidcSettings;
use crate::domain::{Call, Clock, Error, Kind, ProviderName, Result};
use crate::upstream::oauth::{App, Endpoints, OAuth};
use crate::upstream::{Answer, Client, ClientSettings, PaceSettings, Pacer, Request, Verdict};

/// In figures and errors.
const NAME: ProviderName = ProviderName("oidc");
/// Largest document, in bytes.
const LARGEST: usize = 512 * 1024;
/// Longest time of one attempt.
const LONGEST: Duration = Duration::from_secs(10);

/// The identity provider.
pub struct Oidc {
    pub(super) settings: OidcSettings,
    pub(super) client: Client,
    pub(super) pacer: Arc<Pacer>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) verified: Verified,
    desk: Kept<Desk>,
    keys: Kept<KeySet>,
}

/// Where the provider is, and the client that asks there.
pub(super) struct Desk {
    pub(super) metadata: Metadata,
    pub(super) oauth: Arc<OAuth>,
}

/// A token that the provider signed.
pub(super) struct Opened {
    pub(super) head: Head,
    /// None of them is checked.
    pub(super) claims: Claims,
    /// Mark of the keys among which its key was found.
    pub(super) keys: [u8; 32],
}

impl Oidc {
    /// # Errors
    /// `Invalid` when the issuer is no address, or the settings of the client cannot be used.
    pub fn new(settings: OidcSettings, clock: Arc<dyn Clock>) -> Result<Arc<Self>> {
        discovery::address(&settings.issuer)?;
        let client = ClientSettings {
            max_json_bytes: settings.client.max_json_bytes.min(LARGEST),
            json_timeout: settings.client.json_timeout.min(LONGEST),
            ..settings.client.clone()
        };
        let pace = PaceSettings {
            per_minute: 0,
            burst: 1,
            concurrent: 8,
        };
        Ok(Arc::new(Self {
            settings,
            client: Client::new(NAME, client, Arc::clone(&clock))?,
            pacer: Pacer::new(pace, Arc::clone(&clock)),
            verified: Verified::default(),
            desk: Kept::new(Arc::clone(&clock)),
            keys: Kept::new(Arc::clone(&clock)),
            clock,
        }))
    }

    /// Its name.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Whether access tokens are taken.
    #[must_use]
    pub fn takes_bearer(&self) -> bool {
        !self.settings.audience.is_empty()
    }

    /// Whether it says who may do what.
    pub(super) fn tells_roles(&self) -> bool {
        self.settings.roles.claim.is_some()
    }

    /// Asks the provider, for an operator: how many keys sign its tokens.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn look(&self, call: &Call) -> Result<usize> {
        let keys = self.keys.get(|| self.read_keys(call)).await?;
        if keys.len() == 0 {
            let message = "the identity provider publishes no key that could sign";
            return Err(Error::cloud(Kind::Broken, message));
        }
        Ok(keys.len())
    }

    /// Where the provider is.
    pub(super) async fn desk(&self, call: &Call) -> Result<Arc<Desk>> {
        self.desk.get(|| self.read_desk(call)).await
    }

    /// The claims of a token that the provider signed; none is checked.
    pub(super) async fn open(
        self: &Arc<Self>,
        call: &Call,
        token: &SecretString,
    ) -> Result<Opened, Unverified> {
        let head = jws::head(token)?;
        let mut keys = match self.keys.last() {
            Some(keys) => keys,
            None => self.keys.get(|| self.read_keys(call)).await?,
        };
        self.tend();
        let id = head.key.as_deref();
        if keys.find(id, head.algorithm).is_none() {
            keys = self.keys.other_than(&keys, || self.read_keys(call)).await?;
        }
        let key = keys.find(id, head.algorithm);
        let claims = jws::open(token, &head, key.ok_or(TokenFault::UnknownKey)?)?;
        let keys = keys.mark;
        Ok(Opened { head, claims, keys })
    }

    /// Tells one state of the published keys from another.
    pub(super) fn keys_mark(&self) -> Option<[u8; 32]> {
        self.keys.last().map(|keys| keys.mark)
    }

    /// Has old keys read again; nobody waits for it.
    pub(super) fn tend(self: &Arc<Self>) {
        if self.keys.is_due() {
            let oidc = Arc::clone(self);
            tokio::spawn(async move {
                let call = Call::background();
                // trouble is logged where it is met
                let _ = oidc.keys.get(|| oidc.read_keys(&call)).await;
            });
        }
    }

    async fn read_desk(&self, call: &Call) -> Result<Desk> {
        let url = discovery::address(&self.settings.issuer)?;
        let read = |answer: &Answer| discovery::read(&self.settings.issuer, answer.body());
        let what = "discovery document";
        let metadata = self.read(call, Request::public(url), what, read).await?;
        let app = App {
            id: self.settings.client_id.clone(),
            secret: self.settings.client_secret.clone(),
            proof: metadata.proof,
        };
        let endpoints = Endpoints {
            authorize: metadata.authorize.clone(),
            token: metadata.token.clone(),
            revoke: None,
        };
        let client = self.settings.client.clone();
        let oauth = OAuth::new(NAME, client, app, endpoints, Arc::clone(&self.clock))?;
        Ok(Desk { metadata, oauth })
    }

    async fn read_keys(&self, call: &Call) -> Result<KeySet> {
        let url = self.desk(call).await?.metadata.keys.clone();
        let request = Request::public(url).accept("application/jwk-set+json, application/json");
        let read = |answer: &Answer| KeySet::read(answer.body());
        self.read(call, request, "keys", read).await
    }

    async fn read<T>(
        &self,
        call: &Call,
        request: Request<'_>,
        what: &str,
        read: impl Fn(&Answer) -> Result<T>,
    ) -> Result<T> {
        let judge = |answer: Answer| match answer.status() {
            200 => Verdict::Done(read(&answer)),
            status => {
                let message =
                    format!("the identity provider's {what} answered with status {status}");
                match status {
                    500.. => Verdict::Again(Error::cloud(Kind::Down, message)),
                    _ => Verdict::Done(Err(Error::cloud(Kind::Broken, message))),
                }
            }
        };
        self.client.send(call, &self.pacer, &request, judge).await
    }
}

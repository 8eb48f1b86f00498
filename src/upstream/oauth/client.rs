//! Asking a company's sign-in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::answer::{self, GrantError, Granted};
use super::flight::Flight;
use super::page;
use super::{App, Endpoints, Proof, TokenSet, Tokens};
use crate::domain::{
    Ask, Call, Clock, ConnectionId, Error, Kind, ProviderName, Redemption, Result, Vault,
};
use crate::upstream::{Client, ClientSettings, PaceSettings, Pacer, Request, Verdict};

/// Largest answer of a sign-in, in bytes.
const LARGEST: usize = 64 * 1024;
/// Longest time of one attempt.
const LONGEST: Duration = Duration::from_secs(20);

/// The sign-in of one company, asked in the name of the operator's application.
pub struct OAuth {
    client: Client,
    pacer: Arc<Pacer>,
    app: App,
    endpoints: Endpoints,
    pub(super) clock: Arc<dyn Clock>,
    /// Refreshes of a connection, shared by all that opened it.
    flights: Mutex<HashMap<ConnectionId, Arc<Flight>>>,
}

impl OAuth {
    /// # Errors
    /// `Invalid` when the settings of the client cannot be used.
    pub fn new(
        provider: ProviderName,
        settings: ClientSettings,
        app: App,
        endpoints: Endpoints,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>> {
        let settings = ClientSettings {
            max_json_bytes: settings.max_json_bytes.min(LARGEST),
            json_timeout: settings.json_timeout.min(LONGEST),
            ..settings
        };
        // a pause that the company asks for holds for all accounts
        let pace = PaceSettings {
            per_minute: 0,
            burst: 1,
            concurrent: 8,
        };
        Ok(Arc::new(Self {
            client: Client::new(provider, settings, Arc::clone(&clock))?,
            pacer: Pacer::new(pace, Arc::clone(&clock)),
            app,
            endpoints,
            clock,
            flights: Mutex::default(),
        }))
    }

    /// Address of the page that asks for `scopes`, with what the company wants besides.
    #[must_use]
    pub fn page(&self, ask: &Ask<'_>, scopes: &str, more: &[(&str, &str)]) -> String {
        page::address(&self.endpoints, &self.app, ask, scopes, more).into()
    }

    /// Exchanges a code for tokens. Never repeated: a code is good once.
    ///
    /// # Errors
    /// `NotAccepted` when the code is not (any more) good.
    pub async fn exchange(
        &self,
        call: &Call,
        redemption: Redemption<'_>,
    ) -> Result<Granted, GrantError> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", redemption.code.expose_secret()),
            ("redirect_uri", redemption.redirect),
            ("code_verifier", redemption.verifier.expose_secret()),
        ];
        self.ask(call, self.form(&fields)).await
    }

    /// Exchanges a refresh token for tokens. Repeated in trouble: a refresh token outlives its
    /// use, or its replacement is lost with the answer either way.
    ///
    /// # Errors
    /// `NotAccepted` when the user has to sign in again.
    pub async fn refresh(&self, call: &Call, token: &SecretString) -> Result<Granted, GrantError> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.expose_secret()),
        ];
        self.ask(call, self.form(&fields).repeatable()).await
    }

    /// Revokes the refresh token, else the access token, of a set as the vault has it, and with it
    /// the whole consent.
    ///
    /// # Errors
    /// `Unsupported` where the company has no such call, `SignedOut` where this is no set. A token
    /// that is not known (any more) is no error.
    pub async fn revoke(&self, call: &Call, set: &SecretString) -> Result<()> {
        let Some(url) = &self.endpoints.revoke else {
            let message = "this company lets only the user take back a consent";
            return Err(Error::cloud(Kind::Unsupported, message));
        };
        let set = TokenSet::read(set)?;
        let token = set.refresh.as_ref().unwrap_or(&set.access);
        let request = Request::form(url.clone(), &[("token", token.expose_secret())]).repeatable();
        let judge = |answer: crate::upstream::Answer| match answer.status() {
            200 => Verdict::Done(Ok(())),
            400 if is_unknown(answer.body()) => Verdict::Done(Ok(())),
            status => {
                let message = format!("the revocation answered with status {status}");
                let error = Error::cloud(Kind::Down, message);
                if status >= 500 {
                    Verdict::Again(error)
                } else {
                    Verdict::Done(Err(error))
                }
            }
        };
        self.client.send(call, &self.pacer, &request, judge).await
    }

    /// The tokens of a connection, kept in `vault`.
    #[must_use]
    pub fn tokens(
        self: &Arc<Self>,
        connection: ConnectionId,
        vault: Arc<dyn Vault>,
    ) -> Arc<Tokens> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        let flight = Arc::clone(flights.entry(connection).or_default());
        Arc::new(Tokens::new(Arc::clone(self), connection, vault, flight))
    }

    /// A form with the application's credentials, which are in one place only.
    fn form(&self, fields: &[(&str, &str)]) -> Request<'static> {
        let mut all = fields.to_vec();
        let url = self.endpoints.token.clone();
        match (&self.app.secret, self.app.proof) {
            (Some(secret), Proof::Basic) => {
                return Request::form(url, &all).basic(&self.app.id, secret);
            }
            (Some(secret), Proof::Form) => all.extend([
                ("client_id", &*self.app.id),
                ("client_secret", secret.expose_secret()),
            ]),
            (None, _) => all.push(("client_id", &self.app.id)),
        }
        Request::form(url, &all)
    }

    async fn ask(&self, call: &Call, request: Request<'_>) -> Result<Granted, GrantError> {
        let judge = |answer| answer::judge(&answer);
        let sent = self.client.send(call, &self.pacer, &request, judge).await;
        sent.map_err(GrantError::Trouble)?
    }
}

/// `invalid_token`: revoked already (RFC 7009 §2.2 calls it no error).
fn is_unknown(body: &[u8]) -> bool {
    let read = crate::upstream::json::<serde_json::Value>(body);
    read.is_ok_and(|body| {
        body.get("error")
            .is_some_and(|error| error == "invalid_token")
    })
}

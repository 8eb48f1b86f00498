//! Connecting accounts by consent, and connecting them again.
//!
//! [`Accounts::begin_consent`] gives the address of the company's page; the browser comes back
//! with a [`Callback`], which [`Accounts::finish_consent`] takes once, in the same session. Until
//! then, and whenever anything goes wrong, nothing changes: the token of an account that is
//! connected again works until the new one is stored in its place.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::callback::{Callback, CallbackAnswer};
use super::consent_error::ConsentError;
use super::{Accounts, By, Client, RowState};
use crate::domain::{
    Ask, Call, Connection, Consent, Consented, Error, Kind, ProviderName, Purpose, Redemption,
    Result, UserName, Way,
};
use crate::store::{ConnectionRow, ConsentRow, NewConsent};
use crate::upstream::oauth;

/// How long a page of consent may stay open.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// A consent that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes. Holds the state: not for logs.
    pub page: String,
    /// For [`Accounts::cancel_consent`].
    pub state: SecretString,
    /// Until when the browser has to be back.
    pub expires: DateTime<Utc>,
}

impl Accounts {
    /// Begins to connect an account of a company; `redirect` is the address the browser comes
    /// back to, `session` the browser's own secret.
    pub async fn begin_consent(
        &self,
        user: &UserName,
        provider: &str,
        session: &SecretString,
        redirect: &str,
    ) -> Result<Begun, ConsentError> {
        let (name, consent) = self.consent(provider)?;
        let pending = Pending {
            provider: name,
            session,
            redirect,
            known: None,
        };
        self.begin(user, consent, pending).await
    }

    /// Begins to connect an account again, with all scopes of today.
    pub async fn begin_reconnect(
        &self,
        user: &UserName,
        slug: &str,
        session: &SecretString,
        redirect: &str,
    ) -> Result<Begun, ConsentError> {
        let rows = self.store.connections_of(user).await;
        let (_, rows) = rows.map_err(ConsentError::Store)?;
        let known = rows
            .into_iter()
            .find(|row| row.slug == slug && row.state != RowState::Disconnected)
            .ok_or_else(|| ConsentError::UnknownConnection(slug.to_owned()))?;
        let (name, consent) = self.consent(&known.provider)?;
        let pending = Pending {
            provider: name,
            session,
            redirect,
            known: Some(&known),
        };
        self.begin(user, consent, pending).await
    }

    /// Ends what was begun: exchanges the code and stores the account. The same account of the
    /// same user keeps its addresses.
    pub async fn finish_consent(
        &self,
        session: &SecretString,
        callback: &Callback,
        client: &Client,
    ) -> Result<Connection, ConsentError> {
        let now = self.clock.now();
        let begun = self.store.take_consent(&callback.state, session, now).await;
        let begun = begun.map_err(ConsentError::Store)?;
        let begun = begun.ok_or(ConsentError::Stale)?;
        let code = match &callback.answer {
            CallbackAnswer::Code(code) => code,
            CallbackAnswer::Denied => return Err(ConsentError::Denied),
            CallbackAnswer::Failed { code } => {
                return Err(ConsentError::Failed { code: code.clone() });
            }
        };
        let (name, consent) = self.consent(&begun.provider)?;
        let redemption = Redemption {
            code,
            redirect: &begun.redirect,
            verifier: &begun.verifier,
        };
        let consented = consent.redeem(&Call::interactive(), redemption).await;
        let consented = consented.map_err(ConsentError::from)?;
        self.check_account(&begun, &consented).await?;
        let (user, Consented { token, probe }) = (&begun.user, consented);
        let by = By::page(user, client);
        let kept = self.keep(&by, user, name, probe, &token).await;
        kept.map_err(|error| unknown_user(user, error))
    }

    /// Address part of the user's connection that the consent under way connects again, if any.
    pub async fn reconnecting(
        &self,
        user: &UserName,
        session: &SecretString,
        state: &SecretString,
    ) -> Result<Option<String>> {
        let Some(id) = self.store.consent_connection(state, session).await? else {
            return Ok(None);
        };
        let (_, rows) = self.store.connections_of(user).await?;
        let mut rows = rows.into_iter();
        let known = rows.find(|row| row.id == id && row.state != RowState::Disconnected);
        Ok(known.map(|row| row.slug))
    }

    /// Forgets a consent that was begun. Without effect where there is none.
    pub async fn cancel_consent(&self, session: &SecretString, state: &SecretString) -> Result<()> {
        let now = self.clock.now();
        self.store.take_consent(state, session, now).await.map(drop)
    }

    fn consent(&self, provider: &str) -> Result<(ProviderName, &dyn Consent), ConsentError> {
        let connector = self.connector(provider);
        match connector.map(|connector| (connector.name(), connector.way())) {
            Some((name, Way::Consent(consent))) => Ok((name, consent)),
            Some((_, Way::Paste(_))) | None => Err(ConsentError::NotByConsent(provider.to_owned())),
        }
    }

    async fn begin(
        &self,
        user: &UserName,
        consent: &dyn Consent,
        pending: Pending<'_>,
    ) -> Result<Begun, ConsentError> {
        let state = oauth::random().map_err(ConsentError::Store)?;
        let verifier = oauth::random().map_err(ConsentError::Store)?;
        let now = self.clock.now();
        let expires = now + PATIENCE;
        let new = NewConsent {
            state: &state,
            session: pending.session,
            provider: pending.provider.0,
            redirect: pending.redirect,
            verifier: &verifier,
            connection: pending.known.map(|known| known.id),
            expires,
            now,
        };
        let begun = self.store.begin_consent(user, new).await;
        begun.map_err(|error| unknown_user(user, error))?;
        let page = pending.page(consent, &state, &verifier);
        Ok(Begun {
            page,
            state,
            expires,
        })
    }

    /// Refuses another account than the one to be connected again.
    async fn check_account(
        &self,
        begun: &ConsentRow,
        consented: &Consented,
    ) -> Result<(), ConsentError> {
        let Some(id) = begun.connection else {
            return Ok(());
        };
        let rows = self.store.connections_of(&begun.user).await;
        let (_, rows) = rows.map_err(ConsentError::Store)?;
        let known = rows
            .into_iter()
            .find(|row| row.id == id && row.state != RowState::Disconnected)
            .ok_or(ConsentError::Stale)?;
        let came = &consented.probe.account;
        if known.account.id == came.id {
            return Ok(());
        }
        Err(ConsentError::OtherAccount {
            wanted: known.account.label,
            came: came.label.clone(),
        })
    }
}

/// What is known of a consent before it begins.
struct Pending<'a> {
    provider: ProviderName,
    session: &'a SecretString,
    redirect: &'a str,
    /// The connection that is connected again.
    known: Option<&'a ConnectionRow>,
}

impl Pending<'_> {
    fn page(&self, consent: &dyn Consent, state: &SecretString, verifier: &SecretString) -> String {
        let label = self.known.map(|known| &*known.account.label);
        consent.page(&Ask {
            redirect: self.redirect,
            state: state.expose_secret(),
            challenge: &oauth::challenge(verifier),
            purpose: label.map_or(Purpose::Connect, |label| Purpose::Reconnect { label }),
        })
    }
}

fn unknown_user(user: &UserName, error: Error) -> ConsentError {
    match error.kind() {
        Kind::NotFound => ConsentError::UnknownUser(user.clone()),
        _ => ConsentError::Store(error),
    }
}

//! The access token of a connection, renewed in time.
//!
//! - One refresh at a time; all who need it wait for the same one. It runs on its own, so that a
//!   client that goes away does not lose a refresh token on its way to the vault.
//! - The new set is in the vault before its access token is used. Where the store is in trouble,
//!   it stays in memory and is saved before anything else is done.
//! - Somebody else may replace the set meanwhile (another process, a reconnect): theirs is used,
//!   ours is dropped.
//! - Trouble of the sign-in leaves everything as it is. Only its word that the grant is gone is
//!   `SignedOut`, and not if the set was replaced meanwhile.

use std::sync::Arc;

use futures::FutureExt;
use secrecy::{ExposeSecret, SecretString};

use super::flight::{Flight, Outcome, Running, Unsaved};
use super::{GrantError, OAuth, TokenSet};
use crate::domain::{Call, ConnectionId, Error, Kind, Result, Vault};

/// The tokens of one connection.
pub struct Tokens {
    oauth: Arc<OAuth>,
    connection: ConnectionId,
    vault: Arc<dyn Vault>,
    flight: Arc<Flight>,
}

impl Tokens {
    pub(super) fn new(
        oauth: Arc<OAuth>,
        connection: ConnectionId,
        vault: Arc<dyn Vault>,
        flight: Arc<Flight>,
    ) -> Self {
        Self {
            oauth,
            connection,
            vault,
            flight,
        }
    }

    /// An access token that is good by the clock.
    ///
    /// # Errors
    /// `SignedOut` when the account has to be connected again; `Down`, `Busy`, `Broken` when it
    /// may be good; what the vault says.
    pub async fn access(self: &Arc<Self>, call: &Call) -> Result<SecretString> {
        if !self.flight.is_unsaved() {
            let (_, set) = self.load().await?;
            if set.is_fresh(self.oauth.clock.now()) {
                return Ok(set.access);
            }
        }
        self.join(call, None).await
    }

    /// Another access token than this one, which the cloud refused.
    ///
    /// # Errors
    /// As [`Tokens::access`].
    pub async fn after(
        self: &Arc<Self>,
        call: &Call,
        refused: &SecretString,
    ) -> Result<SecretString> {
        let first = self.join(call, Some(refused)).await?;
        if !same(&first, refused) {
            return Ok(first);
        }
        // joined a refresh that did not know of the refusal
        self.join(call, Some(refused)).await
    }

    /// Does `work` with an access token, and once more with another one where the cloud refuses
    /// the first: the clock may be wrong, or the token revoked before its time.
    ///
    /// # Errors
    /// As [`Tokens::access`], and what `work` says.
    pub async fn signed<T, F>(
        self: &Arc<Self>,
        call: &Call,
        work: impl Fn(SecretString) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let access = self.access(call).await?;
        match work(access.clone()).await {
            Err(error) if error.kind() == Kind::SignedOut => {
                work(self.after(call, &access).await?).await
            }
            done => done,
        }
    }

    async fn load(&self) -> Result<(SecretString, TokenSet)> {
        let text = self.vault.load(self.connection).await?;
        let set = TokenSet::read(&text)?;
        Ok((text, set))
    }

    /// Waits for the refresh under way, or for one that begins now.
    async fn join(
        self: &Arc<Self>,
        call: &Call,
        refused: Option<&SecretString>,
    ) -> Result<SecretString> {
        let running = {
            let mut state = self.flight.state();
            let begin = || self.begin(call.clone(), refused.cloned());
            state.running.get_or_insert_with(begin).clone()
        };
        running.await.map_err(|error| error.repeat())
    }

    fn begin(self: &Arc<Self>, call: Call, refused: Option<SecretString>) -> Running {
        let tokens = Arc::clone(self);
        let task = tokio::spawn(async move {
            // also when the refresh panics
            let _landing = Landing(&tokens.flight);
            let renewed = tokens.renew(&call, refused.as_ref()).await;
            renewed.map_err(Arc::new)
        });
        let ended = task.map(|ended| -> Outcome {
            ended.unwrap_or_else(|_| {
                let error = Error::bridge(Kind::Broken, "a refresh ended without a result");
                Err(Arc::new(error))
            })
        });
        ended.boxed().shared()
    }

    async fn renew(&self, call: &Call, refused: Option<&SecretString>) -> Result<SecretString> {
        self.save_unsaved().await?;
        let (old, set) = self.load().await?;
        let made = self.oauth.clock.now();
        let good =
            refused.map_or_else(|| set.is_fresh(made), |refused| !same(&set.access, refused));
        if good {
            return Ok(set.access);
        }
        let refresh = set.refresh.as_ref().ok_or_else(|| signed_out("no_token"))?;
        if self.flight.is_refused(refresh, self.oauth.clock.instant()) {
            return Err(signed_out("refused before"));
        }
        match self.oauth.refresh(call, refresh).await {
            Ok(granted) => self.keep(old, &set.renewed(granted, made)).await,
            Err(GrantError::NotAccepted { code }) => self.refused(&old, refresh, &code).await,
            Err(GrantError::Trouble(error)) => Err(error),
        }
    }

    /// Saves the set and gives its access token; or another's, where somebody was faster.
    async fn keep(&self, old: SecretString, set: &TokenSet) -> Result<SecretString> {
        let new = set.write();
        match self.vault.replace(self.connection, &old, &new).await {
            Ok(()) => Ok(set.access.clone()),
            Err(error) if error.kind() == Kind::Changed => Ok(self.load().await?.1.access),
            Err(error) => {
                self.flight.state().unsaved = Some(Unsaved { old, new });
                Err(error)
            }
        }
    }

    async fn save_unsaved(&self) -> Result<()> {
        let unsaved = self.flight.state().unsaved.clone();
        let Some(Unsaved { old, new }) = unsaved else {
            return Ok(());
        };
        match self.vault.replace(self.connection, &old, &new).await {
            Err(error) if error.kind() != Kind::Changed => Err(error),
            Ok(()) | Err(_) => {
                self.flight.state().unsaved = None;
                Ok(())
            }
        }
    }

    /// The grant is gone, unless the vault holds another one meanwhile.
    async fn refused(
        &self,
        old: &SecretString,
        refresh: &SecretString,
        code: &str,
    ) -> Result<SecretString> {
        let (text, set) = self.load().await?;
        if !same(&text, old) {
            return Ok(set.access);
        }
        let now = self.oauth.clock.instant();
        self.flight.refuse(refresh.clone(), now);
        Err(signed_out(code))
    }
}

/// Ends the flight when dropped.
struct Landing<'a>(&'a Flight);

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.0.state().running = None;
    }
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

fn signed_out(code: &str) -> Error {
    let message = format!("the cloud no longer accepts the sign-in ({code}): connect it again");
    Error::cloud(Kind::SignedOut, message)
}

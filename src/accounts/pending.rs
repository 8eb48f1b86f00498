//! Connecting by a pasted token in a dialog: begun first, so that it can be tried again, given
//! up, or left alone for an hour.

use secrecy::SecretString;

use super::connect_error::unknown_user;
use super::users::one_line;
use super::{Accounts, By, ConnectError};
use crate::domain::{Connection, Paste, ProviderName, Result, UserName, Way};

impl Accounts {
    /// Begins to connect an account by a token; gives a number for the other steps.
    pub async fn begin_paste(&self, user: &UserName, provider: &str) -> Result<i64, ConnectError> {
        let (name, _) = self.paste(provider)?;
        let now = self.clock.now();
        let begun = self.store.begin_pending(user, name.0, now).await;
        begun.map_err(|error| unknown_user(user, error))
    }

    /// Tries the token, and keeps it where it is good. Otherwise what was begun stays, without a
    /// token, and can be tried again. [`ConnectError::NotBegun`] where it was given up or its
    /// hour is over.
    pub async fn finish_paste(
        &self,
        by: &By,
        user: &UserName,
        id: i64,
        token: &SecretString,
    ) -> Result<Connection, ConnectError> {
        let provider = self.pasting(user, id).await?;
        let made = self.connect(by, user, &provider, token).await?;
        if let Err(error) = self.store.end_pending(user, id).await {
            // it ends within the hour
            tracing::warn!(error = error.chain(), "a finished dialog is not forgotten");
        }
        Ok(made)
    }

    /// The provider of what was begun, for the dialog. [`ConnectError::NotBegun`] where it was
    /// given up or its hour is over.
    pub async fn pasting(&self, user: &UserName, id: i64) -> Result<String, ConnectError> {
        let pending = self.store.pending(user, id, self.clock.now()).await;
        let provider = pending.map_err(ConnectError::Store)?;
        provider.ok_or(ConnectError::NotBegun)
    }

    /// Gives up what was begun. Without effect where there is none.
    pub async fn cancel_paste(&self, user: &UserName, id: i64) -> Result<()> {
        self.store.end_pending(user, id).await
    }

    /// Scopes that a token of a provider needs, for the dialog.
    pub fn scopes_to_tick(&self, provider: &str) -> Result<&'static [&'static str], ConnectError> {
        let (_, paste) = self.paste(provider)?;
        Ok(paste.scopes())
    }

    pub(super) fn paste(&self, provider: &str) -> Result<(ProviderName, &dyn Paste), ConnectError> {
        let connector = self
            .connector(provider)
            .ok_or_else(|| ConnectError::UnknownProvider {
                asked: provider.to_owned(),
                known: self.providers(),
            })?;
        match connector.way() {
            Way::Paste(paste) => Ok((connector.name(), paste)),
            Way::Consent(_) => Err(ConnectError::ByConsent(connector.name())),
        }
    }

    /// Gives a connection the user's own name; an empty one gives it the cloud's again. Addresses
    /// stay. `NotFound` where the user has no such connection, `Invalid` for a bad name.
    pub async fn rename(&self, by: &By, user: &UserName, slug: &str, name: &str) -> Result<()> {
        let name = one_line("name", name)?;
        let own = (!name.is_empty()).then_some(&*name);
        let trace = self.trace(by);
        self.store.rename_connection(user, slug, own, trace).await
    }
}

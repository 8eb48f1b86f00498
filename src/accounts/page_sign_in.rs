//! Sign-in on the page by a password that its user chose. Such passwords open nothing on DAV.

use std::time::Duration;

use secrecy::SecretString;

use super::{Accounts, Action, By, Client, NewSession};
use crate::domain::{Error, Kind, Result, UserName};

/// What came of a sign-in on the page.
#[derive(Debug)]
pub enum PageSignIn {
    /// Signed in.
    In(NewSession),
    /// Not accepted: unknown user, no or another password, or a disabled user.
    Refused,
    /// Not accepted either, after too many of the kind.
    Slow {
        /// When to try again; more than zero.
        retry_after: Duration,
    },
}

impl Accounts {
    /// Checks a name and a password. Right ones are never refused for what others have tried;
    /// the work is the same whether or not there is such a user.
    ///
    /// # Errors
    /// Only when the store is in trouble.
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: &SecretString,
        client: &Client,
    ) -> Result<PageSignIn> {
        let name = name.trim().to_ascii_lowercase();
        let phc = self.store.human_password(&name).await?;
        let right = self.hasher.check(password, phc).await?;
        let name = UserName::parse(&name);
        if let (true, Some(user)) = (right, &name) {
            match self.open_session(user, client).await {
                Ok(session) => return Ok(PageSignIn::In(session)),
                // disabled, or removed while the password was checked
                Err(error) if matches!(error.kind(), Kind::Forbidden | Kind::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let slow = self.throttle.failed(
            name.as_ref().map(UserName::as_str),
            client.address,
            self.clock.instant(),
        );
        self.refused(name.as_ref(), &By::stranger(client));
        Ok(match slow {
            None => PageSignIn::Refused,
            Some(wait) => PageSignIn::Slow {
                retry_after: wait.max(Duration::from_secs(1)),
            },
        })
    }

    /// Sets a user's password for the page in place of the old one, where there is one; all
    /// other sessions of the user end. `Forbidden` where the old one is wrong, `Invalid` for a
    /// new one that is too short or too long.
    pub async fn set_password(
        &self,
        by: &By,
        user: &UserName,
        old: Option<&SecretString>,
        new: &SecretString,
        session: Option<i64>,
    ) -> Result<()> {
        let known = self.store.human_password(user.as_str()).await?;
        if known.is_some() {
            let none = SecretString::default();
            if !self.hasher.check(old.unwrap_or(&none), known).await? {
                let sentence = "the old password is not right";
                return Err(Error::client(Kind::Forbidden, sentence));
            }
        }
        let phc = self.hasher.hash(new).await?;
        self.store.set_human_password(user, &phc, session).await?;
        self.audit(by, Action::PasswordSet, Some(user), "").await;
        Ok(())
    }
}

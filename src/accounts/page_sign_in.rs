//! Sign-in on the page by a password that its user chose. Such passwords open nothing on DAV.

use std::time::Duration;

use secrecy::SecretString;

use super::{Accounts, By, Client, NewSession, network};
use crate::domain::{Error, Kind, Result, Rule, UserName};
use crate::store::Before;

/// Shortest time to wait that is told.
const SHORTEST: Duration = Duration::from_secs(1);

/// Said to a user of the identity provider who would like to come in without it.
const AT_PROVIDER: &str = "you sign in at your organisation's identity provider, so there is no \
                           password to set here";

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

/// What came of a wish for another password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordChange {
    /// It is set.
    Done,
    /// The old password is not right.
    Refused,
    /// Nor was it several times before.
    Slow {
        /// When to try again; more than zero.
        retry_after: Duration,
    },
}

impl Accounts {
    /// Checks a name and a password. While somebody guesses at a name, a network where its user is
    /// not signed in has a few attempts within the window, and no more is looked at; so nobody
    /// locks the right user out by guessing elsewhere. The work is the same whether or not there is
    /// such a user.
    ///
    /// # Errors
    /// `Busy` when too many passwords are being checked, else only when the store is in trouble.
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: &SecretString,
        client: &Client,
    ) -> Result<PageSignIn> {
        let name = name.trim().to_ascii_lowercase();
        let user = UserName::parse(&name);
        if let Some(retry_after) = self.spent(user.as_ref(), client).await? {
            return Ok(PageSignIn::Slow { retry_after });
        }
        let phc = self.store.human_password(&name).await?;
        let right = self.hasher.check(password, phc.clone()).await?;
        if let (true, Some(user)) = (right, &user) {
            match self.open_session_with(user, client, phc.as_ref()).await {
                Ok(session) => return Ok(PageSignIn::In(session)),
                Err(error) if is_refusal(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(match self.wrong(user.as_ref(), client) {
            None => PageSignIn::Refused,
            Some(retry_after) => PageSignIn::Slow { retry_after },
        })
    }

    /// How long a name is not tried from there, after too many failed attempts. Where the user
    /// is signed in, it always is.
    async fn spent(&self, user: Option<&UserName>, client: &Client) -> Result<Option<Duration>> {
        let Some(user) = user else { return Ok(None) };
        let now = self.clock.instant();
        let Some(wait) = self.throttle.spent(user.as_str(), client.address, now) else {
            return Ok(None);
        };
        let here = network(client.address);
        let sessions = self.list_sessions(user).await?;
        let places = sessions.iter().filter_map(|one| one.address.parse().ok());
        let known = places.map(network).any(|place| place == here);
        Ok((!known).then(|| wait.max(SHORTEST)))
    }

    /// Counts a wrong password and notes it in the log; how long to wait after too many.
    fn wrong(&self, user: Option<&UserName>, client: &Client) -> Option<Duration> {
        self.refused(user, client.address, &By::stranger(client));
        let (name, now) = (user.map(UserName::as_str), self.clock.instant());
        let wait = self.throttle.failed(name, client.address, now);
        wait.map(|wait| wait.max(SHORTEST))
    }

    /// Sets a user's password for the page in place of the old one, where there is one; all
    /// other sessions of the user end. `Invalid` for a new one that is too short or too long,
    /// `Forbidden` for a first one of a user whom the identity provider vouches for, unless the
    /// settings allow it.
    pub async fn set_password(
        &self,
        client: &Client,
        user: &UserName,
        old: Option<&SecretString>,
        new: &SecretString,
        session: Option<i64>,
    ) -> Result<PasswordChange> {
        let known = self.store.human_password(user.as_str()).await?;
        if known.is_none() {
            self.may_have_password(user).await?;
        } else if let Some(retry_after) =
            self.throttle
                .spent(user.as_str(), client.address, self.clock.instant())
        {
            let retry_after = retry_after.max(SHORTEST);
            return Ok(PasswordChange::Slow { retry_after });
        }
        let none = SecretString::default();
        let old = old.unwrap_or(&none);
        if known.is_some() && !self.hasher.check(old, known.clone()).await? {
            return Ok(self.not_changed(user, client));
        }
        let phc = self.hasher.hash(new).await?;
        let by = By::page(user, client);
        let (before, trace) = (Before::Was(known.as_ref()), self.trace(&by));
        let set = self
            .store
            .set_human_password(user, &phc, before, session, trace);
        match set.await {
            Ok(()) => Ok(PasswordChange::Done),
            Err(error) if error.kind() == Kind::Changed => Ok(self.not_changed(user, client)),
            Err(error) => Err(error),
        }
    }

    fn not_changed(&self, user: &UserName, client: &Client) -> PasswordChange {
        match self.wrong(Some(user), client) {
            None => PasswordChange::Refused,
            Some(retry_after) => PasswordChange::Slow { retry_after },
        }
    }

    /// Refuses a first password of a user of the identity provider, who could come in with it
    /// whatever the provider says later.
    async fn may_have_password(&self, user: &UserName) -> Result<()> {
        let known = self.store.user(user).await?;
        let bound = known.is_some_and(|known| known.subject.is_some());
        if bound && !self.settings.own_passwords {
            return Err(Error::client(Kind::Forbidden, AT_PROVIDER).breaking(Rule::AtProvider));
        }
        Ok(())
    }
}

/// Whether a right password is not enough: its user is disabled or removed, or it is another one
/// since it was read.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::Forbidden | Kind::NotFound | Kind::Changed
    )
}

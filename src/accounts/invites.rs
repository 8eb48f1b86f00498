//! Links that work once: the owner's set-up, and users who set a password.

use chrono::TimeDelta;
use secrecy::SecretString;

use super::users::one_line;
use super::{Accounts, By, Client, Invite, NewSession};
use crate::domain::{Result, UserName};
use crate::store::NewOwner;
use crate::upstream::oauth;

/// How long the owner's link works; the next start of the server makes another one.
const OWNER: TimeDelta = TimeDelta::days(1);
/// How long a user's link works.
const USER: TimeDelta = TimeDelta::days(7);

impl Accounts {
    /// The secret of a new link for the owner to be, where no administrator may sign in yet;
    /// older ones end.
    pub async fn owner_link(&self) -> Result<Option<SecretString>> {
        let link = oauth::random()?;
        let now = self.clock.now();
        let kept = self.store.invite_owner(&link, now, now + OWNER).await?;
        Ok(kept.then_some(link))
    }

    /// Makes the owner, an administrator, and signs them in. A user of that name, e.g. one added
    /// by command, becomes the owner. `NotFound` where the link does not work (any more),
    /// `Invalid` for a bad display name or password; the link works on then.
    pub async fn claim_owner(
        &self,
        link: &SecretString,
        name: &UserName,
        display_name: &str,
        password: &SecretString,
        client: &Client,
    ) -> Result<NewSession> {
        if self.invite(link).await? != Some(Invite::Owner) {
            // before the slow hash: strangers cannot keep the bridge busy
            return Err(crate::store::stale_link());
        }
        let display_name = match one_line("display name", display_name)? {
            empty if empty.is_empty() => name.to_string(),
            given => given,
        };
        let phc = self.hasher.hash(password).await?;
        let owner = NewOwner {
            name,
            display_name: &display_name,
            phc: &phc,
        };
        let (cookie, address) = (oauth::random()?, client.address.to_string());
        let session = self.new_session(&cookie, &address, client);
        let by = By::stranger(client);
        let trace = self.trace(&by);
        let id = self.store.claim_owner(link, owner, session, trace).await?;
        Ok(NewSession {
            cookie,
            id,
            user: name.clone(),
        })
    }

    /// The secret of a new link with which a user sets a password; older ones end. `NotFound`
    /// without such a user, `Forbidden` where the user is disabled.
    pub async fn invite_user(&self, by: &By, name: &UserName) -> Result<SecretString> {
        let link = oauth::random()?;
        let trace = self.trace(by);
        let end = trace.at + USER;
        self.store.invite_user(name, &link, end, trace).await?;
        Ok(link)
    }

    /// Whom a link is for, without using it; `None` where it does not work (any more).
    pub async fn invite(&self, link: &SecretString) -> Result<Option<Invite>> {
        self.store.invite_of(link, self.clock.now()).await
    }

    /// Sets the password of the user whom a link is for, ends all older sessions and signs the
    /// user in. `NotFound` where the link does not work, `Invalid` for a bad password; the link
    /// works on then.
    pub async fn accept_invite(
        &self,
        link: &SecretString,
        password: &SecretString,
        client: &Client,
    ) -> Result<NewSession> {
        if !matches!(self.invite(link).await?, Some(Invite::User(_))) {
            return Err(crate::store::stale_link());
        }
        let phc = self.hasher.hash(password).await?;
        let (cookie, address) = (oauth::random()?, client.address.to_string());
        let session = self.new_session(&cookie, &address, client);
        let by = By::stranger(client);
        let accepted = self
            .store
            .accept_invite(link, &phc, session, self.trace(&by));
        let (user, id) = accepted.await?;
        Ok(NewSession { cookie, id, user })
    }
}

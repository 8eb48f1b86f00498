//! Programs that ask for an app password of their own (Nextcloud's login flow v2): the program
//! begins, its user agrees in the browser, the program fetches.

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{Accounts, By, Client, NewPassword};
use crate::domain::{Access, Result, Services, UserName};
use crate::store;
use crate::upstream::oauth;

/// How long a request may take.
const OPEN: TimeDelta = TimeDelta::minutes(20);

/// The secrets of a request.
#[derive(Debug)]
pub struct ProgramLogin {
    /// What the program asks with.
    pub poll: SecretString,
    /// What the browser is to show.
    pub flow: SecretString,
}

impl Accounts {
    /// A program asks for an app password.
    pub async fn begin_login(&self, client: &Client) -> Result<ProgramLogin> {
        let login = ProgramLogin {
            poll: oauth::random()?,
            flow: oauth::random()?,
        };
        let now = self.clock.now();
        let new = store::NewLogin {
            poll: &login.poll,
            flow: &login.flow,
            agent: &client.agent,
            now,
            expires: now + OPEN,
        };
        self.store.begin_login(new).await?;
        Ok(login)
    }

    /// Which program asks, as it calls itself; `None` where that was answered or is too old.
    pub async fn open_login(&self, flow: &SecretString) -> Result<Option<String>> {
        self.store.open_login(flow, self.clock.now()).await
    }

    /// Gives the program that asks an app password of the user, called `label`. `false` where the
    /// request was answered or is too old: then none is left.
    pub async fn grant_login(
        &self,
        by: &By,
        user: &UserName,
        flow: &SecretString,
        label: &str,
    ) -> Result<bool> {
        if self.open_login(flow).await?.is_none() {
            return Ok(false);
        }
        let new = NewPassword {
            label: label.to_owned(),
            access: Access::ReadWrite,
            services: Services::All,
            expires: None,
        };
        let made = self.add_password(by, user, new).await?;
        let (secret, now) = (&made.secret, self.clock.now());
        let granted = self.store.grant_login(flow, user, secret, now).await;
        if !matches!(granted, Ok(true)) {
            self.revoke_password(by, user, made.id).await?;
        }
        granted
    }

    /// Refuses the program that asks. `false` where that was answered or is too old.
    pub async fn refuse_login(&self, flow: &SecretString) -> Result<bool> {
        self.store.refuse_login(flow, self.clock.now()).await
    }

    /// The app password for the program, once; and whose it is. `None` before it is granted.
    pub async fn fetch_login(
        &self,
        poll: &SecretString,
    ) -> Result<Option<(UserName, SecretString)>> {
        self.store.take_login(poll, self.clock.now()).await
    }
}

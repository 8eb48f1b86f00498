//! Programs that ask for an app password of their own (Nextcloud's login flow v2): the program
//! begins, its user agrees in the browser, the program fetches.

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::users::one_line;
use super::{Accounts, By, Client, secret};
use crate::domain::{Access, Result, Services, UserName};
use crate::store::{self, Grant, NewPasswordRow};
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

    /// Gives the program that asks an app password of the user, called `label`, for these services.
    /// `false` where the request was answered or is too old: then none is made.
    pub async fn grant_login(
        &self,
        by: &By,
        user: &UserName,
        flow: &SecretString,
        label: &str,
        services: Services,
    ) -> Result<bool> {
        let secret = secret::generate()?;
        let row = NewPasswordRow {
            label: &one_line("label", label)?,
            access: Access::ReadWrite,
            services,
            expires: None,
        };
        let grant = Grant {
            user,
            secret: &secret,
            normalised: &secret::normalise(secret.expose_secret()),
            row,
        };
        self.store.grant_login(flow, grant, self.trace(by)).await
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

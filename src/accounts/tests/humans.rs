//! Users of the page, for the tests of it.

use std::time::Duration;

use secrecy::SecretString;

use super::super::fake::{Bench, HOME, anna};
use super::super::{By, Client, NewPassword, NewSession, PageSignIn, PasswordChange, Session};
use crate::domain::{Access, Result, Role, Services, UserName};
use crate::store::Store;

pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
pub(super) const PASSWORD: &str = "correct horse battery";

pub(super) fn browser() -> Client {
    Client::new(HOME, "Browser 1.0\r\nX: y")
}

pub(super) fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(super) fn command() -> By {
    By::command()
}

pub(super) fn bert() -> UserName {
    UserName::parse("bert").unwrap()
}

pub(super) async fn empty() -> Bench {
    Bench::over(Store::in_memory().await.unwrap())
}

/// With the owner `anna`, signed in.
pub(super) async fn owned() -> (Bench, NewSession) {
    let bench = empty().await;
    let link = bench.accounts.owner_link().await.unwrap().unwrap();
    let made = bench
        .accounts
        .claim_owner(&link, &anna(), "Anna", &secret(PASSWORD), &browser())
        .await;
    (bench, made.unwrap())
}

impl Bench {
    pub(super) async fn page(&self, name: &str, password: &str) -> PageSignIn {
        let came = self
            .accounts
            .sign_in_with_password(name, &secret(password), &browser())
            .await;
        came.unwrap()
    }

    pub(super) async fn come(&self, name: &str, password: &str) -> NewSession {
        match self.page(name, password).await {
            PageSignIn::In(session) => session,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn session(&self, opened: &NewSession) -> Option<Session> {
        let client = browser();
        self.accounts
            .session(&opened.cookie, &client)
            .await
            .unwrap()
    }

    pub(super) async fn app_password(&self, user: &UserName, services: Services) -> SecretString {
        let new = NewPassword {
            label: "telephone".to_owned(),
            access: Access::ReadWrite,
            services,
            expires: None,
        };
        let made = self.accounts.add_password(&command(), user, new).await;
        made.unwrap().secret
    }

    pub(super) async fn add(&self, user: &UserName, role: Role) {
        let added = self.accounts.add_user(&command(), user, "", role).await;
        added.unwrap();
    }

    pub(super) async fn actions(&self) -> Vec<String> {
        self.accounts.finish().await;
        let lines = self.accounts.list_audit(None, 100).await.unwrap();
        lines.into_iter().rev().map(|line| line.action).collect()
    }

    /// Until so many hash or wait.
    pub(super) async fn crowd(&self, number: usize) {
        while self.accounts.hasher.crowd() < number {
            tokio::task::yield_now().await;
        }
    }

    /// Sets anna's own password in a session.
    pub(super) async fn set(
        &self,
        own: &NewSession,
        old: Option<&str>,
        new: &str,
    ) -> Result<PasswordChange> {
        let (client, old) = (browser(), old.map(secret));
        let (user, session) = (&own.user, Some(own.id));
        self.accounts
            .set_password(&client, user, old.as_ref(), &secret(new), session)
            .await
    }
}

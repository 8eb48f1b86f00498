//! App passwords: one per device, shown once.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::users::one_line;
use super::{Accounts, By, PasswordInfo, secret};
use crate::domain::{Access, Error, Kind, Result, Rule, Services, UserName};
use crate::store::{Before, NewPasswordRow};

/// Fewest letters of a planted password.
const SHORTEST: usize = 4;

/// An app password to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassword {
    /// The device or program, for people.
    pub label: String,
    /// What it allows.
    pub access: Access,
    /// Which services it opens.
    pub services: Services,
    /// When it ends, if ever.
    pub expires: Option<DateTime<Utc>>,
}

/// An app password just made.
#[derive(Debug)]
pub struct AppPassword {
    /// Number for listing and revoking.
    pub id: i64,
    /// The password in groups, e.g. `k3vf-…`; shown once, known to nobody afterwards.
    pub secret: SecretString,
}

impl Accounts {
    /// Makes an app password of 160 random bits. `NotFound` without such a user, `Invalid` for a
    /// bad label or an end that has passed.
    pub async fn add_password(
        &self,
        by: &By,
        user: &UserName,
        new: NewPassword,
    ) -> Result<AppPassword> {
        let secret = secret::generate()?;
        let id = self.keep_password(by, user, &secret, &new).await?;
        Ok(AppPassword { id, secret })
    }

    /// Gives a user a password of the caller's choice, for demonstrations and tests: nothing
    /// keeps it from being weak. No command of the product leads here.
    pub async fn plant_password(&self, user: &UserName, password: &SecretString) -> Result<i64> {
        let new = NewPassword {
            label: "planted".to_owned(),
            access: Access::ReadWrite,
            services: Services::All,
            expires: None,
        };
        let by = By::command();
        self.keep_password(&by, user, password, &new).await
    }

    /// The same for the password of the page.
    pub async fn plant_page_password(
        &self,
        user: &UserName,
        password: &SecretString,
    ) -> Result<()> {
        let phc = self.hasher.hash_any(password).await?;
        let by = By::command();
        let set = self
            .store
            .set_human_password(user, &phc, Before::Any, None, self.trace(&by));
        set.await
    }

    async fn keep_password(
        &self,
        by: &By,
        user: &UserName,
        password: &SecretString,
        new: &NewPassword,
    ) -> Result<i64> {
        let trace = self.trace(by);
        let label = one_line("label", &new.label)?;
        if new.expires.is_some_and(|end| end <= trace.at) {
            return Err(Error::against(Rule::PastEnd, "the end has passed already"));
        }
        let password = secret::normalise(password.expose_secret());
        if password.chars().count() < SHORTEST {
            return Err(Error::client(Kind::Invalid, "the password is too short"));
        }
        let row = NewPasswordRow {
            label: &label,
            access: new.access,
            services: new.services,
            expires: new.expires,
        };
        self.store.add_password(user, &password, row, trace).await
    }

    /// A user's app passwords, oldest first. `NotFound` without such a user.
    pub async fn list_passwords(&self, user: &UserName) -> Result<Vec<PasswordInfo>> {
        self.store.passwords(user).await
    }

    /// Ends an app password from the next request on. `NotFound` where the user has no such.
    pub async fn revoke_password(&self, by: &By, user: &UserName, id: i64) -> Result<()> {
        self.store.delete_password(user, id, self.trace(by)).await
    }
}

//! Adding, listing, disabling and removing users.

use super::{Accounts, By, Client, Subject, User};
use crate::domain::{Error, Result, Role, Rule, UserName};

/// Longest display name or label in characters.
const LONGEST: usize = 100;

/// A text for people on one line, trimmed; `Invalid` where it is too long or holds control
/// characters.
pub(super) fn one_line(what: &str, text: &str) -> Result<String> {
    let text = text.trim();
    let (rule, wrong) = if text.chars().any(char::is_control) {
        (Rule::OneLine, "holds control characters")
    } else if text.chars().count() > LONGEST {
        (Rule::LongLine, "is longer than 100 characters")
    } else {
        return Ok(text.to_owned());
    };
    Err(Error::against(rule, format!("the {what} {wrong}")))
}

impl Accounts {
    /// Adds a user; an empty display name becomes the name. `Invalid` where the name is taken.
    pub async fn add_user(
        &self,
        by: &By,
        name: &UserName,
        display_name: &str,
        role: Role,
    ) -> Result<()> {
        let display_name = match one_line("display name", display_name)? {
            empty if empty.is_empty() => name.to_string(),
            given => given,
        };
        let trace = self.trace(by);
        self.store.add_user(name, &display_name, role, trace).await
    }

    /// All users by name.
    pub async fn list_users(&self) -> Result<Vec<User>> {
        self.store.users().await
    }

    /// One user; `None` where there is none of that name.
    pub async fn user(&self, name: &UserName) -> Result<Option<User>> {
        self.store.user(name).await
    }

    /// Gives a user another role, from the next request on. `NotFound` without such a user,
    /// `Invalid` where no administrator would be left.
    pub async fn set_role(&self, by: &By, name: &UserName, role: Role) -> Result<()> {
        self.store.set_role(name, role, self.trace(by)).await
    }

    /// Refuses a user's sign-in from the next request on, on the page and on DAV, or allows it
    /// again; sessions and links end for good. `NotFound` without such a user, `Invalid` where
    /// no administrator would be left.
    pub async fn set_disabled(&self, by: &By, name: &UserName, disabled: bool) -> Result<()> {
        let trace = self.trace(by);
        self.store.set_user_disabled(name, disabled, trace).await
    }

    /// Removes a user and all that is kept for them: passwords, connections, tokens, addresses.
    /// `NotFound` without such a user, `Invalid` where no administrator would be left.
    pub async fn remove_user(&self, by: &By, name: &UserName) -> Result<()> {
        self.store.remove_user(name, self.trace(by)).await
    }

    /// The user whom an identity provider names; one is made at first sight. Name for people,
    /// e-mail and role become those of today; one whom the provider had disabled is enabled. Also
    /// a user whom an administrator disabled is found: [`Accounts::open_session`] refuses it.
    pub async fn find_or_create_by_subject(
        &self,
        subject: Subject<'_>,
        client: &Client,
    ) -> Result<User> {
        // what cannot be shown on one line is not taken over
        let display_name = subject
            .display_name
            .and_then(|name| one_line("name", name).ok());
        let display_name = display_name.filter(|name| !name.is_empty());
        let email = subject
            .email
            .and_then(|email| one_line("e-mail", email).ok());
        let subject = Subject {
            display_name: display_name.as_deref(),
            email: email.as_deref(),
            ..subject
        };
        let by = By::stranger(client);
        let trace = self.trace(&by);
        self.store.find_or_create_user(subject, trace).await
    }

    /// The user whom an identity provider names, for Bearer; `None` where it never signed in on
    /// the page. Also a disabled user is found.
    pub async fn find_by_subject(&self, issuer: &str, subject: &str) -> Result<Option<User>> {
        self.store.user_by_subject(issuer, subject).await
    }
}

//! Adding, listing, disabling and removing users.

use super::{Accounts, User};
use crate::domain::{Error, Kind, Result, UserName};

/// Longest display name or label in characters.
const LONGEST: usize = 100;

/// A text for people on one line, trimmed; `Invalid` where it is too long or holds control
/// characters.
pub(super) fn one_line(what: &str, text: &str) -> Result<String> {
    let text = text.trim();
    let wrong = if text.chars().any(char::is_control) {
        "holds control characters"
    } else if text.chars().count() > LONGEST {
        "is longer than 100 characters"
    } else {
        return Ok(text.to_owned());
    };
    Err(Error::client(Kind::Invalid, format!("the {what} {wrong}")))
}

impl Accounts {
    /// Adds a user; an empty display name becomes the name. `Invalid` where the name is taken.
    pub async fn add_user(&self, name: &UserName, display_name: &str) -> Result<()> {
        let display_name = match one_line("display name", display_name)? {
            empty if empty.is_empty() => name.to_string(),
            given => given,
        };
        let now = self.clock.now();
        self.store.add_user(name, &display_name, now).await
    }

    /// All users by name.
    pub async fn list_users(&self) -> Result<Vec<User>> {
        self.store.users().await
    }

    /// Refuses a user's sign-in from the next request on, or allows it again. `NotFound`
    /// without such a user.
    pub async fn set_disabled(&self, name: &UserName, disabled: bool) -> Result<()> {
        self.store.set_user_disabled(name, disabled).await
    }

    /// Removes a user and all that is kept for them: passwords, connections, tokens, addresses.
    /// `NotFound` without such a user.
    pub async fn remove_user(&self, name: &UserName) -> Result<()> {
        self.store.remove_user(name).await
    }
}

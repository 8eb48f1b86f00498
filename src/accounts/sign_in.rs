//! Sign-in of DAV requests: by Basic with app passwords, by Bearer with access tokens.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::SecretString;

use super::basic::{Credentials, parse};
use super::{Accounts, By, secret};
use crate::domain::{Access, Caller, Result, Role, UserName};
use crate::store::Match;

/// Who a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// A user who may come in.
    In(Caller),
    /// No credentials, or of a kind that is not known here: ask for them.
    Missing,
    /// Credentials that are not accepted: unknown, expired, revoked, or of a disabled user.
    Refused,
    /// Not accepted either, after too many of the kind.
    Slow {
        /// When to try again; more than zero.
        retry_after: Duration,
    },
}

impl Accounts {
    /// Checks the credentials of one request; `authorization` is the value of the header, if
    /// any. Right ones are never refused or delayed, whatever others have tried.
    ///
    /// # Errors
    /// Only when the store is in trouble: that says nothing about the credentials.
    pub async fn sign_in(&self, authorization: Option<&str>, peer: IpAddr) -> Result<SignIn> {
        let Some(header) = authorization else {
            return Ok(SignIn::Missing);
        };
        let (user, password) = match parse(header) {
            Credentials::Basic { user, password } => (user, password),
            Credentials::Bearer(token) => {
                let token = SecretString::from(token.as_str());
                return self.sign_in_with_token(&token, peer).await;
            }
            Credentials::Unreadable => return Ok(self.failed(None, peer)),
            Credentials::Other => return Ok(SignIn::Missing),
        };
        // Telephones begin names with a capital.
        let user = user.trim().to_ascii_lowercase();
        let password = secret::normalise(&password);
        let found = self.store.find_password(&user, &password).await?;
        match found.filter(|found| self.is_good(found)) {
            Some(found) => {
                self.rehash(&found, password);
                Ok(SignIn::In(self.welcome(found, peer)))
            }
            None => Ok(self.failed(Some(&user), peer)),
        }
    }

    fn is_good(&self, found: &Match) -> bool {
        let now = self.clock.now();
        let expired = found.expires.is_some_and(|end| end <= now);
        let absent = self.settings.sign_in_within.is_some_and(|most| {
            let passed = (now - found.signed_in).to_std().unwrap_or_default();
            passed > most
        });
        if expired || absent || found.disabled {
            let (user, password) = (&found.user, found.password);
            let disabled = found.disabled;
            tracing::debug!(%user, password, expired, absent, disabled, "refused");
        }
        !expired && !absent && !found.disabled
    }

    fn welcome(&self, found: Match, peer: IpAddr) -> Caller {
        self.note_use(&found, peer);
        let access = match found.role {
            Role::Viewer => Access::Read,
            Role::Admin | Role::Editor => found.access,
        };
        Caller {
            user: found.user,
            display_name: found.display_name,
            access,
            services: found.services,
        }
    }

    pub(super) fn failed(&self, user: Option<&str>, peer: IpAddr) -> SignIn {
        // What cannot be a name cannot be guessed for: it counts for the address alone.
        let user = user.and_then(UserName::parse);
        self.refused(user.as_ref(), peer, &By::dav(None, peer));
        let name = user.as_ref().map(UserName::as_str);
        match self.throttle.failed(name, peer, self.clock.instant()) {
            None => SignIn::Refused,
            Some(wait) => SignIn::Slow {
                retry_after: wait.max(Duration::from_secs(1)),
            },
        }
    }
}

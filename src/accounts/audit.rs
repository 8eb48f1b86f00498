//! The audit log: who did what, when, from where; never a secret.

use std::net::IpAddr;

use super::{Accounts, AuditLine};
use crate::domain::{Result, UserName};
use crate::store::{NewAudit, Via};

/// Longest name of a browser or program that is kept, in characters.
const LONGEST_AGENT: usize = 160;

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// The browser or program, as it calls itself; made shorter where it is long.
    pub agent: String,
}

impl Client {
    /// With a name made fit to be kept: one line, not too long.
    #[must_use]
    pub fn new(address: IpAddr, agent: &str) -> Self {
        let agent = agent.trim().chars().filter(|c| !c.is_control());
        Self {
            address: address.to_canonical(),
            agent: agent.take(LONGEST_AGENT).collect(),
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.address, self.agent).trim().to_owned()
    }
}

/// Who asks for a change, and by which way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct By {
    actor: Option<UserName>,
    client: String,
    via: Via,
}

impl By {
    /// An operator, on the machine itself.
    #[must_use]
    pub fn command() -> Self {
        Self {
            actor: None,
            client: String::new(),
            via: Via::Command,
        }
    }

    /// A user on the page.
    #[must_use]
    pub fn page(user: &UserName, client: &Client) -> Self {
        Self {
            actor: Some(user.clone()),
            ..Self::stranger(client)
        }
    }

    /// Somebody on the page who is not signed in.
    #[must_use]
    pub fn stranger(client: &Client) -> Self {
        Self {
            actor: None,
            client: client.text(),
            via: Via::Page,
        }
    }

    /// A user's program.
    pub(super) fn dav(user: Option<&UserName>, address: IpAddr) -> Self {
        Self {
            actor: user.cloned(),
            client: address.to_canonical().to_string(),
            via: Via::Dav,
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Sign-in on the page.
    SignedIn,
    /// Sign-in refused; not every one has a line.
    SignInRefused,
    /// A session ended by its user or an administrator.
    SessionRevoked,
    /// An account connected for the first time.
    Connected,
    /// An account connected again, also after a disconnect.
    Reconnected,
    /// A token forgotten.
    Disconnected,
    /// A connection renamed.
    Renamed,
    /// An app password made.
    PasswordMade,
    /// An app password used for the first time.
    PasswordFirstUsed,
    /// An app password revoked.
    PasswordRevoked,
    /// A password for the page set.
    PasswordSet,
    /// A link made with which a user sets a password.
    Invited,
    /// Another role.
    RoleChanged,
    /// A user added.
    UserAdded,
    /// A user removed.
    UserRemoved,
    /// A user disabled.
    UserDisabled,
    /// A disabled user let in again.
    UserEnabled,
    /// Secrets sealed with a new key.
    KeyRotated,
    /// Old keys dropped.
    KeysPruned,
}

impl Action {
    /// As it stands in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed in",
            Self::SignInRefused => "sign-in refused",
            Self::SessionRevoked => "session revoked",
            Self::Connected => "connected",
            Self::Reconnected => "reconnected",
            Self::Disconnected => "disconnected",
            Self::Renamed => "renamed",
            Self::PasswordMade => "app password made",
            Self::PasswordFirstUsed => "app password first used",
            Self::PasswordRevoked => "app password revoked",
            Self::PasswordSet => "password set",
            Self::Invited => "invited",
            Self::RoleChanged => "role changed",
            Self::UserAdded => "user added",
            Self::UserRemoved => "user removed",
            Self::UserDisabled => "user disabled",
            Self::UserEnabled => "user enabled",
            Self::KeyRotated => "key rotated",
            Self::KeysPruned => "keys pruned",
        }
    }
}

impl Accounts {
    /// Notes what was done. That it cannot be noted does not undo it.
    pub async fn audit(&self, by: &By, action: Action, user: Option<&UserName>, object: &str) {
        let line = NewAudit {
            at: self.clock.now(),
            actor: by.actor.as_ref(),
            action: action.as_str(),
            user,
            object,
            client: &by.client,
            via: by.via,
        };
        if let Err(error) = self.store.audit(&line).await {
            let action = action.as_str();
            tracing::error!(action, error = error.chain(), "audit line not written");
        }
    }

    /// Lines of the audit log, newest first: at most `limit`, before the line of that number.
    pub async fn list_audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditLine>> {
        self.store.audit_lines(before, limit).await
    }
}

//! The audit log: who did what, when, from where; never a secret.

use std::net::IpAddr;

use super::{Accounts, AuditLine, By};
use crate::domain::{Result, UserName};
use crate::store::{Trace, Via};

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

impl By {
    /// A user on the page.
    #[must_use]
    pub fn page(user: &UserName, client: &Client) -> Self {
        Self::stranger(client).acting(user)
    }

    /// Somebody on the page who is not signed in.
    #[must_use]
    pub fn stranger(client: &Client) -> Self {
        Self::new(None, client.text(), Via::Page)
    }

    /// A user's program.
    pub(super) fn dav(user: Option<&UserName>, address: IpAddr) -> Self {
        let client = address.to_canonical().to_string();
        Self::new(user.cloned(), client, Via::Dav)
    }
}

impl Accounts {
    /// Who changes something, and now: its line is written together with the change.
    pub(super) fn trace<'a>(&self, by: &'a By) -> Trace<'a> {
        let at = self.clock.now();
        Trace { at, by }
    }

    /// Lines of the audit log, newest first: at most `limit`, before the line of that number.
    pub async fn list_audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditLine>> {
        self.store.audit_lines(before, limit).await
    }
}

//! Audit lines of refused sign-ins, few enough that nobody can fill the log with them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio_util::task::TaskTracker;

use super::{Accounts, Action, By, locked, network};
use crate::domain::UserName;

/// The same network and user have a line again after this long.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Most lines of one network within that time: whoever invents names takes no line from others.
const OF_NETWORK: usize = 10;
/// Most lines within that time.
const MOST: usize = 60;

#[derive(Default)]
pub(super) struct Refusals {
    pub(super) tasks: TaskTracker,
    /// When a line was last written, by network and user; nothing that clients choose at will.
    written: Mutex<HashMap<(IpAddr, Option<UserName>), Instant>>,
}

impl Refusals {
    /// Whether this one gets a line.
    fn is_due(&self, peer: IpAddr, user: Option<&UserName>, now: Instant) -> bool {
        let mut written = locked(&self.written);
        written.retain(|_, at| now.duration_since(*at) < EVERY);
        let key = (network(peer), user.cloned());
        let of_network = written.keys().filter(|(known, _)| *known == key.0).count();
        if written.len() >= MOST || of_network >= OF_NETWORK || written.contains_key(&key) {
            return false;
        }
        written.insert(key, now);
        true
    }
}

impl Accounts {
    /// Notes in the background that a sign-in from `peer` was refused. A name that no user has is
    /// not written: people type passwords there.
    pub(super) fn refused(&self, user: Option<&UserName>, peer: IpAddr, by: &By) {
        if !self.refusals.is_due(peer, user, self.clock.instant()) {
            return;
        }
        let Some(accounts) = self.me.upgrade() else {
            return;
        };
        let (user, by) = (user.cloned(), by.clone());
        self.refusals.tasks.spawn(async move {
            let accounts: Arc<Self> = accounts;
            let known = match &user {
                Some(user) => accounts.store.user(user).await.ok().flatten(),
                None => None,
            };
            let user = known.map(|known| known.name);
            let (trace, refused) = (accounts.trace(&by), Action::SignInRefused);
            let written = accounts.store.audit(trace, refused, user.as_ref(), "");
            if let Err(error) = written.await {
                tracing::error!(error = error.chain(), "a refused sign-in is not in the log");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inventing_names_takes_no_line_from_others() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        let due = |peer: &str, name: &str, now| {
            let user = UserName::parse(name).unwrap();
            refusals.is_due(peer.parse().unwrap(), Some(&user), now)
        };
        let invented = (0..100).filter(|number| due("2001:db8::1", &format!("u{number}"), now));
        assert_eq!(invented.count(), OF_NETWORK);
        assert!(!due("2001:db8::ffff", "anna", now), "the same network");
        assert!(due("2001:db8:0:1::1", "anna", now));
        assert!(!due("2001:db8:0:1::1", "anna", now));
        assert!(due("2001:db8:0:1::1", "anna", now + EVERY));
    }
}

//! How many forms may be sent.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::accounts::network;
use crate::domain::UserName;

/// Length of a window.
const WINDOW: Duration = Duration::from_mins(1);
/// Forms of an address where nobody is signed in.
const GUESTS: u32 = 60;
/// Forms of a user.
const USERS: u32 = 120;
/// Most addresses and users that are remembered.
const MOST: usize = 4096;

/// Whose forms are counted.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Sender {
    Address(IpAddr),
    User(UserName),
}

/// Counts forms in windows of a minute.
#[derive(Debug, Default)]
pub(super) struct Limiter(Mutex<HashMap<Sender, (Instant, u32)>>);

impl Limiter {
    /// Counts a form. `Some`: it is one too many; how long to wait.
    pub(super) fn count(
        &self,
        user: Option<&UserName>,
        client: IpAddr,
        now: Instant,
    ) -> Option<Duration> {
        let (sender, most) = match user {
            Some(user) => (Sender::User(user.clone()), USERS),
            None => (Sender::Address(network(client)), GUESTS),
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (begun, _)| now.duration_since(*begun) < WINDOW);
        }
        // Somebody with that many addresses is not held up by forgetting all of them.
        if counts.len() >= MOST {
            counts.clear();
        }
        let (begun, count) = counts.entry(sender).or_insert((now, 0));
        if now.duration_since(*begun) >= WINDOW {
            (*begun, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        let rest = WINDOW.saturating_sub(now.duration_since(*begun));
        (*count > most).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_and_users_are_counted_by_themselves() {
        let limiter = Limiter::default();
        let (now, home) = (Instant::now(), IpAddr::from([192, 0, 2, 1]));
        let over = (0..=GUESTS).filter_map(|_| limiter.count(None, home, now));
        assert_eq!(over.collect::<Vec<_>>(), [WINDOW]);
        let anna = UserName::parse("anna").unwrap();
        assert_eq!(limiter.count(Some(&anna), home, now), None);
        let other = IpAddr::from([192, 0, 2, 2]);
        assert_eq!(limiter.count(None, other, now), None);
        assert_eq!(limiter.count(None, home, now + WINDOW), None);
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = Limiter::default();
        let now = Instant::now();
        for number in 0..3 * u32::try_from(MOST).unwrap() {
            let _ = limiter.count(None, IpAddr::from(number.to_be_bytes()), now);
        }
        assert!(limiter.0.lock().unwrap().len() <= MOST);
    }
}

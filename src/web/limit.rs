//! How many forms may be sent.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::accounts::{Windows, network};
use crate::domain::UserName;

/// Length of a window.
const WINDOW: Duration = Duration::from_mins(1);
/// Forms of an address where nobody is signed in.
const GUESTS: u32 = 60;
/// Forms of a user.
const USERS: u32 = 120;

/// Counts forms in windows of a minute.
#[derive(Default)]
pub(super) struct Limiter(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    users: Windows<UserName>,
    addresses: Windows<IpAddr>,
}

impl Limiter {
    /// Counts a form. `Some`: it is one too many; how long to wait.
    pub(super) fn count(
        &self,
        user: Option<&UserName>,
        client: IpAddr,
        now: Instant,
    ) -> Option<Duration> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (most, (count, rest)) = match user {
            Some(user) => (USERS, counts.users.count(user.clone(), now, WINDOW)),
            None => {
                let address = network(client);
                (GUESTS, counts.addresses.count(address, now, WINDOW))
            }
        };
        (count > most).then_some(rest)
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
    fn a_crowd_of_addresses_does_not_set_a_busy_sender_free() {
        let limiter = Limiter::default();
        let (now, busy) = (Instant::now(), IpAddr::from([198, 51, 100, 1]));
        let anna = UserName::parse("anna").unwrap();
        for _ in 0..USERS {
            assert_eq!(limiter.count(Some(&anna), busy, now), None);
        }
        for _ in 0..GUESTS {
            assert_eq!(limiter.count(None, busy, now), None);
        }
        for number in 0..20_000_u32 {
            let _ = limiter.count(None, IpAddr::from(number.to_be_bytes()), now);
            if number % 1000 == 0 {
                assert_eq!(limiter.count(None, busy, now), Some(WINDOW), "{number}");
            }
        }
        assert_eq!(limiter.count(Some(&anna), busy, now), Some(WINDOW));
    }
}

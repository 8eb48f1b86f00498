//! Slows guessing: counts failed attempts per user name and per address.
//!
//! App passwords and access tokens cannot be guessed: right ones always come in, and only those
//! that failed are told to slow down. A password that a person chose can be. After too many
//! failed attempts at one name, over all addresses, a network has only a few more within the
//! window: the rest is not even looked at. Whoever guesses from elsewhere cannot take those few
//! from the right user; and where the user is signed in, nothing is held back at all.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::locked;

/// Most names, and most addresses, that are remembered.
const MOST: usize = 4096;
/// Bits of an IPv6 address that one subscriber shares.
const SUBSCRIBER: u32 = 64;

/// Attempts at one name from one network that are looked at while others guess at it.
const FEW: u32 = 3;

/// Failed attempts within a window of time.
pub(super) struct Throttle {
    allowed: u32,
    window: Duration,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    users: Windows<String>,
    addresses: Windows<IpAddr>,
    both: Windows<(String, IpAddr)>,
}

impl Throttle {
    pub(super) fn new(allowed: u32, window: Duration) -> Self {
        Self {
            allowed,
            window,
            counts: Mutex::default(),
        }
    }

    /// Counts a failed attempt. `Some`: it comes on top of too many; how long to wait.
    pub(super) fn failed(
        &self,
        user: Option<&str>,
        peer: IpAddr,
        now: Instant,
    ) -> Option<Duration> {
        let mut counts = locked(&self.counts);
        let by_address = counts.addresses.count(network(peer), now, self.window);
        let by_user = user.map(|user| {
            let both = (user.to_owned(), network(peer));
            counts.both.count(both, now, self.window);
            counts.users.count(user.to_owned(), now, self.window)
        });
        [Some(by_address), by_user]
            .into_iter()
            .flatten()
            .filter(|(count, _)| *count > self.allowed)
            .map(|(_, rest)| rest)
            .max()
    }

    /// How long a name that somebody guesses at is not to be tried from this network any more;
    /// `None`: it is.
    pub(super) fn spent(&self, user: &str, peer: IpAddr, now: Instant) -> Option<Duration> {
        let counts = locked(&self.counts);
        let (all, _) = counts.users.look(&user.to_owned(), now, self.window)?;
        let both = (user.to_owned(), network(peer));
        let (here, rest) = counts.both.look(&both, now, self.window)?;
        (all > self.allowed && here >= FEW).then_some(rest)
    }
}

/// The part of an address that one subscriber cannot change at will: of IPv6 the first 64 bits.
#[must_use]
pub fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let kept = u128::MAX << (128 - SUBSCRIBER);
            Ipv6Addr::from_bits(address.to_bits() & kept).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// A count per key that begins anew when its window has passed. Of 4096 keys at the most those
/// not met for longest are forgotten: when `recent` is full it becomes `older`.
pub struct Windows<K> {
    recent: HashMap<K, (Instant, u32)>,
    older: HashMap<K, (Instant, u32)>,
}

impl<K> Default for Windows<K> {
    fn default() -> Self {
        Self {
            recent: HashMap::new(),
            older: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq> Windows<K> {
    /// The count, and how long its window still lasts.
    fn look(&self, key: &K, now: Instant, window: Duration) -> Option<(u32, Duration)> {
        let (start, count) = self.recent.get(key).or_else(|| self.older.get(key))?;
        let passed = now.duration_since(*start);
        (passed < window).then(|| (*count, window.saturating_sub(passed)))
    }

    /// Counts once; gives the count and how long the window still lasts.
    pub fn count(&mut self, key: K, now: Instant, window: Duration) -> (u32, Duration) {
        let known = self.recent.remove(&key).or_else(|| self.older.remove(&key));
        let (start, count) = known
            .filter(|(start, _)| now.duration_since(*start) < window)
            .unwrap_or((now, 0));
        let count = count.saturating_add(1);
        if self.recent.len() >= MOST / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(key, (start, count));
        (count, window.saturating_sub(now.duration_since(start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_eleventh_failure_waits_for_the_end_of_the_window() {
        let throttle = Throttle::new(10, MINUTE);
        let start = Instant::now();
        for second in 0..10 {
            let now = start + Duration::from_secs(second);
            assert_eq!(throttle.failed(None, ip("192.0.2.1"), now), None);
        }
        let late = start + Duration::from_secs(20);
        let wait = throttle.failed(None, ip("192.0.2.1"), late);
        assert_eq!(wait, Some(Duration::from_secs(40)));
        assert_eq!(throttle.failed(None, ip("192.0.2.2"), late), None);
        assert_eq!(throttle.failed(None, ip("192.0.2.1"), start + MINUTE), None);
    }

    #[test]
    fn a_user_is_counted_over_all_addresses() {
        let throttle = Throttle::new(10, MINUTE);
        let now = Instant::now();
        for last in 0..10 {
            let peer = ip(&format!("192.0.2.{last}"));
            assert_eq!(throttle.failed(Some("anna"), peer, now), None);
        }
        let elsewhere = ip("198.51.100.1");
        assert!(throttle.failed(Some("anna"), elsewhere, now).is_some());
        assert!(throttle.failed(Some("bert"), elsewhere, now).is_none());
    }

    #[test]
    fn one_subscriber_is_one_address() {
        let same = [
            ("2001:db8::1", "2001:db8::ffff:2"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ];
        for (one, other) in same {
            assert_eq!(network(ip(one)), network(ip(other)), "{one} {other}");
        }
        let different = [
            ("2001:db8:0:1::1", "2001:db8:0:2::1"),
            ("192.0.2.1", "192.0.2.2"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ];
        for (one, other) in different {
            assert_ne!(network(ip(one)), network(ip(other)), "{one} {other}");
        }
    }

    #[test]
    fn memory_is_bounded_and_the_busiest_stay() {
        let throttle = Throttle::new(10, MINUTE);
        let now = Instant::now();
        let busy = ip("198.51.100.1");
        let mut slowed = 0;
        for number in 0..3 * u32::try_from(MOST).unwrap() {
            let peer = IpAddr::from(number.to_be_bytes());
            let _ = throttle.failed(Some(&number.to_string()), peer, now);
            if number % 1000 == 0 {
                slowed += u32::from(throttle.failed(None, busy, now).is_some());
            }
        }
        assert_eq!(slowed, 3);
        let counts = locked(&throttle.counts);
        assert!(counts.users.recent.len() + counts.users.older.len() <= MOST);
        assert!(counts.addresses.recent.len() + counts.addresses.older.len() <= MOST);
    }
}

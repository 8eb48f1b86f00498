//! Slow hashes of passwords that people choose: argon2id, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::domain::{Error, Kind, Result, Rule};

/// Hashes at the same time, of 19 MiB each: guessing cannot take all memory.
const AT_ONCE: usize = 2;
/// Requests that wait for a turn at most; more are told to come back.
const WAITING: usize = 30;
/// When to come back: by then those who wait have had their turn.
const LATER: Duration = Duration::from_secs(2);
/// Fewest characters.
const SHORTEST: usize = 10;
/// Most bytes.
const LONGEST: usize = 1024;

/// Of nobody's password, with the parameters of everybody's: who measures the time learns
/// nothing about which users exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiBub2JvZHkhIQ$\
                      bm8gcGFzc3dvcmQgaGFzIHRoaXMgaGFzaCwgZXZlci4";

/// Hashes and checks passwords on blocking threads.
pub(super) struct Hasher {
    permits: Arc<Semaphore>,
    /// One for each request that hashes or waits.
    places: Semaphore,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            places: Semaphore::new(AT_ONCE + WAITING),
        }
    }
}

impl Hasher {
    /// The hash of a new password in PHC form. `Invalid` where it is too short or too long, `Busy`
    /// while too many wait.
    pub(super) async fn hash(&self, password: &SecretString) -> Result<SecretString> {
        let password = normalised(password);
        if password.chars().count() < SHORTEST {
            let sentence = format!("the password needs at least {SHORTEST} characters");
            return Err(Error::against(Rule::ShortPassword, sentence));
        }
        if password.len() > LONGEST {
            let sentence = format!("the password is longer than {LONGEST} bytes");
            return Err(Error::against(Rule::LongPassword, sentence));
        }
        self.digest(password).await
    }

    /// The hash of a password of whatever quality.
    pub(super) async fn hash_any(&self, password: &SecretString) -> Result<SecretString> {
        self.digest(normalised(password)).await
    }

    async fn digest(&self, password: Zeroizing<String>) -> Result<SecretString> {
        let hashed = self.blocking(move || {
            // argon2id, 19 MiB, 2 passes, 1 lane: the least that OWASP's cheat sheet asks for
            let hash = Argon2::default().hash_password(password.as_bytes());
            hash.map(|hash| SecretString::from(hash.to_string()))
        });
        hashed.await?.map_err(|error| {
            Error::bridge(Kind::Down, "the password cannot be hashed").because(error.to_string())
        })
    }

    /// Whether the password has this hash; the same work where there is none. `Busy` while too
    /// many wait.
    pub(super) async fn check(
        &self,
        password: &SecretString,
        phc: Option<SecretString>,
    ) -> Result<bool> {
        let password = normalised(password);
        // longer than any that was set
        let phc = phc.filter(|_| password.len() <= LONGEST);
        let right = self.blocking(move || {
            let hash = phc.as_ref().map_or(NOBODY, |phc| phc.expose_secret());
            let password = password.get(..LONGEST).unwrap_or(&password).as_bytes();
            let right = Argon2::default().verify_password(password, hash).is_ok();
            right && phc.is_some()
        });
        right.await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let broken = |error: &'static str| Error::bridge(Kind::Down, error);
        let _place = self.places.try_acquire().map_err(|_| {
            let kind = Kind::Busy {
                retry_after: Some(LATER),
            };
            Error::bridge(kind, "too many passwords are being checked")
        })?;
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| broken("the bridge ends"))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // a request that is given up lets the work go on, and the next one wait for it
            drop(permit);
            done
        });
        done.await.map_err(|_| broken("hashing broke off"))
    }
}

#[cfg(test)]
impl Hasher {
    /// Takes all turns.
    pub(super) async fn hold(&self) -> tokio::sync::OwnedSemaphorePermit {
        let all = u32::try_from(AT_ONCE).unwrap();
        let held = Arc::clone(&self.permits).acquire_many_owned(all);
        held.await.unwrap()
    }

    /// How many hash or wait.
    pub(super) fn crowd(&self) -> usize {
        AT_ONCE + WAITING - self.places.available_permits()
    }
}

/// NFC: the same letters by another keyboard are the same password.
fn normalised(password: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(password.expose_secret().nfc().collect())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static SECRET: LazyLock<SecretString> = LazyLock::new(|| secret("a password"));

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let hasher = Hasher::default();
        let phc = hasher.hash(&secret("correct horse \u{e4}")).await.unwrap();
        let shown = phc.expose_secret();
        assert!(
            shown.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{shown}"
        );
        let again = hasher.hash(&secret("correct horse \u{e4}")).await.unwrap();
        assert_ne!(shown, again.expose_secret(), "salted");
        for (typed, right) in [
            ("correct horse \u{e4}", true),
            ("correct horse a\u{308}", true),
            ("Correct horse \u{e4}", false),
            ("", false),
        ] {
            let found = hasher.check(&secret(typed), Some(phc.clone())).await;
            assert_eq!(found.unwrap(), right, "{typed}");
        }
        assert!(!hasher.check(&secret("x"), None).await.unwrap());
    }

    #[tokio::test]
    async fn short_and_endless_ones_are_refused() {
        let hasher = Hasher::default();
        for bad in ["nine char", "", &"x".repeat(LONGEST + 1)] {
            let error = hasher.hash(&secret(bad)).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid);
        }
        let endless = secret(&"\u{e4}".repeat(100_000));
        assert!(!hasher.check(&endless, None).await.unwrap());
    }

    #[tokio::test]
    async fn a_crowd_is_told_to_come_back_and_those_who_wait_get_their_turn() {
        let hasher = Hasher::default();
        let held = hasher.hold().await;
        let mut waiting: Vec<_> = (0..AT_ONCE + WAITING)
            .map(|_| Box::pin(hasher.check(&SECRET, None)))
            .collect();
        for one in &mut waiting {
            assert!(futures::poll!(one).is_pending());
        }
        let error = hasher.check(&SECRET, None).await.unwrap_err();
        let kind = Kind::Busy {
            retry_after: Some(LATER),
        };
        assert_eq!(error.kind(), kind);
        drop(held);
        for one in waiting {
            assert!(!one.await.unwrap());
        }
        assert!(!hasher.check(&SECRET, None).await.unwrap());
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_does() {
        use argon2::password_hash::phc::PasswordHash;
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = Argon2::default().hash_password(b"a password").unwrap();
        assert_eq!(nobody.params, real.params);
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(
            nobody.hash.map(|hash| hash.len()),
            real.hash.map(|hash| hash.len())
        );
        assert!(nobody.salt.is_some());
    }
}

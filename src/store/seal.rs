//! Sealing of secrets and keyed hashes of passwords.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key as CipherKey, KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::keys::{Key, KeyId, KeyRing, fill_random, mac};
use crate::domain::{Error, Kind, Result};

/// First byte of what is sealed: XChaCha20-Poly1305 with the key id before the nonce.
const FORMAT: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 1 + KeyId::LEN + NONCE;

/// Where a sealed value lives; what is sealed for one place does not open in another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    pub(super) row: i64,
}

impl Place {
    fn associated_data(self) -> Vec<u8> {
        format!("{}\0{}\0{}", self.table, self.column, self.row).into_bytes()
    }
}

/// Seals a value into its row, inside a transaction.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    keys: &KeyRing,
    place: Place,
    secret: &str,
) -> Result<()> {
    let Place { table, column, row } = place;
    let sql = format!("UPDATE {table} SET {column} = $2 WHERE id = $1");
    sqlx::query(AssertSqlSafe(sql))
        .bind(row)
        .bind(keys.seal(place, secret)?)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

/// The key that a value was sealed with; `None` for what was not sealed.
pub(super) fn key_of(sealed: &[u8]) -> Option<KeyId> {
    let head = sealed.get(..HEAD)?;
    let id = head[1..=KeyId::LEN].try_into().ok()?;
    (head[0] == FORMAT).then(|| KeyId::read(id))
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&CipherKey::from(*key.sealing.expose_secret()))
}

impl KeyRing {
    /// Seals for one place: format, key id, random nonce, ciphertext with tag.
    pub(super) fn seal(&self, place: Place, secret: &str) -> Result<Vec<u8>> {
        let key = self.current();
        let mut nonce = [0; NONCE];
        fill_random(&mut nonce)?;
        let payload = Payload {
            msg: secret.as_bytes(),
            aad: &place.associated_data(),
        };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::bridge(Kind::Broken, "a secret is too long to be sealed"))?;
        Ok([&[FORMAT], key.id.bytes(), &nonce, &sealed].concat())
    }

    /// Opens what was sealed for this place.
    pub(super) fn open(&self, place: Place, sealed: &[u8]) -> Result<SecretString, Unopened> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or(Unopened::Damaged)?;
        let id = head[1..=KeyId::LEN]
            .try_into()
            .map_err(|_| Unopened::Damaged)?;
        let nonce: [u8; NONCE] = head[1 + KeyId::LEN..]
            .try_into()
            .map_err(|_| Unopened::Damaged)?;
        if head[0] != FORMAT {
            return Err(Unopened::Damaged);
        }
        let id = KeyId::read(id);
        let key = self.find(id).ok_or(Unopened::OtherKey(id))?;
        let payload = Payload {
            msg: body,
            aad: &place.associated_data(),
        };
        let plain = cipher(key)
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| Unopened::Damaged)?;
        std::str::from_utf8(&plain)
            .map(SecretString::from)
            .map_err(|_| Unopened::Damaged)
    }

    /// Keyed hash of a user's password under the newest key, for storing.
    pub(super) fn hash_password(&self, user: &str, password: &str) -> ([u8; 32], KeyId) {
        let key = self.current();
        (hash(key, user, password), key.id)
    }

    /// The hash under each key, for looking up.
    pub(super) fn password_hashes(&self, user: &str, password: &str) -> Vec<[u8; 32]> {
        let keys = self.all().iter();
        keys.map(|key| hash(key, user, password)).collect()
    }
}

/// The user's name is hashed along: the hash of one user is worth nothing for another. Names
/// hold no NUL, so the two cannot run into each other.
fn hash(key: &Key, user: &str, password: &str) -> [u8; 32] {
    mac(
        key.hashing.expose_secret(),
        &[user.as_bytes(), &[0], password.as_bytes()],
    )
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unopened {
    /// Sealed by a key that is not in the ring.
    OtherKey(KeyId),
    /// Changed, cut, or sealed for another place.
    Damaged,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place {
        table: "connections",
        column: "token",
        row: 7,
    };

    #[test]
    fn opens_only_in_its_place_and_with_its_key() {
        let ring = KeyRing::in_memory().unwrap();
        let sealed = ring.seal(HERE, "the token").unwrap();
        let opened = ring.open(HERE, &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "the token");

        for elsewhere in [
            Place { row: 8, ..HERE },
            Place {
                table: "users",
                ..HERE
            },
            Place {
                column: "label",
                ..HERE
            },
        ] {
            assert_eq!(
                ring.open(elsewhere, &sealed).unwrap_err(),
                Unopened::Damaged
            );
        }
        let other = KeyRing::in_memory().unwrap();
        let why = other.open(HERE, &sealed).unwrap_err();
        assert_eq!(why, Unopened::OtherKey(ring.newest()));
    }

    #[test]
    fn damage_is_noticed_at_every_byte() {
        let ring = KeyRing::in_memory().unwrap();
        let sealed = ring.seal(HERE, "x").unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(ring.open(HERE, &damaged).is_err(), "byte {at}");
            assert!(ring.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_secret_never_seals_to_the_same_bytes() {
        let ring = KeyRing::in_memory().unwrap();
        assert_ne!(ring.seal(HERE, "x").unwrap(), ring.seal(HERE, "x").unwrap());
    }

    #[test]
    fn password_hashes_depend_on_user_password_and_key() {
        let ring = KeyRing::in_memory().unwrap();
        let (hash, _) = ring.hash_password("anna", "secret");
        assert_eq!(ring.password_hashes("anna", "secret"), [hash]);
        assert_ne!(ring.password_hashes("bert", "secret"), [hash]);
        assert_ne!(ring.password_hashes("anna", "secrets"), [hash]);
        assert_ne!(
            KeyRing::in_memory()
                .unwrap()
                .password_hashes("anna", "secret"),
            [hash]
        );
    }
}

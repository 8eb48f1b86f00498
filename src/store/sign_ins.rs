//! Sign-ins at an identity provider under way. Nobody is signed in yet, so their number is
//! bounded for all browsers together.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::Store;
use super::error::from_sqlx;
use super::seal::{self, Place};
use super::sessions::hash;
use crate::domain::Result;

/// Most sign-ins that are under way; the oldest make room.
const MOST: i64 = 4096;

/// A sign-in to begin. Of state, browser and nonce only the hashes are stored.
#[derive(Debug, Clone, Copy)]
pub struct NewSignIn<'a> {
    /// What the browser comes back with.
    pub state: &'a SecretString,
    /// The browser's own secret that it is bound to.
    pub browser: &'a SecretString,
    /// What the ID token has to name.
    pub nonce: &'a SecretString,
    /// The verifier of PKCE.
    pub verifier: &'a SecretString,
    /// Where the browser is sent back to.
    pub redirect: &'a str,
    /// Where on the page it goes on. Kept sealed: it may hold a secret.
    pub back: &'a str,
    /// Not taken from then on.
    pub expires: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A sign-in that was under way.
#[derive(Debug)]
pub struct SignInRow {
    /// Where the browser was sent back to.
    pub redirect: String,
    /// Where on the page it goes on.
    pub back: String,
    /// The verifier of PKCE.
    pub verifier: SecretString,
    nonce: Vec<u8>,
}

impl SignInRow {
    /// Whether it is the nonce that was sent.
    #[must_use]
    pub fn is_nonce(&self, nonce: &str) -> bool {
        Sha256::digest(nonce).as_slice() == self.nonce
    }
}

type Columns = (i64, Vec<u8>, Vec<u8>, String, Vec<u8>, i64);

fn place(column: &'static str, row: i64) -> Place {
    Place {
        table: "sign_ins",
        column,
        row,
    }
}

impl Store {
    /// Notes a sign-in, and forgets those whose time is over.
    pub async fn begin_sign_in(&self, new: NewSignIn<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM sign_ins WHERE expires <= $1 OR id IN \
             (SELECT id FROM sign_ins ORDER BY id DESC LIMIT -1 OFFSET $2)",
        )
        .bind(new.now.timestamp_micros())
        .bind(MOST - 1)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO sign_ins (state, browser, nonce, verifier, redirect, back, expires) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(hash(new.state))
        .bind(hash(new.browser))
        .bind(hash(new.nonce))
        // replaced at once: their places name the row
        .bind(Vec::new())
        .bind(new.redirect)
        .bind(Vec::new())
        .bind(new.expires.timestamp_micros())
        .fetch_one(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let keys = self.sealing_keys(&mut tx).await?;
        let verifier = new.verifier.expose_secret();
        for (column, secret) in [("verifier", verifier), ("back", new.back)] {
            seal::put(&mut tx, &keys, place(column, id), secret).await?;
        }
        tx.commit().await.map_err(from_sqlx)
    }

    /// Takes a sign-in away; `None` where there is none with this state of this browser, or its
    /// time is over. No second call gets it.
    pub async fn take_sign_in(
        &self,
        state: &SecretString,
        browser: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<SignInRow>> {
        // strangers may come with anything: they cost no write
        let known = sqlx::query("SELECT 1 FROM sign_ins WHERE state = $1 AND browser = $2")
            .bind(hash(state))
            .bind(hash(browser))
            .fetch_optional(&self.readers)
            .await
            .map_err(from_sqlx)?;
        if known.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let row: Option<Columns> = sqlx::query_as(
            "DELETE FROM sign_ins WHERE state = $1 AND browser = $2 \
             RETURNING id, nonce, verifier, redirect, back, expires",
        )
        .bind(hash(state))
        .bind(hash(browser))
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        let Some((id, nonce, sealed, redirect, back, expires)) = row else {
            return Ok(None);
        };
        // one that was sealed by a key that is gone has to be begun anew
        let open = |column, sealed: &[u8]| self.open_sealed(place(column, id), sealed);
        let (Ok(verifier), Ok(back)) = (open("verifier", &sealed), open("back", &back)) else {
            return Ok(None);
        };
        let row = SignInRow {
            redirect,
            back: back.expose_secret().to_owned(),
            verifier,
            nonce,
        };
        Ok((now.timestamp_micros() < expires).then_some(row))
    }
}

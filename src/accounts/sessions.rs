//! Sessions of the page: a random cookie, of which only a hash is kept.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{Accounts, By, Client, SessionInfo, User};
use crate::domain::{Result, UserName};
use crate::store;
use crate::upstream::oauth;

/// Use is noted again after this long.
const NOTED: TimeDelta = TimeDelta::minutes(5);

/// A session just opened.
#[derive(Debug)]
pub struct NewSession {
    /// Value of the cookie; known to nobody else.
    pub cookie: SecretString,
    /// Row number.
    pub id: i64,
    /// Whose it is.
    pub user: UserName,
}

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Row number.
    pub id: i64,
    /// The user as of now: role and all.
    pub user: User,
    /// What every form of this session carries; of no use without the cookie.
    pub csrf: String,
}

impl Accounts {
    /// The session of a cookie; `None` where there is none, it is over, or its user is disabled.
    ///
    /// # Errors
    /// Only when the store is in trouble.
    pub async fn session(&self, cookie: &SecretString, client: &Client) -> Result<Option<Session>> {
        let now = self.clock.now();
        let Some((row, user)) = self.store.session(cookie).await? else {
            return Ok(None);
        };
        if now >= self.end(row.created, row.last_seen) {
            return Ok(None);
        }
        let address = client.address.to_string();
        if now - row.last_seen >= NOTED || row.address != address {
            let end = self.end(row.created, now);
            let noted = self.store.touch_session(row.id, &address, now, end).await;
            if let Err(error) = noted {
                tracing::warn!(error = error.chain(), "use of a session not noted");
            }
        }
        Ok(Some(Session {
            id: row.id,
            user,
            csrf: csrf(cookie),
        }))
    }

    /// Opens a session of a user who has shown who they are. `NotFound` without such a user,
    /// `Forbidden` where the user is disabled.
    pub async fn open_session(&self, user: &UserName, client: &Client) -> Result<NewSession> {
        self.open_session_with(user, client, None).await
    }

    /// The same for one who came with a password of this hash; `Changed` where it is another one
    /// by now.
    pub(super) async fn open_session_with(
        &self,
        user: &UserName,
        client: &Client,
        checked: Option<&SecretString>,
    ) -> Result<NewSession> {
        let cookie = oauth::random()?;
        let address = client.address.to_string();
        let new = self.new_session(&cookie, &address, client);
        let by = By::page(user, client);
        let trace = self.trace(&by);
        let id = self.store.open_session(user, new, checked, trace).await?;
        Ok(NewSession {
            cookie,
            id,
            user: user.clone(),
        })
    }

    /// Ends the session of a cookie. Without effect where there is none.
    pub async fn sign_out(&self, by: &By, cookie: &SecretString) -> Result<()> {
        self.store.end_session(cookie, self.trace(by)).await
    }

    /// Ends all sessions of a user but the one of this number.
    pub async fn revoke_other_sessions(&self, by: &By, user: &UserName, but: i64) -> Result<()> {
        let trace = self.trace(by);
        self.store.delete_other_sessions(user, but, trace).await
    }

    /// A user's sessions that are not over, the last used first.
    pub async fn list_sessions(&self, user: &UserName) -> Result<Vec<SessionInfo>> {
        let now = self.clock.now();
        let mut rows = self.store.sessions(user).await?;
        rows.retain(|row| now < self.end(row.created, row.last_seen));
        Ok(rows)
    }

    /// Ends a user's session from the next request on. `NotFound` where the user has no such.
    pub async fn revoke_session(&self, by: &By, user: &UserName, id: i64) -> Result<()> {
        self.store.delete_session(user, id, self.trace(by)).await
    }

    pub(super) fn new_session<'a>(
        &self,
        cookie: &'a SecretString,
        address: &'a str,
        client: &'a Client,
    ) -> store::NewSession<'a> {
        let now = self.clock.now();
        store::NewSession {
            secret: cookie,
            agent: &client.agent,
            address,
            now,
            expires: self.end(now, now),
        }
    }

    /// When a session ends that was opened and last used then.
    fn end(&self, created: DateTime<Utc>, last_seen: DateTime<Utc>) -> DateTime<Utc> {
        let after = |start: DateTime<Utc>, length| {
            let length = TimeDelta::from_std(length).unwrap_or(TimeDelta::MAX);
            start
                .checked_add_signed(length)
                .unwrap_or(DateTime::<Utc>::MAX_UTC)
        };
        let idle = after(last_seen, self.settings.session_idle);
        idle.min(after(created, self.settings.session_longest))
    }
}

/// Derived from the cookie by a one-way function, so nothing has to be kept of it.
fn csrf(cookie: &SecretString) -> String {
    let mut hash = Sha256::new();
    hash.update("davbridge csrf\0");
    hash.update(cookie.expose_secret());
    BASE64URL_NOPAD.encode(&hash.finalize())
}

//! Sign-in with app passwords: the one query, and what use leaves.

use std::time::Instant;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::error::from_sqlx;
use super::keys::KeyRing;
use super::passwords::{about, read_access, read_services};
use super::users::{instant, read_role, user_name};
use super::{Action, Store, Trace};
use crate::domain::{Access, Result, Role, Services, UserName};

/// A user's password that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// DAV name.
    pub user: UserName,
    /// Name for people.
    pub display_name: String,
    /// What the user may do.
    pub role: Role,
    /// Whether the user is disabled.
    pub disabled: bool,
    /// Last sign-in on the page; the day the user was added where there was none.
    pub signed_in: DateTime<Utc>,
    /// The password's number.
    pub password: i64,
    /// What it allows.
    pub access: Access,
    /// Which services it opens.
    pub services: Services,
    /// Whether its hash is under a key that is not the newest.
    pub stale: bool,
    /// When it ends, if ever.
    pub expires: Option<DateTime<Utc>>,
    /// When it was last used, to the hour.
    pub last_used: Option<DateTime<Utc>>,
}

/// Generation, then user and password where one was found.
type Found = (
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<bool>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    // the check value of the keys
    Vec<u8>,
);

impl Store {
    /// Looks for a user's normalised password; the same work whether or not the user exists.
    /// Also reads the generation ([`Store::seen_generation`]). While nobody writes to the
    /// database, one that was found is not looked up again for a second.
    pub async fn find_password(&self, user: &str, password: &str) -> Result<Option<Match>> {
        let keys = self.keys();
        let (name, _) = keys.hash_password(user, password);
        let (mark, now) = (self.matches.mark(), Instant::now());
        if let Some(known) = self.matches.get(mark, &name, now) {
            return Ok(Some(known));
        }
        let found = self.ask_password(&keys, user, password).await?;
        if let Some(found) = &found {
            self.matches.keep(mark, name, found.clone(), now);
        }
        Ok(found)
    }

    async fn ask_password(
        &self,
        keys: &KeyRing,
        user: &str,
        password: &str,
    ) -> Result<Option<Match>> {
        let (check, found) = self.look_up(keys, user, password).await?;
        let now = self.keys_of(&check)?;
        if now.current().id == keys.current().id {
            return self.read_match(found);
        }
        // another process rotated the keys
        let (_, found) = self.look_up(&now, user, password).await?;
        self.read_match(found)
    }

    async fn look_up(
        &self,
        keys: &KeyRing,
        user: &str,
        password: &str,
    ) -> Result<(Vec<u8>, Found)> {
        let hashes = keys.password_hashes(user, password);
        let mut query = sqlx::query_as::<_, Found>(AssertSqlSafe(sign_in_sql(hashes.len())));
        query = query.bind(user);
        for hash in &hashes {
            query = query.bind(&hash[..]);
        }
        let mut found = query.fetch_one(&self.readers).await.map_err(from_sqlx)?;
        self.saw(found.0);
        Ok((std::mem::take(&mut found.12), found))
    }

    fn read_match(&self, found: Found) -> Result<Option<Match>> {
        let (_, name, display_name, role, disabled, signed_in, id, key, access, services, ..) =
            found;
        let (expires, last_used) = (found.10, found.11);
        let (Some(name), Some(display_name), Some(role), Some(disabled), Some(signed_in)) =
            (name, display_name, role, disabled, signed_in)
        else {
            return Ok(None);
        };
        let (Some(password), Some(key), Some(access), Some(services)) = (id, key, access, services)
        else {
            return Ok(None);
        };
        Ok(Some(Match {
            user: user_name(&name)?,
            display_name,
            role: read_role(&role)?,
            disabled,
            signed_in: instant(signed_in)?,
            password,
            access: read_access(&access)?,
            services: read_services(&services)?,
            stale: key != self.keys().current().id.to_string(),
            expires: expires.map(instant).transpose()?,
            last_used: last_used.map(instant).transpose()?,
        }))
    }

    /// Hashes a password that was right under the newest key, so that older ones can go.
    pub async fn rehash_password(&self, id: i64, user: &UserName, password: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let keys = self.sealing_keys(&mut tx).await?;
        let known = keys.password_hashes(user.as_str(), password);
        let (hash, key) = keys.hash_password(user.as_str(), password);
        for old in known {
            // only where it still is this password's
            sqlx::query(
                "UPDATE app_passwords SET hash = $3, key_id = $4 WHERE id = $1 AND hash = $2",
            )
            .bind(id)
            .bind(&old[..])
            .bind(&hash[..])
            .bind(key.to_string())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        }
        tx.commit().await.map_err(from_sqlx)
    }

    /// Notes when a user's password was used, the first time in the audit log too. Not an
    /// administrative change.
    pub async fn touch_password(&self, id: i64, user: &UserName, trace: Trace<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        let row: Option<(Option<i64>, String)> =
            sqlx::query_as("SELECT last_used, label FROM app_passwords WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut *tx)
                .await
                .map_err(from_sqlx)?;
        sqlx::query(
            "UPDATE app_passwords SET last_used = $2 \
             WHERE id = $1 AND (last_used IS NULL OR last_used < $2)",
        )
        .bind(id)
        .bind(trace.at.timestamp_micros())
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        // of several processes one is the first
        if let Some((None, label)) = row {
            let (used, object) = (Action::PasswordFirstUsed, about(id, &label));
            trace.note(&mut tx, used, Some(user), &object).await?;
        }
        tx.commit().await.map_err(from_sqlx)
    }
}

/// The password is looked up by its hash alone, the user only with a hash that is known: who
/// measures the time learns nothing about which users exist.
fn sign_in_sql(hashes: usize) -> String {
    let places: Vec<_> = (2..hashes + 2).map(|at| format!("${at}")).collect();
    format!(
        "SELECT m.generation, u.name, u.display_name, u.role, u.disabled, \
         coalesce(u.last_sign_in, u.created), p.id, p.key_id, p.access, p.scope, p.expires, \
         p.last_used, m.key_check FROM meta m \
         LEFT JOIN app_passwords p ON p.hash IN ({}) \
         LEFT JOIN users u ON u.id = p.user_id AND u.name = $1 \
         WHERE m.id = 1 ORDER BY CASE WHEN u.id IS NULL THEN 1 ELSE 0 END LIMIT 1",
        places.join(", ")
    )
}

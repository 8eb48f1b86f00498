//! Sessions that are ended, with their lines in the audit log.

use secrecy::SecretString;

use super::error::from_sqlx;
use super::sessions::hash;
use super::users::{delete_own, user_name};
use super::{Action, Store, Trace};
use crate::domain::{Error, Kind, Result, UserName};

impl Store {
    /// Ends one of a user's sessions. `NotFound` where the user has no such session.
    pub async fn delete_session(&self, user: &UserName, id: i64, trace: Trace<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        let gone = delete_own(&mut tx, ("sessions", "agent"), user, id).await?;
        let Some(agent) = gone else {
            let sentence = format!("user {user} has no session {id}");
            return Err(Error::client(Kind::NotFound, sentence));
        };
        let (revoked, object) = (Action::SessionRevoked, format!("{id} {agent}"));
        let object = object.trim_end().to_owned();
        trace.note(&mut tx, revoked, Some(user), &object).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// Ends the session of a cookie. Without effect where there is none.
    pub async fn end_session(&self, secret: &SecretString, trace: Trace<'_>) -> Result<()> {
        let mut tx = self.begin().await?;
        let ended: Option<(String,)> = sqlx::query_as(
            "DELETE FROM sessions WHERE hash = $1 \
             RETURNING (SELECT name FROM users WHERE users.id = sessions.user_id)",
        )
        .bind(hash(secret))
        .fetch_optional(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if let Some((user,)) = ended {
            let user = user_name(&user)?;
            let out = Action::SignedOut;
            trace.note(&mut tx, out, Some(&user), "").await?;
        }
        tx.commit().await.map_err(from_sqlx)
    }

    /// Ends all of a user's sessions but one.
    pub async fn delete_other_sessions(
        &self,
        user: &UserName,
        but: i64,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "DELETE FROM sessions WHERE id <> $2 \
             AND user_id = (SELECT id FROM users WHERE name = $1)",
        )
        .bind(user.as_str())
        .bind(but)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if done.rows_affected() > 0 {
            let revoked = Action::SessionRevoked;
            trace
                .note(&mut tx, revoked, Some(user), "all others")
                .await?;
        }
        tx.commit().await.map_err(from_sqlx)
    }
}

//! Rows whose time is over.

use chrono::{DateTime, TimeDelta, Utc};

use super::error::from_sqlx;
use super::logins::{Gone, by_time};
use super::{Store, Trace, audit, logins};
use crate::domain::Result;

/// How long a connection that has begun waits for its token.
pub(super) const PENDING: TimeDelta = TimeDelta::hours(1);

impl Store {
    /// Forgets what is over: sessions, links, sign-ins, consents and connections that have begun,
    /// old audit lines; and app passwords that no program fetched. Whoever asks for one of them judges its time anyway.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<()> {
        let mut change = self.change().await?;
        let tx = &mut change.tx;
        for statement in [
            "DELETE FROM sessions WHERE expires <= $1",
            "DELETE FROM invites WHERE expires <= $1",
            "DELETE FROM sign_ins WHERE expires <= $1",
            "DELETE FROM consents WHERE expires <= $1",
        ] {
            sqlx::query(statement)
                .bind(now.timestamp_micros())
                .execute(&mut **tx)
                .await
                .map_err(from_sqlx)?;
        }
        sqlx::query("DELETE FROM pending_connections WHERE created <= $1")
            .bind((now - PENDING).timestamp_micros())
            .execute(&mut **tx)
            .await
            .map_err(from_sqlx)?;
        let by = by_time();
        let trace = Trace { at: now, by: &by };
        let ended = logins::forget(tx, Gone::Over, trace).await?;
        audit::trim(tx, now).await?;
        if ended {
            return change.commit().await;
        }
        change.tx.commit().await.map_err(from_sqlx)
    }
}

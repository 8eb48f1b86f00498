//! What users may do: roles, who is let in, who is there at all. The last administrator stays,
//! unless the identity provider says otherwise: it says who is one.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::logins::{self, Gone};
use super::users::{admins, user_id, user_name};
use super::{Action, Store, Trace};
use crate::domain::{Error, Result, Role, Rule, UserName};

/// Tables about connections that have no reference to them by which they go.
const OF_CONNECTIONS: [&str; 6] = [
    "drive_slugs",
    "file_names",
    "parts",
    "feeds",
    "shelf_lists",
    "list_problems",
];

impl Store {
    /// Gives a user another role. `NotFound` without such a user, `Invalid` where no
    /// administrator would be left.
    pub async fn set_role(&self, name: &UserName, role: Role, trace: Trace<'_>) -> Result<()> {
        let mut change = self.change().await?;
        let before = admins(&mut change.tx).await?;
        let id = user_id(&mut change.tx, name).await?;
        sqlx::query("UPDATE users SET role = $2 WHERE id = $1")
            .bind(id)
            .bind(role.as_str())
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        require_admin(&mut change.tx, before, name).await?;
        let (changed, role) = (Action::RoleChanged, role.as_str());
        trace
            .note(&mut change.tx, changed, Some(name), role)
            .await?;
        change.commit().await
    }

    /// Lets a user in or not, whatever the identity provider did; a disabled one's sessions and
    /// links end. `NotFound` without such a user, `Invalid` where no administrator would be left.
    pub async fn set_user_disabled(
        &self,
        name: &UserName,
        disabled: bool,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        let before = admins(&mut change.tx).await?;
        let id = user_id(&mut change.tx, name).await?;
        sqlx::query("UPDATE users SET disabled = $2, shut_out = 0 WHERE id = $1")
            .bind(id)
            .bind(disabled)
            .execute(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        let action = if disabled {
            end_ways_in(&mut change.tx, id, trace).await?;
            Action::UserDisabled
        } else {
            Action::UserEnabled
        };
        require_admin(&mut change.tx, before, name).await?;
        trace.note(&mut change.tx, action, Some(name), "").await?;
        change.commit().await
    }

    /// Disables the user of a subject because the identity provider grants no role any more;
    /// [`Store::find_or_create_user`] undoes it when it grants one. `why` is for the log. Without
    /// effect where there is no such user, or the user is disabled already.
    pub async fn shut_out(
        &self,
        issuer: &str,
        subject: &str,
        why: &str,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut change = self.change().await?;
        let row: Option<(i64, String)> = sqlx::query_as(
            "UPDATE users SET disabled = 1, shut_out = 1 \
             WHERE issuer = $1 AND subject = $2 AND disabled = 0 RETURNING id, name",
        )
        .bind(issuer)
        .bind(subject)
        .fetch_optional(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        let Some((id, name)) = row else {
            return Ok(());
        };
        end_ways_in(&mut change.tx, id, trace).await?;
        let (disabled, name) = (Action::UserDisabled, user_name(&name)?);
        trace
            .note(&mut change.tx, disabled, Some(&name), why)
            .await?;
        change.commit().await
    }

    /// Removes a user with passwords, connections, tokens, kept names and copied items.
    /// `NotFound` without such a user, `Invalid` where no administrator would be left.
    pub async fn remove_user(&self, name: &UserName, trace: Trace<'_>) -> Result<()> {
        let mut change = self.change().await?;
        let before = admins(&mut change.tx).await?;
        let id = user_id(&mut change.tx, name).await?;
        for table in OF_CONNECTIONS {
            let sql = format!(
                "DELETE FROM {table} WHERE connection_id IN \
                 (SELECT id FROM connections WHERE user_id = $1)"
            );
            run(&mut change.tx, sql, id).await?;
        }
        let collections = "DELETE FROM collections WHERE user = \
                           (SELECT name FROM users WHERE id = $1)";
        for sql in [collections, "DELETE FROM users WHERE id = $1"] {
            run(&mut change.tx, sql.to_owned(), id).await?;
        }
        require_admin(&mut change.tx, before, name).await?;
        let removed = Action::UserRemoved;
        trace.note(&mut change.tx, removed, Some(name), "").await?;
        change.commit().await
    }
}

/// Ends what a disabled user came in with, but app passwords: those are refused while it lasts.
async fn end_ways_in(connection: &mut SqliteConnection, user: i64, trace: Trace<'_>) -> Result<()> {
    for table in ["sessions", "invites"] {
        let sql = format!("DELETE FROM {table} WHERE user_id = $1");
        run(connection, sql, user).await?;
    }
    logins::forget(connection, Gone::Of(user), trace).await?;
    Ok(())
}

async fn run(connection: &mut SqliteConnection, sql: String, id: i64) -> Result<()> {
    let query = sqlx::query(AssertSqlSafe(sql)).bind(id);
    query.execute(connection).await.map_err(from_sqlx)?;
    Ok(())
}

/// Refuses a change that takes the last administrator away; in its transaction.
async fn require_admin(
    connection: &mut SqliteConnection,
    before: i64,
    name: &UserName,
) -> Result<()> {
    if before > 0 && admins(connection).await? == 0 {
        let sentence = format!("{name} is the last admin: make somebody else admin first");
        return Err(Error::against(Rule::LastAdmin, sentence));
    }
    Ok(())
}

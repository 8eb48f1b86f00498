//! Links that work once: for the owner to be, and for users who set a password.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::SqliteConnection;

use super::error::from_sqlx;
use super::sessions::{self, NewSession, hash};
use super::users::{admins, enabled_user_id, insert_user, user_id, user_name};
use super::{Action, Store, Trace, human_passwords};
use crate::domain::{Error, Kind, Result, Role, Rule, UserName};

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteRow {
    /// The owner to be.
    Owner,
    /// A user who sets a password.
    User(UserName),
}

/// An owner to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewOwner<'a> {
    /// DAV name.
    pub name: &'a UserName,
    /// Name for people.
    pub display_name: &'a str,
    /// Hash of the password.
    pub phc: &'a SecretString,
}

/// Said of a link that is unknown, used, or over.
#[must_use]
pub fn stale_link() -> Error {
    let sentence = "this link does not work (any more): it was used, has ended, or a newer one \
                    was made";
    Error::client(Kind::NotFound, sentence)
}

/// Takes a link away: no second call gets it. `NotFound` where it does not work.
async fn take(
    connection: &mut SqliteConnection,
    link: &SecretString,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    let row: Option<(Option<i64>,)> =
        sqlx::query_as("DELETE FROM invites WHERE hash = $1 AND expires > $2 RETURNING user_id")
            .bind(hash(link))
            .bind(now.timestamp_micros())
            .fetch_optional(connection)
            .await
            .map_err(from_sqlx)?;
    row.map(|(user,)| user).ok_or_else(stale_link)
}

impl Store {
    /// Keeps a link for the owner to be; older ones end. Whether it was kept: not where there is
    /// an administrator.
    pub async fn invite_owner(
        &self,
        link: &SecretString,
        now: DateTime<Utc>,
        expires: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM invites WHERE user_id IS NULL")
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        let wanted = admins(&mut tx).await? == 0;
        if wanted {
            keep(&mut tx, link, None, now, expires).await?;
        }
        tx.commit().await.map_err(from_sqlx)?;
        Ok(wanted)
    }

    /// Keeps a link with which a user sets a password; older ones end. `NotFound` without such
    /// a user, `Forbidden` where the user is disabled.
    pub async fn invite_user(
        &self,
        user: &UserName,
        link: &SecretString,
        expires: DateTime<Utc>,
        trace: Trace<'_>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let id = enabled_user_id(&mut tx, user).await?;
        sqlx::query("DELETE FROM invites WHERE user_id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        keep(&mut tx, link, Some(id), trace.at, expires).await?;
        trace.note(&mut tx, Action::Invited, Some(user), "").await?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// Whom a link is for, without using it; `None` where it does not work.
    pub async fn invite_of(
        &self,
        link: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<InviteRow>> {
        let row: Option<(Option<String>,)> = sqlx::query_as(
            "SELECT u.name FROM invites i LEFT JOIN users u ON u.id = i.user_id \
             WHERE i.hash = $1 AND i.expires > $2",
        )
        .bind(hash(link))
        .bind(now.timestamp_micros())
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(match row {
            None => None,
            Some((None,)) => Some(InviteRow::Owner),
            Some((Some(user),)) => Some(InviteRow::User(user_name(&user)?)),
        })
    }

    /// Makes the owner and signs them in, in one step with the end of the link; a user of that
    /// name becomes the owner. Gives the session's number. `NotFound` where the link does not
    /// work; then, as with every error, nothing changes.
    pub async fn claim_owner(
        &self,
        link: &SecretString,
        owner: NewOwner<'_>,
        session: NewSession<'_>,
        trace: Trace<'_>,
    ) -> Result<i64> {
        let mut change = self.change().await?;
        let user = take(&mut change.tx, link, session.now).await?;
        if user.is_some() || admins(&mut change.tx).await? > 0 {
            return Err(stale_link());
        }
        let NewOwner {
            name, display_name, ..
        } = owner;
        let made = insert_user(&mut change.tx, name, display_name, Role::Admin, session.now).await;
        let id = match made {
            Err(error) if error.kind() == Kind::Invalid => user_id(&mut change.tx, name).await?,
            made => made?,
        };
        // one of an identity provider is somebody else
        let done = sqlx::query(
            "UPDATE users SET role = 'admin', disabled = 0 WHERE id = $1 AND subject IS NULL",
        )
        .bind(id)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        if done.rows_affected() == 0 {
            let sentence = format!("there is already a user {name}");
            return Err(Error::against(Rule::NameTaken, sentence));
        }
        let keys = self.sealing_keys(&mut change.tx).await?;
        human_passwords::put(&mut change.tx, &keys, id, owner.phc).await?;
        let session = sessions::open_alone(&mut change.tx, id, session).await?;
        let role = Role::Admin.as_str();
        let lines = [(Action::UserAdded, role), (Action::SignedIn, "")];
        came(&mut change.tx, trace, name, lines).await?;
        change.commit().await?;
        Ok(session)
    }

    /// Sets the password of the user whom a link is for, ends all older sessions and signs the
    /// user in, in one step with the end of the link. `NotFound` where the link does not work.
    pub async fn accept_invite(
        &self,
        link: &SecretString,
        phc: &SecretString,
        session: NewSession<'_>,
        trace: Trace<'_>,
    ) -> Result<(UserName, i64)> {
        let mut change = self.change().await?;
        let id = take(&mut change.tx, link, session.now).await?;
        let id = id.ok_or_else(stale_link)?;
        let keys = self.sealing_keys(&mut change.tx).await?;
        human_passwords::put(&mut change.tx, &keys, id, phc).await?;
        let session = sessions::open_alone(&mut change.tx, id, session).await?;
        let (name,): (String,) = sqlx::query_as("SELECT name FROM users WHERE id = $1")
            .bind(id)
            .fetch_one(&mut *change.tx)
            .await
            .map_err(from_sqlx)?;
        let name = user_name(&name)?;
        let lines = [(Action::PasswordSet, ""), (Action::SignedIn, "")];
        came(&mut change.tx, trace, &name, lines).await?;
        change.commit().await?;
        Ok((name, session))
    }
}

/// Writes what a user did who came by a link.
async fn came(
    connection: &mut SqliteConnection,
    trace: Trace<'_>,
    user: &UserName,
    lines: [(Action, &str); 2],
) -> Result<()> {
    let by = trace.by.acting(user);
    let trace = Trace { by: &by, ..trace };
    for (action, object) in lines {
        trace.note(connection, action, Some(user), object).await?;
    }
    Ok(())
}

async fn keep(
    connection: &mut SqliteConnection,
    link: &SecretString,
    user: Option<i64>,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("INSERT INTO invites (hash, user_id, created, expires) VALUES ($1, $2, $3, $4)")
        .bind(hash(link))
        .bind(user)
        .bind(now.timestamp_micros())
        .bind(expires.timestamp_micros())
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

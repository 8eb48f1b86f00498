//! Users as an identity provider names them: issuer and subject.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::from_sqlx;
use super::users::{self, COLUMNS, Columns, UserRow, insert_user};
use super::{Action, Store, Trace};
use crate::domain::{Error, Kind, Result, Role, UserName};

/// Why a user whom the identity provider had disabled is enabled, for the log.
const RETURNS: &str = "the identity provider grants a role again";

/// What an identity provider says of a user who signs in.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Its own, lasting id of the user.
    pub subject: &'a str,
    /// What the DAV name is made of at first sight.
    pub wish: &'a str,
    /// Name for people.
    pub display_name: Option<&'a str>,
    /// Address of e-mail.
    pub email: Option<&'a str>,
    /// Role of today.
    pub role: Role,
    /// Whether a known user has another role and it stays: the provider tells no roles, and that
    /// of today is for new users.
    pub keeps_role: bool,
}

impl Store {
    /// The user of a subject; one is made at first sight, never a local one taken over. E-mail,
    /// name for people and role become those of today, even the last administrator's: the
    /// provider says who is one. A user whom the provider disabled is enabled again; one whom an
    /// administrator disabled is found, and stays disabled.
    pub async fn find_or_create_user(
        &self,
        subject: Subject<'_>,
        trace: Trace<'_>,
    ) -> Result<UserRow> {
        let mut change = self.change().await?;
        let known = by_subject(&mut change.tx, subject).await?;
        let was = known.as_ref().map(|known| known.role);
        if was.is_none() {
            insert(&mut change.tx, subject, trace.at).await?;
        }
        let role = was.filter(|_| subject.keeps_role).unwrap_or(subject.role);
        let returns = sqlx::query(
            "UPDATE users SET disabled = 0, shut_out = 0 \
             WHERE issuer = $1 AND subject = $2 AND shut_out = 1",
        )
        .bind(subject.issuer)
        .bind(subject.subject)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query(
            "UPDATE users SET role = $3, email = coalesce($4, email), \
             display_name = coalesce($5, display_name) WHERE issuer = $1 AND subject = $2",
        )
        .bind(subject.issuer)
        .bind(subject.subject)
        .bind(role.as_str())
        .bind(subject.email)
        .bind(subject.display_name)
        .execute(&mut *change.tx)
        .await
        .map_err(from_sqlx)?;
        let row = by_subject(&mut change.tx, subject).await?;
        let row =
            row.ok_or_else(|| Error::bridge(Kind::Broken, "a user just made is not there"))?;
        let by = trace.by.acting(&row.name);
        let trace = Trace { by: &by, ..trace };
        if returns.rows_affected() > 0 {
            let enabled = Action::UserEnabled;
            trace
                .note(&mut change.tx, enabled, Some(&row.name), RETURNS)
                .await?;
        }
        let action = match was {
            None => Some(Action::UserAdded),
            Some(was) => (was != role).then_some(Action::RoleChanged),
        };
        if let Some(action) = action {
            trace
                .note(&mut change.tx, action, Some(&row.name), role.as_str())
                .await?;
        }
        change.commit().await?;
        Ok(row)
    }

    /// The user of a subject; `None` where it never signed in. Also reads the generation.
    pub async fn user_by_subject(&self, issuer: &str, subject: &str) -> Result<Option<UserRow>> {
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.issuer = $1 AND u.subject = $2");
        let row: Option<Columns> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(issuer)
            .bind(subject)
            .fetch_optional(&self.readers)
            .await
            .map_err(from_sqlx)?;
        let (generation,): (i64,) = sqlx::query_as("SELECT generation FROM meta WHERE id = 1")
            .fetch_one(&self.readers)
            .await
            .map_err(from_sqlx)?;
        self.saw(generation);
        row.map(users::read).transpose()
    }
}

/// Makes the user of a subject, under a name that nobody has.
async fn insert(
    connection: &mut SqliteConnection,
    subject: Subject<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let name = free_name(connection, subject.wish).await?;
    let id = insert_user(connection, &name, name.as_str(), subject.role, now).await?;
    sqlx::query("UPDATE users SET issuer = $2, subject = $3 WHERE id = $1")
        .bind(id)
        .bind(subject.issuer)
        .bind(subject.subject)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

async fn by_subject(
    connection: &mut SqliteConnection,
    subject: Subject<'_>,
) -> Result<Option<UserRow>> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.issuer = $1 AND u.subject = $2");
    let row: Option<Columns> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(subject.issuer)
        .bind(subject.subject)
        .fetch_optional(connection)
        .await
        .map_err(from_sqlx)?;
    row.map(users::read).transpose()
}

/// A name that nobody has, as near to the wish as the rules allow.
async fn free_name(connection: &mut SqliteConnection, wish: &str) -> Result<UserName> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT name FROM users")
        .fetch_all(connection)
        .await
        .map_err(from_sqlx)?;
    let plain = plain(wish);
    let taken = |name: &str| rows.iter().any(|(known,)| known == name);
    // one more candidate than there are names: one is free
    let numbered = (2..rows.len() + 3).map(|number| format!("{plain}-{number}"));
    std::iter::once(plain.clone())
        .chain(numbered)
        .find(|name| !taken(name))
        .and_then(|name| UserName::parse(&name))
        .ok_or_else(|| Error::bridge(Kind::Broken, "no name could be made for a user"))
}

/// Lower-case ASCII letters, digits and `.-_` of a wish; accents are dropped, and what follows
/// the `@` of an address; `user` where nothing is left.
fn plain(wish: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    /// Room for a number.
    const MAX: usize = UserName::MAX - 8;
    let wish = wish.split_once('@').map_or(wish, |(local, _)| local);
    let mut name = String::new();
    for c in wish.nfkd().flat_map(char::to_lowercase) {
        let kept = match c {
            'a'..='z' | '0'..='9' => c,
            '.' | '-' | '_' if !name.is_empty() => c,
            '\u{300}'..='\u{36f}' => continue,
            _ if name.is_empty() || name.ends_with('-') => continue,
            _ => '-',
        };
        name.push(kept);
        if name.len() >= MAX {
            break;
        }
    }
    let name = name.trim_end_matches(['-', '.', '_']);
    let name = if name.is_empty() { "user" } else { name };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_become_names() {
        for (wish, name) in [
            ("anna", "anna"),
            ("Anna.Müller", "anna.muller"),
            ("anna@example.org", "anna"),
            ("Anna Müller (ext)", "anna-muller-ext"),
            ("_.-a_b", "a_b"),
            ("日本", "user"),
            ("@x", "user"),
            ("", "user"),
        ] {
            assert_eq!(plain(wish), name, "{wish}");
            assert!(UserName::parse(&plain(wish)).is_some(), "{wish}");
        }
        assert!(UserName::parse(&plain(&"long ".repeat(60))).is_some());
    }
}

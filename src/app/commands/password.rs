//! `davbridge password …`

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;

use super::{Bridge, Done, Failure, Output, named};
use crate::accounts::{By, NewPassword};
use crate::app::cli::Password;
use crate::app::config::{address, moment};
use crate::domain::{Access, Services, UserName};

/// Runs a command on app passwords.
pub(super) async fn run(command: Password, bridge: &Bridge, out: &mut Output) -> Done {
    match command {
        Password::Add {
            user,
            label,
            read_only,
            services,
            expires,
        } => {
            let expires = expires.map(|text| {
                let why = |why| Failure::new(format!("flag --expires: {text:?} {why}"));
                moment(&text, Utc::now()).map_err(why)
            });
            let new = NewPassword {
                label,
                access: if read_only {
                    Access::Read
                } else {
                    Access::ReadWrite
                },
                services: services.map_or(Services::All, Into::into),
                expires: expires.transpose()?,
            };
            add(&named(&user)?, new, bridge, out).await
        }
        Password::List { user } => list(&named(&user)?, bridge, out).await,
        Password::Revoke { user, id } => {
            let user = named(&user)?;
            bridge
                .accounts()
                .revoke_password(&By::command(), &user, id)
                .await?;
            out.note(&format!("password {id} of {user} no longer works"));
            Ok(())
        }
    }
}

async fn add(user: &UserName, new: NewPassword, bridge: &Bridge, out: &mut Output) -> Done {
    let made = bridge
        .accounts()
        .add_password(&By::command(), user, new)
        .await?;
    out.note(&format!(
        "password {} of {user}, shown only now; user name {user}, address {}/dav/files/{user}/",
        made.id,
        address(bridge.settings())
    ));
    out.line(made.secret.expose_secret())
}

async fn list(user: &UserName, bridge: &Bridge, out: &mut Output) -> Done {
    let day = |day: Option<DateTime<Utc>>| {
        day.map_or_else(|| "never".to_owned(), |day| day.format("%F").to_string())
    };
    out.heading(&[
        "number",
        "label",
        "access",
        "made",
        "ends",
        "last used",
        "services",
    ]);
    for password in bridge.accounts().list_passwords(user).await? {
        let access = match password.access {
            Access::Read => "read-only",
            Access::ReadWrite => "read-write",
        };
        out.row(&[
            &password.id.to_string(),
            &password.label,
            access,
            &day(Some(password.created)),
            // an end at midnight is the end of the day before
            &day(password.expires.map(|end| end - TimeDelta::seconds(1))),
            &day(password.last_used),
            password.services.as_str(),
        ])?;
    }
    Ok(())
}

//! `davbridge password …`

use std::net::{IpAddr, SocketAddr};

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;

use super::{Bridge, Done, Failure, Output, named};
use crate::accounts::NewPassword;
use crate::app::cli::Password;
use crate::app::config::{Settings, moment};
use crate::domain::{Access, UserName};

/// Runs a command on app passwords.
pub(super) async fn run(command: Password, bridge: &Bridge, out: &mut Output) -> Done {
    match command {
        Password::Add {
            user,
            label,
            read_only,
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
                expires: expires.transpose()?,
            };
            add(&named(&user)?, new, bridge, out).await
        }
        Password::List { user } => list(&named(&user)?, bridge, out).await,
        Password::Revoke { user, id } => {
            let user = named(&user)?;
            bridge.accounts().revoke_password(&user, id).await?;
            out.note(&format!("password {id} of {user} no longer works"));
            Ok(())
        }
    }
}

async fn add(user: &UserName, new: NewPassword, bridge: &Bridge, out: &mut Output) -> Done {
    let made = bridge.accounts().add_password(user, new).await?;
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
    out.heading(&["number", "label", "access", "made", "ends", "last used"]);
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
            &day(password.expires),
            &day(password.last_used),
        ])?;
    }
    Ok(())
}

/// The address of the bridge, as well as it can be known from here.
fn address(settings: &Settings) -> String {
    if let Some(url) = &settings.public_url {
        return url.to_string();
    }
    let scheme = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    match settings.listen.first() {
        Some(address) => format!("{scheme}://{}", reachable(*address)),
        None => format!("{scheme}://localhost"),
    }
}

/// All interfaces are no address to go to.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => ([127, 0, 0, 1], address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => {
            (std::net::Ipv6Addr::LOCALHOST, address.port()).into()
        }
        _ => address,
    }
}

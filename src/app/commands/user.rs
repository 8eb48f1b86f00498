//! `davbridge user …`

use secrecy::ExposeSecret;

use super::{Bridge, Done, Output, named};
use crate::accounts::By;
use crate::app::cli::User;
use crate::app::config::address;

/// Runs a command on users.
pub(super) async fn run(command: User, bridge: &Bridge, out: &mut Output) -> Done {
    let (accounts, by) = (bridge.accounts(), By::command());
    match command {
        User::Add {
            name,
            display_name,
            role,
        } => {
            let (name, role) = (named(&name)?, role.into());
            accounts.add_user(&by, &name, &display_name, role).await?;
            out.note(&format!(
                "added {name}; next: `davbridge user invite {name}` for the page, `davbridge password \
                 add {name}` for a device, `davbridge connect infomaniak {name} --token-file FILE`"
            ));
        }
        User::Role { name, role } => {
            let name = named(&name)?;
            accounts.set_role(&by, &name, role.into()).await?;
            out.note(&format!("{name} has another role from the next request on"));
        }
        User::Invite { name } => invite(&name, bridge, out).await?,
        User::List => list(bridge, out).await?,
        User::Remove { name } => {
            let name = named(&name)?;
            accounts.remove_user(&by, &name).await?;
            out.note(&format!("removed {name}"));
        }
        User::Disable { name } => {
            let name = named(&name)?;
            accounts.set_disabled(&by, &name, true).await?;
            out.note(&format!("{name} can no longer sign in"));
        }
        User::Enable { name } => {
            let name = named(&name)?;
            accounts.set_disabled(&by, &name, false).await?;
            out.note(&format!("{name} can sign in"));
        }
    }
    Ok(())
}

async fn invite(name: &str, bridge: &Bridge, out: &mut Output) -> Done {
    let name = named(name)?;
    let link = bridge.accounts().invite_user(&By::command(), &name).await?;
    out.note(&format!(
        "with this link {name} sets a password, once, within 7 days:"
    ));
    let address = address(bridge.settings());
    out.line(&format!("{address}/welcome/{}", link.expose_secret()))?;
    Ok(())
}

async fn list(bridge: &Bridge, out: &mut Output) -> Done {
    out.heading(&["user", "state", "added", "name", "role", "last sign-in"]);
    for user in bridge.accounts().list_users().await? {
        let state = if user.disabled { "disabled" } else { "active" };
        let added = user.created.format("%F").to_string();
        let seen = user.last_sign_in.map(|at| at.format("%F").to_string());
        out.row(&[
            user.name.as_str(),
            state,
            &added,
            &user.display_name,
            user.role.as_str(),
            &seen.unwrap_or_else(|| "never".to_owned()),
        ])?;
    }
    Ok(())
}

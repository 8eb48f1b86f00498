//! `davbridge user …`

use super::{Bridge, Done, Output, named};
use crate::app::cli::User;

/// Runs a command on users.
pub(super) async fn run(command: User, bridge: &Bridge, out: &mut Output) -> Done {
    let accounts = bridge.accounts();
    match command {
        User::Add { name, display_name } => {
            let name = named(&name)?;
            accounts.add_user(&name, &display_name).await?;
            out.note(&format!(
                "added {name}; next: `davbridge password add {name}`, `davbridge connect \
                 infomaniak {name} --token-file FILE`"
            ));
        }
        User::List => list(bridge, out).await?,
        User::Remove { name } => {
            let name = named(&name)?;
            accounts.remove_user(&name).await?;
            out.note(&format!("removed {name}"));
        }
        User::Disable { name } => {
            let name = named(&name)?;
            accounts.set_disabled(&name, true).await?;
            out.note(&format!("{name} can no longer sign in"));
        }
        User::Enable { name } => {
            let name = named(&name)?;
            accounts.set_disabled(&name, false).await?;
            out.note(&format!("{name} can sign in"));
        }
    }
    Ok(())
}

async fn list(bridge: &Bridge, out: &mut Output) -> Done {
    out.heading(&["user", "state", "added", "name"]);
    for user in bridge.accounts().list_users().await? {
        let state = if user.disabled { "disabled" } else { "active" };
        let added = user.created.format("%F").to_string();
        out.row(&[user.name.as_str(), state, &added, &user.display_name])?;
    }
    Ok(())
}

//! `davbridge key …`

use super::{Bridge, Done, Output};
use crate::accounts::By;
use crate::app::cli::Keys;

/// Runs a command on the master keys.
pub(super) async fn run(command: Keys, bridge: &Bridge, out: &mut Output) -> Done {
    let accounts = bridge.accounts();
    match command {
        Keys::Rotate => {
            let id = accounts.rotate_key(&By::command()).await?;
            out.note(&format!(
                "all secrets are sealed with the new key {id}; copy the key file now. App \
                 passwords move to it when they are used: `davbridge key list` shows how many are \
                 left, `davbridge key prune` drops the keys that nothing needs"
            ));
        }
        Keys::List => {
            out.heading(&["key", "state", "secrets", "app passwords"]);
            for key in accounts.list_keys().await? {
                let state = if key.current { "current" } else { "old" };
                let (sealed, passwords) = (key.sealed.to_string(), key.passwords.to_string());
                out.row(&[&key.id, state, &sealed, &passwords])?;
            }
        }
        Keys::Prune => {
            let ids = accounts.prune_keys(&By::command()).await?;
            for id in &ids {
                out.line(id)?;
            }
            let done = match ids.len() {
                0 => "every key is still needed",
                _ => "dropped; backups made before a rotation need their old key: keep its copy",
            };
            out.note(done);
        }
    }
    Ok(())
}

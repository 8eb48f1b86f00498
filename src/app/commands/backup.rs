//! `davbridge backup`, `restore`

use std::path::{Path, PathBuf};

use chrono::Utc;

use super::{Bridge, Done, Failure, Output, Settings, has_store};
use crate::store::{Action, By, Trace};

/// Writes a copy of the database.
pub(super) async fn backup(file: &Path, bridge: &Bridge, out: &mut Output) -> Done {
    out.note(&format!("writing {} …", file.display()));
    let store = bridge.store();
    store.backup(file).await?;
    let by = By::command();
    let (at, name) = (Utc::now(), file.display().to_string());
    let noted = store.audit(Trace { at, by: &by }, Action::BackedUp, None, &name);
    if let Err(error) = noted.await {
        out.note(&format!("no line in the audit log: {}", error.chain()));
    }
    out.note(&format!(
        "done; the key file {} is not in it: keep a copy of that apart, a backup is worth \
         nothing without it",
        key_file(bridge.settings()).display()
    ));
    Ok(())
}

/// Replaces the content of the database by a backup's.
pub(super) async fn restore(file: &Path, bridge: &Bridge, out: &mut Output) -> Done {
    out.note(&format!("restoring {} …", file.display()));
    bridge.store().restore(file).await?;
    out.note("done; a running server uses it from the next request on");
    Ok(())
}

/// On a new machine the key comes first: a new database would be made with a new key, and
/// neither the backup nor, later, the right key would fit it.
pub(super) fn needs_key(settings: &Settings) -> Done {
    let key = key_file(settings);
    if has_store(&settings.data_dir) || key.try_exists().unwrap_or(true) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "there is no key file yet: put the copy of the key that belongs to the backup at {} first",
        key.display()
    )))
}

fn key_file(settings: &Settings) -> PathBuf {
    let usual = || settings.data_dir.join("davbridge.key");
    settings.key_file.clone().unwrap_or_else(usual)
}

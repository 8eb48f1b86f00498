//! `davbridge backup`, `restore`

use std::path::{Path, PathBuf};

use super::{Bridge, Done, Output};

/// Writes a copy of the database.
pub(super) async fn backup(file: &Path, bridge: &Bridge, out: &mut Output) -> Done {
    out.note(&format!("writing {} …", file.display()));
    bridge.store().backup(file).await?;
    out.note(&format!(
        "done; the key file {} is not in it: keep a copy of that apart, a backup is worth \
         nothing without it",
        key_file(bridge).display()
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

fn key_file(bridge: &Bridge) -> PathBuf {
    let settings = bridge.settings();
    let usual = || settings.data_dir.join("davbridge.key");
    settings.key_file.clone().unwrap_or_else(usual)
}

//! Where the data folder usually is.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// `/var/lib/davbridge` for root, else by the XDG rules.
pub(super) fn usual(environment: &[(String, String)]) -> PathBuf {
    let variable = |wanted: &str| {
        let found = environment.iter().find(|(name, _)| name == wanted);
        let value = found.map(|(_, value)| PathBuf::from(value));
        // the XDG rules: a relative path is ignored
        value.filter(|path| path.is_absolute())
    };
    if is_root() {
        return Path::new("/var/lib").join("davbridge");
    }
    let home = || variable("HOME").map(|home| home.join(".local/share"));
    let base = variable("XDG_DATA_HOME").or_else(home);
    base.unwrap_or_default().join("davbridge")
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

//! Tests of the whole store.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_first_start_makes_private_files() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("data");
    let store = Store::open(&dir).await.unwrap();
    assert_eq!(mode(&dir), 0o700);
    for file in ["davbridge.db", "davbridge.db-wal", "davbridge.key"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
    store.close().await;
    let health = Store::open(&dir).await.unwrap().check().await.unwrap();
    assert!(health.problems.is_empty(), "{health:?}");
}

//! App passwords that were found are not looked up again while nobody writes.

use std::fs::File;
use std::time::{Duration, Instant, SystemTime};

use super::*;

/// Lets what was written lie back.
fn quiet(dir: &Path) {
    written(dir, SystemTime::now() - Duration::from_secs(60));
}

fn written(dir: &Path, then: SystemTime) {
    for name in ["davbridge.db", "davbridge.db-wal"] {
        let file = File::options().append(true).open(dir.join(name)).unwrap();
        file.set_modified(then).unwrap();
    }
}

async fn found(store: &Store) -> bool {
    let found = store.find_password("anna", "secret").await;
    found.is_ok_and(|found| found.is_some())
}

#[tokio::test]
async fn a_password_that_was_found_is_recalled() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    add_password(&store, &anna(), "secret").await;
    let key = store.keys().hash_password("anna", "secret").0;
    let begun = Instant::now();
    let recalled = || store.matches.get(store.matches.mark(), &key, begun);
    written(dir.path(), SystemTime::now() + Duration::from_secs(60));
    assert!(found(&store).await);
    assert!(recalled().is_none(), "just written");
    quiet(dir.path());
    assert!(found(&store).await);
    assert!(recalled().is_some_and(|found| found.user == anna()));
}

#[tokio::test]
async fn a_password_revoked_here_or_elsewhere_is_refused_at_once() {
    for elsewhere in [false, true] {
        let dir = folder();
        let store = furnished(dir.path()).await;
        let other = Store::open(dir.path()).await.unwrap();
        add_password(&store, &anna(), "secret").await;
        quiet(dir.path());
        assert!(found(&store).await);
        let id = store.passwords(&anna()).await.unwrap().last().unwrap().id;
        let by = if elsewhere { &other } else { &store };
        by.delete_password(&anna(), id, trace()).await.unwrap();
        assert!(!found(&store).await, "elsewhere: {elsewhere}");
    }
}

//! From one version of the schema to the next.

use std::fs;

use super::super::schema::{KEPT, MIGRATIONS, Migrations, PASSING, TABLES, latest};
use super::*;

const NEXT: &str = "ALTER TABLE users ADD COLUMN colour TEXT;";
const FAILING: &str = "ALTER TABLE users ADD COLUMN colour TEXT; SELECT nonsense;";

/// One step more than this program knows.
fn and(step: &'static str) -> Migrations {
    let mut all = MIGRATIONS.to_vec();
    all.push((latest(MIGRATIONS) + 1, "next", step));
    all.leak()
}

/// Before there were app passwords for calendars and contacts together.
const SIXTH: Migrations = MIGRATIONS.split_at(6).0;

fn with(dir: &Path, migrations: Migrations) -> Settings {
    let mut settings = Settings::new(dir);
    settings.migrations = migrations;
    settings
}

async fn has_colour(store: &Store) -> bool {
    sqlx::query("SELECT colour FROM users")
        .fetch_all(&store.readers)
        .await
        .is_ok()
}

#[tokio::test]
async fn a_restore_knows_every_table() {
    let store = Store::in_memory().await.unwrap();
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT IN ('meta', '_sqlx_migrations') ORDER BY name",
    )
    .fetch_all(&store.readers)
    .await
    .unwrap();
    let mut replaced = [TABLES, PASSING, KEPT].concat();
    replaced.sort_unstable();
    let tables: Vec<_> = tables.iter().map(|(table,)| table.as_str()).collect();
    assert_eq!(tables, replaced);
}

#[tokio::test]
async fn an_upgrade_puts_a_copy_aside() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let store = Store::open_with(&with(dir.path(), and(NEXT)))
        .await
        .unwrap();
    assert!(has_colour(&store).await && is_furnished(&store).await);
    store.close().await;

    // The older program refuses what the newer one wrote.
    let error = Store::open(dir.path()).await.unwrap_err();
    assert_trouble(&error, Kind::Down);
    assert!(
        error.chain().contains("newer davbridge"),
        "{}",
        error.chain()
    );
    // The copy put back is as before.
    let aside = dir.path().join("davbridge.db.before-7");
    fs::rename(&aside, dir.path().join("davbridge.db")).unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    assert!(is_furnished(&store).await && !has_colour(&store).await);
}

#[tokio::test]
async fn an_upgrade_that_fails_leaves_the_old_database() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let error = Store::open_with(&with(dir.path(), and(FAILING))).await;
    assert_trouble(&error.unwrap_err(), Kind::Down);
    let store = Store::open(dir.path()).await.unwrap();
    assert!(is_furnished(&store).await && !has_colour(&store).await);
    store.close().await;
    let store = Store::open_with(&with(dir.path(), and(NEXT)))
        .await
        .unwrap();
    assert!(has_colour(&store).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn upgrades_at_the_same_time_happen_once() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let starts = (0..6).map(|_| {
        let settings = with(dir.path(), and(NEXT));
        tokio::spawn(async move { Store::open_with(&settings).await })
    });
    for start in starts.collect::<Vec<_>>() {
        assert!(has_colour(&start.await.unwrap().unwrap()).await);
    }
}

#[tokio::test]
async fn an_older_backup_is_upgraded_and_a_newer_one_refused() {
    let dir = folder();
    let old = furnished(dir.path()).await;
    let (older, newer) = (dir.path().join("older"), dir.path().join("newer"));
    old.backup(&older).await.unwrap();
    let before = fs::read(&older).unwrap();

    let other = folder();
    let key = "davbridge.key";
    fs::copy(dir.path().join(key), other.path().join(key)).unwrap();
    let new = Store::open_with(&with(other.path(), and(NEXT)))
        .await
        .unwrap();
    new.restore(&older).await.unwrap();
    assert!(is_furnished(&new).await && has_colour(&new).await);
    assert_eq!(
        fs::read(&older).unwrap(),
        before,
        "the backup itself is not touched"
    );

    new.backup(&newer).await.unwrap();
    let error = old.restore(&newer).await.unwrap_err();
    assert_trouble(&error, Kind::Down);
    assert!(
        error.chain().contains("newer davbridge"),
        "{}",
        error.chain()
    );
    assert!(is_furnished(&old).await);
}

#[tokio::test]
async fn read_only_does_not_upgrade() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let mut settings = with(dir.path(), and(NEXT));
    settings.read_only = true;
    let error = Store::open_with(&settings).await.unwrap_err();
    assert!(
        error.chain().contains("of an older davbridge"),
        "{}",
        error.chain()
    );
}

#[tokio::test]
async fn app_passwords_keep_their_services() {
    let dir = folder();
    let old = Store::open_with(&with(dir.path(), SIXTH)).await.unwrap();
    old.add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let [all, both, files, calendars, contacts] = Services::EVERY;
    let add = async |store: &Store, services: Services| {
        let row = NewPasswordRow {
            label: "",
            access: Access::Read,
            services,
            expires: None,
        };
        store
            .add_password(&anna(), services.as_str(), row, trace())
            .await
    };
    for services in [all, files, calendars, contacts] {
        add(&old, services).await.unwrap();
    }
    assert!(add(&old, both).await.is_err());
    old.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    add(&store, both).await.unwrap();
    let listed = store.passwords(&anna()).await.unwrap();
    let kept: Vec<_> = listed.iter().map(|row| row.services).collect();
    assert_eq!(kept, [all, files, calendars, contacts, both]);
}

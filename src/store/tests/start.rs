//! First start, later starts, and what is refused at a start.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn refusal(settings: &Settings) -> String {
    let error = Store::open_with(settings).await.unwrap_err();
    assert_trouble(&error, Kind::Down);
    error.chain()
}

#[tokio::test]
async fn a_first_start_makes_private_files() {
    let parent = folder();
    let dir = parent.path().join("deep").join("data");
    let store = furnished(&dir).await;
    assert_eq!(mode(&dir), 0o700);
    for file in ["davbridge.db", "davbridge.db-wal", "davbridge.key"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
    let health = store.check().await.unwrap();
    assert_eq!(health.problems, Vec::<String>::new());
    let counts = (health.users, health.passwords, health.connections);
    assert_eq!(counts, (1, 1, 1));
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let incarnation = store.incarnation().await.unwrap();
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    assert!(is_furnished(&store).await);
    assert_eq!(store.incarnation().await.unwrap(), incarnation);
}

#[tokio::test]
async fn a_crash_keeps_what_was_committed() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    // As another machine would find the files after a crash: never closed.
    let found = folder();
    for file in ["davbridge.db", "davbridge.db-wal", "davbridge.key"] {
        fs::copy(dir.path().join(file), found.path().join(file)).unwrap();
    }
    assert!(is_furnished(&Store::open(found.path()).await.unwrap()).await);
    drop(store);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_starts_at_the_same_time_make_one_key() {
    let dir = folder();
    let starts = (0..8).map(|_| {
        let dir = dir.path().to_owned();
        tokio::spawn(async move { Store::open(&dir).await })
    });
    let mut stores = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        stores.push(start.await.unwrap().unwrap());
    }
    stores[0]
        .add_user(&anna(), "Anna", Role::Editor, trace())
        .await
        .unwrap();
    let connection = connect(&stores[0], &anna(), "1", "the token").await;
    for store in &stores {
        let token = store.token(connection.id).await.unwrap().unwrap();
        assert_eq!(token.expose_secret(), "the token");
    }
}

#[tokio::test]
async fn a_database_needs_its_key() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let key = dir.path().join("davbridge.key");
    let kept = fs::read(&key).unwrap();
    let settings = Settings::new(dir.path());

    fs::remove_file(&key).unwrap();
    let missing = refusal(&settings).await;
    assert!(
        missing.contains("put back the copy of the key file"),
        "{missing}"
    );
    assert!(!key.exists(), "no new key for an old database");

    let other = folder();
    Store::open(other.path()).await.unwrap().close().await;
    fs::copy(other.path().join("davbridge.key"), &key).unwrap();
    let wrong = refusal(&settings).await;
    assert!(
        wrong.contains("put back the key file that holds it"),
        "{wrong}"
    );

    let text = String::from_utf8(kept.clone()).unwrap();
    for damaged in [
        "",
        "nonsense",
        &text[..text.len() - 9],
        &text.replace("-key-1", "-key-9"),
    ] {
        fs::write(&key, damaged).unwrap();
        let damaged = refusal(&settings).await;
        assert!(damaged.contains("is damaged"), "{damaged}");
    }
    // One digit mistyped.
    let last = text.trim_end().chars().last().unwrap();
    let typo = if last == '0' { "1" } else { "0" };
    let head = &text[..text.trim_end().len() - 1];
    fs::write(&key, format!("{head}{typo}")).unwrap();
    let typo = refusal(&settings).await;
    assert!(typo.contains("does not match its id"), "{typo}");

    fs::write(&key, &kept).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let open = refusal(&settings).await;
    assert!(open.contains("chmod 600"), "{open}");

    fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(is_furnished(&Store::open(dir.path()).await.unwrap()).await);
}

#[tokio::test]
async fn a_ring_opens_with_each_key_and_seals_with_the_databases_own() {
    let dir = folder();
    furnished(dir.path()).await.close().await;
    let other = folder();
    Store::open(other.path()).await.unwrap().close().await;
    let key = |dir: &tempfile::TempDir| dir.path().join("davbridge.key");
    let (old, new) = (
        fs::read_to_string(key(&dir)),
        fs::read_to_string(key(&other)),
    );
    fs::write(key(&dir), old.unwrap() + &new.unwrap()).unwrap();

    let store = Store::open(dir.path()).await.unwrap();
    assert!(is_furnished(&store).await);
    connect(&store, &anna(), "4711", "a newer token").await;
    add_password(&store, &anna(), "newer").await;
    store.close().await;
    // A key that was only put there seals nothing.
    let text = fs::read_to_string(key(&dir)).unwrap();
    let keys: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    fs::write(key(&dir), keys[0]).unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let health = store.check().await.unwrap();
    assert!(health.problems.is_empty(), "{health:?}");
    for password in ["opensesame", "newer"] {
        let found = store.find_password("anna", password).await.unwrap();
        assert!(found.is_some(), "{password}");
    }
}

#[tokio::test]
async fn the_key_file_can_be_elsewhere_and_there_before_the_database() {
    let (dir, keys) = (folder(), folder());
    let mut settings = Settings::new(dir.path());
    settings.key_file = Some(keys.path().join("key"));
    Store::open_with(&settings).await.unwrap().close().await;
    assert!(!dir.path().join("davbridge.key").exists());

    let other = folder();
    let before = fs::read(keys.path().join("key")).unwrap();
    settings.dir = other.path().to_owned();
    Store::open_with(&settings).await.unwrap();
    assert_eq!(fs::read(keys.path().join("key")).unwrap(), before);
}

#[tokio::test]
async fn a_start_that_was_cut_off_is_begun_again() {
    let dir = folder();
    fs::write(dir.path().join("davbridge.db.new"), "half a database").unwrap();
    furnished(dir.path()).await;
    assert!(!dir.path().join("davbridge.db.new").exists());
}

#[tokio::test]
async fn strangers_and_leftovers_are_refused() {
    let dir = folder();
    let settings = Settings::new(dir.path());
    let database = dir.path().join("davbridge.db");
    furnished(dir.path()).await.close().await;

    fs::write(&database, "").unwrap();
    let empty = refusal(&settings).await;
    assert!(empty.contains("not a database of davbridge"), "{empty}");
    assert_eq!(
        fs::read(&database).unwrap(),
        b"",
        "nothing is written into it"
    );

    fs::write(
        &database,
        "no database at all, but long enough to be looked at ".repeat(99),
    )
    .unwrap();
    let text = refusal(&settings).await;
    assert!(text.contains("damaged"), "{text}");

    fs::remove_file(&database).unwrap();
    fs::write(dir.path().join("davbridge.db-wal"), "journal").unwrap();
    let journal = refusal(&settings).await;
    assert!(journal.contains("davbridge.db-wal is there"), "{journal}");
}

#[tokio::test]
async fn read_only_makes_nothing() {
    let dir = folder();
    let mut settings = Settings::new(dir.path().join("none"));
    settings.read_only = true;
    let missing = refusal(&settings).await;
    assert!(missing.contains("there is no database"), "{missing}");
    assert!(!settings.dir.exists());
}

/// What a client was told is not taken back by a power loss: else a revision would be given twice.
#[tokio::test]
async fn what_is_committed_is_on_the_disk() {
    let dir = folder();
    let store = Store::open(dir.path()).await.unwrap();
    let pragma = async |name: &str| -> String {
        let query = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(query));
        query.fetch_one(&store.writer).await.unwrap()
    };
    // FULL: with a log ahead of the file each commit is synchronised.
    assert_eq!(pragma("synchronous").await, "2");
    assert_eq!(pragma("journal_mode").await, "wal");
}

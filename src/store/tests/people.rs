//! Users with roles, what a restore empties, what is swept, and the way from schema 3.

use super::super::schema::{MIGRATIONS, Migrations};
use super::super::{Action, NewConsent, NewOwner};
use super::*;

/// The schema before there were roles.
const THREE: Migrations = &[MIGRATIONS[0], MIGRATIONS[1], MIGRATIONS[2]];

/// Something in each table of what is under way, all of it over at different times.
async fn under_way(store: &Store) {
    let (cookie, link, state) = ("cookie".into(), "link".into(), "state".into());
    store
        .open_session(&anna(), session(&cookie), None, trace())
        .await
        .unwrap();
    let end = now() + TimeDelta::hours(2);
    store
        .invite_user(&anna(), &link, end, trace())
        .await
        .unwrap();
    let consent = NewConsent {
        state: &state,
        session: &cookie,
        provider: "google",
        redirect: "https://dav.example/oauth/google",
        verifier: &link,
        connection: None,
        expires: end,
        now: now(),
    };
    store.begin_consent(&anna(), consent).await.unwrap();
    store
        .begin_pending(&anna(), "infomaniak", now())
        .await
        .unwrap();
    run(
        store,
        "INSERT INTO sign_ins (state, browser, nonce, verifier, redirect, back, expires) \
         SELECT x'01', x'02', x'03', verifier, '', verifier, expires FROM consents",
    )
    .await;
    run(
        store,
        "INSERT INTO logins (poll, flow, agent, created, expires) \
         SELECT x'01', x'02', '', 0, expires FROM consents",
    )
    .await;
    let line = store.audit(trace(), Action::SignedIn, None, "");
    line.await.unwrap();
}

const PASSING: [&str; 6] = [
    "sessions",
    "invites",
    "consents",
    "pending_connections",
    "sign_ins",
    "logins",
];

#[tokio::test]
async fn people_of_schema_3_become_editors() {
    let dir = folder();
    let mut settings = Settings::new(dir.path());
    settings.migrations = THREE;
    let old = Store::open_with(&settings).await.unwrap();
    // as the program of that schema wrote them
    run(
        &old,
        "INSERT INTO users (name, display_name, disabled, created) VALUES ('anna', 'Anna', 0, 5), \
         ('bert', 'Bert', 1, 6)",
    )
    .await;
    let keys = old.keys();
    let (hash, key) = keys.hash_password("anna", "opensesame");
    sqlx::query(
        "INSERT INTO app_passwords (user_id, label, hash, key_id, access, created) \
         VALUES (1, 'telephone', $1, $2, 'read', 7)",
    )
    .bind(&hash[..])
    .bind(key.to_string())
    .execute(&old.writer)
    .await
    .unwrap();
    let place = super::super::seal::Place {
        table: "connections",
        column: "token",
        row: 1,
    };
    sqlx::query(
        "INSERT INTO connections (user_id, provider, slug, account_id, label, token, state, \
         state_since, generation, created) \
         VALUES (1, 'infomaniak', 'infomaniak', '4711', 'Anna', $1, 'active', 8, 1, 8)",
    )
    .bind(keys.seal(place, "token of 4711").unwrap())
    .execute(&old.writer)
    .await
    .unwrap();
    old.close().await;

    let store = Store::open(dir.path()).await.unwrap();
    let users = store.users().await.unwrap();
    let about: Vec<_> = users
        .iter()
        .map(|user| (user.name.as_str(), user.role, user.disabled))
        .collect();
    assert_eq!(
        about,
        [("anna", Role::Editor, false), ("bert", Role::Editor, true)]
    );
    assert!(users.iter().all(|user| !user.has_password));
    assert!(!store.has_admin().await.unwrap());
    let found = store.find_password("anna", "opensesame").await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (found.access, found.services),
        (Access::Read, Services::All)
    );
    assert!(is_furnished(&store).await);
    assert!(dir.path().join("davbridge.db.before-3").exists());
}

#[tokio::test]
async fn a_link_for_the_owner_ends_with_use_and_with_the_next() {
    let store = Store::in_memory().await.unwrap();
    let end = now() + TimeDelta::hours(1);
    let [one, two, phc, cookie] = ["one", "two", "phc", "cookie"].map(SecretString::from);
    assert!(store.invite_owner(&one, now(), end).await.unwrap());
    assert!(store.invite_owner(&two, now(), end).await.unwrap());
    let owner = anna();
    let claim = async |link: &SecretString, at: DateTime<Utc>| {
        let owner = NewOwner {
            name: &owner,
            display_name: "Anna",
            phc: &phc,
        };
        let session = NewSession {
            now: at,
            ..session(&cookie)
        };
        let claimed = store.claim_owner(link, owner, session, trace()).await;
        claimed.map_err(|error| error.kind())
    };
    assert_eq!(claim(&one, now()).await, Err(Kind::NotFound), "replaced");
    assert_eq!(claim(&two, end).await, Err(Kind::NotFound), "over");
    assert!(claim(&two, now()).await.is_ok());
    assert_eq!(claim(&two, now()).await, Err(Kind::NotFound), "used");
    assert!(!store.invite_owner(&one, now(), end).await.unwrap());
    assert_eq!(store.users().await.unwrap()[0].role, Role::Admin);
}

#[tokio::test]
async fn a_restore_ends_what_is_under_way_and_keeps_the_audit_log() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    under_way(&store).await;
    run(
        &store,
        "INSERT INTO hidden (connection_id, kind, id) SELECT id, 'drive', '1' FROM connections",
    )
    .await;
    let file = dir.path().join("backup");
    store.backup(&file).await.unwrap();
    run(&store, "DELETE FROM hidden").await;
    run(&store, "DELETE FROM app_passwords").await;
    let lines = told(&store).await;
    let name = file.display().to_string();
    store.restore(&file).await.unwrap();
    for table in PASSING {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
    assert_eq!(count(&store, "hidden").await, 1);
    assert!(is_furnished(&store).await);
    let (mut now_told, restored) = (told(&store).await, ("restored".to_owned(), name));
    assert_eq!(now_told.pop(), Some(restored));
    assert_eq!(now_told, lines);
}

#[tokio::test]
async fn what_is_over_is_swept_and_nothing_else() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    under_way(&store).await;
    let lines = count(&store, "audit").await;
    store.sweep(now() + TimeDelta::minutes(59)).await.unwrap();
    for table in PASSING {
        assert_eq!(count(&store, table).await, 1, "{table}");
    }
    store.sweep(now() + TimeDelta::hours(1)).await.unwrap();
    assert_eq!(count(&store, "pending_connections").await, 0);
    assert_eq!(count(&store, "sessions").await, 1);
    store.sweep(now() + TimeDelta::hours(2)).await.unwrap();
    for table in PASSING {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
    assert_eq!(count(&store, "audit").await, lines);
    store.sweep(now() + TimeDelta::days(401)).await.unwrap();
    assert_eq!(count(&store, "audit").await, 0);
    assert!(is_furnished(&store).await);
}

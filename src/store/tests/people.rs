//! Users with roles, what a restore empties, what is swept, and the way from schema 3.

use chrono::TimeDelta;

use super::super::schema::{MIGRATIONS, Migrations};
use super::super::{NewAudit, NewConsent, NewOwner, NewSession, Subject, Via};
use super::*;

/// The schema before there were roles.
const THREE: Migrations = &[MIGRATIONS[0], MIGRATIONS[1], MIGRATIONS[2]];

async fn count(store: &Store, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_one(&store.readers)
        .await
        .unwrap();
    count
}

async fn run(store: &Store, sql: &'static str) {
    sqlx::query(sql).execute(&store.writer).await.unwrap();
}

fn session(cookie: &SecretString) -> NewSession<'_> {
    NewSession {
        secret: cookie,
        agent: "Browser",
        address: "192.0.2.1",
        now: now(),
        expires: now() + TimeDelta::hours(2),
    }
}

/// Something in each table of what is under way, all of it over at different times.
async fn under_way(store: &Store) {
    let (cookie, link, state) = ("cookie".into(), "link".into(), "state".into());
    store.open_session(&anna(), session(&cookie)).await.unwrap();
    let end = now() + TimeDelta::hours(2);
    store.invite_user(&anna(), &link, now(), end).await.unwrap();
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
         SELECT x'01', x'02', x'03', verifier, '', '', expires FROM consents",
    )
    .await;
    run(
        store,
        "INSERT INTO logins (poll, flow, agent, created, expires) \
         SELECT x'01', x'02', '', 0, expires FROM consents",
    )
    .await;
    let line = NewAudit {
        at: now(),
        actor: Some(&anna()),
        action: "signed in",
        user: Some(&anna()),
        object: "",
        client: "192.0.2.1",
        via: Via::Page,
    };
    store.audit(&line).await.unwrap();
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
async fn the_last_admin_stays() {
    let store = Store::in_memory().await.unwrap();
    for (user, role) in [("anna", Role::Admin), ("bert", Role::Editor)] {
        let added = store.add_user(&name(user), user, role, now()).await;
        added.unwrap();
    }
    let refused = async || {
        for error in [
            store.set_role(&anna(), Role::Viewer).await,
            store.set_user_disabled(&anna(), true).await,
            store.remove_user(&anna()).await,
        ] {
            let error = error.unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid);
            assert!(error.message().contains("last admin"), "{error}");
        }
    };
    refused().await;
    store.set_role(&name("bert"), Role::Admin).await.unwrap();
    store.set_user_disabled(&name("bert"), true).await.unwrap();
    // one who may not sign in is none
    refused().await;
    store.set_user_disabled(&name("bert"), false).await.unwrap();
    store.remove_user(&anna()).await.unwrap();
    assert!(store.has_admin().await.unwrap());
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
        let claimed = store.claim_owner(link, owner, session).await;
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
    store.restore(&file).await.unwrap();
    for table in PASSING {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
    assert_eq!(count(&store, "hidden").await, 1);
    assert!(is_furnished(&store).await);
    let lines = store.audit_lines(None, 10).await.unwrap();
    let actions: Vec<_> = lines.iter().map(|line| &*line.action).collect();
    assert_eq!(actions, ["restored", "signed in"]);
}

#[tokio::test]
async fn what_is_over_is_swept_and_nothing_else() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    under_way(&store).await;
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
    assert_eq!(count(&store, "audit").await, 1);
    store.sweep(now() + TimeDelta::days(401)).await.unwrap();
    assert_eq!(count(&store, "audit").await, 0);
    assert!(is_furnished(&store).await);
}

#[tokio::test]
async fn a_subject_is_the_same_user_whatever_else_changes() {
    let store = Store::in_memory().await.unwrap();
    store
        .add_user(&anna(), "Local Anna", Role::Admin, now())
        .await
        .unwrap();
    let subject = Subject {
        issuer: "https://id.example",
        subject: "1",
        wish: "anna",
        display_name: Some("Anna"),
        email: Some("anna@example.org"),
        role: Role::Editor,
    };
    let (made, was) = store.find_or_create_user(subject, now()).await.unwrap();
    // never the local user of that name
    assert_eq!((made.name.as_str(), was), ("anna-2", None));
    let moved = Subject {
        wish: "other",
        display_name: None,
        email: Some("new@example.org"),
        role: Role::Viewer,
        ..subject
    };
    let (found, was) = store.find_or_create_user(moved, now()).await.unwrap();
    assert_eq!((&found.name, was), (&made.name, Some(Role::Editor)));
    assert_eq!(found.role, Role::Viewer);
    assert_eq!(found.email.as_deref(), Some("new@example.org"));
    assert_eq!(found.display_name, "Anna");
    let elsewhere = Subject {
        issuer: "https://other.example",
        ..subject
    };
    let (other, _) = store.find_or_create_user(elsewhere, now()).await.unwrap();
    assert_eq!(other.name.as_str(), "anna-3");
    let known = store.user_by_subject("https://id.example", "1").await;
    assert_eq!(known.unwrap().unwrap().name, made.name);
    let unknown = store.user_by_subject("https://id.example", "2").await;
    assert!(unknown.unwrap().is_none());
}

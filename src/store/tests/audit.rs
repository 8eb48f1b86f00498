//! No change without its line.

use super::super::Subject;
use super::*;
use crate::domain::Branch;

/// What every kind of change gives, with a session and an app password of number 1.
async fn changes(store: &Store) -> Vec<(&'static str, Result<()>)> {
    let (anna, branch) = (anna(), Branch::parse("drive", "7").unwrap());
    let (phc, link) = (SecretString::from("phc"), SecretString::from("link"));
    let slug = "infomaniak";
    let row = NewPasswordRow {
        label: "",
        access: Access::Read,
        services: Services::All,
        expires: None,
    };
    let password = store.set_human_password(&anna, &phc, Before::Any, Some(1), trace());
    vec![
        ("password set", password.await),
        (
            "role changed",
            store.set_role(&anna, Role::Viewer, trace()).await,
        ),
        (
            "invited",
            store.invite_user(&anna, &link, now(), trace()).await,
        ),
        (
            "session revoked",
            store.delete_session(&anna, 1, trace()).await,
        ),
        (
            "app password made",
            store
                .add_password(&anna, "new", row, trace())
                .await
                .map(drop),
        ),
        (
            "app password revoked",
            store.delete_password(&anna, 1, trace()).await,
        ),
        (
            "reconnected",
            try_connect(store, &anna, "4711", "new").await.map(drop),
        ),
        (
            "renamed",
            store
                .rename_connection(&anna, slug, Some("x"), trace())
                .await,
        ),
        (
            "hidden from clients",
            store.set_hidden(&anna, slug, &branch, true, trace()).await,
        ),
        (
            "shown to clients",
            store.set_hidden(&anna, slug, &branch, false, trace()).await,
        ),
        ("disconnected", store.disconnect(&anna, slug, trace()).await),
        ("key rotated", store.rotate_key(trace()).await.map(drop)),
        (
            "user disabled",
            store.set_user_disabled(&anna, true, trace()).await,
        ),
        (
            "user enabled",
            store.set_user_disabled(&anna, false, trace()).await,
        ),
        (
            "user added",
            store.find_or_create_user(SUBJECT, trace()).await.map(drop),
        ),
        ("user removed", store.remove_user(&anna, trace()).await),
    ]
}

const SUBJECT: Subject<'_> = Subject {
    issuer: "https://id.example",
    subject: "1",
    wish: "bert",
    display_name: None,
    email: None,
    role: Role::Viewer,
    keeps_role: false,
};

/// All that the changes change.
async fn state(store: &Store) -> String {
    let (users, connections) = (
        store.users().await.unwrap(),
        store.connections_of(&anna()).await,
    );
    let connections = connections.unwrap().1;
    let (passwords, sessions) = (
        store.passwords(&anna()).await,
        store.sessions(&anna()).await,
    );
    let keys = store
        .key_uses()
        .await
        .unwrap()
        .into_iter()
        .find(|key| key.current);
    let invites = count(store, "invites").await;
    format!("{users:?} {connections:?} {passwords:?} {sessions:?} {keys:?} {invites}")
}

#[tokio::test]
async fn no_change_is_without_its_line() {
    let dir = folder();
    let store = furnished(dir.path()).await;
    let cookie = SecretString::from("cookie");
    let session = session(&cookie);
    let opened = store.open_session(&anna(), session, None, trace()).await;
    opened.unwrap();
    run(
        &store,
        "CREATE TRIGGER fault BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'planted'); END",
    )
    .await;
    let before = state(&store).await;
    for (what, done) in changes(&store).await {
        // nothing was hidden, so there is nothing to show
        assert_eq!(done.is_err(), what != "shown to clients", "{what}");
    }
    assert_eq!(state(&store).await, before);
    run(&store, "DROP TRIGGER fault").await;
    let lines = told(&store).await.len();
    let changes = changes(&store).await;
    let mut expected = Vec::new();
    for (what, done) in changes {
        done.unwrap();
        expected.push(what);
    }
    let told = told(&store).await;
    let actions: Vec<_> = told[lines..].iter().map(|(action, _)| &**action).collect();
    assert_eq!(actions, expected);
}

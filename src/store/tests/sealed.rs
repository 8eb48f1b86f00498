//! What is sealed: what `doctor` says of it, and what a rotation does with what cannot be opened.

use super::super::{NewLogin, NewSignIn};
use super::*;

async fn with_everything(dir: &Path) -> Store {
    let store = furnished(dir).await;
    let (anna, phc) = (anna(), SecretString::from("$argon2id$zqx"));
    let set = store.set_human_password(&anna, &phc, Before::Any, None, trace());
    set.await.unwrap();
    store
}

/// A sign-in and a granted login, both over in an hour; sealed with the key of now.
async fn under_way(store: &Store, name: &str) {
    let text = |what: &str| SecretString::from(format!("zqx-{name}-{what}"));
    let [state, browser, nonce] = ["state", "browser", "nonce"].map(text);
    let back = format!("/devices/login/zqx-{name}-flow");
    let expires = now() + TimeDelta::hours(1);
    let sign_in = NewSignIn {
        state: &state,
        browser: &browser,
        nonce: &nonce,
        verifier: &text("verifier"),
        redirect: "https://dav.example/back",
        back: &back,
        expires,
        now: now(),
    };
    store.begin_sign_in(sign_in).await.unwrap();
    let login = NewLogin {
        poll: &text("poll"),
        flow: &text("flow"),
        agent: "DAVx5",
        now: now(),
        expires,
    };
    store.begin_login(login).await.unwrap();
    assert!(super::logins::grant_as(store, &format!("zqx-{name}"), now()).await);
}

#[tokio::test]
async fn where_a_sign_in_goes_on_is_sealed() {
    let dir = folder();
    let store = with_everything(dir.path()).await;
    under_way(&store, "a").await;
    store.rotate_key(trace()).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(dir.path().join("davbridge.db")).unwrap();
    assert!(!bytes.windows(4).any(|part| part == b"zqx-"));
    let store = Store::open(dir.path()).await.unwrap();
    let (state, browser) = ("zqx-a-state".into(), "zqx-a-browser".into());
    let taken = store.take_sign_in(&state, &browser, now()).await.unwrap();
    assert_eq!(taken.unwrap().back, "/devices/login/zqx-a-flow");
}

#[tokio::test]
async fn a_rotation_does_not_fail_for_what_is_over_or_cannot_be_opened() {
    let dir = folder();
    let store = with_everything(dir.path()).await;
    for name in ["good", "over", "lost"] {
        under_way(&store, name).await;
    }
    // sealed with a key that is nowhere
    for sql in [
        "UPDATE sign_ins SET expires = 1 WHERE id = 2",
        "UPDATE logins SET expires = 1 WHERE id = 2",
        "UPDATE sign_ins SET verifier = x'016666666666666666' WHERE id IN (2, 3)",
        "UPDATE sign_ins SET back = CAST(x'016666666666666666' || hex(zeroblob(40)) AS BLOB) \
         WHERE id IN (2, 3)",
        "UPDATE logins SET password = CAST(x'016666666666666666' || hex(zeroblob(40)) AS BLOB) \
         WHERE id IN (2, 3)",
    ] {
        run(&store, sql).await;
    }
    let passwords = count(&store, "app_passwords").await;
    store.rotate_key(trace()).await.unwrap();
    assert_eq!(count(&store, "sign_ins").await, 1);
    assert_eq!(count(&store, "logins").await, 1);
    // known to nobody any more
    assert_eq!(count(&store, "app_passwords").await, passwords - 2);
    let (state, browser) = ("zqx-good-state".into(), "zqx-good-browser".into());
    let taken = store.take_sign_in(&state, &browser, now()).await.unwrap();
    assert!(taken.is_some());
    assert!(is_furnished(&store).await);
}

#[tokio::test]
async fn the_check_opens_all_that_is_sealed() {
    let dir = folder();
    let store = with_everything(dir.path()).await;
    under_way(&store, "a").await;
    assert_eq!(store.check().await.unwrap().problems, [""; 0]);
    for (sql, expected) in [
        (
            "UPDATE users SET password = x'0102'",
            "the stored password of user anna is damaged",
        ),
        (
            "UPDATE logins SET password = x'0102'",
            "the app password that waits for \"DAVx5\" cannot be opened",
        ),
        (
            "UPDATE app_passwords SET key_id = 'ffffffff' WHERE id = 1",
            "1 app passwords were hashed with key ffffffff",
        ),
    ] {
        let before = store.check().await.unwrap().problems.len();
        run(&store, sql).await;
        let problems = store.check().await.unwrap().problems;
        assert_eq!(problems.len(), before + 1, "{problems:?}");
        let told = problems.iter().any(|text| text.starts_with(expected));
        assert!(told, "{problems:?}");
    }
}

//! Sign-in on the page, sessions, and the passwords of the page.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::super::fake::anna;
use super::super::{Action, Client, NewSession, PageSignIn, PasswordChange, SignIn};
use super::humans::{DAY, PASSWORD, bert, browser, command, owned, secret};
use crate::domain::{Kind, Role, Services};
use crate::store::Before;

#[tokio::test]
async fn the_password_of_the_page_opens_the_page_and_nothing_else() {
    let (bench, _) = owned().await;
    let opened = bench.come(" Anna", PASSWORD).await;
    let session = bench.session(&opened).await.unwrap();
    assert_eq!(session.user.name, anna());
    assert!(session.csrf.len() >= 40);
    assert!(!opened.cookie.expose_secret().contains(&session.csrf));
    for (name, password) in [
        ("anna", "wrong"),
        ("anna", ""),
        ("bert", PASSWORD),
        ("", PASSWORD),
    ] {
        assert!(matches!(
            bench.page(name, password).await,
            PageSignIn::Refused
        ));
    }
    assert_eq!(bench.sign_in("anna", PASSWORD).await, SignIn::Refused);
    let app = bench.app_password(&anna(), Services::All).await;
    let came = bench.page("anna", app.expose_secret()).await;
    assert!(matches!(came, PageSignIn::Refused));
    let other = NewSession {
        cookie: secret("invented"),
        ..opened
    };
    assert!(bench.session(&other).await.is_none());
}

#[tokio::test]
async fn guessing_on_the_page_is_slowed_but_nobody_is_locked_out() {
    let (bench, _) = owned().await;
    for _ in 0..10 {
        assert!(matches!(
            bench.page("anna", "guess").await,
            PageSignIn::Refused
        ));
    }
    let PageSignIn::Slow { retry_after } = bench.page("anna", "guess").await else {
        panic!("not slowed");
    };
    assert!(retry_after > Duration::ZERO);
    bench.come("anna", PASSWORD).await;
}

#[tokio::test]
async fn guessing_from_everywhere_is_slowed_by_name_and_locks_nobody_out() {
    let (bench, _) = owned().await;
    let from = async |network: u8, password: &str| {
        let client = Client::new([203, 0, 113, network].into(), "Browser");
        let came = bench
            .accounts
            .sign_in_with_password("anna", &secret(password), &client)
            .await;
        came.unwrap()
    };
    for network in 0..4 {
        for _ in 0..3 {
            from(network, "guess").await;
        }
    }
    // even the right one is not looked at from where it was guessed at
    assert!(matches!(
        from(0, PASSWORD).await,
        PageSignIn::Slow { retry_after } if retry_after > Duration::ZERO
    ));
    // the right user has a few tries from a new place, and any number from home
    from(9, "typo").await;
    assert!(matches!(from(9, PASSWORD).await, PageSignIn::In(_)));
    for _ in 0..5 {
        bench.page("anna", "typo").await;
    }
    bench.come("anna", PASSWORD).await;
    bench.clock.advance(Duration::from_secs(60));
    assert!(matches!(from(0, PASSWORD).await, PageSignIn::In(_)));
}

#[tokio::test]
async fn sessions_end() {
    let (bench, opened) = owned().await;
    // used now and then it goes on, but not for ever
    for _ in 0..8 {
        bench.clock.advance(11 * DAY);
        assert!(bench.session(&opened).await.is_some());
    }
    bench.clock.advance(2 * DAY);
    assert!(bench.session(&opened).await.is_none(), "after 90 days");
    let idle = bench.come("anna", PASSWORD).await;
    bench.clock.advance(14 * DAY);
    assert!(bench.session(&idle).await.is_none(), "unused for 14 days");
    assert!(
        bench
            .accounts
            .list_sessions(&anna())
            .await
            .unwrap()
            .is_empty()
    );

    let (one, two, three) = (
        bench.come("anna", PASSWORD).await,
        bench.come("anna", PASSWORD).await,
        bench.come("anna", PASSWORD).await,
    );
    let list = bench.accounts.list_sessions(&anna()).await.unwrap();
    assert_eq!(list.len(), 3);
    assert_eq!(list[0].agent, "Browser 1.0X: y");
    for _ in 0..2 {
        let out = bench.accounts.sign_out(&command(), &one.cookie).await;
        out.unwrap();
    }
    assert!(bench.session(&one).await.is_none());
    bench.add(&bert(), Role::Editor).await;
    let foreign = bench
        .accounts
        .revoke_session(&command(), &bert(), two.id)
        .await;
    assert_eq!(foreign.unwrap_err().kind(), Kind::NotFound);
    bench
        .accounts
        .revoke_session(&command(), &anna(), two.id)
        .await
        .unwrap();
    assert!(bench.session(&two).await.is_none());
    assert!(bench.session(&three).await.is_some());
    let four = bench.come("anna", PASSWORD).await;
    bench
        .accounts
        .revoke_other_sessions(&command(), &anna(), four.id)
        .await
        .unwrap();
    assert!(bench.session(&three).await.is_none());
    assert!(bench.session(&four).await.is_some());
    let lines = bench.accounts.list_audit(None, 20).await.unwrap();
    let told = |action: &str| {
        let about = lines.iter().filter(|line| line.action == action);
        about.map(|line| line.object.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told("signed out"), [""]);
    let revoked = [
        "all others".to_owned(),
        format!("{} Browser 1.0X: y", two.id),
    ];
    assert_eq!(told("session revoked"), revoked);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (bench, other) = owned().await;
    let own = bench.come("anna", PASSWORD).await;
    for old in [None, Some("x")] {
        let set = bench.set(&own, old, "another password").await;
        assert_eq!(set.unwrap(), PasswordChange::Refused);
    }
    let short = bench.set(&own, Some(PASSWORD), "short").await;
    assert_eq!(short.unwrap_err().kind(), Kind::Invalid);
    assert!(bench.session(&other).await.is_some());
    let set = bench.set(&own, Some(PASSWORD), "another password").await;
    assert_eq!(set.unwrap(), PasswordChange::Done);
    assert!(bench.session(&other).await.is_none());
    assert!(bench.session(&own).await.is_some());
    assert!(matches!(
        bench.page("anna", PASSWORD).await,
        PageSignIn::Refused
    ));
    bench.come("anna", "another password").await;
}

#[tokio::test]
async fn an_old_password_that_waits_for_its_turn_opens_nothing() {
    let (bench, own) = owned().await;
    let accounts = bench.accounts.clone();
    let held = accounts.hasher.hold().await;
    let signing_in = tokio::spawn(async move {
        let (password, client) = (secret(PASSWORD), browser());
        accounts
            .sign_in_with_password("anna", &password, &client)
            .await
    });
    bench.crowd(1).await;
    let accounts = bench.accounts.clone();
    let changing = tokio::spawn(async move {
        let (old, new, client) = (secret(PASSWORD), secret("a third password"), browser());
        accounts
            .set_password(&client, &anna(), Some(&old), &new, Some(own.id))
            .await
    });
    bench.crowd(2).await;
    // in another process
    let (by, phc) = (command(), secret("$argon2id$of-another-password"));
    let user = anna();
    let trace = bench.accounts.trace(&by);
    let set = bench
        .store
        .set_human_password(&user, &phc, Before::Any, None, trace);
    set.await.unwrap();
    drop(held);
    let came = signing_in.await.unwrap().unwrap();
    assert!(matches!(came, PageSignIn::Refused), "{came:?}");
    let changed = changing.await.unwrap().unwrap();
    assert_eq!(changed, PasswordChange::Refused);
    let kept = bench.store.human_password("anna").await.unwrap().unwrap();
    assert_eq!(kept.expose_secret(), phc.expose_secret());
}

#[tokio::test]
async fn wrong_old_passwords_are_counted_and_told() {
    let (bench, own) = owned().await;
    for _ in 0..10 {
        let set = bench.set(&own, Some("guess"), "another password").await;
        assert_eq!(set.unwrap(), PasswordChange::Refused);
    }
    for old in ["guess", PASSWORD] {
        let set = bench.set(&own, Some(old), "another password").await;
        assert!(matches!(set.unwrap(), PasswordChange::Slow { .. }), "{old}");
    }
    let refused = Action::SignInRefused.as_str().to_owned();
    assert!(bench.actions().await.contains(&refused));
    bench.clock.advance(Duration::from_secs(60));
    let set = bench.set(&own, Some(PASSWORD), "another password").await;
    assert_eq!(set.unwrap(), PasswordChange::Done);
}

//! Sign-in of DAV requests.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::super::fake::{Bench, HOME, anna, basic};
use super::super::{AppPassword, By, NewPassword, SignIn};
use crate::domain::{Access, Caller, Kind, Role, Services};
use crate::store::{Settings, Store};

pub(super) fn plain(label: &str) -> NewPassword {
    NewPassword {
        label: label.to_owned(),
        access: Access::ReadWrite,
        services: Services::All,
        expires: None,
    }
}

pub(super) async fn password(bench: &Bench) -> AppPassword {
    let new = plain("telephone");
    bench
        .accounts
        .add_password(&By::command(), &anna(), new)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_password_lets_its_user_in() {
    let bench = Bench::new().await;
    let made = password(&bench).await;
    let secret = made.secret.expose_secret();
    let caller = Caller {
        user: anna(),
        display_name: "Anna".to_owned(),
        access: Access::ReadWrite,
        services: Services::All,
    };
    for (user, typed) in [
        ("anna", secret.to_owned()),
        ("Anna", secret.to_uppercase()),
        (" anna", secret.replace('-', " ")),
        ("ANNA ", secret.replace('-', "")),
    ] {
        let came = bench.sign_in(user, &typed).await;
        assert_eq!(came, SignIn::In(caller.clone()), "{user}");
    }
    for (user, typed) in [
        ("anna", "wrong".to_owned()),
        ("anna", String::new()),
        ("anna", secret[1..].to_owned()),
        ("bert", secret.to_owned()),
        ("", secret.to_owned()),
        ("an:na", secret.to_owned()),
        ("' OR 1=1 --", secret.to_owned()),
    ] {
        assert_eq!(bench.sign_in(user, &typed).await, SignIn::Refused, "{user}");
    }
}

#[tokio::test]
async fn without_credentials_they_are_asked_for() {
    let bench = Bench::new().await;
    for header in [None, Some("Bearer abc"), Some("")] {
        for _ in 0..20 {
            let came = bench.accounts.sign_in(header, HOME).await.unwrap();
            assert_eq!(came, SignIn::Missing, "{header:?}");
        }
    }
    let unreadable = bench.accounts.sign_in(Some("Basic !"), HOME).await;
    assert_eq!(unreadable.unwrap(), SignIn::Refused);
}

#[tokio::test]
async fn a_disabled_or_removed_user_is_out_at_once() {
    let bench = Bench::new().await;
    let made = password(&bench).await;
    let secret = made.secret.expose_secret();
    bench
        .accounts
        .set_disabled(&By::command(), &anna(), true)
        .await
        .unwrap();
    assert_eq!(bench.sign_in("anna", secret).await, SignIn::Refused);
    bench
        .accounts
        .set_disabled(&By::command(), &anna(), false)
        .await
        .unwrap();
    assert!(matches!(bench.sign_in("anna", secret).await, SignIn::In(_)));
    bench
        .accounts
        .remove_user(&By::command(), &anna())
        .await
        .unwrap();
    assert_eq!(bench.sign_in("anna", secret).await, SignIn::Refused);
    // A namesake does not inherit.
    bench
        .accounts
        .add_user(&By::command(), &anna(), "Other Anna", Role::Editor)
        .await
        .unwrap();
    assert_eq!(bench.sign_in("anna", secret).await, SignIn::Refused);
}

#[tokio::test]
async fn guessing_is_slowed_but_nobody_is_locked_out() {
    let bench = Bench::new().await;
    let made = password(&bench).await;
    let secret = made.secret.expose_secret();
    for _ in 0..10 {
        assert_eq!(bench.sign_in("anna", "guess").await, SignIn::Refused);
    }
    let SignIn::Slow { retry_after } = bench.sign_in("anna", "guess").await else {
        panic!("not slowed");
    };
    assert_eq!(retry_after, Duration::from_secs(60));
    // The right password comes in, from the same address and from others.
    let elsewhere: IpAddr = "2001:db8::1".parse().unwrap();
    for peer in [HOME, elsewhere] {
        let header = basic("anna", secret);
        let came = bench.accounts.sign_in(Some(&header), peer).await.unwrap();
        assert!(matches!(came, SignIn::In(_)), "{peer}");
    }
    // Guessing goes on neither for other users from there, nor for that user from elsewhere.
    assert!(matches!(
        bench.sign_in("bert", "guess").await,
        SignIn::Slow { .. }
    ));
    let header = basic("anna", "guess");
    let came = bench
        .accounts
        .sign_in(Some(&header), elsewhere)
        .await
        .unwrap();
    assert!(matches!(came, SignIn::Slow { .. }));
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.sign_in("anna", "guess").await, SignIn::Refused);
}

#[tokio::test]
async fn users_that_do_not_exist_are_slowed_alike() {
    let bench = Bench::new().await;
    password(&bench).await;
    let mut answers = Vec::new();
    for user in ["anna", "nobody"] {
        let mut row = Vec::new();
        for number in 0..12 {
            let header = basic(user, "guess");
            let peer = IpAddr::from([198, 51, 100, number]);
            row.push(bench.accounts.sign_in(Some(&header), peer).await.unwrap());
        }
        answers.push(row);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_store_that_cannot_be_written_still_lets_in() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::over(Store::open(dir.path()).await.unwrap());
    bench
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    let made = password(&bench).await;
    bench.store.close().await;

    let mut settings = Settings::new(dir.path());
    settings.read_only = true;
    let bench = Bench::over(Store::open_with(&settings).await.unwrap());
    let came = bench.sign_in("anna", made.secret.expose_secret()).await;
    assert!(matches!(came, SignIn::In(_)));
    bench.accounts.finish().await;
    let list = bench.accounts.list_passwords(&anna()).await.unwrap();
    assert_eq!(list[0].last_used, None);
}

#[tokio::test]
async fn trouble_of_the_store_is_not_a_refusal() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::over(Store::open(dir.path()).await.unwrap());
    bench
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    let made = password(&bench).await;
    bench.store.close().await;
    for secret in [made.secret.expose_secret(), "wrong"] {
        let header = basic("anna", secret);
        let error = bench
            .accounts
            .sign_in(Some(&header), HOME)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Down, "{}", error.chain());
    }
}

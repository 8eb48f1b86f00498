//! App passwords.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::super::fake::{Bench, anna};
use super::super::{By, Client, NewPassword, PageSignIn, SignIn};
use super::sign_in::{password, plain};
use crate::domain::{Access, Clock, Kind, Role, Services, UserName};

#[tokio::test]
async fn a_read_only_password_says_so() {
    let bench = Bench::new().await;
    let new = NewPassword {
        access: Access::Read,
        services: Services::All,
        ..plain("viewer")
    };
    let made = bench
        .accounts
        .add_password(&By::command(), &anna(), new)
        .await
        .unwrap();
    let SignIn::In(caller) = bench.sign_in("anna", made.secret.expose_secret()).await else {
        panic!("refused");
    };
    assert_eq!(caller.access, Access::Read);
}

#[tokio::test]
async fn a_password_ends_when_it_expires_or_is_revoked() {
    let bench = Bench::new().await;
    let new = NewPassword {
        expires: Some(bench.clock.now() + TimeDelta::hours(1)),
        ..plain("guest")
    };
    let guest = bench
        .accounts
        .add_password(&By::command(), &anna(), new.clone())
        .await
        .unwrap();
    let own = password(&bench).await;
    let (guest_secret, own_secret) = (guest.secret.expose_secret(), own.secret.expose_secret());
    assert!(matches!(
        bench.sign_in("anna", guest_secret).await,
        SignIn::In(_)
    ));

    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(bench.sign_in("anna", guest_secret).await, SignIn::Refused);
    let late = bench
        .accounts
        .add_password(&By::command(), &anna(), new)
        .await
        .unwrap_err();
    assert_eq!(late.kind(), Kind::Invalid);

    assert!(matches!(
        bench.sign_in("anna", own_secret).await,
        SignIn::In(_)
    ));
    bench
        .accounts
        .revoke_password(&By::command(), &anna(), own.id)
        .await
        .unwrap();
    assert_eq!(bench.sign_in("anna", own_secret).await, SignIn::Refused);
    let again = bench
        .accounts
        .revoke_password(&By::command(), &anna(), own.id)
        .await;
    assert_eq!(again.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn one_user_cannot_revoke_the_password_of_another() {
    let bench = Bench::new().await;
    let own = password(&bench).await;
    let bert = UserName::parse("bert").unwrap();
    bench
        .accounts
        .add_user(&By::command(), &bert, "", Role::Editor)
        .await
        .unwrap();
    let refused = bench
        .accounts
        .revoke_password(&By::command(), &bert, own.id)
        .await;
    assert_eq!(refused.unwrap_err().kind(), Kind::NotFound);
    let secret = own.secret.expose_secret();
    assert!(matches!(bench.sign_in("anna", secret).await, SignIn::In(_)));
}

#[tokio::test]
async fn a_planted_password_works() {
    let bench = Bench::new().await;
    let demo = SecretString::from("demo");
    let id = bench.accounts.plant_password(&anna(), &demo).await.unwrap();
    // A demonstration started again on the same data plants it again.
    let again = bench.accounts.plant_password(&anna(), &demo).await.unwrap();
    assert_eq!(again, id);
    assert!(matches!(bench.sign_in("anna", "demo").await, SignIn::In(_)));
    assert_eq!(bench.sign_in("anna", "dem").await, SignIn::Refused);
    let empty = bench.accounts.plant_password(&anna(), &" - ".into()).await;
    assert_eq!(empty.unwrap_err().kind(), Kind::Invalid);
    bench
        .accounts
        .plant_page_password(&anna(), &demo)
        .await
        .unwrap();
    let client = Client::new([192, 0, 2, 1].into(), "browser");
    let came = bench
        .accounts
        .sign_in_with_password("anna", &demo, &client)
        .await;
    assert!(matches!(came.unwrap(), PageSignIn::In(_)));
}

#[tokio::test]
async fn names_and_labels_are_checked() {
    let bench = Bench::new().await;
    let taken = bench
        .accounts
        .add_user(&By::command(), &anna(), "Again", Role::Editor)
        .await
        .unwrap_err();
    assert_eq!(taken.kind(), Kind::Invalid);
    let bert = UserName::parse("bert").unwrap();
    let nobody = [
        bench
            .accounts
            .add_password(&By::command(), &bert, plain("x"))
            .await
            .err(),
        bench.accounts.list_passwords(&bert).await.err(),
        bench
            .accounts
            .set_disabled(&By::command(), &bert, true)
            .await
            .err(),
        bench
            .accounts
            .remove_user(&By::command(), &bert)
            .await
            .err(),
        bench.accounts.list_connections(Some(&bert)).await.err(),
    ];
    for error in nobody {
        assert_eq!(error.unwrap().kind(), Kind::NotFound);
    }
    for bad in ["a\nb", &"x".repeat(101)] {
        let user = bench
            .accounts
            .add_user(&By::command(), &bert, bad, Role::Editor)
            .await
            .unwrap_err();
        let label = bench
            .accounts
            .add_password(&By::command(), &anna(), plain(bad))
            .await;
        assert_eq!(
            (user.kind(), label.unwrap_err().kind()),
            (Kind::Invalid, Kind::Invalid)
        );
    }
    bench
        .accounts
        .add_user(&By::command(), &bert, " ", Role::Editor)
        .await
        .unwrap();
    let users = bench.accounts.list_users().await.unwrap();
    let names: Vec<_> = users.iter().map(|user| &*user.display_name).collect();
    assert_eq!(names, ["Anna", "bert"]);
}

#[tokio::test]
async fn last_use_is_noted_hourly() {
    let bench = Bench::new().await;
    let made = password(&bench).await;
    let first = bench.clock.now();
    let mut seen = Vec::new();
    for minutes in [0, 1, 58, 1, 59, 1] {
        bench.clock.advance(Duration::from_secs(60 * minutes));
        bench.sign_in("anna", made.secret.expose_secret()).await;
        bench.accounts.finish().await;
        let list = bench.accounts.list_passwords(&anna()).await.unwrap();
        seen.push((list[0].last_used.unwrap() - first).num_minutes());
    }
    assert_eq!(seen, [0, 0, 0, 60, 60, 120]);
}

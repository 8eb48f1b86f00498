//! Connecting accounts and using them.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use secrecy::{ExposeSecret, SecretString};

use super::super::fake::{Bench, anna};
use super::super::{Accounts, By, ConnectError, RowState, locked};
use crate::domain::{
    Call, Connection, ConnectionState, Connections, Fault, Kind, Role, UserName, Vault,
};
use crate::store::Store;

async fn connect(accounts: &Accounts, token: &str) -> Result<Connection, ConnectError> {
    let token = SecretString::from(token);
    accounts
        .connect(&By::command(), &anna(), "infomaniak", &token)
        .await
}

#[tokio::test]
async fn an_accepted_token_is_kept_and_used() {
    let bench = Bench::new().await;
    let made = connect(&bench.accounts, "  42/abc\n").await.unwrap();
    assert_eq!(*locked(&bench.cloud.probed), ["42/abc"]);
    assert_eq!(
        (&*made.slug, &*made.account.label),
        ("infomaniak", "Account 42")
    );

    let list = bench.accounts.of_user(&anna()).await.unwrap();
    assert_eq!(*list, *std::slice::from_ref(&made));
    let token = bench.accounts.load(made.id).await.unwrap();
    assert_eq!(token.expose_secret(), "42/abc");
    let provider = bench.accounts.provider(&made).await.unwrap();
    provider.ability(&Call::interactive()).await.unwrap();

    let status = bench
        .accounts
        .list_connections(None)
        .await
        .unwrap()
        .remove(0);
    assert_eq!((status.state, status.problem), (RowState::Active, None));
    let scopes: Vec<_> = status
        .scopes
        .iter()
        .map(|row| (&*row.scope, row.missing.as_deref()))
        .collect();
    let expected = [("profile", None), ("calendar", Some("the token lacks it"))];
    assert_eq!(scopes, expected);
}

#[tokio::test]
async fn nothing_is_kept_of_a_refused_token() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::over(Store::open(dir.path()).await.unwrap());
    bench
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    let sentence = |error: ConnectError| error.to_string();
    let unknown = connect(&bench.accounts, "42/unknown").await.unwrap_err();
    assert!(matches!(&unknown, ConnectError::NotAccepted { scope } if scope.0 == "profile"));
    let scopeless = connect(&bench.accounts, "42/scopeless").await.unwrap_err();
    assert!(matches!(&scopeless, ConnectError::ScopeMissing { scope, .. } if scope.0 == "drive"));
    assert!(sentence(scopeless).contains("make a new token with drive, profile"));
    let down = connect(&bench.accounts, "42/down").await.unwrap_err();
    assert!(matches!(&down, ConnectError::Unexpected(error) if error.kind() == Kind::Down));
    for text in [sentence(unknown), sentence(down)] {
        assert!(!text.contains("42/"), "{text}");
    }

    assert_eq!(*bench.accounts.of_user(&anna()).await.unwrap(), []);
    assert_eq!(bench.accounts.list_connections(None).await.unwrap(), []);
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(3).any(|part| part == b"42/"));
    }
}

#[tokio::test]
async fn a_refused_token_leaves_the_one_before() {
    let bench = Bench::new().await;
    let made = connect(&bench.accounts, "42/good").await.unwrap();
    connect(&bench.accounts, "42/scopeless").await.unwrap_err();
    let token = bench.accounts.load(made.id).await.unwrap();
    assert_eq!(token.expose_secret(), "42/good");
}

#[tokio::test]
async fn what_cannot_be_a_token_is_not_sent() {
    let bench = Bench::new().await;
    for text in [
        "",
        " \n",
        "two words",
        "a\r\nHost: b",
        "tökén",
        &"x".repeat(20_000),
    ] {
        let error = connect(&bench.accounts, text).await.unwrap_err();
        assert!(matches!(error, ConnectError::NotAToken), "{error}");
    }
    let token = SecretString::from("42/x");
    let bert = UserName::parse("bert").unwrap();
    let nobody = bench
        .accounts
        .connect(&By::command(), &bert, "infomaniak", &token)
        .await;
    assert!(matches!(nobody, Err(ConnectError::UnknownUser(_))));
    let nowhere = bench
        .accounts
        .connect(&By::command(), &anna(), "nowhere", &token)
        .await;
    let sentence = nowhere.unwrap_err().to_string();
    assert_eq!(
        sentence,
        "there is no provider nowhere; there is: infomaniak"
    );
    assert!(locked(&bench.cloud.probed).is_empty());
}

#[tokio::test]
async fn the_same_account_again_keeps_its_addresses() {
    let bench = Bench::new().await;
    let one = connect(&bench.accounts, "42/first").await.unwrap();
    let two = connect(&bench.accounts, "43/other").await.unwrap();
    assert_eq!((&*one.slug, &*two.slug), ("infomaniak", "infomaniak-2"));

    bench
        .accounts
        .disconnect(&By::command(), &anna(), "infomaniak")
        .await
        .unwrap();
    assert_eq!(
        *bench.accounts.of_user(&anna()).await.unwrap(),
        *std::slice::from_ref(&two)
    );
    let gone = bench.accounts.load(one.id).await.unwrap_err();
    assert_eq!(gone.kind(), Kind::SignedOut);
    let remembered = bench
        .accounts
        .list_connections(Some(&anna()))
        .await
        .unwrap();
    let states: Vec<_> = remembered.iter().map(|status| status.state).collect();
    assert_eq!(states, [RowState::Disconnected, RowState::Active]);

    let revived = connect(&bench.accounts, "42/second").await.unwrap();
    assert_eq!((revived.id, &revived.slug), (one.id, &one.slug));
    assert!(revived.generation > one.generation);
    assert_eq!(
        *bench.accounts.of_user(&anna()).await.unwrap(),
        [revived, two]
    );
}

#[tokio::test]
async fn users_do_not_share_connections() {
    let bench = Bench::new().await;
    let bert = UserName::parse("bert").unwrap();
    bench
        .accounts
        .add_user(&By::command(), &bert, "", Role::Editor)
        .await
        .unwrap();
    let hers = connect(&bench.accounts, "42/hers").await.unwrap();
    let token = SecretString::from("42/his");
    let his = bench
        .accounts
        .connect(&By::command(), &bert, "infomaniak", &token)
        .await
        .unwrap();
    assert_ne!(hers.id, his.id);
    assert_eq!(*bench.accounts.of_user(&bert).await.unwrap(), [his]);
    let foreign = bench
        .accounts
        .disconnect(&By::command(), &bert, "infomaniak-2")
        .await;
    assert_eq!(foreign.unwrap_err().kind(), Kind::NotFound);
    // Both call theirs the same.
    bench
        .accounts
        .request_refresh(&bert, "infomaniak")
        .await
        .unwrap();
    bench
        .accounts
        .disconnect(&By::command(), &bert, "infomaniak")
        .await
        .unwrap();
    assert!(bench.accounts.of_user(&bert).await.unwrap().is_empty());
    assert_eq!(*bench.accounts.of_user(&anna()).await.unwrap(), [hers]);
}

#[tokio::test]
async fn a_provider_stays_open_until_its_token_is_replaced() {
    let bench = Bench::new().await;
    let opened = || bench.cloud.opened.load(Ordering::Relaxed);
    let first = connect(&bench.accounts, "42/first").await.unwrap();
    let one = bench.accounts.provider(&first).await.unwrap();
    let same = bench.accounts.provider(&first).await.unwrap();
    assert!(Arc::ptr_eq(&one, &same) && opened() == 1);

    let (old, new) = (
        SecretString::from("42/first"),
        SecretString::from("42/rotated"),
    );
    bench.accounts.replace(first.id, &old, &new).await.unwrap();
    let rotated = bench.accounts.of_user(&anna()).await.unwrap()[0].clone();
    bench.accounts.provider(&rotated).await.unwrap();
    assert_eq!(opened(), 1, "a renewed sign-in is the same one");
    let late = bench.accounts.replace(first.id, &old, &new).await;
    assert_eq!(late.unwrap_err().kind(), Kind::Changed);

    let second = connect(&bench.accounts, "42/second").await.unwrap();
    let other = bench.accounts.provider(&second).await.unwrap();
    assert!(!Arc::ptr_eq(&one, &other) && opened() == 2);
    // A request that began before goes on with the newer one.
    let late = bench.accounts.provider(&first).await.unwrap();
    assert!(Arc::ptr_eq(&other, &late));

    bench
        .accounts
        .request_refresh(&anna(), "infomaniak")
        .await
        .unwrap();
    let asked = bench.accounts.of_user(&anna()).await.unwrap()[0].clone();
    assert!(asked.generation > second.generation);
    bench.accounts.provider(&asked).await.unwrap();
    assert_eq!(opened(), 3);

    bench
        .accounts
        .disconnect(&By::command(), &anna(), "infomaniak")
        .await
        .unwrap();
    bench.accounts.of_user(&anna()).await.unwrap();
    assert!(
        locked(&bench.accounts.opened).is_empty(),
        "nothing stays in memory"
    );
}

#[tokio::test]
async fn a_state_is_noted_for_the_token_it_was_seen_with() {
    let bench = Bench::new().await;
    let first = connect(&bench.accounts, "42/first").await.unwrap();
    let note = async |connection: &Connection, state| {
        bench.accounts.note_state(connection, state).await.unwrap();
        bench.accounts.of_user(&anna()).await.unwrap()[0].clone()
    };
    let out = note(&first, ConnectionState::SignedOut).await;
    assert_eq!(out.state, ConnectionState::SignedOut);
    assert_eq!(out.generation, first.generation);
    let status = bench
        .accounts
        .list_connections(None)
        .await
        .unwrap()
        .remove(0);
    assert!(
        status
            .problem
            .unwrap()
            .contains("connect the account again")
    );
    let back = note(&out, ConnectionState::Active).await;
    assert_eq!(back.state, ConnectionState::Active);

    // Connected anew: what was seen with the token before no longer counts.
    note(&first, ConnectionState::SignedOut).await;
    let second = connect(&bench.accounts, "42/second").await.unwrap();
    assert_eq!(second.state, ConnectionState::Active);
    let late = note(&first, ConnectionState::SignedOut).await;
    assert_eq!(late.state, ConnectionState::Active);
}

#[tokio::test]
async fn a_provider_that_the_program_lacks_is_no_lost_account() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::over(Store::open(dir.path()).await.unwrap());
    bench
        .accounts
        .add_user(&By::command(), &anna(), "Anna", Role::Editor)
        .await
        .unwrap();
    connect(&bench.accounts, "42/first").await.unwrap();
    let store = Arc::new(Store::open(dir.path()).await.unwrap());
    let without = Accounts::new(store, Vec::new(), bench.clock.clone());
    let list = without.of_user(&anna()).await.unwrap();
    assert_eq!(list[0].provider.0, "infomaniak");
    let error = without.provider(&list[0]).await.err().unwrap();
    assert_eq!((error.kind(), error.fault()), (Kind::Down, Fault::Bridge));
}

//! Users whom an identity provider names.

use super::super::fake::{Bench, anna};
use super::super::{Action, PageSignIn, PasswordChange, Settings, Subject};
use super::humans::{PASSWORD, bert, browser, command, empty, secret};
use crate::domain::{Kind, Role, UserName};
use crate::store::Store;

const SUBJECT: Subject<'_> = Subject {
    issuer: "https://id.example",
    subject: "1",
    wish: "anna",
    display_name: None,
    email: None,
    role: Role::Editor,
    keeps_role: false,
};

#[tokio::test]
async fn a_user_of_the_provider_has_no_way_around_it() {
    for (own_passwords, free) in [(false, false), (true, true)] {
        let settings = Settings {
            own_passwords,
            ..Settings::default()
        };
        let bench = Bench::with(Store::in_memory().await.unwrap(), settings);
        let client = browser();
        let found = bench.accounts.find_or_create_by_subject(SUBJECT, &client);
        let user = found.await.unwrap().name;
        let own = bench.accounts.open_session(&user, &client).await.unwrap();
        let set = bench.set(&own, None, "another password").await;
        match set {
            Ok(PasswordChange::Done) if free => {}
            Err(error) if !free => {
                assert_eq!(error.kind(), Kind::Forbidden);
                assert!(error.message().contains("identity provider"), "{error}");
                continue;
            }
            other => panic!("{other:?}"),
        }
        bench.come("anna", "another password").await;
        let (by, accounts) = (command(), &bench.accounts);
        let (issuer, subject) = (SUBJECT.issuer, SUBJECT.subject);
        let out = bench
            .store
            .shut_out(issuer, subject, "no role", accounts.trace(&by));
        out.await.unwrap();
        let came = bench.page("anna", "another password").await;
        assert!(matches!(came, PageSignIn::Refused));
    }
}

#[tokio::test]
async fn who_an_identity_provider_names_is_found_again() {
    let bench = empty().await;
    let subject = Subject {
        wish: "Anna.M",
        display_name: Some("Anna\nM"),
        email: Some("anna@example.org"),
        role: Role::Admin,
        ..SUBJECT
    };
    let find = async |subject| {
        bench
            .accounts
            .find_or_create_by_subject(subject, &browser())
            .await
            .unwrap()
    };
    let made = find(subject).await;
    assert_eq!(made.name.as_str(), "anna.m");
    assert_eq!(
        made.display_name, "anna.m",
        "what is not one line is not taken"
    );
    assert!(bench.accounts.owner_link().await.unwrap().is_none());
    // the provider says who is an administrator, even where none is left
    let demoted = Subject {
        role: Role::Viewer,
        ..subject
    };
    let found = find(demoted).await;
    assert_eq!((found.name, found.role), (made.name, Role::Viewer));
    let expected = [Action::UserAdded, Action::RoleChanged].map(|action| action.as_str());
    assert_eq!(bench.actions().await, expected);
}

#[tokio::test]
async fn the_owner_is_nobody_who_came_by_an_identity_provider() {
    let bench = empty().await;
    let link = bench.accounts.owner_link().await.unwrap().unwrap();
    let client = browser();
    let came = bench.accounts.find_or_create_by_subject(SUBJECT, &client);
    assert_eq!(came.await.unwrap().name, anna());
    let claim = |name: UserName| {
        let (accounts, link) = (bench.accounts.clone(), &link);
        async move {
            let password = secret(PASSWORD);
            accounts
                .claim_owner(link, &name, "Owner", &password, &browser())
                .await
        }
    };
    let refused = claim(anna()).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Invalid);
    let users = bench.accounts.list_users().await.unwrap();
    assert_eq!(users[0].role, Role::Editor);
    // the link was not used up
    assert!(claim(bert()).await.is_ok());
}

//! Sign-in on the page, sessions, links, roles.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::super::fake::{Bench, HOME, anna, basic};
use super::super::{
    Action, By, Client, Invite, NewPassword, NewSession, PageSignIn, Session, Settings, SignIn,
    Subject,
};
use crate::domain::{Access, Clock, Kind, Role, Services, UserName};
use crate::store::Store;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const PASSWORD: &str = "correct horse battery";

fn browser() -> Client {
    Client::new(HOME, "Browser 1.0\r\nX: y")
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn command() -> By {
    By::command()
}

fn bert() -> UserName {
    UserName::parse("bert").unwrap()
}

async fn empty() -> Bench {
    Bench::over(Store::in_memory().await.unwrap())
}

/// With the owner `anna`, signed in.
async fn owned() -> (Bench, NewSession) {
    let bench = empty().await;
    let link = bench.accounts.owner_link().await.unwrap().unwrap();
    let made = bench
        .accounts
        .claim_owner(&link, &anna(), "Anna", &secret(PASSWORD), &browser())
        .await;
    (bench, made.unwrap())
}

impl Bench {
    async fn page(&self, name: &str, password: &str) -> PageSignIn {
        let came = self
            .accounts
            .sign_in_with_password(name, &secret(password), &browser())
            .await;
        came.unwrap()
    }

    async fn come(&self, name: &str, password: &str) -> NewSession {
        match self.page(name, password).await {
            PageSignIn::In(session) => session,
            other => panic!("{other:?}"),
        }
    }

    async fn session(&self, opened: &NewSession) -> Option<Session> {
        let client = browser();
        self.accounts
            .session(&opened.cookie, &client)
            .await
            .unwrap()
    }

    async fn app_password(&self, user: &UserName, services: Services) -> SecretString {
        let new = NewPassword {
            label: "telephone".to_owned(),
            access: Access::ReadWrite,
            services,
            expires: None,
        };
        let made = self.accounts.add_password(&command(), user, new).await;
        made.unwrap().secret
    }

    async fn add(&self, user: &UserName, role: Role) {
        let added = self.accounts.add_user(&command(), user, "", role).await;
        added.unwrap();
    }

    async fn actions(&self) -> Vec<String> {
        self.accounts.finish().await;
        let lines = self.accounts.list_audit(None, 100).await.unwrap();
        lines.into_iter().rev().map(|line| line.action).collect()
    }
}

#[tokio::test]
async fn the_owner_is_made_once() {
    let bench = empty().await;
    let accounts = &bench.accounts;
    let first = accounts.owner_link().await.unwrap().unwrap();
    let link = accounts.owner_link().await.unwrap().unwrap();
    assert_eq!(accounts.invite(&first).await.unwrap(), None, "replaced");
    assert_eq!(accounts.invite(&link).await.unwrap(), Some(Invite::Owner));
    let claim = async |link: &SecretString, password: &str| {
        accounts
            .claim_owner(link, &anna(), "Anna", &secret(password), &browser())
            .await
    };
    // a bad password costs no link
    assert_eq!(
        claim(&link, "short").await.unwrap_err().kind(),
        Kind::Invalid
    );
    let opened = claim(&link, PASSWORD).await.unwrap();
    let session = bench.session(&opened).await.unwrap();
    assert_eq!(session.user.role, Role::Admin);
    assert_eq!(
        claim(&link, PASSWORD).await.unwrap_err().kind(),
        Kind::NotFound
    );
    assert!(accounts.owner_link().await.unwrap().is_none());

    let late = empty().await;
    let link = late.accounts.owner_link().await.unwrap().unwrap();
    late.clock.advance(DAY);
    let claimed = late
        .accounts
        .claim_owner(&link, &anna(), "", &secret(PASSWORD), &browser())
        .await;
    assert_eq!(claimed.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn an_editor_of_before_becomes_the_owner_with_all_that_is_theirs() {
    let bench = empty().await;
    bench.add(&anna(), Role::Editor).await;
    let app = bench.app_password(&anna(), Services::All).await;
    let link = bench.accounts.owner_link().await.unwrap().unwrap();
    bench
        .accounts
        .claim_owner(&link, &anna(), "Anna", &secret(PASSWORD), &browser())
        .await
        .unwrap();
    let user = bench.accounts.user(&anna()).await.unwrap().unwrap();
    assert_eq!(user.role, Role::Admin);
    let came = bench.sign_in("anna", app.expose_secret()).await;
    assert!(matches!(came, SignIn::In(_)));
}

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
    bench.accounts.sign_out(&one.cookie).await.unwrap();
    bench.accounts.sign_out(&one.cookie).await.unwrap();
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
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (bench, other) = owned().await;
    let own = bench.come("anna", PASSWORD).await;
    let set = async |old: Option<&str>, new: &str| {
        let old = old.map(secret);
        let by = By::page(&anna(), &browser());
        bench
            .accounts
            .set_password(&by, &anna(), old.as_ref(), &secret(new), Some(own.id))
            .await
            .map_err(|error| error.kind())
    };
    assert_eq!(set(None, "another password").await, Err(Kind::Forbidden));
    assert_eq!(
        set(Some("x"), "another password").await,
        Err(Kind::Forbidden)
    );
    assert_eq!(set(Some(PASSWORD), "short").await, Err(Kind::Invalid));
    assert!(bench.session(&other).await.is_some());
    set(Some(PASSWORD), "another password").await.unwrap();
    assert!(bench.session(&other).await.is_none());
    assert!(bench.session(&own).await.is_some());
    assert!(matches!(
        bench.page("anna", PASSWORD).await,
        PageSignIn::Refused
    ));
    bench.come("anna", "another password").await;
}

#[tokio::test]
async fn an_invited_user_sets_a_password_once() {
    let (bench, _) = owned().await;
    bench.add(&bert(), Role::Viewer).await;
    let invite = async || {
        let link = bench.accounts.invite_user(&command(), &bert()).await;
        link.unwrap()
    };
    let accept = async |link: &SecretString| {
        bench
            .accounts
            .accept_invite(link, &secret("password of bert"), &browser())
            .await
            .map_err(|error| error.kind())
    };
    let (first, link) = (invite().await, invite().await);
    assert_eq!(accept(&first).await.err(), Some(Kind::NotFound), "replaced");
    let opened = accept(&link).await.unwrap();
    assert_eq!(bench.session(&opened).await.unwrap().user.name, bert());
    assert_eq!(accept(&link).await.err(), Some(Kind::NotFound), "used");
    let late = invite().await;
    bench.clock.advance(7 * DAY);
    assert_eq!(accept(&late).await.err(), Some(Kind::NotFound), "over");
    let ended = invite().await;
    bench
        .accounts
        .set_disabled(&command(), &bert(), true)
        .await
        .unwrap();
    assert_eq!(accept(&ended).await.err(), Some(Kind::NotFound), "disabled");
    let refused = bench.accounts.invite_user(&command(), &bert()).await;
    assert_eq!(refused.unwrap_err().kind(), Kind::Forbidden);
}

#[tokio::test]
async fn disabling_ends_everything_at_once() {
    let (bench, _) = owned().await;
    bench.add(&bert(), Role::Editor).await;
    let link = bench
        .accounts
        .invite_user(&command(), &bert())
        .await
        .unwrap();
    let password = secret("password of bert");
    let opened = bench
        .accounts
        .accept_invite(&link, &password, &browser())
        .await
        .unwrap();
    let app = bench.app_password(&bert(), Services::All).await;
    let comes_in = async || {
        let app = bench.sign_in("bert", app.expose_secret()).await;
        let page = bench.page("bert", "password of bert").await;
        (
            matches!(app, SignIn::In(_)),
            matches!(page, PageSignIn::In(_)),
        )
    };
    assert_eq!(comes_in().await, (true, true));
    let set = async |disabled| {
        bench
            .accounts
            .set_disabled(&command(), &bert(), disabled)
            .await
            .unwrap();
    };
    set(true).await;
    assert!(bench.session(&opened).await.is_none());
    assert_eq!(comes_in().await, (false, false));
    let opening = bench.accounts.open_session(&bert(), &browser()).await;
    assert_eq!(opening.unwrap_err().kind(), Kind::Forbidden);
    // let in again, old sessions stay ended
    set(false).await;
    assert!(bench.session(&opened).await.is_none());
    assert_eq!(comes_in().await, (true, true));
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_on() {
    let (bench, _) = owned().await;
    bench.add(&bert(), Role::Editor).await;
    let opened = bench.accounts.open_session(&bert(), &browser()).await;
    let opened = opened.unwrap();
    let app = bench.app_password(&bert(), Services::Calendars).await;
    for (role, access) in [
        (Role::Viewer, Access::Read),
        (Role::Admin, Access::ReadWrite),
        (Role::Editor, Access::ReadWrite),
    ] {
        let set = bench.accounts.set_role(&command(), &bert(), role).await;
        set.unwrap();
        assert_eq!(bench.session(&opened).await.unwrap().user.role, role);
        let SignIn::In(caller) = bench.sign_in("bert", app.expose_secret()).await else {
            panic!("{role:?}");
        };
        assert_eq!(
            (caller.access, caller.services),
            (access, Services::Calendars)
        );
    }
}

#[tokio::test]
async fn app_passwords_rest_where_their_user_stays_away() {
    let settings = Settings {
        sign_in_within: Some(30 * DAY),
        ..Settings::default()
    };
    let bench = Bench::with(Store::in_memory().await.unwrap(), settings);
    bench.add(&bert(), Role::Editor).await;
    let app = bench.app_password(&bert(), Services::All).await;
    let comes_in = async || {
        let came = bench.sign_in("bert", app.expose_secret()).await;
        matches!(came, SignIn::In(_))
    };
    bench.clock.advance(30 * DAY);
    assert!(comes_in().await, "counted from when the user was added");
    bench.clock.advance(DAY);
    assert!(!comes_in().await);
    bench
        .accounts
        .open_session(&bert(), &browser())
        .await
        .unwrap();
    assert!(comes_in().await);
}

#[tokio::test]
async fn use_is_noted_hourly_and_the_first_one_in_the_log() {
    let bench = Bench::new().await;
    let app = bench.app_password(&anna(), Services::All).await;
    let used = async || {
        assert!(matches!(
            bench.sign_in("anna", app.expose_secret()).await,
            SignIn::In(_)
        ));
        bench.accounts.finish().await;
        let list = bench.accounts.list_passwords(&anna()).await.unwrap();
        list[0].last_used
    };
    let first = bench.clock.now();
    assert_eq!(used().await, Some(first));
    bench.clock.advance(Duration::from_secs(59 * 60));
    assert_eq!(used().await, Some(first));
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(used().await, Some(bench.clock.now()));
    let actions = bench.actions().await;
    let firsts = actions
        .iter()
        .filter(|action| *action == Action::PasswordFirstUsed.as_str());
    assert_eq!(firsts.count(), 1, "{actions:?}");
}

#[tokio::test]
async fn the_log_knows_what_was_done_and_no_secret() {
    let (bench, opened) = owned().await;
    let accounts = &bench.accounts;
    let by = By::page(&anna(), &browser());
    let token = secret("42/zqx-token");
    bench.add(&bert(), Role::Editor).await;
    accounts.set_role(&by, &bert(), Role::Viewer).await.unwrap();
    let link = accounts.invite_user(&by, &bert()).await.unwrap();
    let connect = accounts.connect(&by, &anna(), "infomaniak", &token).await;
    connect.unwrap();
    let again = accounts.connect(&by, &anna(), "infomaniak", &token).await;
    again.unwrap();
    accounts
        .rename(&by, &anna(), "infomaniak", "Work")
        .await
        .unwrap();
    let app = bench.app_password(&anna(), Services::All).await;
    bench.sign_in("anna", app.expose_secret()).await;
    // people type passwords where the name belongs
    bench.page("zqx-typed", "zqx-guess").await;
    bench.page("anna", "zqx-guess").await;
    bench.page("anna", "zqx-guess").await;
    let id = accounts.list_passwords(&anna()).await.unwrap()[0].id;
    accounts.revoke_password(&by, &anna(), id).await.unwrap();
    accounts
        .disconnect(&by, &anna(), "infomaniak")
        .await
        .unwrap();
    accounts
        .revoke_session(&by, &anna(), opened.id)
        .await
        .unwrap();
    accounts.set_disabled(&by, &bert(), true).await.unwrap();
    accounts.remove_user(&by, &bert()).await.unwrap();

    let mut actions = bench.actions().await;
    let mut expected = [
        Action::UserAdded,
        Action::SignedIn,
        Action::UserAdded,
        Action::RoleChanged,
        Action::Invited,
        Action::Connected,
        Action::Reconnected,
        Action::Renamed,
        Action::PasswordMade,
        Action::PasswordFirstUsed,
        Action::SignInRefused,
        Action::SignInRefused,
        Action::PasswordRevoked,
        Action::Disconnected,
        Action::SessionRevoked,
        Action::UserDisabled,
        Action::UserRemoved,
    ]
    .map(|action| action.as_str().to_owned());
    // some are written in the background
    actions.sort();
    expected.sort();
    assert_eq!(actions, expected);

    let lines = accounts.list_audit(None, 100).await.unwrap();
    let text = format!("{lines:?}");
    for hidden in [
        "zqx-",
        PASSWORD,
        link.expose_secret(),
        app.expose_secret(),
        opened.cookie.expose_secret(),
    ] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    assert!(text.contains("192.0.2.1 Browser 1.0X: y"), "{text}");
    let (newer, older) = (
        accounts.list_audit(None, 5).await.unwrap(),
        accounts.list_audit(Some(lines[4].id), 100).await.unwrap(),
    );
    assert_eq!([newer, older].concat(), lines);
}

#[tokio::test]
async fn refusals_cannot_fill_the_log() {
    let (bench, _) = owned().await;
    for number in 0..200_u8 {
        let header = basic("anna", "guess");
        let peer = [198, 51, 100, number].into();
        bench.accounts.sign_in(Some(&header), peer).await.unwrap();
    }
    let actions = bench.actions().await;
    let refused = |action: &&String| *action == Action::SignInRefused.as_str();
    assert_eq!(actions.iter().filter(refused).count(), 60);
}

#[tokio::test]
async fn who_an_identity_provider_names_is_found_again() {
    let bench = empty().await;
    let subject = Subject {
        issuer: "https://id.example",
        subject: "1",
        wish: "Anna.M",
        display_name: Some("Anna\nM"),
        email: Some("anna@example.org"),
        role: Role::Admin,
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
    let subject = Subject {
        issuer: "https://id.example",
        subject: "1",
        wish: "anna",
        display_name: None,
        email: None,
        role: Role::Editor,
    };
    let client = browser();
    let came = bench.accounts.find_or_create_by_subject(subject, &client);
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

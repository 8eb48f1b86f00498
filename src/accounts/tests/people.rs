//! Links, users and their roles.

use secrecy::{ExposeSecret, SecretString};

use super::super::fake::{Bench, anna};
use super::super::{Invite, PageSignIn, Settings, SignIn};
use super::humans::{DAY, PASSWORD, bert, browser, command, empty, owned, secret};
use crate::domain::{Access, Kind, Role, Services};
use crate::store::Store;

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

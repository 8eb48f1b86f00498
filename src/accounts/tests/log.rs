//! What is noted, for whom.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::super::fake::{Bench, anna, basic};
use super::super::{Action, AuditLine, By, SignIn};
use super::humans::{PASSWORD, bert, browser, owned, secret};
use crate::domain::{Clock, Role, Services};

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
    let lines = bench.accounts.list_audit(None, 10).await.unwrap();
    let used = |line: &&AuditLine| line.action == Action::PasswordFirstUsed.as_str();
    let used = lines.iter().find(used).unwrap();
    let list = bench.accounts.list_passwords(&anna()).await.unwrap();
    let about = format!("{} {}", list[0].id, list[0].label);
    assert_eq!(used.object, about.trim_end());
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

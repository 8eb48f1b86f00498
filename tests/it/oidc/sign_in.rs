//! The code flow: who comes in, as whom, and who does not.

use std::time::Duration;

use davbridge::accounts::{By, Client, NewPassword, OidcError, RoleRules, SignIn, TokenFault};
use davbridge::domain::{Access, Kind, Role, Services, UserName};
use secrecy::ExposeSecret;
use serde_json::json;

use super::rig::{BACK, HOME, Rig};
use crate::support::consent::parameter;
use crate::support::issuer::{CLIENT, person};

#[tokio::test]
async fn a_person_comes_in_and_is_found_again() {
    let rig = Rig::new().await;
    let page = rig.begin("b").await.unwrap();
    assert!(page.starts_with(&format!("{}/authorize?", rig.issuer.name)));
    for (name, value) in [
        ("client_id", CLIENT),
        ("redirect_uri", BACK),
        ("scope", "openid profile email"),
    ] {
        assert_eq!(parameter(&page, name).as_deref(), Some(value));
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(parameter(&page, name).unwrap().len(), 43, "{name}");
    }
    let back = rig.go("b").await;
    let signed_in = rig.finish("b", &back).await.unwrap();
    assert_eq!(signed_in.back, "/devices");
    let client = Client::new(HOME, "a browser");
    let session = rig
        .accounts
        .session(&signed_in.session.cookie, &client)
        .await;
    let user = session.unwrap().unwrap().user;
    assert_eq!(
        (user.name.as_str(), &*user.display_name),
        ("anna", "The anna")
    );
    assert_eq!(
        (user.role, user.email.as_deref()),
        (Role::Editor, Some("anna@example.org"))
    );
    assert_eq!(
        user.subject,
        Some((rig.issuer.name.clone(), "1".to_owned()))
    );

    // name, e-mail and groups may change: the subject is who it is
    let other = person("1", "anna.married", &["/admins"]);
    let again = rig.sign_in_as(other).await.unwrap();
    assert_eq!((again.name.as_str(), again.role), ("anna", Role::Admin));
    assert_eq!(again.email.as_deref(), Some("anna.married@example.org"));
    assert_eq!(rig.accounts.list_users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn names_follow_the_rules_and_nobody_gets_anothers() {
    let rig = Rig::new().await;
    let local = UserName::parse("anna").unwrap();
    let added = rig
        .accounts
        .add_user(&By::command(), &local, "", Role::Admin)
        .await;
    added.unwrap();
    for (subject, wish, name) in [
        ("1", "anna", "anna-2"),
        ("2", "Anna", "anna-3"),
        ("3", "Anna.Müller@example.org", "anna.muller"),
        ("4", "日本", "user"),
        ("5", "../admin", "admin"),
    ] {
        let user = rig
            .sign_in_as(person(subject, wish, &["/consultants"]))
            .await
            .unwrap();
        assert_eq!(
            (user.name.as_str(), user.role),
            (name, Role::Viewer),
            "{wish}"
        );
    }
    let local = rig.user("anna").await;
    assert_eq!((local.role, local.subject), (Role::Admin, None));
}

#[tokio::test]
async fn roles_are_read_at_every_sign_in() {
    let rig = Rig::new().await;
    for (groups, role) in [
        (&["/consultants"][..], Some(Role::Viewer)),
        (&["/consultants", "/admins"], Some(Role::Admin)),
        (&["/equipe-terrain", "/x"], Some(Role::Editor)),
        (&["/x"], None),
        (&[], None),
    ] {
        match (rig.sign_in_as(person("1", "anna", groups)).await, role) {
            (Ok(user), Some(role)) => assert_eq!(user.role, role),
            (Err(OidcError::NoRole), None) => {}
            (other, _) => panic!("{groups:?}: {other:?}"),
        }
    }
    assert_eq!(rig.user("anna").await.role, Role::Editor);
    let stranger = rig.sign_in_as(person("2", "bert", &["/x"])).await;
    assert!(matches!(stranger, Err(OidcError::NoRole)));
    assert_eq!(rig.accounts.list_users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_claim_the_administrator_decides_after_the_first_time() {
    let rig = Rig::with(|settings| {
        settings.roles = RoleRules {
            default: Some(Role::Viewer),
            ..RoleRules::default()
        };
    })
    .await;
    let anna = rig
        .sign_in_as(person("1", "anna", &["/admins"]))
        .await
        .unwrap();
    assert_eq!(anna.role, Role::Viewer);
    let set = rig
        .accounts
        .set_role(&By::command(), &anna.name, Role::Editor)
        .await;
    set.unwrap();
    let anna = rig.sign_in_as(person("1", "anna", &[])).await.unwrap();
    assert_eq!(anna.role, Role::Editor);
}

#[tokio::test]
async fn nested_claims_and_the_userinfo_endpoint_give_roles() {
    let rig =
        Rig::with(|settings| settings.roles.claim = Some("realm_access.roles".to_owned())).await;
    rig.issuer.knobs().in_token = false;
    let mut anna = person("1", "anna", &[]);
    anna["realm_access"] = json!({ "roles": ["offline_access", "/admins"] });
    let user = rig.sign_in_as(anna).await.unwrap();
    assert_eq!((user.name.as_str(), user.role), ("anna", Role::Admin));
    assert_eq!(rig.issuer.hits("/userinfo"), 1);
    // somebody else's answer
    rig.issuer.knobs().userinfo_over = json!({ "sub": "2" });
    let error = rig.sign_in().await.unwrap_err();
    assert!(
        matches!(error, OidcError::BadToken(TokenFault::Subject)),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_is_good_once_in_its_browser_and_in_time() {
    let rig = Rig::new().await;
    let back = rig.go("b").await;
    let stale = |outcome: Result<_, OidcError>| matches!(outcome, Err(OidcError::Stale));
    assert!(stale(rig.finish("another browser", &back).await));
    rig.finish("b", &back).await.unwrap();
    assert!(stale(rig.finish("b", &back).await), "replayed");

    let late = rig.go("b").await;
    rig.clock.forward(Duration::from_secs(601));
    assert!(stale(rig.finish("b", &late).await), "late");
    for nonsense in ["", "code=c", "state=s&code=c", "hello"] {
        assert!(stale(rig.finish("b", nonsense).await), "{nonsense}");
    }
}

/// Somebody's code in another sign-in, by whoever can put it there.
#[tokio::test]
async fn an_injected_code_signs_nobody_in() {
    let rig = Rig::new().await;
    let inject = |into: &str, from: &str| {
        let code = |back: &str| parameter(back, "code").unwrap();
        into.replace(&code(into), &code(from))
    };
    let (mine, theirs) = (rig.go("mine").await, rig.go("theirs").await);
    let error = rig
        .finish("mine", &inject(&mine, &theirs))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, OidcError::NotAccepted { code } if code == "invalid_grant"),
        "{error}"
    );

    // a provider that compares no verifiers: the nonce tells
    rig.issuer.knobs().pkce = false;
    let (mine, theirs) = (rig.go("mine").await, rig.go("theirs").await);
    let error = rig
        .finish("mine", &inject(&mine, &theirs))
        .await
        .unwrap_err();
    assert!(
        matches!(error, OidcError::BadToken(TokenFault::Nonce)),
        "{error}"
    );
    assert!(rig.accounts.list_users().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_not_sent_to_this_one() {
    let rig = Rig::new().await;
    let calls = rig.issuer.hits("/token");
    for named in [Some("http://evil.example"), None] {
        rig.issuer.knobs().named = named.map(str::to_owned);
        let error = rig.sign_in().await.unwrap_err();
        assert!(
            matches!(error, OidcError::BadToken(TokenFault::Issuer)),
            "{error}"
        );
    }
    assert_eq!(rig.issuer.hits("/token"), calls);
}

#[tokio::test]
async fn what_the_page_says_is_told() {
    let rig = Rig::new().await;
    for (error, expected) in [
        ("access_denied", "the identity provider did not let you in"),
        (
            "server_error",
            "the identity provider's page failed (server_error); try again",
        ),
    ] {
        let page = rig.begin("b").await.unwrap();
        let state = parameter(&page, "state").unwrap();
        let back = format!("{BACK}?error={error}&state={state}&iss={}", rig.issuer.name);
        assert_eq!(
            rig.finish("b", &back).await.unwrap_err().to_string(),
            expected
        );
    }
}

#[tokio::test]
async fn a_disabled_user_stays_out() {
    let rig = Rig::new().await;
    rig.sign_in().await.unwrap();
    let anna = UserName::parse("anna").unwrap();
    rig.accounts
        .set_disabled(&By::command(), &anna, true)
        .await
        .unwrap();
    let error = rig.sign_in().await.unwrap_err();
    assert!(matches!(error, OidcError::Disabled(user) if user == anna));
}

#[tokio::test]
async fn who_has_no_role_any_more_is_out_at_once_until_there_is_one() {
    let rig = Rig::new().await;
    let groups = async |groups: &[&str]| {
        rig.issuer.knobs().person = person("1", "anna", groups);
        rig.sign_in().await
    };
    let session = groups(&["/equipe-terrain"]).await.unwrap();
    let (anna, client) = (session.user.clone(), Client::new(HOME, "a browser"));
    let token = rig.issuer.access(&rig.issuer.access_claims("1"));
    let new = NewPassword {
        label: "telephone".to_owned(),
        access: Access::ReadWrite,
        services: Services::All,
        expires: None,
    };
    let app = rig.accounts.add_password(&By::command(), &anna, new).await;
    let app = app.unwrap().secret;
    let ways = async || {
        let app = rig.basic("anna", app.expose_secret()).await.unwrap();
        let bearer = rig.bearer(&token).await.unwrap();
        let session = rig.accounts.session(&session.cookie, &client).await;
        (
            matches!(app, SignIn::In(_)),
            matches!(bearer, SignIn::In(_)),
            session.unwrap().is_some(),
        )
    };
    assert_eq!(ways().await, (true, true, true));
    let refused = groups(&["/x"]).await;
    assert!(matches!(refused, Err(OidcError::NoRole)));
    assert_eq!(ways().await, (false, false, false));
    assert!(rig.user("anna").await.disabled);
    let lines = rig.accounts.list_audit(None, 100).await.unwrap();
    let why = lines.iter().find(|line| line.action == "user disabled");
    let why = why.unwrap();
    assert_eq!(why.object, "the identity provider grants no role");
    assert_eq!((&why.user, &why.actor), (&Some(anna.clone()), &None));
    // with a role again; the old session stays ended
    groups(&["/consultants"]).await.unwrap();
    assert_eq!(ways().await, (true, true, false));
    assert_eq!(rig.user("anna").await.role, Role::Viewer);
    // an administrator's word stays
    let set = rig.accounts.set_disabled(&By::command(), &anna, true).await;
    set.unwrap();
    let refused = groups(&["/x"]).await;
    assert!(matches!(refused, Err(OidcError::NoRole)));
    let refused = groups(&["/consultants"]).await;
    assert!(matches!(refused, Err(OidcError::Disabled(_))));
}

#[tokio::test]
async fn an_outage_ends_no_session_and_is_told() {
    let rig = Rig::new().await;
    let session = rig.sign_in().await.unwrap();
    let back = rig.go("b").await;
    rig.issuer.knobs().down = true;
    // the document is known: the page is the provider's to show
    assert!(rig.begin("c").await.is_ok());
    let error = rig.finish("b", &back).await.unwrap_err();
    assert!(
        matches!(&error, OidcError::Unexpected(error) if error.kind() == Kind::Down),
        "{error}"
    );
    rig.clock.forward(Duration::from_secs(5 * 3600));
    assert!(rig.begin("c").await.is_ok());
    let client = Client::new(HOME, "a browser");
    let known = rig
        .accounts
        .session(&session.cookie, &client)
        .await
        .unwrap();
    assert_eq!(known.unwrap().user.name.as_str(), "anna");
}

#[tokio::test]
async fn strangers_cannot_fill_the_store() {
    let rig = Rig::new().await;
    let first = rig.go("first").await;
    for _ in 0..4096 {
        rig.begin("stranger").await.unwrap();
    }
    let outcome = rig.finish("first", &first).await;
    assert!(matches!(outcome, Err(OidcError::Stale)));
    assert!(rig.sign_in().await.is_ok());
}

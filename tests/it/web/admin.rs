//! Pages of administrators.

use super::rig::{PASSWORD, rig, sign_in};

#[tokio::test]
async fn roles_are_changed_and_hold_at_once() {
    let rig = rig().await;
    let mut bert = rig.invite("bert", "editor").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/users").await;
    let page = anna.go(&page, "/bert/role", &[("role", "admin")]).await;
    assert_eq!(page.status(), 200, "{}", page.body());
    assert_eq!(bert.get("/admin/users").await.status(), 200);
    anna.go(&page, "/bert/role", &[("role", "viewer")]).await;
    assert_eq!(bert.get("/admin/users").await.status(), 403);
}

#[tokio::test]
async fn nobody_locks_themselves_out_by_a_slip() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/users").await;
    page.lacks("/admin/users/anna/");
    let csrf = page.form("/admin/users").fields[0].1.clone();
    for action in ["role", "disable", "remove"] {
        let form = format!("csrf={csrf}&role=viewer");
        let place = format!("/admin/users/anna/{action}");
        let page = anna.send("POST", &place, Some(&form)).await;
        let told = (page.status(), page.title());
        assert_eq!(told, (403, "Not to yourself"), "{action}");
    }
    assert_eq!(anna.get("/admin/users").await.status(), 200);
}

#[tokio::test]
async fn a_user_is_removed_after_a_question() {
    let rig = rig().await;
    let mut bert = rig.invite("bert", "editor").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/users/bert/remove").await;
    assert_eq!(page.title(), "Remove bert?");
    assert_eq!(bert.get("/").await.status(), 200, "not yet");
    let page = anna.go(&page, "/admin/users/bert/remove", &[]).await;
    page.says("The user was removed.");
    page.lacks("<code>bert</code>");
    assert_eq!(bert.get("/").await.status(), 303);
    assert_eq!(sign_in(&mut bert, "bert", PASSWORD).await.status(), 403);
}

#[tokio::test]
async fn names_that_cannot_be_are_refused() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/users").await;
    for name in ["", "Bert", "anna", "a b", "<b>", "é"] {
        let refused = anna.submit(&page, "/admin/users", &[("name", name)]).await;
        assert_eq!(refused.status(), 400, "{name}");
    }
}

#[tokio::test]
async fn the_health_of_connections_shows_nothing_of_what_is_in_them() {
    let rig = rig().await;
    rig.invite("bert", "editor").await;
    rig.connect("bert").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/connections").await;
    page.says("<code>bert</code>");
    page.says("<code>infomaniak</code>");
    page.lacks("Anna Muster</h2>");
    let label = &rig.accounts.list_connections(None).await.unwrap()[0]
        .account
        .label;
    let (_, table) = page.body().split_once("<table").unwrap();
    assert!(
        !table.contains(&**label),
        "the name of the account is its user's: {table}"
    );
    assert_eq!(anna.get("/connections/infomaniak").await.status(), 404);
}

#[tokio::test]
async fn the_log_tells_who_did_what_and_is_paged() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    rig.invite("bert", "editor").await;
    let page = anna.get("/passwords").await;
    let made = anna
        .submit(&page, "/passwords", &[("label", "Telephone")])
        .await;
    let secret = made.app_password().to_owned();
    let page = anna.get("/admin/log").await;
    for word in ["anna", "bert", "127.0.0.1"] {
        page.says(word);
    }
    page.lacks(&secret);
    page.lacks(PASSWORD);
    page.lacks("before=");
    for _ in 0..101 {
        rig.clock.forward(std::time::Duration::from_secs(5));
        rig.signed_in("anna").await;
    }
    let page = anna.get("/admin/log").await;
    let older = page.between("rel=\"next\" href=\"", "\"").to_owned();
    let next = anna.get(&older).await;
    assert_eq!(next.status(), 200);
    next.lacks("rel=\"next\"");
    let rows = |page: &super::browser::Page| page.body().matches("<tr>").count() - 1;
    assert_eq!(rows(&page), 100);
    assert!(rows(&next) > 0 && rows(&next) < 100);
}

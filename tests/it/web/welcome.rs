//! One-time links: the owner, and whom an administrator invites.

use super::rig::{PASSWORD, bare, rig, sign_in};

#[tokio::test]
async fn the_owner_sets_the_bridge_up_and_is_in() {
    let rig = bare().await;
    let mut browser = rig.browser();
    let place = format!("/welcome/{}", rig.link().await);
    let page = browser.get(&place).await;
    assert_eq!((page.status(), page.title()), (200, "Set up this bridge"));

    let filled = |name, new, again| [("name", name), ("new", new), ("again", again)];
    let unlike = filled("anna", PASSWORD, "correct horse batterie");
    let refused = browser.submit(&page, &place, &unlike).await;
    assert_eq!(refused.status(), 400);
    assert!(refused.alarm().contains("not equal"), "{}", refused.alarm());
    let short = browser
        .submit(&page, &place, &filled("anna", "short", "short"))
        .await;
    assert_eq!(short.status(), 400, "{}", short.body());
    short.alarm();
    let name = filled("Anna Muster", PASSWORD, PASSWORD);
    let named = browser.submit(&page, &place, &name).await;
    assert_eq!(named.status(), 400);
    assert!(named.alarm().contains("lower-case"), "{}", named.alarm());
    // what was filled in is still there
    assert!(
        named
            .form(&place)
            .fields
            .contains(&("name".to_owned(), "Anna Muster".to_owned()))
    );

    let page = browser
        .go(&page, &place, &filled("anna", PASSWORD, PASSWORD))
        .await;
    assert_eq!((page.status(), page.title()), (200, "Overview"));
    page.says("/admin/users");

    // the link is used up, for this browser and for others
    for browser in [&mut browser, &mut rig.browser()] {
        let page = browser.get(&place).await;
        assert_eq!(page.status(), 404);
        page.says("does not work any more");
    }
    assert!(rig.accounts.owner_link().await.unwrap().is_none());
    rig.signed_in("anna").await;
}

#[tokio::test]
async fn a_link_that_never_was_is_not_found() {
    let rig = bare().await;
    let mut browser = rig.browser();
    for link in ["x", "%2e%2e", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let page = browser.get(&format!("/welcome/{link}")).await;
        assert_eq!(page.status(), 404, "{link}");
    }
}

#[tokio::test]
async fn whom_an_administrator_invites_chooses_a_password() {
    let rig = rig().await;
    let mut admin = rig.signed_in("anna").await;
    let page = admin.get("/admin/users").await;
    let fields = [
        ("name", "bert"),
        ("display_name", "Bert"),
        ("role", "viewer"),
    ];
    let made = admin.submit(&page, "/admin/users", &fields).await;
    assert_eq!((made.status(), made.title()), (200, "Link made"));
    let link = made.between("http://127.0.0.1:8080/welcome/", "<");
    let place = format!("/welcome/{link}");

    let mut browser = rig.browser();
    let early = sign_in(&mut browser, "bert", PASSWORD).await;
    assert_eq!(early.status(), 403);
    let page = browser.get(&place).await;
    assert_eq!(page.title(), "Welcome, bert");
    let page = browser
        .go(&page, &place, &[("new", PASSWORD), ("again", PASSWORD)])
        .await;
    assert_eq!((page.status(), page.title()), (200, "Overview"));
    page.lacks("/admin/users");
    rig.signed_in("bert").await;

    let again = browser.get(&place).await;
    assert_eq!(again.status(), 404);
    // a new link replaces a lost password, and ends a link that was made before
    let first = admin
        .submit(&admin.clone().get("/admin/users").await, "/bert/link", &[])
        .await;
    let first = first.between("/welcome/", "<").to_owned();
    let second = admin
        .submit(&admin.clone().get("/admin/users").await, "/bert/link", &[])
        .await;
    let second = second.between("/welcome/", "<").to_owned();
    assert_eq!(
        browser.get(&format!("/welcome/{first}")).await.status(),
        404
    );
    assert_eq!(
        browser.get(&format!("/welcome/{second}")).await.status(),
        200
    );
}

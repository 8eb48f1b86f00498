//! One's own password.

use super::rig::{PASSWORD, rig, sign_in};

const NEW: &str = "another long password";

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_present_one() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/account").await;
    page.says("Administrator");
    for (old, new, again, told) in [
        ("wrong", NEW, NEW, "present password is not right"),
        (PASSWORD, NEW, "other", "not equal"),
        (PASSWORD, "short", "short", ""),
    ] {
        let fields = [("old", old), ("new", new), ("again", again)];
        let refused = anna.submit(&page, "/account/password", &fields).await;
        assert_eq!(refused.status(), 400, "{old} {new}");
        assert!(refused.alarm().contains(told), "{}", refused.alarm());
    }
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let page = anna.go(&page, "/account/password", &fields).await;
    assert_eq!(page.status(), 200, "{}", page.body());
    page.says("The password was changed.");
    let mut browser = rig.browser();
    assert_eq!(sign_in(&mut browser, "anna", PASSWORD).await.status(), 403);
    assert_eq!(sign_in(&mut browser, "anna", NEW).await.status(), 200);
}

//! Who is kept out, who is warned, and what of the protocol stays where it was.

use davbridge::accounts::By;
use davbridge::domain::Role;

use super::browser::Browser;
use super::rig::{PASSWORD, bare, rig, sign_in, user};

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once() {
    let rig = rig().await;
    let mut bert = rig.invite("bert", "editor").await;
    assert_eq!(bert.get("/").await.status(), 200);
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/users").await;
    let page = anna.go(&page, "/bert/disable", &[]).await;
    page.says("disabled");
    assert_eq!(bert.get("/").await.status(), 303);
    assert_eq!(sign_in(&mut bert, "bert", PASSWORD).await.status(), 403);
    anna.go(&page, "/bert/enable", &[]).await;
    assert_eq!(
        bert.get("/").await.status(),
        303,
        "the session does not come back"
    );
    rig.signed_in("bert").await;
}

#[tokio::test]
async fn the_protocol_is_where_it_was() {
    let rig = bare().await;
    rig.accounts
        .add_user(&By::command(), &user("dora"), "Dora", Role::Editor)
        .await
        .unwrap();
    let secret = secrecy::SecretString::from("demo");
    rig.accounts
        .plant_password(&user("dora"), &secret)
        .await
        .unwrap();
    let right = "authorization: Basic ZG9yYTpkZW1v";
    let ask = async |method, path, headers: &[&str]| {
        crate::server::wire::ask(rig.address, method, path, headers)
            .await
            .status
    };
    assert_eq!(ask("PROPFIND", "/", &[right, "depth: 0"]).await, 207);
    assert_eq!(ask("PROPFIND", "/", &["depth: 0"]).await, 401);
    assert_eq!(ask("OPTIONS", "/", &[]).await, 200);
    assert_eq!(ask("GET", "/", &[right]).await, 200);
    assert_eq!(ask("GET", "/", &[]).await, 303, "a browser");
    assert_eq!(ask("GET", "/dav/", &[]).await, 401);
    assert_eq!(ask("GET", "/nope", &[right]).await, 404);
}

#[tokio::test]
async fn what_is_nowhere_is_a_page_without_a_challenge() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    for mut browser in [rig.browser(), anna.clone()] {
        for path in ["/nope", "/favicon.ico", "/.well-known/security.txt"] {
            let page = browser.get(path).await;
            assert_eq!((page.status(), page.title()), (404, "Page not found"));
            assert_eq!(page.answer.header("www-authenticate"), None, "{path}");
        }
    }
    anna.get("/").await.says("Overview");
}

#[tokio::test]
async fn without_encryption_the_sign_in_page_warns() {
    let rig = rig().await;
    for (host, warns) in [
        ("127.0.0.1:8080", false),
        ("localhost", false),
        ("[::1]:8080", false),
        ("192.0.2.7", true),
        ("dav.example", true),
    ] {
        let mut browser = Browser::at(rig.address, host);
        let page = browser.get("/sign-in").await;
        assert_eq!(page.body().contains("without encryption"), warns, "{host}");
    }
}

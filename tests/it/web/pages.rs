//! What all pages have in common: who may see them, their links, and what others are called.

use davbridge::app::Settings;
use davbridge::server::PublicUrl;

use super::addresses::PAGES;
use super::rig::{PASSWORD, rig, with};

#[tokio::test]
async fn every_page_asks_who_is_there_and_has_its_title() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut guest = rig.browser();
    let mut anna = rig.signed_in("anna").await;
    let mut bert = rig.invite("bert", "editor").await;
    for (path, for_admins) in PAGES
        .into_iter()
        .chain([("/admin/connections", true), ("/admin/log", true)])
    {
        let asked = guest.get(path).await;
        let place = asked.answer.header("location").unwrap_or_default();
        assert!(
            asked.status() == 303 && place.starts_with("/sign-in"),
            "{path}: {place}"
        );
        let page = anna.get(path).await;
        assert_eq!(page.status(), 200, "{path}: {}", page.body());
        if !path.ends_with("progress") {
            assert!(page.body().starts_with("<!DOCTYPE html>"), "{path}");
            assert!(!page.title().is_empty(), "{path}");
        }
        if for_admins {
            let refused = bert.get(path).await;
            assert_eq!(
                (refused.status(), refused.title()),
                (403, "Only for administrators")
            );
        }
        if path.starts_with("/connections/infomaniak") {
            assert_eq!(
                bert.get(path).await.status(),
                404,
                "somebody else's: {path}"
            );
        }
    }
    let gone = anna.get("/connections/nowhere").await;
    assert_eq!((gone.status(), gone.title()), (404, "Page not found"));
    assert_eq!(anna.get("/admin/nowhere").await.status(), 404);
}

#[tokio::test]
async fn every_link_of_every_page_has_the_prefix() {
    let settings = Settings {
        public_url: Some(PublicUrl::parse("http://127.0.0.1:8080/bridge").unwrap()),
        ..Settings::default()
    };
    let rig = with(settings, cloud::Options::default()).await;
    let mut browser = rig.browser();
    "/bridge".clone_into(&mut browser.prefix);
    let place = format!("/welcome/{}", rig.link().await);
    let page = browser.get(&place).await;
    let fields = [("name", "anna"), ("new", PASSWORD), ("again", PASSWORD)];
    let page = browser.go(&page, &place, &fields).await;
    assert_eq!((page.path.as_str(), page.status()), ("/bridge/", 200));
    rig.connect("anna").await;
    for (path, _) in PAGES {
        let page = browser.get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        for attribute in ["href=\"", "action=\"", "src=\"", "data-progress=\""] {
            for rest in page.body().split(attribute).skip(1) {
                let place = rest.split('"').next().unwrap();
                let good = place.starts_with("/bridge/")
                    || place.starts_with("https://")
                    || place.starts_with('#');
                assert!(good, "{path}: {attribute}{place}");
            }
        }
    }
    // the same through a proxy that takes the prefix off
    browser.prefix = String::new();
    assert_eq!(browser.get("/passwords").await.status(), 200);
}

#[tokio::test]
async fn what_people_write_stays_text() {
    let rig = rig().await;
    rig.connect("anna").await;
    let hostile = "\"><script>alert(1)</script>{user}";
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/passwords").await;
    let made = anna
        .submit(&page, "/passwords", &[("label", hostile)])
        .await;
    assert_eq!(made.status(), 200);
    let page = anna.get("/connections/infomaniak").await;
    let page = anna.go(&page, "/rename", &[("name", hostile)]).await;
    assert_eq!(page.status(), 200, "{}", page.body());
    let page = anna.get("/admin/users").await;
    let fields = [("name", "bert"), ("display_name", hostile)];
    anna.submit(&page, "/admin/users", &fields).await;
    let pages = [
        "/",
        "/passwords",
        "/connections/infomaniak",
        "/connections/infomaniak/disconnect",
        "/admin/users",
        "/admin/connections",
        "/admin/log",
        "/connections/progress",
    ];
    for path in pages {
        let page = anna.get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        page.lacks("<script>alert");
    }
    anna.get("/")
        .await
        .says("&gt;&lt;script&gt;alert(1)&lt;/script&gt;{user}");
}

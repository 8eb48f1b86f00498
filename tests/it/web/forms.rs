//! Forms: only our own, only of those who may, and not too many.

use super::addresses::FORMS;
use super::browser::Browser;
use super::rig::{PASSWORD, rig};

#[tokio::test]
async fn forms_of_other_sites_are_refused_everywhere() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/").await;
    let token = page.form("/sign-out").fields[0].1.clone();
    let good = format!("csrf={token}");
    let other = rig
        .signed_in("anna")
        .await
        .get("/")
        .await
        .form("/sign-out")
        .fields[0]
        .1
        .clone();
    assert_ne!(token, other, "every session has its own");
    for path in FORMS {
        rig.clock.forward(std::time::Duration::from_mins(1));
        for form in ["", "csrf=", "csrf=x", &format!("csrf={other}")] {
            let page = anna.send("POST", path, Some(form)).await;
            assert_eq!(
                (page.status(), page.title()),
                (403, "The form was not accepted"),
                "{path}"
            );
        }
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1:9999",
            "https://127.0.0.1:8080",
        ] {
            let mut evil = Browser {
                origin: origin.to_owned(),
                ..anna.clone()
            };
            let page = evil.send("POST", path, Some(&good)).await;
            assert_eq!(page.status(), 403, "{path} {origin}");
        }
        // a browser that tells no origin tells by another header
        let mut silent = Browser {
            origin: String::new(),
            ..anna.clone()
        };
        assert_eq!(
            silent.send("POST", path, Some(&good)).await.status(),
            403,
            "{path}"
        );
        silent.extra.push("sec-fetch-site: cross-site".to_owned());
        assert_eq!(
            silent.send("POST", path, Some(&good)).await.status(),
            403,
            "{path}"
        );
    }
    assert_eq!(
        anna.get("/connections/infomaniak").await.status(),
        200,
        "nothing was done"
    );
    assert_eq!(anna.get("/").await.status(), 200);
}

#[tokio::test]
async fn a_guests_form_needs_the_guests_cookie() {
    let rig = rig().await;
    let mut browser = rig.browser();
    let page = browser.get("/sign-in").await;
    let fields = [("name", "anna"), ("password", PASSWORD)];
    let mut elsewhere = rig.browser();
    let stolen = elsewhere.submit(&page, "/sign-in", &fields).await;
    assert_eq!(stolen.status(), 403);
    assert_eq!(
        browser.submit(&page, "/sign-in", &fields).await.status(),
        303
    );
}

#[tokio::test]
async fn only_administrators_use_the_forms_of_administrators() {
    let rig = rig().await;
    let mut bert = rig.invite("bert", "editor").await;
    rig.invite("carl", "viewer").await;
    let token = bert.get("/").await.form("/sign-out").fields[0].1.clone();
    for path in FORMS.iter().filter(|path| path.starts_with("/admin")) {
        let path = path.replace("bert", "carl");
        let form = format!("csrf={token}&name=carl&role=admin");
        let page = bert.send("POST", &path, Some(&form)).await;
        assert_eq!(
            (page.status(), page.title()),
            (403, "Only for administrators"),
            "{path}"
        );
    }
    rig.signed_in("carl").await;
}

#[tokio::test]
async fn forms_have_limits() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let token = anna.get("/").await.form("/sign-out").fields[0].1.clone();
    let long = format!("csrf={token}&label={}", "x".repeat(70_000));
    let page = anna.send("POST", "/passwords", Some(&long)).await;
    assert_eq!((page.status(), page.title()), (413, "That is too long"));
    let label = format!("csrf={token}&label={}", "x".repeat(101));
    let page = anna.send("POST", "/passwords", Some(&label)).await;
    assert_eq!(page.status(), 400);
    page.says("longer than 100");
    let mut status = Vec::new();
    for _ in 0..130 {
        let form = format!("csrf={token}&name=bert&role=nonsense");
        status.push(
            anna.send("POST", "/admin/users", Some(&form))
                .await
                .status(),
        );
    }
    assert_eq!((status[0], status[129]), (400, 429));
    assert_eq!(anna.get("/").await.status(), 200, "looking is not held up");
    let mut guest = rig.browser();
    let page = guest.get("/sign-in").await;
    assert_eq!(
        guest.submit(&page, "/sign-in", &[]).await.status(),
        403,
        "nor are others"
    );
}

#[tokio::test]
async fn another_site_does_not_use_up_the_forms_of_its_visitors() {
    let rig = rig().await;
    let mut lured = rig.browser();
    "https://evil.example".clone_into(&mut lured.origin);
    for _ in 0..70 {
        let page = lured.send("POST", "/sign-in", Some("csrf=x")).await;
        assert_eq!(page.status(), 403);
    }
    rig.signed_in("anna").await;
}

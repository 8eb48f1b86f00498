//! Signing in and out, sessions.

use std::time::Duration;

use davbridge::accounts::By;

use super::rig::{PASSWORD, rig, sign_in, user};

#[tokio::test]
async fn the_right_password_lets_in_and_others_do_not() {
    let rig = rig().await;
    let mut browser = rig.browser();
    for (name, password) in [
        ("anna", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("<b>", "x"),
    ] {
        let page = sign_in(&mut browser, name, password).await;
        assert_eq!(page.status(), 403, "{name}");
        assert_eq!(page.alarm(), "User name or password is not right.");
        page.lacks("<b>");
        assert!(!browser.cookies.contains_key("davbridge"));
    }
    let page = sign_in(&mut browser, "anna", PASSWORD).await;
    assert_eq!((page.status(), page.title()), (200, "Overview"));
    page.says("Anna Muster");
    // the form is not shown to somebody who is in
    assert_eq!(
        browser.get("/sign-in").await.answer.header("location"),
        Some("/")
    );
}

#[tokio::test]
async fn an_app_password_is_none_of_the_page_and_the_other_way_round() {
    let rig = rig().await;
    let new = davbridge::accounts::NewPassword {
        label: "telephone".to_owned(),
        access: davbridge::domain::Access::ReadWrite,
        services: davbridge::domain::Services::All,
        expires: None,
    };
    let made = rig
        .accounts
        .add_password(&By::command(), &user("anna"), new)
        .await
        .unwrap();
    let secret = secrecy::ExposeSecret::expose_secret(&made.secret).to_owned();
    let mut browser = rig.browser();
    assert_eq!(sign_in(&mut browser, "anna", &secret).await.status(), 403);

    let header = |password: &str| {
        use base64::Engine;
        let pair = base64::prelude::BASE64_STANDARD.encode(format!("anna:{password}"));
        format!("authorization: Basic {pair}")
    };
    let dav = async |password: &str| {
        let headers = [header(password), "depth: 0".to_owned()];
        let headers = headers.each_ref().map(String::as_str);
        crate::server::wire::ask(rig.address, "PROPFIND", "/dav/", &headers)
            .await
            .status
    };
    assert_eq!(dav(&secret).await, 207);
    assert_eq!(dav(PASSWORD).await, 401);
}

#[tokio::test]
async fn pages_lead_to_the_sign_in_and_back() {
    let rig = rig().await;
    let mut browser = rig.browser();
    let asked = browser.get("/passwords").await;
    assert_eq!(
        asked.answer.header("location"),
        Some("/sign-in?back=/passwords")
    );
    let page = browser.follow(asked).await;
    let fields = [("name", "anna"), ("password", PASSWORD)];
    let page = browser.go(&page, "/sign-in", &fields).await;
    assert_eq!(
        (page.path.as_str(), page.title()),
        ("/passwords", "App passwords")
    );
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let rig = rig().await;
    for back in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/dav/",
        "/sign-out",
    ] {
        let mut browser = rig.browser();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("back", back)
            .finish();
        let page = browser.get(&format!("/sign-in?{query}")).await;
        page.lacks("evil");
        let token = &page.form("/sign-in").fields[0].1;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("csrf", token.as_str()),
                ("name", "anna"),
                ("password", PASSWORD),
            ])
            .append_pair("back", back)
            .finish();
        let page = browser.send("POST", "/sign-in", Some(&form)).await;
        assert_eq!(
            (page.status(), page.answer.header("location")),
            (303, Some("/")),
            "{back}"
        );
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_here_and_for_a_copy_of_the_cookie() {
    let rig = rig().await;
    let mut browser = rig.signed_in("anna").await;
    let mut thief = browser.clone();
    let page = browser.get("/").await;
    let page = browser.go(&page, "/sign-out", &[]).await;
    assert_eq!(page.title(), "Sign in");
    assert!(!browser.cookies.contains_key("davbridge"));
    assert_eq!(
        thief.get("/").await.answer.header("location"),
        Some("/sign-in")
    );
}

#[tokio::test]
async fn guessing_is_slowed_and_the_right_password_still_comes_in() {
    let rig = rig().await;
    let mut browser = rig.browser();
    for _ in 0..10 {
        assert_eq!(sign_in(&mut browser, "anna", "guess").await.status(), 403);
    }
    let slow = sign_in(&mut browser, "anna", "guess").await;
    assert_eq!((slow.status(), slow.title()), (429, "Too many attempts"));
    assert!(slow.answer.header("retry-after").is_some());
    rig.signed_in("anna").await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let rig = rig().await;
    let mut here = rig.signed_in("anna").await;
    let mut there = rig.browser();
    there
        .extra
        .push("user-agent: <script>alert(1)</script> Telephone".to_owned());
    sign_in(&mut there, "anna", PASSWORD).await;
    let page = here.get("/sessions").await;
    page.says("&lt;script&gt;alert(1)&lt;/script&gt; Telephone");
    page.says("this browser");
    // set-up, here, there: two of them can be ended from here, one by one or together
    let ends: Vec<_> = page.body().matches("/end\"").collect();
    assert_eq!(ends.len(), 3, "{}", page.body());
    let row = page.between("Telephone", "</tr>");
    let action = row
        .split("action=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let page = here.go(&page, action, &[]).await;
    page.says("The session was ended.");
    assert_eq!(there.get("/").await.status(), 303);
    assert_eq!(here.get("/").await.status(), 200);

    let mut bert = rig.invite("bert", "editor").await;
    let page = bert.get("/").await;
    let token = &page.form("/sign-out").fields[0].1;
    let foreign = bert
        .send("POST", action, Some(&format!("csrf={token}")))
        .await;
    assert_eq!(foreign.status(), 404, "somebody else's session");
    bert.get("/sessions").await.lacks("Telephone");
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let rig = rig().await;
    let mut here = rig.signed_in("anna").await;
    let mut bert = rig.invite("bert", "editor").await;
    let mut there = rig.browser();
    there.extra.push(
        "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
            .to_owned(),
    );
    sign_in(&mut there, "anna", PASSWORD).await;
    let page = here.get("/sessions").await;
    page.says(">Firefox, Linux</bdi>");
    page.says("title=\"Mozilla/5.0 (X11;");
    let page = here.go(&page, "/sessions/others/end", &[]).await;
    page.says("All other sessions were ended.");
    page.lacks("Firefox, Linux");
    page.lacks("End all other sessions");
    assert_eq!(there.get("/").await.status(), 303);
    assert_eq!(here.get("/").await.status(), 200);
    assert_eq!(bert.get("/").await.status(), 200, "somebody else's");
}

#[tokio::test]
async fn sessions_end_when_they_are_idle_and_at_last() {
    let rig = rig().await;
    let mut browser = rig.signed_in("anna").await;
    let day = Duration::from_hours(24);
    for _ in 0..8 {
        rig.clock.forward(10 * day);
        assert_eq!(browser.get("/").await.status(), 200, "used, so it goes on");
    }
    rig.clock.forward(11 * day);
    assert_eq!(
        browser.get("/").await.status(),
        303,
        "older than any session"
    );
    let mut browser = rig.signed_in("anna").await;
    rig.clock.forward(15 * day);
    assert_eq!(browser.get("/").await.status(), 303, "idle");
}

//! What keeps the page safe: forms, cookies, headers, limits, and what others are called.

use davbridge::accounts::By;
use davbridge::app::Settings;
use davbridge::domain::Role;
use davbridge::server::PublicUrl;

use super::browser::Browser;
use super::rig::{PASSWORD, bare, rig, sign_in, user, with};

/// Every page, and whether it is for administrators only.
const PAGES: [(&str, bool); 12] = [
    ("/", false),
    ("/connect", false),
    ("/connect/infomaniak", false),
    ("/connect/google", false),
    ("/connections/progress", false),
    ("/connections/infomaniak", false),
    ("/connections/infomaniak/disconnect", false),
    ("/passwords", false),
    ("/sessions", false),
    ("/account", false),
    ("/devices", false),
    ("/admin/users", true),
];

/// Every form, with the page that it is on.
const FORMS: [&str; 21] = [
    "/sign-out",
    "/connect/infomaniak",
    "/connect/infomaniak/1",
    "/connect/infomaniak/1/cancel",
    "/connect/google",
    "/oauth/google",
    "/connections/infomaniak/check",
    "/connections/infomaniak/rename",
    "/connections/infomaniak/disconnect",
    "/connections/infomaniak/reconnect",
    "/passwords",
    "/passwords/1/revoke",
    "/sessions/1/end",
    "/account/password",
    "/admin/users",
    "/admin/users/bert/link",
    "/admin/users/bert/role",
    "/admin/users/bert/disable",
    "/admin/users/bert/enable",
    "/admin/users/bert/remove",
    "/sign-in",
];

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
async fn headers_of_every_answer() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/").await;
    let style = page.between("rel=\"stylesheet\" href=\"", "\"").to_owned();
    for path in [
        "/",
        "/sign-in",
        "/connections/nowhere",
        "/connections/progress",
        &style,
    ] {
        let page = anna.get(path).await;
        let header = |name| page.answer.header(name).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("strict-transport-security"), "", "not by plain HTTP");
        let kept = if path == style {
            "public, max-age=31536000, immutable"
        } else {
            "no-store"
        };
        assert_eq!(header("cache-control"), kept, "{path}");
        for inline in ["<style", "style=\"", "onclick", "<script>", "javascript:"] {
            page.lacks(inline);
        }
    }
    assert_eq!(
        anna.get("/assets/style.0000000000000000.css")
            .await
            .status(),
        404
    );
    let head = anna.send("HEAD", "/", None).await;
    assert_eq!(head.status(), 200);
    for method in ["PUT", "DELETE", "PROPFIND"] {
        let page = anna.send(method, "/passwords", None).await;
        assert_eq!(
            (page.status(), page.answer.header("allow")),
            (405, Some("GET, HEAD, POST"))
        );
    }
}

#[tokio::test]
async fn cookies_are_for_the_page_alone_and_for_https_where_it_is_spoken() {
    let cookie = async |settings: Settings, host: &str, extra: &[&str], prefix: &str| {
        let rig = with(settings, cloud::Options::default()).await;
        let mut browser = Browser::at(rig.address, host);
        browser.extra = extra.iter().map(|line| (*line).to_owned()).collect();
        prefix.clone_into(&mut browser.prefix);
        if prefix == "/bridge" || extra.len() > 1 {
            browser.origin = "https://dav.example".to_owned();
        }
        let place = format!("/welcome/{}", rig.link().await);
        let page = browser.get(&place).await;
        let guest = page.answer.header("set-cookie").unwrap().to_owned();
        let fields = [("name", "anna"), ("new", PASSWORD), ("again", PASSWORD)];
        let page = browser.submit(&page, &place, &fields).await;
        assert_eq!(page.status(), 303, "{}", page.body());
        let session = page.answer.header("set-cookie").unwrap().to_owned();
        assert!(session.starts_with("davbridge=") && guest.starts_with("davbridge-guest="));
        for cookie in [&session, &guest] {
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        }
        let hsts = page.answer.header("strict-transport-security").is_some();
        let secure = [&session, &guest].map(|cookie| cookie.ends_with("; Secure"));
        let place = [&session, &guest].map(|cookie| cookie.contains(&format!("; Path={prefix}/;")));
        assert_eq!(place, [true, true], "{session} {guest}");
        assert_eq!(secure, [hsts, hsts], "{session} {guest}");
        hsts
    };
    let plain = Settings::default();
    assert!(!cookie(plain.clone(), "127.0.0.1:8080", &[], "").await);
    // a stranger cannot make us believe in HTTPS, a proxy can
    let told = ["x-forwarded-proto: https", "x-forwarded-host: dav.example"];
    assert!(!cookie(plain, "127.0.0.1:8080", &told[..1], "").await);
    let proxy = Settings {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    };
    assert!(cookie(proxy, "inside", &told, "").await);
    let public = Settings {
        public_url: Some(PublicUrl::parse("https://dav.example/bridge").unwrap()),
        ..Settings::default()
    };
    assert!(cookie(public, "inside", &[], "/bridge").await);
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

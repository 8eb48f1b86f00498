//! Cookies: whose they are, and when there is another one.

use davbridge::app::Settings;
use davbridge::server::PublicUrl;

use super::browser::Browser;
use super::rig::{PASSWORD, rig, sign_in, with};

const GUEST: &str = "davbridge-guest";

#[tokio::test]
async fn cookies_are_for_the_page_alone_and_for_https_where_it_is_spoken() {
    let cookie = async |settings: Settings, host: &str, extra: &[&str], prefix: &str| {
        let rig = with(settings, cloud::Options::default()).await;
        let mut browser = Browser::at(rig.address, host);
        browser.extra = extra.iter().map(|line| (*line).to_owned()).collect();
        prefix.clone_into(&mut browser.prefix);
        let secure_site = prefix == "/bridge" || extra.len() > 1;
        if secure_site {
            browser.origin = "https://dav.example".to_owned();
        }
        let place = format!("/welcome/{}", rig.link().await);
        let page = browser.get(&place).await;
        let guest = page.answer.header("set-cookie").unwrap().to_owned();
        let fields = [("name", "anna"), ("new", PASSWORD), ("again", PASSWORD)];
        let guarded = match (secure_site, prefix) {
            (false, _) => "",
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
        };
        let page = browser.submit(&page, &place, &fields).await;
        assert_eq!(page.status(), 303, "{}", page.body());
        let [session, renewed] = page.answer.all("set-cookie")[..] else {
            panic!("{:?}", page.answer.all("set-cookie"));
        };
        let session = session.to_owned();
        assert_ne!(renewed, guest);
        assert!(
            session.starts_with(&format!("{guarded}davbridge=")),
            "{session}"
        );
        assert!(
            guest.starts_with(&format!("{guarded}davbridge-guest=")),
            "{guest}"
        );
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
async fn signing_in_and_out_leaves_nothing_that_was_known_before() {
    let rig = rig().await;
    let mut browser = rig.browser();
    // planted by somebody who knows it
    browser.cookies.insert(GUEST.to_owned(), "known".to_owned());
    let page = sign_in(&mut browser, "anna", PASSWORD).await;
    let within = browser.cookies[GUEST].clone();
    assert!(within.len() > 40, "{within}");
    browser.go(&page, "/sign-out", &[]).await;
    let after = browser.cookies[GUEST].clone();
    assert!(after.len() > 40 && after != within, "{after}");
    let form = "csrf=known&name=anna&password=x";
    let page = browser.send("POST", "/sign-in", Some(form)).await;
    assert_eq!(page.title(), "The form was not accepted");
}

#[tokio::test]
async fn of_two_cookies_of_one_name_none_is_believed() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let mut bert = rig.invite("bert", "editor").await;
    let planted = format!("cookie: davbridge={}", bert.cookies["davbridge"]);
    anna.extra.push(planted);
    assert_eq!(anna.get("/").await.status(), 303);
    assert_eq!(bert.get("/").await.status(), 200);
    let mut guest = rig.browser();
    let page = guest.get("/sign-in").await;
    guest.extra.push(format!("cookie: {GUEST}=planted"));
    let fields = [("name", "anna"), ("password", PASSWORD)];
    assert_eq!(guest.submit(&page, "/sign-in", &fields).await.status(), 403);
}

#[tokio::test]
async fn whoever_is_signed_in_has_a_guests_cookie_too() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    anna.cookies.remove(GUEST);
    assert_eq!(anna.get("/").await.status(), 200);
    assert!(anna.cookies.contains_key(GUEST));
    let page = anna.get("/").await;
    assert_eq!(page.answer.header("set-cookie"), None, "it stays");
}

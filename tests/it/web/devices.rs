//! Device set-up: app passwords with what carries them further; programs that ask by themselves.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloud::Options;
use davbridge::app::Settings;
use davbridge::server::PublicUrl;
use serde_json::Value;

use super::browser::{Browser, Page};
use super::rig::{PASSWORD, Rig, rig, with};
use crate::server::wire::Wire;

const AGENT: &str = "DAVx5/4.5.2-ose (at.bitfire.davdroid)";

/// The texts of a page that can be copied.
fn codes(page: &Page) -> Vec<&str> {
    let parts = page.body().split("<code>").skip(1);
    parts
        .map(|part| part.split("</code>").next().unwrap())
        .collect()
}

async fn made(browser: &mut Browser, program: &str) -> Page {
    let place = format!("/devices/{program}");
    let page = browser.get(&place).await;
    let page = browser.submit(&page, &place, &[("label", "here")]).await;
    assert_eq!(page.status(), 200, "{}", page.body());
    page
}

/// The status of a PROPFIND with these credentials.
async fn propfind(rig: &Rig, path: &str, user: &str, password: &str) -> u16 {
    let pair = STANDARD.encode(format!("{user}:{password}"));
    let mut wire = Wire::to(rig.address).await;
    let head = format!(
        "PROPFIND {path} HTTP/1.1\r\nhost: 127.0.0.1:8080\r\ndepth: 0\r\n\
         authorization: Basic {pair}\r\ncontent-length: 0\r\n\r\n"
    );
    wire.send(head).await;
    wire.answer(false).await.status
}

/// As DAVx⁵ asks: status and JSON.
async fn post(rig: &Rig, path: &str, body: &str) -> (u16, Value) {
    let mut browser = rig.browser();
    browser.origin = String::new();
    browser.extra = vec![format!("user-agent: {AGENT}")];
    let page = browser.send("POST", path, Some(body)).await;
    let json = serde_json::from_str(page.body()).unwrap_or_default();
    (page.status(), json)
}

#[tokio::test]
async fn the_shown_password_opens_what_its_program_needs() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    for (program, path, status) in [
        ("davx5", "/dav/", 207),
        ("davx5", "/dav/calendars/anna/", 207),
        ("davx5", "/dav/files/anna/", 403),
        ("ios", "/dav/addressbooks/anna/", 207),
        ("macos", "/dav/files/anna/", 403),
        ("gnome", "/dav/files/anna/", 403),
        ("kde", "/dav/files/anna/", 403),
        ("outlook", "/dav/files/anna/", 403),
        ("vdirsyncer", "/dav/files/anna/", 403),
        ("thunderbird-calendar", "/dav/calendars/anna/", 207),
        ("thunderbird-calendar", "/dav/addressbooks/anna/", 403),
        ("thunderbird-contacts", "/dav/addressbooks/anna/", 207),
        ("finder", "/dav/files/anna/", 207),
        ("finder", "/dav/calendars/anna/", 403),
    ] {
        let page = made(&mut anna, program).await;
        let shown = codes(&page);
        assert!(shown[0].starts_with("http://127.0.0.1:8080/dav/"));
        assert_eq!(shown[1], "anna");
        let got = propfind(&rig, path, shown[1], shown[2]).await;
        assert_eq!(got, status, "{program} {path}");
    }
}

#[tokio::test]
async fn pages_without_a_password_show_none_and_need_a_sign_in() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let secret = codes(&made(&mut anna, "vdirsyncer").await)[2].to_owned();
    let page = anna.get("/devices/vdirsyncer").await;
    page.says("password = &quot;PASSWORD&quot;");
    page.lacks(&secret);
    anna.get("/passwords").await.says("here");
    let mut guest = rig.browser();
    for place in ["/devices", "/devices/ios", "/devices/login/abc"] {
        assert_eq!(guest.get(place).await.status(), 303, "{place}");
    }
    assert_eq!(anna.get("/devices/nothing").await.status(), 404);
}

#[tokio::test]
async fn the_link_and_the_profile_hold_the_password() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = made(&mut anna, "davx5").await;
    let secret = codes(&page)[2];
    page.says(&format!("caldav://anna:{secret}@127.0.0.1:8080/dav/"));
    let page = made(&mut anna, "macos").await;
    let secret = codes(&page)[2].to_owned();
    let profile = anna.submit(&page, "/devices/macos/profile", &[]).await;
    let kind = profile.answer.header("content-type").unwrap();
    assert_eq!(kind, "application/x-apple-aspen-config");
    assert_eq!(profile.body().matches(&secret).count(), 2);
    let foreign = anna.send("POST", "/devices/macos/profile", Some("password=x"));
    assert_eq!(foreign.await.status(), 403, "without the form's token");
}

#[tokio::test]
async fn addresses_that_other_devices_do_not_reach_are_told() {
    let rig = rig().await;
    let told = "which only programs on this very machine reach";
    let mut anna = rig.signed_in("anna").await;
    anna.get("/devices").await.says(told);
    let page = anna.get("/devices/ios").await;
    page.says(told);
    page.says("public_url");
    page.says("setting listen");
    made(&mut anna, "davx5").await.says(told);
    let mut elsewhere = Browser::at(rig.address, "192.0.2.7");
    let page = elsewhere.get("/sign-in").await;
    let fields = [("name", "anna"), ("password", PASSWORD)];
    elsewhere.go(&page, "/sign-in", &fields).await;
    elsewhere.get("/devices/ios").await.lacks(told);
}

/// A program begins: what it asks with, and the page that the browser is to show.
async fn begun(rig: &Rig) -> (String, String) {
    let (status, told) = post(rig, "/index.php/login/v2", "").await;
    assert_eq!(status, 200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let endpoint = text(&told["poll"]["endpoint"]);
    assert_eq!(endpoint, "http://127.0.0.1:8080/index.php/login/v2/poll");
    let login = text(&told["login"]);
    let page = login.strip_prefix("http://127.0.0.1:8080").unwrap();
    let token = text(&told["poll"]["token"]);
    // DAVx⁵ writes it into a form as it is.
    assert!(
        token
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
    );
    (token, page.to_owned())
}

async fn poll(rig: &Rig, token: &str) -> (u16, Value) {
    post(rig, "/index.php/login/v2/poll", &format!("token={token}")).await
}

#[tokio::test]
async fn a_program_asks_and_is_let_in_once() {
    let rig = rig().await;
    let (token, place) = begun(&rig).await;
    assert_eq!(poll(&rig, &token).await.0, 404);
    let mut phone = rig.browser();
    let page = phone.get(&place).await;
    let page = phone.follow(page).await;
    let fields = [("name", "anna"), ("password", PASSWORD)];
    let page = phone.go(&page, "/sign-in", &fields).await;
    page.says(AGENT);
    assert_eq!(poll(&rig, &token).await.0, 404, "not answered yet");
    phone.go(&page, &place, &[]).await;
    let (status, login) = poll(&rig, &token).await;
    assert_eq!(status, 200);
    assert_eq!(login["server"], "http://127.0.0.1:8080");
    assert_eq!(login["loginName"], "anna");
    let password = login["appPassword"].as_str().unwrap();
    assert_eq!(
        propfind(&rig, "/remote.php/dav", "anna", password).await,
        301
    );
    assert_eq!(
        propfind(&rig, "/dav/principals/anna/", "anna", password).await,
        207
    );
    let files = propfind(&rig, "/dav/files/anna/", "anna", password).await;
    assert_eq!(files, 403, "only with a tick");
    assert_eq!(poll(&rig, &token).await.0, 404, "only once");
    assert_eq!(phone.get(&place).await.status(), 404);
    phone.get("/passwords").await.says(AGENT);
}

#[tokio::test]
async fn a_program_is_let_into_files_where_that_is_ticked() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let (token, place) = begun(&rig).await;
    let page = anna.get(&place).await;
    anna.go(&page, &place, &[("files", "yes")]).await;
    let (_, login) = poll(&rig, &token).await;
    let password = login["appPassword"].as_str().unwrap();
    let files = propfind(&rig, "/dav/files/anna/", "anna", password).await;
    assert_eq!(files, 207);
}

#[tokio::test]
async fn refused_late_or_from_elsewhere_it_gets_nothing() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let (token, place) = begun(&rig).await;
    let page = anna.get(&place).await;
    anna.go(&page, &format!("{place}/refuse"), &[]).await;
    assert_eq!(anna.submit(&page, &place, &[]).await.status(), 404);
    assert_eq!(poll(&rig, &token).await.0, 404);

    let (token, place) = begun(&rig).await;
    let page = anna.get(&place).await;
    let foreign = anna.send("POST", &place, Some("csrf=x")).await;
    assert_eq!(foreign.status(), 403);
    rig.clock.forward(Duration::from_mins(20));
    assert_eq!(anna.submit(&page, &place, &[]).await.status(), 404);
    assert_eq!(poll(&rig, &token).await.0, 404);
    let list = anna.get("/passwords").await;
    list.lacks(AGENT);
}

#[tokio::test]
async fn nothing_else_of_nextcloud_is_there() {
    let rig = rig().await;
    for path in [
        "/index.php",
        "/index.php/login",
        "/index.php/login/v2/flow/x",
    ] {
        assert_eq!(post(&rig, path, "").await.0, 404, "{path}");
        assert_eq!(rig.browser().get(path).await.status(), 404, "{path}");
    }
    assert_eq!(rig.browser().get("/index.php/login/v2").await.status(), 405);
}

#[tokio::test]
async fn programs_that_ask_too_often_wait() {
    let rig = rig().await;
    let mut last = 200;
    for _ in 0..61 {
        last = post(&rig, "/index.php/login/v2", "").await.0;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn under_a_path_every_address_carries_it() {
    let settings = Settings {
        public_url: Some(PublicUrl::parse("https://dav.example/bridge").unwrap()),
        ..Settings::default()
    };
    let rig = with(settings, Options::default()).await;
    let (status, told) = post(&rig, "/bridge/index.php/login/v2", "").await;
    assert_eq!(status, 200);
    let base = "https://dav.example/bridge";
    assert_eq!(
        told["poll"]["endpoint"],
        format!("{base}/index.php/login/v2/poll")
    );
    let page = told["login"].as_str().unwrap();
    assert!(
        page.starts_with(&format!("{base}/devices/login/")),
        "{page}"
    );
    let moved = propfind(&rig, "/bridge/remote.php/dav", "nobody", "x").await;
    assert_eq!(moved, 301);
}

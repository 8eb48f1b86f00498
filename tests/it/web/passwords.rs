//! App passwords on the page.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::rig::{Rig, rig, user};
use crate::server::wire::ask;

async fn dav(rig: &Rig, secret: &str, method: &str, path: &str) -> u16 {
    let pair = BASE64_STANDARD.encode(format!("anna:{secret}"));
    let headers = [
        format!("authorization: Basic {pair}"),
        "depth: 0".to_owned(),
    ];
    let headers = headers.each_ref().map(String::as_str);
    ask(rig.address, method, path, &headers).await.status
}

#[tokio::test]
async fn a_password_is_shown_once_works_and_is_revoked_at_once() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/passwords").await;
    page.says("There is none yet.");
    let made = anna
        .submit(&page, "/passwords", &[("label", "Telephone")])
        .await;
    assert_eq!((made.status(), made.title()), (200, "New app password"));
    let secret = made.app_password().to_owned();
    assert_eq!(secret.len(), 39, "{secret}");
    assert_eq!(dav(&rig, &secret, "PROPFIND", "/dav/").await, 207);
    let page = anna.get("/passwords").await;
    page.says("Telephone");
    page.says("just now");
    page.lacks(&secret);
    let page = anna.go(&page, "/revoke", &[]).await;
    page.says("The password was revoked");
    assert_eq!(dav(&rig, &secret, "PROPFIND", "/dav/").await, 401);
    page.says("There is none yet.");
}

#[tokio::test]
async fn a_reload_makes_no_second_password() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    for place in ["/passwords", "/devices/ios"] {
        let page = anna.get(place).await;
        let fields = [("label", "Telephone")];
        let made = anna.submit(&page, place, &fields).await;
        assert_eq!(made.status(), 200, "{place}");
        let before = rig.accounts.list_passwords(&user("anna")).await.unwrap();
        let again = anna.submit(&page, place, &fields).await;
        let told = (again.status(), again.title());
        assert_eq!(told, (409, "This form was sent already"), "{place}");
        let after = rig.accounts.list_passwords(&user("anna")).await.unwrap();
        assert_eq!(before, after);
        // one that was refused may be mended
        let page = anna.get(place).await;
        let long = "x".repeat(101);
        let refused = anna.submit(&page, place, &[("label", &long)]).await;
        assert_eq!(refused.status(), 400, "{place}");
        let made = anna.submit(&page, place, &fields).await;
        assert_eq!(made.status(), 200, "{place}");
    }
}

#[tokio::test]
async fn services_access_and_end_are_kept() {
    let rig = rig().await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/passwords").await;
    let day = (chrono::Utc::now() + chrono::TimeDelta::days(3))
        .format("%Y-%m-%d")
        .to_string();
    let fields = [
        ("label", "Calendar on the wall"),
        ("services", "calendars"),
        ("read_only", "yes"),
        ("expires", &day),
    ];
    let made = anna.submit(&page, "/passwords", &fields).await;
    let secret = made.app_password().to_owned();
    let page = anna.get("/passwords").await;
    page.says("Calendars only, reading<");
    page.says(&day);
    assert_eq!(
        dav(&rig, &secret, "PROPFIND", "/dav/calendars/anna/").await,
        207
    );
    assert_eq!(
        dav(&rig, &secret, "PROPFIND", "/dav/files/anna/").await,
        403
    );
    rig.clock.forward(std::time::Duration::from_hours(24 * 5));
    assert_eq!(
        dav(&rig, &secret, "PROPFIND", "/dav/calendars/anna/").await,
        401
    );

    let mut anna = rig.signed_in("anna").await;
    for (field, value) in [
        ("expires", "2020-01-01"),
        ("expires", "soon"),
        ("services", "mail"),
    ] {
        let fields = [("label", "x"), (field, value)];
        let refused = anna.submit(&page, "/passwords", &fields).await;
        assert!([400, 403].contains(&refused.status()), "{field} {value}");
        assert!(!refused.body().contains("secret"), "{field} {value}");
    }
}

#[tokio::test]
async fn one_user_neither_sees_nor_revokes_those_of_another() {
    let rig = rig().await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/passwords").await;
    let made = anna
        .submit(&page, "/passwords", &[("label", "Telephone")])
        .await;
    let secret = made.app_password().to_owned();
    let mut bert = rig.invite("bert", "admin").await;
    let page = bert.get("/passwords").await;
    page.lacks("Telephone");
    let csrf = page.form("/passwords").fields[0].1.clone();
    let form = format!("csrf={csrf}");
    for id in ["1", "0", "-1", "x", "99999999999999999999"] {
        let refused = bert
            .send("POST", &format!("/passwords/{id}/revoke"), Some(&form))
            .await;
        assert_eq!(refused.status(), 404, "{id}");
    }
    assert_eq!(dav(&rig, &secret, "PROPFIND", "/dav/").await, 207);
}

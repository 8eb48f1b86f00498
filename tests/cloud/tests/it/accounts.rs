//! §1, §2, §3.1, §4.2, §5.2: tokens, scopes, accounts, profile, drives, owners.

use cloud::{Edit, Maintenance};
use serde_json::json;

use crate::client::{DRIVE, fields, rig};

#[tokio::test]
async fn accounts_have_the_fields_of_the_sheet() {
    let rig = rig().await;
    let data = rig.get("/api/1/accounts").await.data();
    assert_eq!(data[0]["id"], 410_001);
    assert_eq!(data[1]["id"], 410_077);
    assert_eq!(data.as_array().map(Vec::len), Some(3));
    let wanted = [
        "billing",
        "created_at",
        "id",
        "is_blocked",
        "language",
        "legal_entity_type",
        "locale",
        "name",
        "no_access",
        "timezone",
        "type",
    ];
    assert_eq!(fields(&data[0]), wanted);
}

#[tokio::test]
async fn tokens_and_scopes_are_refused_apart() {
    let mut rig = rig().await;
    for (token, path, scope) in [
        ("sim-anna-without-accounts", "/api/1/accounts", "accounts"),
        (
            "sim-anna-without-drive",
            "/api/2/drive?account_id=410077",
            "drive",
        ),
        (
            "sim-anna-without-calendar",
            "/api/1/calendar/pim/calendar",
            "workspace:calendar",
        ),
        (
            "sim-anna-without-contact",
            "/contacts/api/pim/addressbook",
            "workspace:contact",
        ),
        ("sim-anna-all", "/api/2/profile", "user_info"),
    ] {
        token.clone_into(&mut rig.token);
        let answer = rig.get(path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "all_scopes"),
            "{token}"
        );
        assert_eq!(answer.json()["error"]["context"]["scopes"], json!([scope]));
    }
    "nonsense".clone_into(&mut rig.token);
    let answer = rig.get("/api/1/accounts").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "not_authorized")
    );
    "sim-anna-user-info".clone_into(&mut rig.token);
    let data = rig.get("/api/2/profile").await.data();
    assert_eq!(
        data["preferences"]["account"]["current_account_id"],
        410_077
    );
    assert_eq!(data["login"], "AB12345");
}

#[tokio::test]
async fn owners_are_told_by_calendars_and_address_books() {
    let mut rig = rig().await;
    let data = rig.get("/calendar/api/pim/calendar").await.data();
    let first = &data["calendars"][0];
    assert_eq!(
        (&first["user_id"], &first["account_id"]),
        (&json!(900_123), &json!(410_077))
    );
    assert_eq!(first["name"], "Anna Muster");
    let path = "/contacts/api/pim/addressbook?with=account_name";
    let data = rig.get(path).await.data();
    assert_eq!(data["addressbooks"][0]["account_name"], "Muster Sàrl");
    assert_eq!(data["addressbooks"][1]["name"], "");
    "sim-ben-all".clone_into(&mut rig.token);
    let data = rig.get("/api/1/calendar/pim/calendar").await.data();
    let calendars = data["calendars"].as_array().expect("calendars");
    assert_eq!(calendars[0]["user_id"], -1);
    assert!(calendars[1]["account_id"].is_null());
    assert_eq!(calendars[2]["account_id"], 410_200);
}

#[tokio::test]
async fn other_pim_routes_lead_to_the_sign_in_page() {
    let rig = rig().await;
    let login = format!("{}/login/authorize", rig.cloud.base_url());
    for path in [
        "/calendar/api/pim/calendar/1379001/event",
        "/contacts/api/pim/contact",
        "/contacts/api/pim/contact/1/export",
        "/mail/api/mail",
        "/api/1/calendar/pim/calendar/1379001/event",
    ] {
        let answer = rig.get(path).await;
        assert_eq!(answer.status, 302, "{path}");
        assert!(
            answer
                .header("location")
                .is_some_and(|to| to.starts_with(&login))
        );
    }
}

#[tokio::test]
async fn drives_are_listed_by_account() {
    let rig = rig().await;
    let answer = rig.get("/api/2/drive").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (422, "validation_failed")
    );
    let answer = rig.get("/api/2/drive?account_id=abc").await;
    let inner = &answer.json()["error"]["errors"][0];
    assert_eq!(inner["code"], "validation_rule_integer");
    assert_eq!(inner["context"]["attribute"], "account_id");
    let answer = rig.get("/api/2/drive?account_id=410001").await;
    assert_eq!(answer.data(), json!([]));
    assert_eq!(
        (&answer.json()["total"], &answer.json()["pages"]),
        (&json!(0), &json!(1))
    );
    for (account, drive) in [(410_077, DRIVE), (410_099, 598_502)] {
        let data = rig
            .get(&format!("/api/2/drive?account_id={account}"))
            .await
            .data();
        assert_eq!(data.as_array().map(Vec::len), Some(1));
        assert_eq!(
            (&data[0]["id"], &data[0]["account_id"]),
            (&json!(drive), &json!(account))
        );
    }
    let data = rig.get("/kdrive/2/drive/init?with=drives").await.data();
    assert_eq!(data["drives"].as_array().map(Vec::len), Some(2));
    let data = rig
        .get(&format!("/kdrive/2/drive/{DRIVE}?with=quota"))
        .await
        .data();
    assert!(data["used_size"].as_u64() < data["size"].as_u64());
    assert!(data["quota"].is_object());
    let answer = rig.get("/kdrive/2/drive/598777").await;
    assert_eq!(answer.json()["error"]["context"]["model"], "Drive");
}

#[tokio::test]
async fn a_drive_in_maintenance_says_so() {
    let rig = rig().await;
    let maintenance = Some(Maintenance {
        reason: "technical".to_owned(),
        types: vec!["asleep".to_owned()],
    });
    rig.cloud.drive().edit(&Edit::Maintenance { maintenance });
    let data = rig.get(&format!("/api/2/drive/{DRIVE}")).await.data();
    assert_eq!(data["in_maintenance"], true);
    assert_eq!(data["maintenance_types"][0]["code"], "asleep");
    let answer = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/1/files"))
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "product_maintenance")
    );
}

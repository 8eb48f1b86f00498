//! §5: address books and contacts.

use cloud::{ContactValues, PimEdit};
use serde_json::{Value, json};

use crate::client::{Rig, rig};

const ALL: &str = "/contacts/api/pim/contact/all";
const WITH: &str = "with=emails,phones,addresses,details";

async fn all(rig: &Rig) -> Vec<Value> {
    let data = rig.get(&format!("{ALL}?{WITH}")).await.data();
    data.as_array().expect("a list").clone()
}

#[tokio::test]
async fn lists_are_empty_unless_asked_for() {
    let rig = rig().await;
    let bare = rig.get(ALL).await.data();
    let rows = bare.as_array().expect("a list");
    assert_eq!(rows.len(), 30);
    for name in ["emails", "phones", "addresses", "details"] {
        assert!(rows.iter().all(|row| row[name] == json!([])), "{name}");
        let asked = rig.get(&format!("{ALL}?with={name}")).await.data();
        let rows = asked.as_array().expect("a list");
        assert!(rows.iter().any(|row| row[name] != json!([])), "{name}");
    }
    assert!(rows[0].get("user_id").is_none());
    let asked = rig.get(&format!("{ALL}?with=user_id")).await.data();
    assert_eq!(asked[0]["user_id"], 900_123);
    let other = "/api/1/calendar/pim/contact/all";
    assert_eq!(rig.get(other).await.data(), bare);
}

#[tokio::test]
async fn ids_are_numbers_or_texts_and_some_rows_are_collected() {
    let rig = rig().await;
    let rows = all(&rig).await;
    let count = |test: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| test(row)).count();
    assert_eq!(count(&|row| row["addressbook_id"] == 5501), 24);
    assert_eq!(
        count(&|row| row["addressbook_id"] == 5502 && row["id"].is_string()),
        3
    );
    assert_eq!(
        count(&|row| row["other"] == true && row["addressbook_id"].is_null()),
        3
    );
    for (book, wanted) in [(5501, 24), (5502, 3)] {
        let path = format!("/contacts/api/pim/addressbook/{book}/contact?{WITH}");
        let listed = rig.get(&path).await.data();
        let of_book = rows.iter().filter(|row| row["addressbook_id"] == book);
        assert_eq!(listed, of_book.cloned().collect::<Value>());
        assert_eq!(listed.as_array().map(Vec::len), Some(wanted));
    }
    assert_eq!(
        rig.get("/contacts/api/pim/addressbook/1/contact")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn single_contacts_cannot_be_read() {
    let rig = rig().await;
    for path in ["880010", "u880018", "1"] {
        let path = format!("/contacts/api/pim/addressbook/5501/contact/{path}");
        let answer = rig.get(&path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (500, "unexpected_error")
        );
    }
    for path in [
        "contact/880010/export",
        "contact",
        "contacts",
        "contact/880010",
    ] {
        let answer = rig.get(&format!("/contacts/api/pim/{path}")).await;
        assert_eq!(answer.status, 302, "{path}");
    }
}

#[tokio::test]
async fn switches_change_contacts() {
    let rig = rig().await;
    let answer = rig.get(ALL).await;
    assert!(answer.header("etag").is_none());
    rig.cloud
        .switches(|switches| switches.contact_all_etag = true);
    let answer = rig.get(ALL).await;
    let etag = answer.header("etag").expect("an etag").to_owned();
    let condition = [("if-none-match", etag.as_str())];
    let same = rig.ask("GET", ALL, &condition, b"").await;
    assert_eq!((same.status, same.body.len()), (304, 0));
    rig.cloud
        .pim()
        .change_contact(880_010, json!({ "name": "New Name" }));
    let changed = rig.ask("GET", ALL, &condition, b"").await;
    assert_eq!(changed.data()[0]["name"], "New Name");
    rig.cloud
        .switches(|switches| switches.contact_values = ContactValues::Objects);
    let rows = all(&rig).await;
    assert!(rows[0]["emails"][0]["value"].is_string());
    rig.cloud
        .switches(|switches| switches.contact_values = ContactValues::Strings);
    let rows = all(&rig).await;
    let mut addresses = rows.iter().filter_map(|row| row["addresses"][0].as_str());
    assert!(addresses.all(|address| address.starts_with("Rue 1, ")));
    rig.cloud.switches(|switches| switches.contact_all = false);
    assert_eq!(rig.get(ALL).await.status, 302);
    assert_eq!(
        rig.get("/contacts/api/pim/addressbook/5501/contact")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn contacts_are_made_and_changed() {
    let rig = rig().await;
    let body = json!({
        "addressbookId": 5501, "firstname": "Zoë", "lastname": "Last",
        "emails": [{ "value": "z@example.org", "type": "HOME" }],
    });
    let id = rig.post("/contacts/api/pim/contact", &body).await.data();
    assert!(id.is_u64());
    let rows = all(&rig).await;
    let made = rows
        .iter()
        .find(|row| row["id"] == id)
        .expect("it is listed");
    assert_eq!(
        (&made["name"], &made["emails"]),
        (&json!("Zoë Last"), &json!(["z@example.org"]))
    );
    let wrong = json!({ "addressbookId": 1 });
    assert_eq!(
        rig.post("/contacts/api/pim/contact", &wrong).await.status,
        404
    );
    let edits = [
        PimEdit::MoveContact {
            id: id.clone(),
            book: Some(5502),
        },
        PimEdit::BookHidden {
            book: 5501,
            hidden: true,
        },
        PimEdit::RemoveContact {
            id: json!("u880018"),
        },
        PimEdit::BookName {
            book: 5502,
            name: "Org".to_owned(),
        },
    ];
    for edit in &edits {
        rig.cloud.pim().edit(edit);
    }
    let rows = all(&rig).await;
    assert_eq!(rows.len(), 2 + 3 + 1);
    assert!(
        rows.iter()
            .any(|row| row["id"] == id && row["addressbook_id"] == 5502)
    );
    let books = rig.get("/contacts/api/pim/addressbook").await.data();
    assert_eq!(books["addressbooks"].as_array().map(Vec::len), Some(1));
    assert_eq!(books["addressbooks"][0]["name"], "Org");
}

//! From records to contacts.

use serde_json::json;

use super::*;

fn sample() -> Value {
    let text = include_str!("../../../../fixtures/infomaniak/contact.json");
    let document: Value = serde_json::from_str(text).expect("a fixture");
    document["data"][0].clone()
}

fn read(value: &Value) -> Contact {
    contact(value.as_object().expect("a record"), Vec::new())
}

fn with(name: &str, value: Value) -> Contact {
    let mut record = sample();
    record[name] = value;
    read(&record)
}

fn plain(value: &str) -> Typed<String> {
    untyped(value.to_owned())
}

fn kinds(value: &str, kinds: &[&str]) -> Typed<String> {
    Typed {
        kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
        ..plain(value)
    }
}

#[test]
fn a_contact_is_what_its_record_says() {
    let address = PostalAddress {
        street: "Rue 1".to_owned(),
        code: "1200".to_owned(),
        locality: "Genève".to_owned(),
        country: "CH".to_owned(),
        ..PostalAddress::default()
    };
    let expected = Contact {
        display_name: Some("Bob Example".to_owned()),
        name: PersonName {
            given: "Bob".to_owned(),
            family: "Example".to_owned(),
            ..PersonName::default()
        },
        emails: vec![plain("bob@example.org")],
        phones: vec![plain("+41 22 000 00 00")],
        addresses: vec![Typed {
            kinds: vec!["home".to_owned()],
            ..untyped(address)
        }],
        categories: vec!["Friends".to_owned()],
        ..Contact::default()
    };
    let known = Categories::from([("31".to_owned(), "Friends".to_owned())]);
    let record = sample();
    let record = record.as_object().expect("a record");
    assert_eq!(contact(record, categories(record, &known)), expected);
}

#[test]
fn nothing_is_needed() {
    assert_eq!(read(&json!({})), Contact::default());
    let blank =
        json!({"name": " ", "firstname": "", "lastname": null, "emails": [""], "phones": [" "]});
    assert_eq!(read(&blank), Contact::default());
}

#[test]
fn values_are_texts_or_objects() {
    let emails = json!([
        "a@x", {"value": "b@x", "type": "HOME"}, {"address": "c@x", "type": ["WORK", "Pref", ""]},
        {"email": "d@x", "type": null}, {"number": "e"}, {"type": "HOME"}, {"value": ""},
        null, 7, [], "",
    ]);
    assert_eq!(
        with("emails", emails).emails,
        [
            plain("a@x"),
            kinds("b@x", &["home"]),
            kinds("c@x", &["work", "pref"]),
            plain("d@x"),
            plain("e"),
        ]
    );
    let phones = with(
        "phones",
        json!({"number": "+41 1", "type": "CELL", "label": "Car", "default": true}),
    );
    let expected = Typed {
        label: Some("Car".to_owned()),
        preferred: true,
        ..kinds("+41 1", &["cell"])
    };
    assert_eq!(phones.phones, [expected]);
    let number = with("phones", json!([41_220_000_000_u64, null, 1.5]));
    assert_eq!(number.phones, [plain("41220000000")]);
    assert_eq!(with("phones", json!("+41 2")).phones, [plain("+41 2")]);
}

#[test]
fn addresses_are_texts_or_objects() {
    let addresses = with(
        "addresses",
        json!([
            "Rue 1, Genève",
            {"street": "Rue 2", "postalCode": 1200, "locality": "Genève", "state": "GE", "po_box": "7"},
            {"street": "", "city": null}, {"type": "HOME"}, null, 7, " ",
        ]),
    )
    .addresses;
    let first = PostalAddress {
        street: "Rue 1, Genève".to_owned(),
        ..PostalAddress::default()
    };
    let second = PostalAddress {
        street: "Rue 2".to_owned(),
        code: "1200".to_owned(),
        locality: "Genève".to_owned(),
        region: "GE".to_owned(),
        box_number: "7".to_owned(),
        ..PostalAddress::default()
    };
    assert_eq!(addresses, [untyped(first), untyped(second)]);
}

#[test]
fn categories_have_names() {
    let known = Categories::from([
        ("31".to_owned(), "Friends".to_owned()),
        ("32".to_owned(), "Work".to_owned()),
    ]);
    let read = |value: Value| {
        let record = json!({ "categories": value });
        categories(record.as_object().expect("a record"), &known)
    };
    assert_eq!(
        read(json!([31, 31, {"id": 31}, "32", 99, {"id": 5, "name": "Club"}, "Family", null, ""])),
        ["Friends", "Work", "Club", "Family"]
    );
    assert_eq!(read(json!(null)), [""; 0]);
    assert_eq!(read(json!(31)), ["Friends"]);
}

#[test]
fn texts_are_unchanged() {
    for text in ["\r\nBEGIN:VCARD", "a;b,c\\\"", "\u{0}\u{FFFD}", " x "] {
        assert_eq!(
            with("name", json!(text)).display_name.as_deref(),
            Some(text)
        );
        assert_eq!(with("firstname", json!(text)).name.given, text);
        assert_eq!(with("emails", json!([text])).emails, [plain(text)]);
    }
}

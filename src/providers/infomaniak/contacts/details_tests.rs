//! Details in every plausible shape.

use serde_json::json;

use super::*;
use crate::domain::Birthday;

fn of(record: &Value) -> Contact {
    let mut contact = Contact::default();
    read(record.as_object().expect("a record"), &mut contact);
    contact
}

fn expected() -> Contact {
    let url = Typed {
        value: "https://bob.example".to_owned(),
        ..Typed::default()
    };
    Contact {
        organization: vec!["Muster Sàrl".to_owned(), "Sales".to_owned()],
        title: Some("Director".to_owned()),
        note: Some("Line 1\r\nLine 2".to_owned()),
        nicknames: vec!["Bobby".to_owned()],
        birthday: Some(Birthday {
            year: Some(1980),
            month: 2,
            day: 29,
        }),
        urls: vec![url],
        ..Contact::default()
    }
}

#[test]
fn all_shapes_say_the_same() {
    let shapes = [
        json!({
            "organization": "Muster Sàrl", "department": "Sales", "job_title": "Director",
            "note": "Line 1\r\nLine 2", "nickname": "Bobby", "birthday": "1980-02-29",
            "url": "https://bob.example",
        }),
        json!({"details": {
            "company": "Muster Sàrl", "Department": "Sales", "title": "Director",
            "notes": ["Line 1\r\nLine 2"], "nicknames": ["Bobby", "Bobby"],
            "date_of_birth": {"value": "19800229"}, "websites": [{"value": "https://bob.example"}],
        }}),
        json!({"details": [
            {"type": "ORGANISATION", "value": "Muster Sàrl"}, {"key": "unit", "text": "Sales"},
            {"name": "title", "value": "Director"}, {"kind": "Note", "content": "Line 1\r\nLine 2"},
            {"field": "nick-name", "value": {"value": "Bobby"}}, {"type": "bday", "value": "29.2.1980"},
            {"type": "website", "value": "https://bob.example"},
        ]}),
        json!({"details": [
            {"department": "Sales"},
            {"organisation": "Muster Sàrl", "position": "Director"},
            {"comment": "Line 1\r\nLine 2", "nickname": "Bobby", "birthdate": "1980-02-29"},
            {"web": "https://bob.example"},
        ]}),
    ];
    for shape in shapes {
        assert_eq!(of(&shape), expected(), "{shape}");
    }
}

#[test]
fn organisations_have_units() {
    for told in [
        json!(["Muster Sàrl", "Sales"]),
        json!({"name": "Muster Sàrl", "department": "Sales"}),
        json!([{"value": "Muster Sàrl"}, "Sales"]),
    ] {
        let contact = of(&json!({"details": [{"type": "ORG", "value": told}]}));
        assert_eq!(contact.organization, ["Muster Sàrl", "Sales"], "{told}");
    }
    let labelled = of(&json!({"details": [{"label": "Company", "text": "Muster Sàrl"}]}));
    assert_eq!(labelled.organization, ["Muster Sàrl"]);
    let many: Vec<String> = (0..1000).map(|level| level.to_string()).collect();
    assert_eq!(of(&json!({ "org": many })).organization.len(), LEVELS);
}

#[test]
fn messengers_are_read() {
    let contact = of(&json!({"details": [{"type": "impp", "value": "xmpp:bob@example.org"}]}));
    assert_eq!(contact.messengers[0].value, "xmpp:bob@example.org");
}

#[test]
fn what_is_unknown_or_damaged_is_passed_over() {
    for odd in [
        json!({"details": null}),
        json!({"details": "text"}),
        json!({"details": [null, 7, "text", [], {}, {"type": "shoe size", "value": 43}]}),
        json!({"details": [{"type": "organization", "value": null}, {"type": "note"}]}),
        json!({"organization": "", "title": " ", "note": {}, "birthday": "soon", "url": [null]}),
        json!({"name": "Bob", "id": 7, "value": "x", "type": "y"}),
    ] {
        assert_eq!(of(&odd), Contact::default(), "{odd}");
    }
}

#[test]
fn the_first_counts() {
    let twice = json!({"details": [
        {"type": "title", "value": "Director"}, {"type": "title", "value": "Boss"},
        {"type": "organization", "value": "A"}, {"type": "organization", "value": "B"},
    ]});
    let contact = of(&twice);
    assert_eq!(contact.title.as_deref(), Some("Director"));
    assert_eq!(contact.organization, ["A"]);
}

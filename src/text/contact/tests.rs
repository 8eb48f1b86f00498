use chrono::{DateTime, Utc};

use super::*;
use crate::domain::{Birthday, Part, PersonName, PostalAddress, Typed};
use crate::text::Object;

fn text(contact: &Contact) -> String {
    let parts = [(Part::Master, contact.clone())];
    let stamp: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
    let object = Object {
        uid: "u1",
        parts: &parts,
        stamp,
    };
    let rendered = Contact::render(&object).unwrap();
    assert_eq!((rendered.first, rendered.last), (None, None));
    rendered.text.replace("\r\n", "\n")
}

fn typed<T>(value: T, kinds: &[&str]) -> Typed<T> {
    Typed {
        value,
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        label: None,
        preferred: false,
    }
}

/// A contact with something in every field.
pub(super) fn bob() -> Contact {
    let text = |text: &str| text.to_owned();
    let mut phone = typed(text("+41 22 000 00 00"), &["mobile", "no word!"]);
    phone.preferred = true;
    let mut url = typed(text("example.org/a b"), &[]);
    url.label = Some(text("Team, page"));
    Contact {
        display_name: Some(text("Bob; Example")),
        name: PersonName {
            family: text("Example"),
            given: text("Bob"),
            additional: text("B."),
            prefix: text("Dr."),
            suffix: String::new(),
        },
        nicknames: vec![text("Bobby"), text("B,b")],
        organization: vec![text("Acme; Inc"), text("R\nD"), text("")],
        title: Some(text("Head")),
        role: None,
        emails: vec![typed(text("bob@example.org"), &["home"])],
        phones: vec![phone],
        addresses: vec![typed(
            PostalAddress {
                street: text("Rue 1"),
                code: text("1200"),
                locality: text("Genève"),
                country: text("CH"),
                ..PostalAddress::default()
            },
            &["home"],
        )],
        urls: vec![url],
        messengers: vec![typed(text("xmpp:bob@example.org"), &[])],
        note: Some(text("<p>One</p><p>Two</p>")),
        birthday: Some(Birthday {
            year: None,
            month: 2,
            day: 29,
        }),
        anniversary: Some(Birthday {
            year: Some(2010),
            month: 4,
            day: 15,
        }),
        categories: vec![text("Friends")],
        modified: None,
    }
}

#[test]
fn a_whole_card() {
    assert_eq!(text(&bob()), include_str!("../../../fixtures/text/bob.vcf"));
}

#[test]
fn every_card_has_a_name() {
    let mut contact = Contact::default();
    let shown = |contact: &Contact| {
        let text = text(contact);
        let line = text.lines().find_map(|line| line.strip_prefix("FN:"));
        assert!(text.contains("\nN:"), "{text}");
        line.unwrap().to_owned()
    };
    assert_eq!(shown(&contact), "?");
    contact.emails = vec![typed("a@b".to_owned(), &[])];
    assert_eq!(shown(&contact), "a@b");
    contact.organization = vec!["Acme".to_owned()];
    assert_eq!(shown(&contact), "Acme");
    contact.name.given = "Bob".to_owned();
    contact.name.family = "Example".to_owned();
    assert_eq!(shown(&contact), "Bob Example");
    contact.display_name = Some(" \n".to_owned());
    assert_eq!(shown(&contact), "Bob Example");
}

#[test]
fn days_that_are_none_are_left_out() {
    let contact = Contact {
        birthday: Some(Birthday {
            year: Some(2025),
            month: 2,
            day: 29,
        }),
        ..Contact::default()
    };
    assert!(!text(&contact).contains("BDAY"));
}

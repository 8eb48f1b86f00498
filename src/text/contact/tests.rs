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

fn read(text: &str) -> Contact {
    Contact::read(text).unwrap().parts.remove(0).1
}

#[test]
fn old_cards_are_decoded() {
    let contact = read(
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=\r\n=C3=BCrg;;;\r\n\
         FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrg M=C3=BCller\r\nTEL;HOME;VOICE;PREF:123\r\n\
         BDAY:19700102\r\nEND:VCARD\r\n",
    );
    assert_eq!(contact.display_name.as_deref(), Some("Jürg Müller"));
    assert_eq!(
        (contact.name.family.as_str(), contact.name.given.as_str()),
        ("Müller", "Jürg")
    );
    assert_eq!(contact.phones[0].kinds, ["home", "voice"]);
    assert!(contact.phones[0].preferred);
    let day = Birthday {
        year: Some(1970),
        month: 1,
        day: 2,
    };
    assert_eq!(contact.birthday, Some(day));
}

#[test]
fn new_cards_are_read() {
    let contact = read(
        "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:1\nFN:A\nBDAY:--0415\nANNIVERSARY:20100415T000000Z\n\
         TEL;VALUE=uri;TYPE=\"cell,work\";PREF=1:tel:+41-1\nitem1.URL:https://a\nitem1.X-ABLabel:_$!<HomePage>!$_\n\
         REV:20260102T030405Z\nEND:VCARD",
    );
    let day = |year| {
        Some(Birthday {
            year,
            month: 4,
            day: 15,
        })
    };
    assert_eq!(
        (contact.birthday, contact.anniversary),
        (day(None), day(Some(2010)))
    );
    assert_eq!(contact.phones[0].value, "+41-1");
    assert_eq!(contact.phones[0].kinds, ["cell", "work"]);
    assert_eq!(contact.urls[0].kinds, ["homepage"]);
    assert_eq!(
        contact.modified,
        Some("2026-01-02T03:04:05Z".parse::<DateTime<Utc>>().unwrap())
    );
    let error = Contact::read("BEGIN:VCALENDAR\nEND:VCALENDAR").unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
}

#[test]
fn what_cannot_be_seen_is_no_name() {
    let texts = |text: &str| vec![text.to_owned()];
    let contact = Contact {
        display_name: Some("\u{0}\r".to_owned()),
        name: PersonName {
            given: "Ada \u{1}".to_owned(),
            family: "\u{7f}".to_owned(),
            ..PersonName::default()
        },
        organization: texts("\u{2}"),
        title: Some("\u{3} Head \u{3}".to_owned()),
        note: Some("\u{4}".to_owned()),
        categories: texts("\u{5}"),
        phones: vec![typed("\u{6} ".to_owned(), &[])],
        ..Contact::default()
    };
    let told = text(&contact);
    assert!(
        told.contains("\nN:;Ada;;;\nFN:Ada\nTITLE:Head\nREV:"),
        "{told}"
    );
}

/// Apple's clients build the name that they show from `N` alone.
#[test]
fn a_name_that_is_only_shown_is_told_in_parts() {
    for (shown, organization, n) in [
        ("Bob Example", "", "N:Example;Bob;;;"),
        ("Ana  María\nExample", "", "N:Example;Ana María;;;"),
        ("Bob", "", "N:;Bob;;;"),
        ("  ", "", "N:;;;;"),
        ("Acme Inc", "Acme Inc", "N:;;;;"),
    ] {
        let contact = Contact {
            display_name: Some(shown.to_owned()),
            organization: vec![organization.to_owned()],
            ..Contact::default()
        };
        let text = text(&contact);
        assert!(text.contains(&format!("\n{n}\n")), "{text}");
    }
}

//! Any contact, by three readers.

use calcard::vcard::{VCard, VCardProperty};
use chrono::DateTime;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::*;
use crate::domain::{Birthday, Part, PersonName, PostalAddress, Typed};
use crate::text::{Object, parse};

/// A text that a cloud can send.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zé😀 \r\n\"^;:,\\\\<\0\u{85}\u{2028}]{0,120}",
        Just("END:VCARD\r\nBEGIN:VCARD".to_owned()),
    ]
}

/// A text as it comes back: cleaned, not blank, no blanks around.
fn tidy() -> impl Strategy<Value = String> {
    "[a-zé😀\"^;:,\\\\]( ?[a-zé😀\"^;:,\\\\]){0,60}"
}

fn typed<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Typed<T>> {
    let kinds = prop_oneof![
        Just(vec![]),
        Just(vec!["home".to_owned()]),
        Just(vec!["cell".to_owned(), "work".to_owned()])
    ];
    (value, kinds, of(tidy()), any::<bool>()).prop_map(|(value, kinds, label, preferred)| Typed {
        value,
        kinds,
        label,
        preferred,
    })
}

fn birthday() -> impl Strategy<Value = Birthday> {
    (of(1000..2100), 1_u32..13, 1_u32..29).prop_map(|(year, month, day)| Birthday {
        year,
        month,
        day,
    })
}

fn contact<S: Strategy<Value = String> + 'static>(
    text: fn() -> S,
) -> impl Strategy<Value = Contact> {
    let name = (text(), text(), text(), text(), text());
    let name = name.prop_map(|(family, given, additional, prefix, suffix)| PersonName {
        family,
        given,
        additional,
        prefix,
        suffix,
    });
    let address = (text(), text(), text(), text()).prop_map(|(street, locality, code, country)| {
        PostalAddress {
            street,
            locality,
            code,
            country,
            ..PostalAddress::default()
        }
    });
    let lists = (vec(text(), 0..3), vec(text(), 0..3), vec(text(), 0..3));
    let texts = (of(text()), of(text()), of(text()));
    let many = (
        vec(typed(text()), 0..3),
        vec(typed(text()), 0..3),
        vec(typed(address), 0..2),
    );
    (
        of(text()),
        name,
        lists,
        texts,
        many,
        of(birthday()),
        of(birthday()),
    )
        .prop_map(
            |(display_name, name, lists, texts, many, birthday, anniversary)| Contact {
                display_name,
                name,
                nicknames: lists.0,
                organization: lists.1,
                categories: lists.2,
                title: texts.0,
                role: texts.1,
                note: texts.2,
                emails: many.0,
                phones: many.1,
                addresses: many.2,
                birthday,
                anniversary,
                modified: DateTime::from_timestamp(1_767_323_045, 0),
                ..Contact::default()
            },
        )
}

fn text(contact: &Contact) -> String {
    let parts = [(Part::Master, contact.clone())];
    let object = Object {
        uid: "u;1",
        parts: &parts,
        stamp: DateTime::UNIX_EPOCH,
    };
    Contact::render(&object).unwrap().text
}

proptest! {
    #[test]
    fn hostile_text_stays_in_its_place(contact in contact(hostile)) {
        let text = text(&contact);
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        let own = parse(&text).unwrap();
        prop_assert!(own.components.is_empty());
        prop_assert_eq!(own.properties[0].name.as_str(), "VERSION");
        let card = VCard::parse(&text).unwrap();
        // `BEGIN` and `END` are no entries
        prop_assert_eq!(card.entries.len(), own.properties.len());
        let shown = card.property(&VCardProperty::Fn).unwrap().values[0].as_text();
        let wanted = own.property("FN").unwrap().text();
        prop_assert_eq!(shown, Some(wanted.as_str()));
    }

    #[test]
    fn what_is_written_reads_back_the_same(mut contact in contact(tidy)) {
        if contact.display_name.is_none() {
            contact.display_name = Some("shown".to_owned());
        }
        let read = Contact::read(&text(&contact)).unwrap();
        prop_assert_eq!(read.uid.as_deref(), Some("u;1"));
        prop_assert_eq!(read.parts, vec![(Part::Master, contact)]);
    }

    #[test]
    fn any_text_is_read_without_harm(text in "(BEGIN:VCARD\n|END:VCARD\n|[A-Z]{1,5}[;:=,\"a-zQUOTED-]{0,20}\n){0,12}") {
        if let Ok(read) = Contact::read(&text) {
            prop_assert_eq!(read.parts.len(), 1);
        }
    }
}

//! Any text as a contact from elsewhere: read, written, read again.
#![no_main]

use chrono::DateTime;
use davbridge::domain::Contact;
use davbridge::text::{Object, Render, parse_all, plain};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = plain(text);
    if let Ok(cards) = parse_all(text) {
        let written: String = cards.iter().map(|card| card.write()).collect();
        let again = parse_all(&written).expect("our own text");
        assert_eq!(again.iter().map(|card| card.write()).collect::<String>(), written);
    }
    let Ok(foreign) = Contact::read(text) else {
        return;
    };
    let object = Object {
        uid: "u",
        parts: &foreign.parts,
        stamp: DateTime::from_timestamp(1_760_000_000, 0).expect("a time"),
    };
    let Ok(rendered) = Contact::render(&object) else {
        return;
    };
    let again = Contact::read(&rendered.text).expect("our own text");
    let object = Object {
        parts: &again.parts,
        ..object
    };
    assert_eq!(Contact::render(&object).expect("our own contact").text, rendered.text);
});

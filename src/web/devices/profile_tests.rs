//! The profile, read back.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

use super::addresses::Addresses;
use super::profile::profile;

/// As JSON.
fn read(profile: &[u8]) -> Value {
    let text = std::str::from_utf8(profile).unwrap();
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    let mut reader = Reader::from_str(text);
    reader.config_mut().trim_text(true);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "dict" => return table(&mut reader),
            Event::Eof => panic!("there is no table"),
            _ => {}
        }
    }
}

fn text(reader: &mut Reader<&[u8]>, name: &str) -> String {
    let text = reader.read_text(quick_xml::name::QName(name)).unwrap();
    quick_xml::escape::unescape(&text).unwrap().into_owned()
}

fn table(reader: &mut Reader<&[u8]>) -> Value {
    let mut table = Map::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "key" => {
                let key = text(reader, "key");
                table.insert(key, value(reader).unwrap());
            }
            Event::End(_) => return Value::Object(table),
            other => panic!("{other:?}"),
        }
    }
}

/// `None` at the end of a list.
fn value(reader: &mut Reader<&[u8]>) -> Option<Value> {
    Some(match reader.read_event().unwrap() {
        Event::Empty(tag) => json!(tag.name().as_ref() == "true"),
        Event::Start(tag) => match tag.name().as_ref() {
            "string" => json!(text(reader, "string")),
            "integer" => json!(text(reader, "integer").parse::<u64>().unwrap()),
            "dict" => table(reader),
            "array" => std::iter::from_fn(|| value(reader)).collect(),
            other => panic!("{other:?}"),
        },
        Event::End(_) => return None,
        other => panic!("{other:?}"),
    })
}

fn addresses(user: &str) -> Addresses {
    Addresses::new("https://h.example:8443", "/bridge", user)
}

#[test]
fn it_holds_both_accounts() {
    let whole = read(&profile(&addresses("anna"), "k3vf-<&>", "Anna & Co"));
    assert_eq!(whole["PayloadType"], "Configuration");
    assert_eq!(whole["PayloadDisplayName"], "Anna & Co");
    let payloads = whole["PayloadContent"].as_array().unwrap();
    for (payload, (kind, name)) in payloads
        .iter()
        .zip([("caldav", "CalDAV"), ("carddav", "CardDAV")])
    {
        let told = |key: &str| &payload[format!("{name}{key}")];
        let payload_type = format!("com.apple.{kind}.account");
        assert_eq!(payload["PayloadType"], payload_type);
        assert_eq!(payload["PayloadVersion"], 1);
        assert_eq!(told("HostName"), "h.example");
        assert_eq!(told("Port"), 8443);
        assert_eq!(told("PrincipalURL"), "/bridge/dav/principals/anna/");
        assert_eq!(told("UseSSL"), true);
        assert_eq!(told("Username"), "anna");
        assert_eq!(told("Password"), "k3vf-<&>");
        assert_eq!(told("AccountDescription"), "Anna & Co");
    }
    assert_eq!(payloads.len(), 2);
}

/// Identifiers of the whole and of each part.
fn identifiers(profile: &Value) -> Vec<(String, String)> {
    let content = profile["PayloadContent"].as_array().unwrap();
    let of = |table: &Value| {
        let text = |key: &str| table[key].as_str().unwrap().to_owned();
        (text("PayloadIdentifier"), text("PayloadUUID"))
    };
    [profile].into_iter().chain(content).map(of).collect()
}

#[test]
fn a_second_one_takes_the_place_of_the_first() {
    let first = identifiers(&read(&profile(&addresses("anna"), "one", "Anna")));
    let second = identifiers(&read(&profile(&addresses("anna"), "two", "Other")));
    assert_eq!(first, second);
    let mut all = identifiers(&read(&profile(&addresses("bob"), "one", "Bob")));
    all.extend(first);
    let ids: std::collections::HashSet<_> = all.iter().map(|(id, _)| id).collect();
    let uuids: std::collections::HashSet<_> = all.iter().map(|(_, uuid)| uuid).collect();
    assert_eq!((ids.len(), uuids.len()), (6, 6), "{all:?}");
}

//! vCard 2.1 in quoted-printable: calcard knows its line ends and character sets.

use calcard::vcard::{VCard, VCardEntry, VCardValue};

use crate::text::{Component, Param, Property};

/// The card with its values decoded; `None` where nothing in it is encoded so.
pub(super) fn decoded(text: &str) -> Option<Component> {
    let old = text.as_bytes().windows(16);
    if !old
        .into_iter()
        .any(|word| word.eq_ignore_ascii_case(b"QUOTED-PRINTABLE"))
    {
        return None;
    }
    let card = VCard::parse(text).ok()?;
    Some(Component {
        name: "VCARD".to_owned(),
        properties: card.entries.iter().map(property).collect(),
        components: Vec::new(),
    })
}

fn property(entry: &VCardEntry) -> Property {
    let name = entry.name.as_str();
    let values: Vec<String> = entry.values.iter().map(value).collect();
    let in_parts = ["N", "ADR", "ORG"].contains(&name);
    let value = if in_parts {
        Property::of_parts(name, &values)
    } else {
        Property::of_texts(name, &values)
    };
    let params = entry.params.iter().map(|param| Param {
        name: param.name.as_str().to_owned(),
        values: param
            .value
            .as_text()
            .map(str::to_owned)
            .into_iter()
            .collect(),
    });
    Property {
        group: entry.group.clone(),
        params: params.collect(),
        ..value
    }
}

fn value(value: &VCardValue) -> String {
    match value {
        VCardValue::Component(parts) => parts.join(","),
        VCardValue::PartialDateTime(at) => {
            let year = at.year.map_or("--".to_owned(), |year| format!("{year:04}"));
            let rest = [at.month, at.day].map(|part| format!("{:02}", part.unwrap_or(0)));
            format!("{year}{}", rest.concat())
        }
        other => other.as_text().unwrap_or_default().to_owned(),
    }
}

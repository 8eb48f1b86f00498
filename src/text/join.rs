//! A whole collection as one file, for import.

use std::collections::BTreeMap;

use super::event::calendar;
use super::{Property, parse};
use crate::domain::ItemKind;

/// The items of a collection as one text: one calendar with each zone defined once, named as the
/// collection; or the cards one after the other. What cannot be read is left out.
pub fn join<'a>(kind: ItemKind, texts: impl Iterator<Item = &'a str>, name: &str) -> String {
    match kind {
        ItemKind::Event => calendars(texts, name),
        ItemKind::Contact => texts.collect(),
    }
}

fn calendars<'a>(texts: impl Iterator<Item = &'a str>, name: &str) -> String {
    let mut zones: BTreeMap<String, String> = BTreeMap::new();
    let mut events = String::new();
    for text in texts {
        let Ok(calendar) = parse(text) else {
            continue;
        };
        for component in calendar.components {
            if !component.is("VTIMEZONE") {
                component.write_to(&mut events);
                continue;
            }
            let tzid = component
                .property("TZID")
                .map(Property::text)
                .unwrap_or_default();
            // the definitions of a zone are ends of each other: the longest covers most
            let definition = component.write();
            let known = zones.entry(tzid).or_default();
            if definition.len() > known.len() {
                *known = definition;
            }
        }
    }
    let mut head = calendar();
    head.push_text("NAME", Some(name));
    head.push_text("X-WR-CALNAME", Some(name));
    let mut out = head.write();
    let end = "END:VCALENDAR\r\n";
    out.truncate(out.len() - end.len());
    out.extend(zones.into_values());
    out.push_str(&events);
    out.push_str(end);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(uid: &str, zones: &[&str]) -> String {
        let observance = "BEGIN:STANDARD\r\nEND:STANDARD\r\n";
        let zones = zones.iter().enumerate().map(|(index, tzid)| {
            let observances = observance.repeat(index + 1);
            format!("BEGIN:VTIMEZONE\r\nTZID:{tzid}\r\n{observances}END:VTIMEZONE\r\n")
        });
        let zones: String = zones.collect();
        format!(
            "BEGIN:VCALENDAR\r\n{zones}BEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    }

    #[test]
    fn zones_are_defined_once() {
        let texts = [
            event("1", &["A", "B"]),
            event("2", &["B", "A"]),
            "none".to_owned(),
        ];
        let joined = join(
            ItemKind::Event,
            texts.iter().map(String::as_str),
            "Team; all",
        );
        let calendar = parse(&joined).unwrap();
        assert_eq!(
            calendar.property("X-WR-CALNAME").unwrap().text(),
            "Team; all"
        );
        let names: Vec<_> = calendar
            .components
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, ["VTIMEZONE", "VTIMEZONE", "VEVENT", "VEVENT"]);
        let mut zones = calendar.inside("VTIMEZONE");
        assert!(
            zones.all(|zone| zone.components.len() == 2),
            "the longest: {joined}"
        );
        let empty = join(ItemKind::Event, std::iter::empty(), "");
        assert_eq!(parse(&empty).unwrap().components, []);
    }

    #[test]
    fn cards_follow_each_other() {
        let cards = ["BEGIN:VCARD\r\nEND:VCARD\r\n"; 2];
        assert_eq!(
            join(ItemKind::Contact, cards.into_iter(), "x"),
            cards.concat()
        );
    }
}

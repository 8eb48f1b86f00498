//! A whole collection as one file, for import.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::event::calendar;
use super::{Component, Property, parse};
use crate::domain::ItemKind;

/// The last line of a calendar.
const END: &str = "END:VCALENDAR\r\n";

/// The items of a collection as one text: one calendar with each zone defined once, named as the
/// collection; or the cards one after the other. What cannot be read is left out. Written piece
/// by piece: all items are shown with [`OneFile::survey`], then written.
#[derive(Debug)]
pub struct OneFile {
    kind: ItemKind,
    /// Definitions of zones by their names.
    zones: BTreeMap<String, String>,
}

impl OneFile {
    /// Of no items.
    #[must_use]
    pub const fn new(kind: ItemKind) -> Self {
        Self {
            kind,
            zones: BTreeMap::new(),
        }
    }

    /// Whether items have to be shown before they are written.
    #[must_use]
    pub const fn wants_survey(&self) -> bool {
        matches!(self.kind, ItemKind::Event)
    }

    /// Shows an item whose zones are to be defined.
    pub fn survey(&mut self, text: &str) {
        if !text.contains("VTIMEZONE") {
            return;
        }
        let Ok(calendar) = parse(text) else {
            return;
        };
        for zone in calendar.inside("VTIMEZONE") {
            self.define(zone);
        }
    }

    /// Whether a definition is new, or better than the one that is known.
    fn define(&mut self, zone: &Component) -> bool {
        let tzid = zone.property("TZID").map(Property::text);
        let known = self.zones.entry(tzid.unwrap_or_default());
        let is_new = matches!(known, Entry::Vacant(_));
        let known = known.or_default();
        // the definitions of a zone are ends of each other: the longest covers most
        let definition = zone.write();
        if definition.len() > known.len() {
            *known = definition;
        }
        is_new
    }

    /// Writes what comes before the items.
    pub fn begin(&mut self, out: &mut String, name: &str) {
        if self.kind == ItemKind::Contact {
            return;
        }
        let mut head = calendar();
        head.push_text("NAME", Some(name));
        head.push_text("X-WR-CALNAME", Some(name));
        let head = head.write();
        out.push_str(head.strip_suffix(END).unwrap_or(&head));
        out.extend(self.zones.values().map(String::as_str));
    }

    /// Writes an item. A zone that was not shown, because the item changed since, is defined here.
    pub fn push(&mut self, out: &mut String, text: &str) {
        if self.kind == ItemKind::Contact {
            out.push_str(text);
            return;
        }
        let Ok(calendar) = parse(text) else {
            return;
        };
        for component in &calendar.components {
            if !component.is("VTIMEZONE") || self.define(component) {
                component.write_to(out);
            }
        }
    }

    /// Writes what comes after the items.
    pub fn end(&self, out: &mut String) {
        if self.kind == ItemKind::Event {
            out.push_str(END);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join<'a>(
        kind: ItemKind,
        texts: impl Iterator<Item = &'a str> + Clone,
        name: &str,
    ) -> String {
        let mut file = OneFile::new(kind);
        texts.clone().for_each(|text| file.survey(text));
        let mut out = String::new();
        file.begin(&mut out, name);
        texts.for_each(|text| file.push(&mut out, text));
        file.end(&mut out);
        out
    }

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
    fn a_zone_that_came_late_is_defined_before_its_event() {
        let mut file = OneFile::new(ItemKind::Event);
        let mut out = String::new();
        file.survey(&event("1", &["A"]));
        file.begin(&mut out, "");
        file.push(&mut out, &event("1", &["A"]));
        file.push(&mut out, &event("2", &["A", "B"]));
        file.end(&mut out);
        let names: Vec<_> = parse(&out).unwrap().components;
        let names: Vec<_> = names.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["VTIMEZONE", "VEVENT", "VTIMEZONE", "VEVENT"]);
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

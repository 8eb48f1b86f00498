//! Cards of other servers: vCard 2.1, 3.0 and 4.0, read tolerantly.

use crate::domain::{
    Birthday, Contact, Error, Kind, Part, PersonName, PostalAddress, Result, Typed,
};
use crate::text::event::instant;
use crate::text::render::Foreign;
use crate::text::{Component, Property, parse_all};

use super::old;

/// Apple's words for the label of an anniversary.
pub(super) const ANNIVERSARY: &str = "_$!<Anniversary>!$_";

/// Reads the first card of a text.
pub(super) fn read(text: &str) -> Result<Foreign<Contact>> {
    let card = match old::decoded(text) {
        Some(card) => Some(card),
        None => parse_all(text)?.into_iter().find(|one| one.is("VCARD")),
    };
    let card = card.ok_or_else(|| Error::cloud(Kind::Invalid, "the text holds no card"))?;
    let uid = card.property("UID").map(Property::text);
    Ok(Foreign {
        uid: uid.filter(|uid| !uid.trim().is_empty()),
        parts: vec![(Part::Master, of(&card))],
    })
}

fn of(card: &Component) -> Contact {
    let text = |name: &str| card.property(name).map(Property::text);
    let texts = |name: &str| card.all(name).flat_map(Property::texts).collect::<Vec<_>>();
    let filled = |mut texts: Vec<String>| {
        texts.retain(|text| !text.trim().is_empty());
        texts
    };
    let name = card.property("N").map(|name| person(&name.structured()));
    let anniversary = ["ANNIVERSARY", "X-ANNIVERSARY"]
        .iter()
        .find_map(|name| card.property(name));
    Contact {
        display_name: text("FN"),
        name: name.unwrap_or_default(),
        nicknames: filled(texts("NICKNAME")),
        organization: card
            .property("ORG")
            .map(Property::structured)
            .unwrap_or_default(),
        title: text("TITLE"),
        role: text("ROLE"),
        emails: typed(card, "EMAIL", |email| Some(bare(&email.text(), "mailto:"))),
        phones: typed(card, "TEL", |phone| Some(bare(&phone.text(), "tel:"))),
        addresses: typed(card, "ADR", |address| Some(postal(&address.structured()))),
        urls: typed(card, "URL", |url| Some(url.text())),
        messengers: typed(card, "IMPP", |messenger| Some(messenger.text())),
        note: text("NOTE"),
        birthday: card.property("BDAY").and_then(date),
        anniversary: anniversary.or_else(|| labelled(card)).and_then(date),
        categories: filled(texts("CATEGORIES")),
        modified: instant(card, "REV"),
    }
}

fn part(parts: &[String], index: usize) -> String {
    parts.get(index).cloned().unwrap_or_default()
}

fn person(parts: &[String]) -> PersonName {
    PersonName {
        family: part(parts, 0),
        given: part(parts, 1),
        additional: part(parts, 2),
        prefix: part(parts, 3),
        suffix: part(parts, 4),
    }
}

fn postal(parts: &[String]) -> PostalAddress {
    PostalAddress {
        box_number: part(parts, 0),
        extended: part(parts, 1),
        street: part(parts, 2),
        locality: part(parts, 3),
        region: part(parts, 4),
        code: part(parts, 5),
        country: part(parts, 6),
    }
}

/// A value without the scheme that vCard 4.0 puts before it.
fn bare(text: &str, scheme: &str) -> String {
    let text = text.trim();
    let has = text
        .get(..scheme.len())
        .is_some_and(|it| it.eq_ignore_ascii_case(scheme));
    if has {
        text[scheme.len()..].to_owned()
    } else {
        text.to_owned()
    }
}

/// All properties of a name that hold something, with what they are for.
fn typed<T: Default + PartialEq>(
    card: &Component,
    name: &str,
    value: impl Fn(&Property) -> Option<T>,
) -> Vec<Typed<T>> {
    let one = |property: &Property| {
        let value = value(property).filter(|value| *value != T::default())?;
        let mut typed = Typed {
            value,
            kinds: Vec::new(),
            label: label(card, property),
            preferred: property
                .params
                .iter()
                .any(|param| param.name.eq_ignore_ascii_case("PREF")),
        };
        // several lists, or words of vCard 2.1
        for kind in property
            .param_values("TYPE")
            .flat_map(|kinds| kinds.split(','))
        {
            match kind.trim().to_ascii_lowercase().as_str() {
                "pref" => typed.preferred = true,
                "" | "internet" => {}
                kind => typed.kinds.push(kind.to_owned()),
            }
        }
        typed.named();
        Some(typed)
    };
    card.all(name).filter_map(one).collect()
}

impl<T> Typed<T> {
    /// A label that is one of Apple's fixed words is a kind.
    fn named(&mut self) {
        let word = self.label.as_deref().and_then(|label| {
            let word = label.strip_prefix("_$!<")?.strip_suffix(">!$_")?;
            Some(word.to_ascii_lowercase())
        });
        if let Some(word) = word {
            self.label = None;
            if !self.kinds.contains(&word) {
                self.kinds.push(word);
            }
        }
    }
}

/// The name that the user gave a property: of its group, or as a parameter.
fn label(card: &Component, property: &Property) -> Option<String> {
    let of_group = property.group.as_ref().and_then(|group| {
        let mut labels = card.all("X-ABLabel");
        labels
            .find(|label| label.group.as_ref() == Some(group))
            .map(Property::text)
    });
    // of an address, `LABEL` is how it is printed
    let param = || property.param("LABEL").filter(|_| !property.is("ADR"));
    of_group.or_else(|| param().map(str::to_owned))
}

/// A day that Apple labels as the anniversary.
fn labelled(card: &Component) -> Option<&Property> {
    card.all("X-ABDATE")
        .find(|day| label(card, day).as_deref() == Some(ANNIVERSARY))
}

/// `2010-04-15`, `20100415`, `--0415`, `--04-15`, each also with a time after it.
fn date(property: &Property) -> Option<Birthday> {
    let text = property.value.trim();
    let text = text.split(['T', 't', ' ']).next()?;
    let (year, rest) = match text.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => (Some(text.get(..4)?), text.get(4..)?),
    };
    let digits: String = rest.chars().filter(|c| *c != '-').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = year.filter(|year| Some(*year) != property.param("X-APPLE-OMIT-YEAR"));
    let year = match year {
        Some(year) => Some(year.parse().ok()?),
        None => None,
    };
    let (month, day) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    chrono::NaiveDate::from_ymd_opt(year.unwrap_or(1604), month, day)?;
    Some(Birthday { year, month, day })
}

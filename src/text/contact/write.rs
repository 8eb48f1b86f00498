//! One card.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{Birthday, Contact, PersonName, PostalAddress};
use crate::text::event::{PRODID, address, one_line};
use crate::text::line::trimmed;
use crate::text::when::utc;
use crate::text::{Component, Property, html};

use super::read::ANNIVERSARY;
use super::typed::Lines;

/// What a card is called that tells nothing at all.
const NAMELESS: &str = "?";
/// The year that Apple's clients leave out.
const OMITTED_YEAR: &str = "1604";

/// The card of a contact.
pub(super) fn card(contact: &Contact, uid: &str, stamp: DateTime<Utc>) -> Component {
    let mut card = Component::new("VCARD");
    card.push(Property::new("VERSION", "3.0"));
    card.push(Property::new("PRODID", PRODID));
    card.push(Property::of_text("UID", uid));
    push_name(&mut card, contact);
    let organization = trimmed_end(&contact.organization);
    if !organization.is_empty() {
        card.push(Property::of_parts("ORG", organization));
    }
    let [title, role] = [&contact.title, &contact.role].map(|text| text.as_deref().map(trimmed));
    card.push_text("TITLE", title.as_deref());
    card.push_text("ROLE", role.as_deref());
    push_typed(&mut card, contact);
    let note = contact.note.as_deref().map(html::readable);
    card.push_text("NOTE", note.as_deref());
    push_list(&mut card, "CATEGORIES", &contact.categories);
    card.push(utc("REV", contact.modified.unwrap_or(stamp)));
    card
}

/// `N` and `FN`, which every card has to have. Where no part of the name is told, `N` is made of
/// the name as shown, because Apple's clients show nothing else; an organisation has none.
fn push_name(card: &mut Component, contact: &Contact) {
    let PersonName {
        family,
        given,
        additional,
        prefix,
        suffix,
    } = &contact.name;
    let mut parts = [family, given, additional, prefix, suffix].map(|part| trimmed(part));
    let nameless = parts.iter().all(String::is_empty);
    if nameless && trimmed_end(&contact.organization).is_empty() {
        let name = one_line(contact.display_name.as_deref().unwrap_or_default());
        let (given, family) = name.rsplit_once(' ').unwrap_or((&name, ""));
        [parts[0], parts[1]] = [family, given].map(str::to_owned);
    }
    card.push(Property::of_parts("N", &parts));
    card.push(Property::of_text("FN", &shown(contact)));
    push_list(card, "NICKNAME", &contact.nicknames);
}

/// The name as shown: the first of what the card tells that is not blank.
fn shown(contact: &Contact) -> String {
    let name = &contact.name;
    let order = [
        &name.prefix,
        &name.given,
        &name.additional,
        &name.family,
        &name.suffix,
    ];
    let joined = order.map(String::as_str).join(" ");
    let emails = contact.emails.iter().map(|email| email.value.as_str());
    let phones = contact.phones.iter().map(|phone| phone.value.as_str());
    let known = std::iter::once(contact.display_name.as_deref().unwrap_or_default())
        .chain([joined.as_str()])
        .chain(contact.nicknames.iter().map(String::as_str))
        .chain(contact.organization.iter().map(String::as_str))
        .chain(emails)
        .chain(phones);
    let first = known.map(one_line).find(|text| !text.is_empty());
    first.unwrap_or_else(|| NAMELESS.to_owned())
}

/// A list without the blank ends that some clouds send.
fn trimmed_end(parts: &[String]) -> &[String] {
    let filled = parts.iter().rposition(|part| !trimmed(part).is_empty());
    &parts[..filled.map_or(0, |last| last + 1)]
}

fn push_list(card: &mut Component, name: &str, texts: &[String]) {
    let texts = texts.iter().map(|text| trimmed(text));
    let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
    if !texts.is_empty() {
        card.push(Property::of_texts(name, &texts));
    }
}

/// A value that is not blank, on one line.
fn filled(name: &str, value: &str) -> Option<Property> {
    let value = one_line(value);
    (!value.is_empty()).then(|| Property::of_text(name, &value))
}

fn push_typed(card: &mut Component, contact: &Contact) {
    let mut lines = Lines::new(card);
    lines.add(&contact.emails, &["INTERNET"], |email| {
        filled("EMAIL", email)
    });
    lines.add(&contact.phones, &[], |phone| filled("TEL", phone));
    lines.add(&contact.addresses, &[], postal);
    lines.add(&contact.urls, &[], |url| {
        let text = url.trim();
        // many type what a browser takes
        let whole = address(text).or_else(|| address(&format!("https://{text}")));
        whole
            .filter(|_| !text.is_empty())
            .map(|url| Property::new("URL", url))
    });
    lines.add(&contact.messengers, &[], |messenger| {
        let text = address(messenger).unwrap_or_else(|| messenger.clone());
        filled("IMPP", &text)
    });
    if let Some(day) = contact.birthday.and_then(|day| date("BDAY", day)) {
        lines.push(day, None);
    }
    if let Some(day) = contact.anniversary {
        let day = date("X-ABDATE", day)
            .into_iter()
            .chain(date("X-ANNIVERSARY", day));
        for (line, label) in day.zip([Some(ANNIVERSARY), None]) {
            lines.push(line, label);
        }
    }
}

fn postal(address: &PostalAddress) -> Option<Property> {
    let PostalAddress {
        box_number,
        extended,
        street,
        locality,
        region,
        code,
        country,
    } = address;
    let parts = [
        box_number, extended, street, locality, region, code, country,
    ];
    let parts = parts.map(|part| trimmed(part));
    let filled = parts.iter().any(|part| !part.is_empty());
    filled.then(|| Property::of_parts("ADR", &parts))
}

/// A day; without its year as Apple writes it.
fn date(name: &str, day: Birthday) -> Option<Property> {
    let Birthday { year, month, day } = day;
    // a leap year holds every day
    let known = year.filter(|year| (1..=9999).contains(year));
    NaiveDate::from_ymd_opt(known.unwrap_or(1604), month, day)?;
    Some(match known {
        Some(year) => Property::new(name, format!("{year:04}-{month:02}-{day:02}")),
        None => Property::new(name, format!("{OMITTED_YEAR}-{month:02}-{day:02}"))
            .with("X-APPLE-OMIT-YEAR", OMITTED_YEAR),
    })
}

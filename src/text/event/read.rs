//! Events of other servers, read tolerantly.

use chrono::{DateTime, FixedOffset, Offset, Utc};

use crate::domain::{Class, Error, Event, EventStatus, Kind, Moment, Part, Repetition, Result};
use crate::text::render::Foreign;
use crate::text::series::{Later, Length, excluded, later};
use crate::text::when::{Form, When, parsed};
use crate::text::zone::{Zone, Zones, offset, resolve};
use crate::text::{Component, Property, parse_all};

use super::{alarm, people};

/// Reads the first object of a text: all events that share the first one's UID.
pub(super) fn read(text: &str) -> Result<Foreign<Event>> {
    let all = parse_all(text)?;
    let calendar = all.iter().find(|one| one.is("VCALENDAR"));
    let bare = || {
        let mut calendar = Component::new("VCALENDAR");
        calendar.components.clone_from(&all);
        calendar
    };
    let calendar = calendar.map_or_else(bare, Component::clone);
    let zones = Zones::of(&calendar);
    let first = calendar.inside("VEVENT").next();
    let first = first.ok_or_else(|| Error::cloud(Kind::Invalid, "the text holds no event"))?;
    let uid = |event: &Component| {
        let uid = event.property("UID").map(Property::text);
        uid.filter(|uid| !uid.trim().is_empty())
    };
    let wanted = uid(first);
    let events = calendar
        .inside("VEVENT")
        .filter(|event| uid(event) == wanted);
    let mut parts: Vec<_> = events.flat_map(|event| parts(event, &zones)).collect();
    let own = |one: &Later| uid(&calendar.components[one.component]) == wanted;
    let later = later(&calendar).into_iter().filter(own);
    parts.extend(later.map(|one| moved(&calendar.components[one.component], &one, &zones)));
    Ok(Foreign { uid: wanted, parts })
}

/// The parts that one component tells: itself, and further instances with a length of their own.
fn parts(event: &Component, zones: &Zones) -> Vec<(Part, Event)> {
    let id = moment(event, "RECURRENCE-ID", zones);
    let read = of(event, zones);
    let Some(id) = id else {
        let others = periods(event, &read, zones);
        return std::iter::once((Part::Master, read))
            .chain(others)
            .collect();
    };
    vec![(Part::Override(id), read)]
}

/// An instance that a change of an earlier one changes too, as a change of its own: most clients
/// do not read `RANGE`.
fn moved(event: &Component, one: &Later, zones: &Zones) -> (Part, Event) {
    let mut read = of(event, zones);
    read.repetition = Repetition::default();
    read.end = read.end.map(|_| told(&one.end));
    read.start = Some(told(&one.start));
    (Part::Override(told(&one.id)), read)
}

/// `RDATE` periods that are not as long as the event.
fn periods(event: &Component, read: &Event, zones: &Zones) -> Vec<(Part, Event)> {
    let own = read
        .end
        .as_ref()
        .map(Moment::latest)
        .zip(read.start.as_ref().map(Moment::latest));
    let own = own.map(|(end, start)| end - start);
    let mut parts = Vec::new();
    for (property, value) in values(event, "RDATE") {
        let Some((begin, end)) = value.split_once('/') else {
            continue;
        };
        let Some(begin) = When::read(begin, property, zones) else {
            continue;
        };
        let end = match Length::parse(end) {
            Some(length) => Some(length.after(&begin)),
            None => When::read(end, property, zones),
        };
        let (begin, end) = (told(&begin), end.as_ref().map(told));
        let length = end.as_ref().map(|end| end.latest() - begin.latest());
        if length != own {
            let mut other = read.clone();
            other.repetition = Repetition::default();
            (other.start, other.end) = (Some(begin.clone()), end);
            parts.push((Part::Override(begin), other));
        }
    }
    parts
}

fn of(event: &Component, zones: &Zones) -> Event {
    let text = |name: &str| event.property(name).map(Property::text);
    let value = |name: &str| {
        event
            .property(name)
            .map(|one| one.value.trim().to_ascii_uppercase())
    };
    let categories = event.all("CATEGORIES").flat_map(Property::texts);
    let start = event
        .property("DTSTART")
        .and_then(|one| When::read(&one.value, one, zones));
    Event {
        summary: text("SUMMARY"),
        description: text("DESCRIPTION"),
        location: text("LOCATION"),
        url: event.property("URL").map(|url| url.value.trim().to_owned()),
        end: end(event, start.as_ref(), zones),
        start: start.as_ref().map(told),
        repetition: Repetition {
            rules: event.all("RRULE").map(|rule| rule.value.clone()).collect(),
            dates: dates(event, "RDATE", zones),
            excluded: excluded_dates(event, zones),
        },
        status: value("STATUS").as_deref().and_then(status),
        transparent: value("TRANSP").as_deref() == Some("TRANSPARENT"),
        class: value("CLASS").as_deref().and_then(class),
        organizer: event.property("ORGANIZER").map(people::read),
        attendees: event.all("ATTENDEE").map(people::read).collect(),
        alarms: event.inside("VALARM").filter_map(alarm::read).collect(),
        categories: categories.filter(|one| !one.trim().is_empty()).collect(),
        color: text("COLOR"),
        priority: value("PRIORITY").and_then(|one| one.parse().ok()),
        sequence: value("SEQUENCE").and_then(|one| one.parse().ok()),
        created: instant(event, "CREATED"),
        modified: instant(event, "LAST-MODIFIED"),
    }
}

fn status(word: &str) -> Option<EventStatus> {
    match word {
        "CONFIRMED" => Some(EventStatus::Confirmed),
        "TENTATIVE" => Some(EventStatus::Tentative),
        "CANCELLED" => Some(EventStatus::Cancelled),
        _ => None,
    }
}

fn class(word: &str) -> Option<Class> {
    match word {
        "PUBLIC" => Some(Class::Public),
        "PRIVATE" => Some(Class::Private),
        "CONFIDENTIAL" => Some(Class::Confidential),
        _ => None,
    }
}

/// The end, or what the duration makes it.
fn end(event: &Component, start: Option<&When>, zones: &Zones) -> Option<Moment> {
    if let Some(end) = moment(event, "DTEND", zones) {
        return Some(end);
    }
    let duration = Length::parse(&event.property("DURATION")?.value)?;
    Some(told(&duration.after(start?)))
}

fn moment(event: &Component, name: &str, zones: &Zones) -> Option<Moment> {
    let property = event.property(name)?;
    When::read(&property.value, property, zones).map(|when| told(&when))
}

/// All values of the properties of a name.
fn values<'a>(
    event: &'a Component,
    name: &'a str,
) -> impl Iterator<Item = (&'a Property, &'a str)> {
    let properties = event.all(name);
    properties.flat_map(|one| one.value.split(',').map(move |value| (one, value)))
}

/// The moments of a list; of a period its begin.
fn dates(event: &Component, name: &str, zones: &Zones) -> Vec<Moment> {
    let begin = |value: &str| value.split('/').next().unwrap_or_default().to_owned();
    let read = |(property, value): (&Property, &str)| When::read(&begin(value), property, zones);
    values(event, name)
        .filter_map(read)
        .map(|when| told(&when))
        .collect()
}

/// The moments that are excluded, one by one or by a rule.
fn excluded_dates(event: &Component, zones: &Zones) -> Vec<Moment> {
    let by_rule = excluded(event, zones);
    let mut dates = dates(event, "EXDATE", zones);
    dates.extend(by_rule.iter().map(told));
    dates
}

/// An instant; one without zone is taken as UTC.
pub(in crate::text) fn instant(component: &Component, name: &str) -> Option<DateTime<Utc>> {
    let (local, form) = parsed(&component.property(name)?.value)?;
    (form != Form::Date).then(|| local.and_utc())
}

/// A moment in the domain's terms, with the name by which its zone is known best.
fn told(when: &When) -> Moment {
    match when {
        When::Date(day) => Moment::Date(*day),
        When::Local(local) => Moment::Floating(*local),
        When::Utc(at) => Moment::Utc(*at),
        When::Zoned { at, place } => {
            let zone = match &place.zone {
                Zone::Iana(zone) if resolve(&place.tzid).is_none() => zone.name().to_owned(),
                _ => place.tzid.clone(),
            };
            let seconds = i32::try_from(offset(&place.zone, *at).num_seconds()).ok();
            let fixed = seconds.and_then(FixedOffset::east_opt);
            let fixed = fixed.unwrap_or_else(|| Utc.fix());
            Moment::Zoned {
                at: at.with_timezone(&fixed),
                zone,
            }
        }
    }
}

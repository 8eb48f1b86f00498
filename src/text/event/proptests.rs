//! Any event, by three readers.

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::*;
use crate::domain::*;
use crate::text::zone::{Zone, digits, instant};
use crate::text::{Component, Object, parse};

/// A text that a cloud can send.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zé😀 \r\n\"^;:,\\\\<\0\u{85}\u{2028}]{0,120}",
        Just("END:VEVENT\r\nEND:VCALENDAR\r\nX:1".to_owned()),
    ]
}

/// A text as it comes back: cleaned, not blank, no blanks around or doubled.
fn tidy() -> impl Strategy<Value = String> {
    "[a-zé😀\"^;:,\\\\]( ?[a-zé😀\"^;:,\\\\]){0,60}"
}

fn zone() -> impl Strategy<Value = Option<&'static str>> {
    const KNOWN: [&str; 4] = [
        "Europe/Paris",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
    ];
    prop_oneof![Just(None), proptest::sample::select(&KNOWN).prop_map(Some)]
}

fn local() -> impl Strategy<Value = NaiveDateTime> {
    let first = NaiveDate::from_ymd_opt(1995, 1, 1)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    (0_i64..40 * 365 * 24 * 4).prop_map(move |quarters| first + TimeDelta::minutes(15 * quarters))
}

/// A kind of moment, as a function of local time.
#[derive(Debug, Clone, Copy)]
enum Form {
    Date,
    Floating,
    Utc,
    Zoned(&'static str),
}

impl Form {
    fn of(self, local: NaiveDateTime) -> Moment {
        match self {
            Self::Date => Moment::Date(local.date()),
            Self::Floating => Moment::Floating(local),
            Self::Utc => Moment::Utc(local.and_utc()),
            Self::Zoned(name) => {
                let zone = Zone::named(name).unwrap();
                let at = instant(&zone, local);
                let east = (digits(&zone, at) - at.naive_utc()).num_seconds();
                let offset = FixedOffset::east_opt(i32::try_from(east).unwrap()).unwrap();
                let at = at.with_timezone(&offset);
                Moment::Zoned {
                    at,
                    zone: name.to_owned(),
                }
            }
        }
    }
}

fn form() -> impl Strategy<Value = Form> {
    (zone(), 0..3).prop_map(|(zone, kind)| match (zone, kind) {
        (Some(zone), _) => Form::Zoned(zone),
        (None, 0) => Form::Date,
        (None, 1) => Form::Floating,
        (None, _) => Form::Utc,
    })
}

fn person<S: Strategy<Value = String>>(text: S) -> impl Strategy<Value = Attendee> {
    let answer =
        proptest::sample::select(&[Answer::Accepted, Answer::Declined, Answer::NeedsAction]);
    let role = proptest::sample::select(&[
        AttendeeRole::Chair,
        AttendeeRole::Optional,
        AttendeeRole::Required,
    ]);
    (of(text), of(answer), of(role), any::<bool>()).prop_map(|(name, answer, role, rsvp)| {
        Attendee {
            address: "é.b+c@example.org".to_owned(),
            name,
            answer,
            role,
            rsvp,
        }
    })
}

fn alarm() -> impl Strategy<Value = Alarm> {
    let trigger = prop_oneof![
        (-100_000_i64..100_000).prop_map(Trigger::FromStart),
        (-100_000_i64..100_000).prop_map(Trigger::FromEnd),
        (0_i64..4_000_000_000).prop_map(|at| Trigger::At(DateTime::from_timestamp(at, 0).unwrap())),
    ];
    let action = prop_oneof![Just(AlarmAction::Display), Just(AlarmAction::Audio)];
    (trigger, action).prop_map(|(trigger, action)| Alarm { trigger, action })
}

/// An event of a form at a time; it lasts so many quarters of an hour, or so many days.
fn event<S: Strategy<Value = String> + 'static>(
    text: fn() -> S,
    form: Form,
) -> impl Strategy<Value = Event> {
    let texts = (of(text()), of(text()), of(text()));
    let state = proptest::sample::select(&[EventStatus::Confirmed, EventStatus::Tentative]);
    let class = proptest::sample::select(&[Class::Public, Class::Private, Class::Confidential]);
    let organizer = of(text()).prop_map(|name| Attendee {
        address: "o@example.org".to_owned(),
        name,
        ..Attendee::default()
    });
    let people = (
        of(organizer),
        vec(person(text()), 0..3),
        vec(alarm(), 0..3),
        vec(text(), 0..3),
    );
    let numbers = (
        of(1_u8..10),
        of(any::<u32>()),
        of(0_i64..4_000_000_000),
        of(0_i64..4_000_000_000),
    );
    let time = (local(), 1_i64..300);
    let other = (of(state), any::<bool>(), of(class));
    (texts, people, numbers, time, other).prop_map(move |(texts, people, numbers, time, other)| {
        let at = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0);
        let length = match form {
            Form::Date => TimeDelta::days(time.1),
            _ => TimeDelta::minutes(15 * time.1),
        };
        Event {
            summary: texts.0,
            description: texts.1,
            location: texts.2,
            start: Some(form.of(time.0)),
            end: Some(form.of(time.0 + length)),
            status: other.0,
            transparent: other.1,
            class: other.2,
            organizer: people.0,
            attendees: people.1,
            alarms: people.2,
            categories: people.3,
            color: Some("tomato".to_owned()),
            priority: numbers.0,
            sequence: numbers.1,
            created: numbers.2.and_then(at),
            modified: numbers.3.and_then(at),
            ..Event::default()
        }
    })
}

fn repetition(form: Form) -> impl Strategy<Value = Repetition> {
    let rules = prop_oneof![
        Just("FREQ=DAILY".to_owned()),
        Just("FREQ=WEEKLY;COUNT=7;BYDAY=MO,FR".to_owned()),
        Just("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1SU".to_owned()),
    ];
    let dates = || vec(local(), 0..4);
    (vec(rules, 0..2), dates(), dates()).prop_map(move |(rules, dates, excluded)| {
        let moments = |mut dates: Vec<NaiveDateTime>| {
            dates.sort_unstable();
            let mut moments: Vec<_> = dates.into_iter().map(|date| form.of(date)).collect();
            moments.sort_by_key(Moment::earliest);
            moments.dedup();
            moments
        };
        let excluded = if rules.is_empty() && dates.is_empty() {
            Vec::new()
        } else {
            excluded
        };
        Repetition {
            rules,
            dates: moments(dates),
            excluded: moments(excluded),
        }
    })
}

fn master<S: Strategy<Value = String> + 'static>(text: fn() -> S) -> impl Strategy<Value = Event> {
    form().prop_flat_map(move |form| {
        (event(text, form), repetition(form)).prop_map(|(event, repetition)| Event {
            repetition,
            ..event
        })
    })
}

/// A master and changed instances of it, none cancelled.
fn object<S: Strategy<Value = String> + 'static>(
    text: fn() -> S,
) -> impl Strategy<Value = Vec<(Part, Event)>> {
    form().prop_flat_map(move |form| {
        let id = local().prop_map(move |local| form.of(local));
        let changed = (id, event(text, form)).prop_map(|(id, event)| (Part::Override(id), event));
        let master = (event(text, form), repetition(form));
        (master, vec(changed, 0..3)).prop_map(|((event, mut repetition), changed)| {
            if repetition.rules.is_empty() && !changed.is_empty() {
                repetition.rules = vec!["FREQ=DAILY".to_owned()];
            }
            let master = Event {
                repetition,
                ..event
            };
            std::iter::once((Part::Master, master))
                .chain(changed)
                .collect()
        })
    })
}

fn text(parts: &[(Part, Event)]) -> String {
    let object = Object {
        uid: "u;1",
        parts,
        stamp: DateTime::UNIX_EPOCH,
    };
    Event::render(&object).unwrap().text
}

/// Whether the text has nothing in it that a reader could stumble over.
fn sound(text: &str) -> Result<(), TestCaseError> {
    prop_assert!(
        text.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains(['\r', '\n']))
    );
    prop_assert!(
        !text
            .chars()
            .any(|c| c.is_control() && !"\r\n\t".contains(c))
    );
    let own = parse(text).unwrap();
    let names: Vec<_> = own.components.iter().map(|one| one.name.as_str()).collect();
    prop_assert!(
        names
            .iter()
            .all(|name| ["VTIMEZONE", "VEVENT"].contains(name)),
        "{:?}",
        names
    );
    // each zone that is named is defined
    let defined: Vec<_> = own
        .inside("VTIMEZONE")
        .filter_map(|zone| zone.property("TZID"))
        .collect();
    for event in own.inside("VEVENT") {
        for tzid in event.properties.iter().filter_map(|one| one.param("TZID")) {
            prop_assert!(defined.iter().any(|one| one.text() == tzid), "{}", tzid);
        }
    }
    by_calcard(text, &own)?;
    let other = icalendar::parser::unfold(text);
    let other = icalendar::parser::read_calendar(&other);
    prop_assert_eq!(other.unwrap().components.len(), own.components.len());
    Ok(())
}

fn by_calcard(text: &str, own: &Component) -> Result<(), TestCaseError> {
    let calendar = ICalendar::parse(text).unwrap();
    let events = calendar.components.iter();
    let events = events.filter(|one| one.component_type == ICalendarComponentType::VEvent);
    let pairs: Vec<_> = events.zip(own.inside("VEVENT")).collect();
    prop_assert_eq!(pairs.len(), own.inside("VEVENT").count());
    for (theirs, ours) in pairs {
        prop_assert_eq!(theirs.entries.len(), ours.properties.len());
        let summary = theirs.property(&ICalendarProperty::Summary);
        let summary = summary.and_then(|one| one.values.first()?.as_text().map(str::to_owned));
        prop_assert_eq!(summary, ours.property("SUMMARY").map(|one| one.text()));
    }
    Ok(())
}

proptest! {
    #[test]
    fn hostile_text_stays_in_its_place(event in master(hostile)) {
        sound(&text(&[(Part::Master, event)]))?;
    }

    #[test]
    fn what_is_written_reads_back_the_same(parts in object(tidy)) {
        let text = text(&parts);
        sound(&text)?;
        let read = Event::read(&text).unwrap();
        prop_assert_eq!(read.uid.as_deref(), Some("u;1"));
        let object = |parts| Object { uid: "u;1", parts, stamp: DateTime::UNIX_EPOCH };
        prop_assert_eq!(&Event::render(&object(&read.parts[..])).unwrap().text, &text);
        // an instance keeps its place in the series, and the master says what it said
        prop_assert_eq!(&read.parts[0].1.summary, &parts[0].1.summary);
        let plain = |part: &(Part, Event)| {
            let mut event = part.1.clone();
            // a begin, an override and an exclusion can be the same instance
            event.repetition = Repetition::default();
            (part.0.clone(), event)
        };
        if parts.len() == 1 {
            prop_assert_eq!(plain(&read.parts[0]), plain(&parts[0]));
            prop_assert_eq!(&read.parts[0].1.repetition.rules, &parts[0].1.repetition.rules);
        }
    }

    #[test]
    fn any_text_is_read_without_harm(text in "(BEGIN:VEVENT\n|END:VEVENT\n|BEGIN:VTIMEZONE\n|(DTSTART|RDATE|EXDATE|DURATION|TZID|TRIGGER)[;:=,/\"0-9TZPMS-]{0,20}\n){0,14}") {
        if let Ok(read) = Event::read(&text) {
            let object = Object { uid: "u", parts: &read.parts, stamp: DateTime::UNIX_EPOCH };
            if let Ok(rendered) = Event::render(&object) {
                sound(&rendered.text)?;
            }
        }
    }
}

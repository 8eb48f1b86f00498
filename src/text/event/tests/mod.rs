mod older;
mod series;
mod zones;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use super::*;
use crate::domain::*;
use crate::text::{Component, Object, Rendered, parse};

fn day(text: &str) -> Moment {
    Moment::Date(NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap())
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn in_zone(at: &str, zone: &str) -> Moment {
    let at: DateTime<FixedOffset> = at.parse().unwrap();
    let zone = zone.to_owned();
    Moment::Zoned { at, zone }
}

fn zurich(at: &str) -> Moment {
    in_zone(at, "Europe/Zurich")
}

fn event(summary: &str, start: Moment, end: Moment) -> Event {
    Event {
        summary: Some(summary.to_owned()),
        start: Some(start),
        end: Some(end),
        ..Event::default()
    }
}

fn rendered(parts: &[(Part, Event)]) -> Rendered {
    let object = Object {
        uid: "u1",
        parts,
        stamp: utc("2026-01-02T03:04:05Z"),
    };
    let rendered = Event::render(&object).unwrap();
    let mut parts = parts.to_vec();
    parts.reverse();
    let parts = &parts;
    let again = Event::render(&Object { parts, ..object }).unwrap();
    assert_eq!(again, rendered, "in another order");
    rendered
}

/// The lines of all `VEVENT`s, without what every event has.
fn lines(parts: &[(Part, Event)]) -> Vec<String> {
    let calendar = parse(&rendered(parts).text).unwrap();
    let mut lines = Vec::new();
    for event in calendar.inside("VEVENT") {
        for line in event.write().replace("\r\n ", "").lines() {
            let always = [
                "BEGIN:VEVENT",
                "UID:u1",
                "DTSTAMP:20260102T030405Z",
                "TRANSP:OPAQUE",
            ];
            if !always.contains(&line) {
                lines.push(line.to_owned());
            }
        }
    }
    lines
}

fn single(event: Event) -> Vec<String> {
    lines(&[(Part::Master, event)])
}

fn review() -> Event {
    event(
        "Review",
        zurich("2026-09-16T23:00:00+02:00"),
        zurich("2026-09-16T23:30:00+02:00"),
    )
}

#[test]
fn a_whole_object() {
    let mut event = review();
    event.repetition.rules = vec!["FREQ=WEEKLY;BYDAY=WE".to_owned()];
    event.status = Some(EventStatus::Confirmed);
    event.organizer = Some(Attendee {
        address: "a.muster@example.ch".to_owned(),
        name: Some("Anna \"A\" Muster".to_owned()),
        ..Attendee::default()
    });
    event.attendees = vec![Attendee {
        address: "b@example.org".to_owned(),
        name: Some("B".to_owned()),
        answer: Some(Answer::NeedsAction),
        role: Some(AttendeeRole::Required),
        rsvp: true,
    }];
    event.alarms = vec![Alarm {
        trigger: Trigger::FromStart(-600),
        action: AlarmAction::Display,
    }];
    let rendered = rendered(&[(Part::Master, event)]);
    assert!(rendered.recurring);
    assert_eq!(rendered.first, Some(utc("2026-09-16T21:00:00Z")));
    assert_eq!(rendered.last, None);
    let text = rendered.text.replace("\r\n", "\n");
    assert_eq!(text, include_str!("../../../../fixtures/text/review.ics"));
}

#[test]
fn days_end_before_their_end() {
    let wanted = [
        "DTSTART;VALUE=DATE:20260301",
        "DTEND;VALUE=DATE:20260302",
        "SUMMARY:x",
        "END:VEVENT",
    ];
    let mut none = event("x", day("2026-03-01"), day("2026-03-02"));
    assert_eq!(single(none.clone()), wanted);
    none.end = None;
    assert_eq!(single(none.clone()), wanted);
    none.end = Some(day("2026-02-01"));
    assert_eq!(single(none.clone()), wanted, "end before begin");
    none.end = Some(zurich("2026-03-01T12:00:00+01:00"));
    assert_eq!(single(none), wanted, "a time ends the day it lies in");
}

#[test]
fn a_begin_is_needed() {
    let mut none = review();
    none.start = None;
    let object = |parts| Object {
        uid: "u1",
        parts,
        stamp: utc("2026-01-02T03:04:05Z"),
    };
    for parts in [&[(Part::Master, none)][..], &[]] {
        let error = Event::render(&object(parts)).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
    }
}

#[test]
fn nonsense_is_served_in_the_nearest_sane_way() {
    let mut event = event("  two\r\nlines ", day("+262000-01-01"), day("-0044-03-15"));
    event.repetition.rules = vec!["FREQ=HOURLY".to_owned(), "every day".to_owned()];
    event.repetition.excluded = vec![day("2026-01-01")];
    event.url = Some("javascript:alert(1)".to_owned());
    event.priority = Some(77);
    event.color = Some("#FF6347".to_owned());
    event.categories = vec![" ".to_owned(), "a,b".to_owned()];
    event.attendees = ["none", "a@b\r\nX:1", "MAILTO:a@b"].map(address).to_vec();
    event.alarms = vec![
        alarm(Trigger::FromStart(i64::MIN)),
        alarm(Trigger::FromEnd(-3605)),
        alarm(Trigger::At(DateTime::<Utc>::MAX_UTC)),
    ];
    assert_eq!(
        single(event),
        [
            "DTSTART;VALUE=DATE:99981231",
            "DTEND;VALUE=DATE:99990101",
            "SUMMARY:two lines",
            "CATEGORIES:a\\,b",
            "COLOR:tomato",
            "ATTENDEE:mailto:a@b",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:two\\nlines",
            "TRIGGER;RELATED=END:-PT1H0M5S",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:two\\nlines",
            "TRIGGER;VALUE=DATE-TIME:99981231T235959Z",
            "END:VALARM",
            "END:VEVENT",
        ]
    );
}

fn address(address: &str) -> Attendee {
    Attendee {
        address: address.to_owned(),
        ..Attendee::default()
    }
}

fn alarm(trigger: Trigger) -> Alarm {
    let action = AlarmAction::Email;
    Alarm { trigger, action }
}

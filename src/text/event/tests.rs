mod older;

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
    assert_eq!(text, include_str!("../../../fixtures/text/review.ics"));
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
fn changed_and_cancelled_instances() {
    let mut master = review();
    master.repetition.rules = vec!["FREQ=WEEKLY;UNTIL=20261031T225959Z".to_owned()];
    let moved = event(
        "Moved",
        zurich("2026-09-24T10:00:00+02:00"),
        zurich("2026-09-24T11:00:00+02:00"),
    );
    let cancelled = Event {
        status: Some(EventStatus::Cancelled),
        ..review()
    };
    let second = Part::Override(Moment::Utc(utc("2026-09-23T21:00:00Z")));
    let third = Part::Override(zurich("2026-09-30T23:00:00+02:00"));
    let parts = [(third, cancelled), (second, moved), (Part::Master, master)];
    assert_eq!(
        lines(&parts),
        [
            "DTSTART;TZID=Europe/Zurich:20260916T230000",
            "DTEND;TZID=Europe/Zurich:20260916T233000",
            "RRULE:FREQ=WEEKLY;UNTIL=20261031T225959Z",
            "EXDATE;TZID=Europe/Zurich:20260930T230000",
            "SUMMARY:Review",
            "END:VEVENT",
            "RECURRENCE-ID;TZID=Europe/Zurich:20260923T230000",
            "DTSTART;TZID=Europe/Zurich:20260924T100000",
            "DTEND;TZID=Europe/Zurich:20260924T110000",
            "SUMMARY:Moved",
            "END:VEVENT",
        ]
    );
    assert_eq!(rendered(&parts).last, Some(utc("2026-10-31T23:29:59Z")));
}

#[test]
fn an_instance_without_its_series_keeps_its_id() {
    let cancelled = Event {
        status: Some(EventStatus::Cancelled),
        ..review()
    };
    let part = Part::Override(zurich("2026-09-15T23:00:00+02:00"));
    let lines = lines(&[(part, cancelled)]);
    assert_eq!(lines[0], "RECURRENCE-ID;TZID=Europe/Zurich:20260915T230000");
    assert!(lines.contains(&"STATUS:CANCELLED".to_owned()));
}

#[test]
fn rows_become_a_series() {
    let row = |summary: &str, day: u32, minutes: u32| {
        let at = |minutes| zurich(&format!("2026-09-{day:02}T10:{minutes:02}:00+02:00"));
        let event = event(summary, at(0), at(minutes));
        (Part::Occurrence(at(0)), event)
    };
    assert_eq!(
        lines(&[row("a", 3, 30)])[..2],
        [
            "DTSTART;TZID=Europe/Zurich:20260903T100000",
            "DTEND;TZID=Europe/Zurich:20260903T103000",
        ],
        "one row is an event"
    );
    let mut gone = row("a", 5, 30);
    gone.1.status = Some(EventStatus::Cancelled);
    let parts = [
        row("a", 4, 30),
        row("a", 3, 30),
        row("b", 6, 30),
        gone,
        row("a", 7, 45),
    ];
    assert_eq!(
        lines(&parts),
        [
            "DTSTART;TZID=Europe/Zurich:20260903T100000",
            "DTEND;TZID=Europe/Zurich:20260903T103000",
            "RDATE;TZID=Europe/Zurich:20260904T100000",
            "RDATE;TZID=Europe/Zurich:20260906T100000",
            "RDATE;TZID=Europe/Zurich:20260907T100000",
            "SUMMARY:a",
            "END:VEVENT",
            "RECURRENCE-ID;TZID=Europe/Zurich:20260906T100000",
            "DTSTART;TZID=Europe/Zurich:20260906T100000",
            "DTEND;TZID=Europe/Zurich:20260906T103000",
            "SUMMARY:b",
            "END:VEVENT",
            "RECURRENCE-ID;TZID=Europe/Zurich:20260907T100000",
            "DTSTART;TZID=Europe/Zurich:20260907T100000",
            "DTEND;TZID=Europe/Zurich:20260907T104500",
            "SUMMARY:a",
            "END:VEVENT",
        ]
    );
    let all = rendered(&parts);
    assert!(all.recurring);
    assert_eq!(all.last, Some(utc("2026-09-07T08:45:00Z")));
}

#[test]
fn zones_that_nobody_knows_mean_their_offset() {
    let parts = |second: &str| {
        let mut event = event(
            "x",
            in_zone("2026-07-01T10:00:00+02:00", "Our \"Zone\""),
            in_zone(second, "Our \"Zone\""),
        );
        event.repetition.dates = vec![in_zone(
            "2026-08-01T10:00:00+02:00",
            "Romance Standard Time",
        )];
        [(Part::Master, event)]
    };
    let text = rendered(&parts("2026-07-01T11:00:00+02:00")).text;
    let calendar = parse(&text).unwrap();
    let zones: Vec<_> = calendar.inside("VTIMEZONE").map(Component::write).collect();
    assert_eq!(
        zones.len(),
        1,
        "the date takes the zone of the begin: {text}"
    );
    assert!(zones[0].contains("TZID:Our--Zone\r\n") && zones[0].contains("TZOFFSETTO:+0200"));
    let two = rendered(&parts("2026-07-01T11:00:00+01:00")).text;
    assert!(
        two.contains("DTSTART;TZID=Our--Zone+0200:20260701T100000"),
        "{two}"
    );
    assert!(
        two.contains("DTEND;TZID=Our--Zone+0100:20260701T110000"),
        "{two}"
    );
}

#[test]
fn a_time_on_the_clock_of_a_zone() {
    let at = |at: &str, zone: &str| Moment::Local {
        at: at.parse().unwrap(),
        zone: zone.to_owned(),
    };
    let in_zone = |zone: &str| {
        let event = event(
            "x",
            at("2026-03-29T01:30:00", zone),
            at("2026-03-29T03:30:00", zone),
        );
        rendered(&[(Part::Occurrence(event.start.clone().unwrap()), event)])
    };
    for zone in ["Europe/Zurich", "W. Europe Standard Time"] {
        let rendered = in_zone(zone);
        let known = resolved(zone);
        for part in [
            format!("BEGIN:VTIMEZONE\r\nTZID:{known}\r\n"),
            format!("DTSTART;TZID={known}:20260329T013000\r\n"),
            format!("DTEND;TZID={known}:20260329T033000\r\n"),
        ] {
            assert!(rendered.text.contains(&part), "{part}{}", rendered.text);
        }
        // the clock was put ahead meanwhile
        let (first, last) = (rendered.first, rendered.last);
        assert_eq!(first, Some(utc("2026-03-29T00:30:00Z")), "{zone}");
        assert_eq!(last, Some(utc("2026-03-29T01:30:00Z")), "{zone}");
    }
    let utc = in_zone("Etc/UTC").text;
    assert!(utc.contains("DTSTART:20260329T013000Z\r\n"), "{utc}");
    let unknown = in_zone("Our Zone").text;
    assert!(unknown.contains("DTSTART:20260329T013000\r\n"), "{unknown}");
}

/// The name by which a zone is told.
fn resolved(zone: &str) -> &'static str {
    crate::text::zone::resolve(zone).unwrap().name()
}

#[test]
fn the_instant_wins_over_the_offset() {
    let event = event(
        "x",
        zurich("2026-07-01T10:00:00+00:00"),
        zurich("2026-10-25T02:30:00+01:00"),
    );
    let lines = single(event);
    assert_eq!(lines[0], "DTSTART;TZID=Europe/Zurich:20260701T120000");
    assert_eq!(
        lines[1], "DTEND:20261025T013000Z",
        "2:30 for the second time"
    );
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

#[test]
fn parts_that_say_the_same_instance_twice() {
    let mut master = review();
    master.repetition.rules = vec!["FREQ=WEEKLY".to_owned()];
    let id = Part::Override(zurich("2026-09-23T23:00:00+02:00"));
    let named = |name: &str| Event {
        summary: Some(name.to_owned()),
        ..review()
    };
    // `rendered` compares with the other order
    let overrides = [
        (Part::Master, master),
        (id.clone(), named("b")),
        (id, named("a")),
    ];
    assert_eq!(rendered(&overrides).text.matches("BEGIN:VEVENT").count(), 2);
    let row = Part::Occurrence(zurich("2026-09-16T23:00:00+02:00"));
    let rows = [(row.clone(), named("b")), (row, named("a"))];
    assert_eq!(rendered(&rows).text.matches("BEGIN:VEVENT").count(), 1);
}

#[test]
fn one_row_with_a_rule_is_a_series_several_are_their_instances() {
    let row = |begin: &str| {
        let mut event = review();
        event.start = Some(zurich(begin));
        event.end = None;
        event.repetition.rules = vec!["FREQ=WEEKLY;BYDAY=WE".to_owned()];
        (Part::Occurrence(zurich(begin)), event)
    };
    let one = rendered(&[row("2026-09-16T23:00:00+02:00")]);
    assert!(
        one.text.contains("RRULE:FREQ=WEEKLY;BYDAY=WE\r\n"),
        "{}",
        one.text
    );
    assert!(one.recurring && one.last.is_none());
    let rows = [
        row("2026-09-16T23:00:00+02:00"),
        row("2026-09-23T23:00:00+02:00"),
    ];
    let several = rendered(&rows);
    assert!(!several.text.contains("FREQ=WEEKLY"), "{}", several.text);
    assert!(several.text.contains("RDATE"), "{}", several.text);
}

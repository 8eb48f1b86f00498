//! Objects of several parts.

use super::*;

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

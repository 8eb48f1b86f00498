//! Time ranges: instances, open ends, days without a zone, alarms.

use super::super::time::Inspected;
use super::*;
use crate::text::Zone;

fn object(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn passes(text: &str, comps: [&str; 2], range: &str, times: &Times) -> bool {
    let [open, close] = comps;
    let filter = format!(
        "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{open}<C:time-range {range}/>{close}</C:comp-filter></C:comp-filter>"
    );
    calendar(&filter).unwrap().matches(text, times)
}

/// Whether an event takes time in a range, given as begin and end, either of which may be empty.
fn within(lines: &str, start: &str, end: &str) -> bool {
    passes(
        &object(lines),
        ["", ""],
        &range(start, end),
        &Times::default(),
    )
}

fn range(start: &str, end: &str) -> String {
    let mut range = String::new();
    if !start.is_empty() {
        range.push_str(&format!("start=\"{start}\" "));
    }
    if !end.is_empty() {
        range.push_str(&format!("end=\"{end}\""));
    }
    range
}

#[test]
fn single_events() {
    let event = "DTSTART:20260301T120000Z\r\nDTEND:20260301T130000Z";
    for (start, end, expected) in [
        ("20260301T100000Z", "20260301T120000Z", false),
        ("20260301T100000Z", "20260301T120001Z", true),
        ("20260301T125959Z", "20260301T140000Z", true),
        ("20260301T130000Z", "20260301T140000Z", false),
        ("20260301T121000Z", "20260301T122000Z", true),
        ("20260301T130000Z", "", false),
        ("20260301T125959Z", "", true),
        ("", "20260301T120000Z", false),
        ("", "20260301T120001Z", true),
    ] {
        assert_eq!(within(event, start, end), expected, "{start} {end}");
    }
    let instant = "DTSTART:20260301T120000Z";
    assert!(within(instant, "20260301T120000Z", "20260301T120001Z"));
    let long = "DTSTART:20260301T120000Z\r\nDURATION:P2D";
    assert!(within(long, "20260303T110000Z", ""));
}

#[test]
fn series_count_by_their_instances() {
    let weekly = "DTSTART;TZID=Europe/Zurich:20260105T090000\r\nDTEND;TZID=Europe/Zurich:20260105T100000\r\nRRULE:FREQ=WEEKLY;COUNT=10\r\nEXDATE;TZID=Europe/Zurich:20260112T090000\r\nRDATE;TZID=Europe/Zurich:20260501T090000";
    for (start, end, expected) in [
        ("20260105T080000Z", "20260105T090000Z", true),
        ("20260106T000000Z", "20260112T000000Z", false),
        ("20260112T000000Z", "20260113T000000Z", false),
        ("20260119T083000Z", "20260119T084500Z", true),
        ("20260310T000000Z", "20260430T000000Z", false),
        ("20260501T070000Z", "20260501T080000Z", true),
        ("20260501T080000Z", "", false),
        ("20260420T000000Z", "", true),
        ("", "20260105T080000Z", false),
        ("", "20260105T080001Z", true),
    ] {
        assert_eq!(within(weekly, start, end), expected, "{start} {end}");
    }
    let for_ever = "DTSTART:20200101T000000Z\r\nDTEND:20200101T010000Z\r\nRRULE:FREQ=YEARLY";
    assert!(within(for_ever, "21990101T000000Z", ""));
    assert!(!within(for_ever, "20260102T000000Z", "20261231T000000Z"));
}

#[test]
fn a_moved_instance_is_where_it_is() {
    let moved = "DTSTART:20260105T090000Z\r\nDTEND:20260105T100000Z\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260106T090000Z\r\nDTSTART:20260201T090000Z\r\nDTEND:20260201T100000Z\r\nSUMMARY:moved";
    assert!(within(moved, "20260201T000000Z", "20260202T000000Z"));
    assert!(!within(moved, "20260106T000000Z", "20260107T000000Z"));
    assert!(within(moved, "20260107T000000Z", "20260108T000000Z"));
    // The property is of one component, the time of the object: rather one too many.
    let filter = "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260201T000000Z\" end=\"20260202T000000Z\"/><C:prop-filter name=\"SUMMARY\"><C:text-match>moved</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>";
    assert!(
        calendar(filter)
            .unwrap()
            .matches(&object(moved), &Times::default())
    );
}

/// A day is somewhere within 14 hours of the same day in UTC, unless the client tells its zone.
#[test]
fn days_are_in_the_clients_zone_or_anywhere() {
    let day = object("DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260302");
    let late = range("20260302T050000Z", "20260302T060000Z");
    let early = range("20260228T110000Z", "20260228T120000Z");
    let far = range("20260303T000000Z", "20260303T010000Z");
    let ask = |range: &str, zone: Option<&str>| {
        let zone = zone.map(|zone| Zone::named(zone).unwrap());
        passes(&day, ["", ""], range, &Times { zone })
    };
    assert!(ask(&late, None) && ask(&early, None) && !ask(&far, None));
    assert!(ask(&late, Some("America/Los_Angeles")));
    assert!(!ask(&late, Some("Europe/Zurich")));
    assert!(ask(&early, Some("Pacific/Kiritimati")));
    assert!(!ask(&early, Some("Europe/Zurich")));
}

#[test]
fn alarms_go_off_before_and_after() {
    let alarm = |trigger: &str, start: &str, end: &str| {
        let text = object(&format!(
            "DTSTART:20260301T120000Z\r\nDTEND:20260301T130000Z\r\nRRULE:FREQ=DAILY;COUNT=2\r\nBEGIN:VALARM\r\n{trigger}\r\nEND:VALARM"
        ));
        let comps = ["<C:comp-filter name=\"VALARM\">", "</C:comp-filter>"];
        passes(&text, comps, &range(start, end), &Times::default())
    };
    for (trigger, start, end, expected) in [
        (
            "TRIGGER:-PT15M",
            "20260301T114500Z",
            "20260301T114501Z",
            true,
        ),
        (
            "TRIGGER:-PT15M",
            "20260301T114501Z",
            "20260301T235959Z",
            false,
        ),
        (
            "TRIGGER:-PT15M",
            "20260302T114500Z",
            "20260302T114501Z",
            true,
        ),
        ("TRIGGER:-PT15M", "20260302T114501Z", "", false),
        ("TRIGGER:-PT15M", "", "20260301T114500Z", false),
        ("TRIGGER:-P1W", "20260222T000000Z", "20260222T130000Z", true),
        (
            "TRIGGER;RELATED=END:PT0S",
            "20260301T130000Z",
            "20260301T130001Z",
            true,
        ),
        (
            "TRIGGER;RELATED=END:PT0S",
            "20260301T120000Z",
            "20260301T130000Z",
            false,
        ),
        (
            "TRIGGER;VALUE=DATE-TIME:20260101T000000Z",
            "20260101T000000Z",
            "20260102T000000Z",
            true,
        ),
        (
            "TRIGGER;VALUE=DATE-TIME:20260101T000000Z",
            "20260301T000000Z",
            "",
            false,
        ),
        (
            "TRIGGER:-PT10M\r\nREPEAT:1\r\nDURATION:PT5M",
            "20260301T115500Z",
            "20260301T115501Z",
            true,
        ),
        ("TRIGGER:soon", "20300101T000000Z", "", true),
    ] {
        assert_eq!(
            alarm(trigger, start, end),
            expected,
            "{trigger} {start} {end}"
        );
    }
}

/// Bounded, and rather one too many.
#[test]
fn absurd_objects_pass() {
    // A hundred million instances, over in 2023: too many to be counted.
    let seconds = "DTSTART:20200101T000000Z\r\nRRULE:FREQ=SECONDLY;COUNT=100000000";
    assert!(within(seconds, "20260101T000000Z", "20260102T000000Z"));
    let late = "DTSTART:99991231T235959Z\r\nDTEND:99991231T235959Z\r\nRRULE:FREQ=SECONDLY";
    assert!(!within(late, "20260101T000000Z", "20260102T000000Z"));
}

/// All alarms of all events of an object together cost no more than one bound of work; where it
/// is spent, the object passes.
#[test]
fn many_alarms_are_looked_at_within_one_bound_of_work() {
    let alarm = "BEGIN:VALARM\r\nTRIGGER:-PT7M\r\nREPEAT:40\r\nDURATION:PT1H\r\nEND:VALARM\r\n";
    let alarms = alarm.repeat(40);
    let text = object(&format!(
        "DTSTART:20200101T120000Z\r\nDTEND:20200101T130000Z\r\nRRULE:FREQ=DAILY;COUNT=2000\r\n{alarms}END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20200101T120000Z\r\n{}",
        alarms.trim_end()
    ));
    let ask = |start: &str, end: &str| {
        let range = range(start, end);
        let filter = format!(
            "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"><C:time-range {range}/></C:comp-filter></C:comp-filter></C:comp-filter>"
        );
        let filter = calendar(&filter).unwrap();
        let (object, times) = (crate::text::parse(&text).unwrap(), Times::default());
        let inspected = Inspected::new(&object, &times);
        let passes = filter.0.passes(&inspected, &object, true);
        (passes, inspected.left())
    };
    assert_eq!(ask("20400101T000000Z", "20400102T000000Z"), (true, Some(0)));
    let (passes, left) = ask("20200301T000000Z", "20200302T000000Z");
    assert!(passes && left > Some(90_000), "found at once: {left:?}");
}

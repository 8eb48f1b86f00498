use chrono::{DateTime, Utc};

use super::instances::{Search, groups};
use super::*;
use crate::domain::{Kind, Span};
use crate::text::recur::Budget;
use crate::text::{Component, Zone, parse};

fn span(from: &str, to: &str) -> Span {
    Span {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    }
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn instances_as_another_reader_finds_them() {
    let mut cases = 0;
    let mut wrong = Vec::new();
    let all = include_str!("../../../fixtures/text/expansions.txt");
    for case in all.split("== ").filter(|case| !case.is_empty()) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, rest) = rest.split_once("-- ").unwrap();
        let (head, wanted) = rest.split_once('\n').unwrap();
        let [from, to, zone] = head.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let zone = Zone::named(zone).unwrap();
        let found = occurrences(&parse(text).unwrap(), span(from, to), &zone, usize::MAX);
        assert!(!found.capped, "{name}");
        let times = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ");
        let found = found
            .list
            .iter()
            .map(|one| format!("{} {}\n", times(one.start), times(one.end)));
        let found: String = found.collect();
        if found != wanted {
            wrong.push(format!("{name}\nfound\n{found}wanted\n{wanted}"));
        }
        cases += 1;
    }
    assert!(cases > 50, "{cases}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn calendar(events: &[&str]) -> Component {
    let events: String = events
        .iter()
        .map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n"))
        .collect();
    parse(&format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR"
    ))
    .unwrap()
}

fn found(events: &[&str], from: &str, to: &str, most: usize) -> Occurrences {
    occurrences(&calendar(events), span(from, to), &Zone::UTC, most)
}

const WEEKLY: &str = "UID:1\nDTSTART;TZID=Europe/Paris:20260105T093000\n\
    DTEND;TZID=Europe/Paris:20260105T103000\nRRULE:FREQ=WEEKLY\nSUMMARY:w";
const MOVED: &str = "UID:1\nRECURRENCE-ID;TZID=Europe/Paris:20260119T093000\n\
    DTSTART;TZID=Europe/Paris:20260301T100000\nDURATION:PT2H\nSUMMARY:m";

#[test]
fn ends_of_series_are_exactly_as_far_as_the_first() {
    let night = "UID:1\nDTSTART;TZID=Europe/Paris:20261023T220000\n\
        DTEND;TZID=Europe/Paris:20261024T080000\nRRULE:FREQ=DAILY;COUNT=2";
    let list = found(&[night], "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z", 9).list;
    let ends: Vec<_> = list.iter().map(|one| one.end).collect();
    // RFC 5545 §3.8.5.3: the same exact duration, whatever the clock does
    assert_eq!(
        ends,
        [utc("2026-10-24T06:00:00Z"), utc("2026-10-25T06:00:00Z")]
    );
}

#[test]
fn one_instance_is_found_without_the_others() {
    let first = found(
        &["UID:1\nDTSTART:20050101T080000Z\nRRULE:FREQ=DAILY"],
        "2026-01-01T00:00:00Z",
        "9000-01-01T00:00:00Z",
        1,
    );
    assert_eq!(first.list[0].start, utc("2026-01-01T08:00:00Z"));
    assert!(!first.capped);
}

#[test]
fn work_is_capped() {
    // without the cap each of them would take millions of steps, and end all the same
    for rule in [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=SECONDLY;COUNT=4000000000",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYSECOND=1,2,3,4,5,6,7,8,9;BYSETPOS=99",
    ] {
        let calendar = calendar(&[&format!("UID:1\nDTSTART:19891201T000000Z\nRRULE:{rule}")]);
        let mut search = Search {
            span: span("1990-01-01T00:00:00Z", "2005-01-01T00:00:00Z"),
            zone: &Zone::UTC,
            most: 1_000_000,
            budget: Budget::default(),
        };
        let found = search.instances(&groups(&calendar)[0]).len();
        let steps = search.budget.spent();
        let fits = Budget::MOST..Budget::MOST + 100;
        assert!(fits.contains(&steps), "{rule}: {steps} steps");
        assert!(found < Budget::MOST as usize, "{rule}: {found} instances");
        let all = occurrences(&calendar, search.span, search.zone, search.most);
        assert_eq!((all.list.len(), all.capped), (found, true), "{rule}");
    }
}

#[test]
fn nothing_is_before_the_begin() {
    let never =
        "UID:1\nDTSTART:19700101T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2";
    for event in [WEEKLY, never] {
        let beyond = found(&[event], "1960-01-01T00:00:00Z", "1969-01-01T00:00:00Z", 9);
        assert_eq!(beyond, Occurrences::default(), "{event}");
    }
}

#[test]
fn expanded_events_are_told_in_utc() {
    let whole = span("2026-01-12T00:00:00Z", "2026-03-02T00:00:00Z");
    let calendar = calendar(&[WEEKLY, MOVED]);
    let text = expand(&calendar, whole, &Zone::UTC).unwrap().write();
    for wanted in [
        "RECURRENCE-ID:20260112T083000Z\r\nDTSTART:20260112T083000Z\r\nDTEND:20260112T093000Z\r\nSUMMARY:w",
        "RECURRENCE-ID:20260119T083000Z\r\nDTSTART:20260301T090000Z\r\nDTEND:20260301T110000Z\r\nSUMMARY:m",
    ] {
        assert!(text.contains(wanted), "{text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 7, "{text}");
    assert!(!text.contains("RRULE") && !text.contains("TZID") && !text.contains("DURATION"));
    let day = "UID:1\nDTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY";
    let calendar = self::calendar(&[day]);
    let text = expand(
        &calendar,
        span("2026-01-07T12:00:00Z", "2026-01-08T00:00:00Z"),
        &Zone::UTC,
    );
    let wanted = "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;VALUE=DATE:20260107\r\nDTSTART;VALUE=DATE:20260107\r\nEND:VEVENT";
    let text = text.unwrap().write();
    assert!(text.contains(wanted), "{text}");
    let all = span("1990-01-01T00:00:00Z", "8000-01-01T00:00:00Z");
    assert_eq!(
        expand(&calendar, all, &Zone::UTC).unwrap_err().kind(),
        Kind::TooLarge
    );
}

#[test]
fn changed_instances_far_from_the_span_are_left_out() {
    let calendar = calendar(&[WEEKLY, MOVED]);
    let kept = |from, to| {
        let limited = limit_recurrence_set(&calendar, span(from, to), &Zone::UTC);
        limited.components.len()
    };
    assert_eq!(
        kept("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
        2,
        "where it is"
    );
    assert_eq!(
        kept("2026-01-19T00:00:00Z", "2026-01-20T00:00:00Z"),
        2,
        "where it was"
    );
    assert_eq!(kept("2026-02-01T00:00:00Z", "2026-02-20T00:00:00Z"), 1);
}

#[test]
fn busy_times_are_merged_and_clipped() {
    let events = [
        calendar(&["UID:1\nDTSTART:20260105T080000Z\nDURATION:PT1H"]),
        calendar(&["UID:2\nDTSTART:20260105T090000Z\nDURATION:PT3H"]),
        calendar(&["UID:3\nDTSTART:20260105T100000Z\nDURATION:PT30M\nSTATUS:TENTATIVE"]),
        calendar(&["UID:4\nDTSTART:20260105T150000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT"]),
        calendar(&["UID:5\nDTSTART:20260105T160000Z\nDURATION:PT1H\nSTATUS:CANCELLED"]),
        calendar(&["UID:6\nDTSTART:20260105T170000Z"]),
    ];
    let span = span("2026-01-05T08:30:00Z", "2026-01-06T00:00:00Z");
    let mut times = BusyTimes::within(span);
    for event in &events {
        times.add(event, &Zone::UTC);
        times.settle();
    }
    let text = times.write(utc("2026-01-01T00:00:00Z"));
    let lines: Vec<_> = text
        .lines()
        .skip_while(|line| !line.starts_with("DTSTART"))
        .collect();
    assert_eq!(
        lines,
        [
            "DTSTART:20260105T083000Z",
            "DTEND:20260106T000000Z",
            "FREEBUSY;FBTYPE=BUSY:20260105T083000Z/20260105T120000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260105T100000Z/20260105T103000Z",
            "END:VFREEBUSY",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn zones_that_only_the_text_defines() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Home\nBEGIN:STANDARD\nDTSTART:16010101T030000\n\
        TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    let event = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Home:20260328T120000\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n";
    let text = format!("BEGIN:VCALENDAR\n{zone}{event}END:VCALENDAR");
    let whole = span("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let list = occurrences(&parse(&text).unwrap(), whole, &Zone::UTC, 9).list;
    let starts: Vec<_> = list.iter().map(|one| one.start).collect();
    assert_eq!(
        starts,
        [utc("2026-03-28T11:00:00Z"), utc("2026-03-29T10:00:00Z")]
    );
    assert!(matches!(Zone::of_calendar(&text), Some(Zone::Defined(_))));
}

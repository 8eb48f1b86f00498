use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendar;
use proptest::prelude::*;

use super::*;

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

/// Instances from `from` on, at most this many.
fn some(rule: &str, start: &str, from: &str, most: usize) -> Vec<NaiveDateTime> {
    counted(rule, start, from, most).0
}

/// The same, and the steps that it took.
fn counted(rule: &str, start: &str, from: &str, most: usize) -> (Vec<NaiveDateTime>, u32) {
    let rule = Rule::parse(rule).unwrap();
    let last = last_local(rule.end, |utc| utc);
    let mut instances = Instances::new(&rule, local(start), local(from)).until(last);
    let mut budget = Budget::default();
    let all = std::iter::from_fn(|| instances.next(&mut budget));
    let found = all.filter(|at| *at >= local(from)).take(most).collect();
    (found, budget.spent())
}

/// The same by calcard; `None` where it does not get that far.
fn oracle(rule: &str, start: &str, from: &str, most: usize) -> Option<Vec<NaiveDateTime>> {
    const FAR: usize = 3_000;
    let rule = Rule::parse(rule).unwrap();
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:{start}\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let expanded = ICalendar::parse(text)
        .unwrap()
        .expand_dates(Tz::Floating, FAR);
    let starts = expanded
        .events
        .iter()
        .map(|event| event.start.naive_local());
    let found: Vec<_> = starts.filter(|at| *at >= local(from)).take(most).collect();
    (expanded.events.len() < FAR || found.len() == most).then_some(found)
}

#[test]
fn a_far_begin_costs_nothing() {
    for rule in [
        "FREQ=SECONDLY",
        "FREQ=DAILY",
        "FREQ=MINUTELY;INTERVAL=7",
        "FREQ=WEEKLY",
    ] {
        let (found, steps) = counted(rule, "19700101T000000", "20260101T000000", 10);
        assert_eq!(found.len(), 10, "{rule}");
        assert!(found[0] < local("20260109T000000"));
        assert!(steps < 100, "{rule}: {steps}");
    }
}

/// No single step costs more.
const LARGEST: u32 = 100;

#[test]
fn rules_that_never_match_end() {
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5;BYSETPOS=2",
        "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4",
        "FREQ=MONTHLY;BYSETPOS=366;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    ] {
        let (found, steps) = counted(rule, "20260101T000000", "20260101T000000", 10);
        assert_eq!(found, [], "{rule}");
        assert!(steps < Budget::MOST + LARGEST, "{rule}: {steps}");
    }
}

#[test]
fn every_second_for_ever_ends() {
    let rule = Rule::parse("FREQ=YEARLY;BYHOUR=1,2;BYMINUTE=1,2;BYDAY=MO,TU").unwrap();
    let mut budget = Budget::default();
    let mut instances = Instances::new(&rule, local("20260101T000000"), local("20260101T000000"));
    while instances.next(&mut budget).is_some() {}
    assert!(budget.is_spent());
}

#[test]
fn weeks_of_a_year_take_the_weekday_of_the_begin() {
    let found = some(
        "FREQ=YEARLY;BYWEEKNO=1,53",
        "20240103T090000",
        "20240101T000000",
        4,
    );
    // December 30, 2026 is in week 53
    let wanted = [
        "20240103T090000",
        "20250101T090000",
        "20251231T090000",
        "20261230T090000",
    ];
    assert_eq!(found, wanted.map(local));
}

#[test]
fn the_same_as_calcard() {
    let mut compared = 0;
    for rule in [
        "FREQ=DAILY;COUNT=5",
        "FREQ=DAILY;INTERVAL=3;BYMONTH=1,6",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=-1,15",
        "FREQ=MONTHLY;BYDAY=2TU,-1FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "FREQ=YEARLY;BYYEARDAY=1,100,-1",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=1,2;BYDAY=-1SA",
        "FREQ=HOURLY;INTERVAL=5;BYDAY=MO",
        "FREQ=MINUTELY;INTERVAL=30;BYHOUR=9,10,11",
        "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30;BYSETPOS=1,-1",
        "FREQ=DAILY;UNTIL=20250301T080000",
    ] {
        for (start, from) in [
            ("20240131T083000", "20240131T083000"),
            ("20240229T235959", "20260301T000000"),
            ("20241230T000000", "20250615T000000"),
        ] {
            let found = some(rule, start, from, 30);
            if let Some(wanted) = oracle(rule, start, from, 30) {
                compared += 1;
                assert_eq!(found, wanted, "{rule} {start} {from}");
            }
            assert!(!found.is_empty() || rule.contains("COUNT") || rule.contains("UNTIL"));
        }
    }
    assert!(compared > 50, "{compared}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn where_one_begins_does_not_matter(
        rule in "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY|MINUTELY);INTERVAL=[1-9](;BYDAY=(MO|TU,FR|SU,SA))?(;BYMONTH=[1-9])?(;BYMONTHDAY=(-1|[1-9]))?(;BYHOUR=[1-9])?(;BYSETPOS=(1|-1|2))?",
        days in 0_i64..5_000,
    ) {
        let start = local("19800107T091500");
        let from = start + chrono::TimeDelta::days(days);
        let rule = Rule::parse(&rule).unwrap();
        let collect = |begin| {
            let mut budget = Budget::default();
            let mut instances = Instances::new(&rule, start, begin);
            let all = std::iter::from_fn(|| instances.next(&mut budget));
            let found: Vec<_> = all.filter(|at| *at >= from).take(3).collect();
            (found, budget.is_spent())
        };
        let (whole, spent) = collect(start);
        if !spent {
            prop_assert_eq!(collect(from).0, whole);
        }
    }
}

//! What old programs write, and objects of very many parts.

use super::super::{join, places};
use super::*;

fn read(event: &str) -> Vec<String> {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n{event}\nEND:VEVENT\nEND:VCALENDAR"
    );
    lines(&Event::read(&text).unwrap().parts)
}

/// Most clients do not read `RANGE`: each later instance is told by itself.
#[test]
fn a_change_of_all_later_instances_is_told_of_each() {
    let series = "DTSTART;TZID=Europe/Zurich:20260302T090000\nDTEND;TZID=Europe/Zurich:20260302T100000\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;TZID=Europe/Zurich:20260323T090000\nSUMMARY:w";
    let change = "RECURRENCE-ID;TZID=Europe/Zurich;RANGE=THISANDFUTURE:20260316T090000\nDTSTART;TZID=Europe/Zurich:20260317T110000\nDTEND;TZID=Europe/Zurich:20260317T113000\nSUMMARY:n";
    let told = read(&format!(
        "{series}\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\n{change}"
    ));
    let wanted = [
        "RECURRENCE-ID;TZID=Europe/Zurich:20260316T090000",
        "DTSTART;TZID=Europe/Zurich:20260317T110000",
        "DTEND;TZID=Europe/Zurich:20260317T113000",
        "SUMMARY:n",
        "END:VEVENT",
        "RECURRENCE-ID;TZID=Europe/Zurich:20260330T090000",
        "DTSTART;TZID=Europe/Zurich:20260331T110000",
        "DTEND;TZID=Europe/Zurich:20260331T113000",
        "SUMMARY:n",
        "END:VEVENT",
    ];
    assert!(told.ends_with(&wanted.map(str::to_owned)), "{told:#?}");
    assert!(told.contains(&"EXDATE;TZID=Europe/Zurich:20260323T090000".to_owned()));
    let for_ever = series.replace(";COUNT=5", "");
    let told = read(&format!(
        "{for_ever}\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\n{change}"
    ));
    let ids = told.iter().filter(|line| line.starts_with("RECURRENCE-ID"));
    assert!((900..=1000).contains(&ids.count()));
}

#[test]
fn what_a_rule_excludes_is_told_of_each() {
    let daily =
        "DTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY;COUNT=14\nEXRULE:FREQ=WEEKLY;BYDAY=SA,SU";
    let told = read(daily);
    let excluded: Vec<_> = told
        .iter()
        .filter_map(|line| line.strip_prefix("EXDATE;VALUE=DATE:"))
        .collect();
    assert_eq!(excluded, ["20260307", "20260308", "20260314", "20260315"]);
    let never = daily
        .replace(";COUNT=14", "")
        .replace("BYDAY=SA,SU", "COUNT=3;BYDAY=MO");
    let told = read(&never);
    let excluded = told.iter().filter(|line| line.starts_with("EXDATE"));
    assert_eq!(excluded.count(), 3);
}

#[test]
fn an_object_of_very_many_parts_is_refused() {
    let begin = utc("2026-03-01T00:00:00Z");
    let at = |minutes| Moment::Utc(begin + chrono::TimeDelta::minutes(minutes));
    let mut master = event("m", at(0), at(1));
    master.repetition.rules = vec!["FREQ=MINUTELY;INTERVAL=2".to_owned()];
    // Each is excluded by the list and there by a change: the change counts.
    master.repetition.excluded = (1..20_000).map(|number| at(number * 2)).collect();
    let change = |number: i64| {
        let begin = at(number * 2);
        (
            Part::Override(begin.clone()),
            event("c", begin, at(number * 2 + 1)),
        )
    };
    let mut parts: Vec<_> = (1..20_000).map(change).collect();
    parts.push((Part::Master, master));
    let whole = join::join(&parts, &places::Places::of(std::iter::empty())).unwrap();
    assert_eq!(whole.overrides.len(), 19_999);
    assert!(whole.series.unwrap().excluded.is_empty());
    parts.push(change(20_000));
    let error = join::join(&parts, &places::Places::of(std::iter::empty())).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.to_string().contains("20001 parts"), "{error}");
}

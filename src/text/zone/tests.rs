use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};

use super::*;

fn at(year: i32, month: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).unwrap()
}

#[test]
fn names_that_clouds_use() {
    for (name, wanted) in [
        ("Europe/Zurich", "Europe/Zurich"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        (
            "/freeassociation.sourceforge.net/Tzfile/Europe/Paris",
            "Europe/Paris",
        ),
        (
            "(UTC-08:00) Pacific Time (US & Canada)",
            "America/Los_Angeles",
        ),
        ("UTC", "UTC"),
    ] {
        assert_eq!(resolve(name).unwrap().name(), wanted, "{name}");
    }
    assert_eq!(resolve("Customized Time Zone"), None);
    assert_eq!(resolve(&"x".repeat(100_000)), None);
    assert_eq!(resolve(""), None);
}

#[test]
fn a_definition_is_compact_and_begins_with_what_then_held() {
    let paris = iana(Tz::Europe__Paris, "Europe/Paris", at(2026, 7)).write();
    let wanted = [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:DAYLIGHT",
        "DTSTART:19810329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ];
    assert_eq!(paris, wanted.join("\r\n"));
    let later = iana(Tz::Europe__Paris, "Europe/Paris", at(2040, 1)).write();
    assert_eq!(later, paris, "the same for all of the rule's time");
}

#[test]
fn a_zone_without_changes_still_has_an_observance() {
    for zone in [Tz::Etc__GMTMinus5, Tz::Asia__Kolkata] {
        let component = iana(zone, "X", at(2026, 1));
        assert_eq!(component.components.len(), 1, "{}", component.write());
    }
}

/// The offsets that a definition gives and since when, by RFC 5545 §3.6.5 alone, in order.
fn told(definition: &crate::text::Component) -> Vec<(i64, i32)> {
    let observances = definition.components.iter();
    let mut told: Vec<_> = observances
        .flat_map(|one| {
            let to = seconds(one, "TZOFFSETTO");
            onsets(one).into_iter().map(move |onset| (onset, to))
        })
        .collect();
    told.sort_unstable();
    told
}

fn seconds(observance: &crate::text::Component, name: &str) -> i32 {
    let value = &observance.property(name).unwrap().value;
    let digits = |range: std::ops::Range<usize>| {
        value
            .get(range)
            .map_or(0, |digits| digits.parse::<i32>().unwrap())
    };
    let all = digits(1..3) * 3600 + digits(3..5) * 60 + digits(5..7);
    if value.starts_with('-') { -all } else { all }
}

/// The onsets of an observance; calcard expands the rule, all but its end.
fn onsets(observance: &crate::text::Component) -> Vec<i64> {
    let from = i64::from(seconds(observance, "TZOFFSETFROM"));
    let mut event = crate::text::Component::new("VEVENT");
    event.properties.clone_from(&observance.properties);
    let mut end = i64::MAX;
    for rule in event.properties.iter_mut().filter(|one| one.is("RRULE")) {
        let Some((_, until)) = rule.value.split_once(";UNTIL=") else {
            continue;
        };
        let until = until[..16].to_owned();
        let parsed = NaiveDateTime::parse_from_str(&until, "%Y%m%dT%H%M%SZ");
        end = parsed.unwrap().and_utc().timestamp();
        rule.value = rule.value.replace(&format!(";UNTIL={until}"), "");
    }
    let text = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", event.write());
    let calendar = calcard::icalendar::ICalendar::parse(text).unwrap();
    let expanded = calendar.expand_dates(calcard::common::timezone::Tz::Floating, 250);
    let digits = expanded
        .events
        .iter()
        .map(|event| event.start.naive_local());
    let onsets = digits.map(|digits| digits.and_utc().timestamp() - from);
    onsets.filter(|onset| *onset <= end).collect()
}

#[test]
fn definitions_tell_what_the_zone_does() {
    for zone in [
        Tz::Europe__Paris,
        Tz::Europe__Dublin,
        Tz::America__New_York,
        Tz::America__Sao_Paulo,
        Tz::America__Santiago,
        Tz::Africa__Casablanca,
        Tz::Asia__Tehran,
        Tz::Asia__Gaza,
        Tz::Asia__Kathmandu,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Apia,
        Tz::Antarctica__Troll,
        Tz::Africa__Monrovia,
    ] {
        for from in [1930, 1995, 2026] {
            let definition = iana(zone, zone.name(), at(from, 1));
            let told = told(&definition);
            for (year, month) in (from..2055).flat_map(|year| (1..=12).map(move |m| (year, m))) {
                let at = at(year, month).timestamp();
                let newest = told.iter().rfind(|(onset, _)| *onset <= at);
                let wanted = transitions::observed(zone, at).offset;
                let found = newest.map(|(_, offset)| *offset);
                assert_eq!(found, Some(wanted), "{zone} from {from} at {year}-{month}");
            }
        }
    }
}

#[test]
fn local_times_in_gaps_and_folds() {
    let paris = Zone::Iana(Tz::Europe__Paris);
    let local = |month, day, hour| {
        let day = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        day.and_hms_opt(hour, 30, 0).unwrap()
    };
    let utc = |month, day, hour| local(month, day, hour).and_utc();
    assert_eq!(
        instant(&paris, local(3, 29, 2)),
        utc(3, 29, 1),
        "in the gap"
    );
    assert_eq!(
        instant(&paris, local(10, 25, 2)),
        utc(10, 25, 0),
        "the first of two"
    );
    assert_eq!(digits(&paris, utc(10, 25, 1)), local(10, 25, 2));
    let apia = Zone::Iana(Tz::Pacific__Apia);
    let skipped = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
    instant(&apia, skipped.and_hms_opt(12, 0, 0).unwrap());
}

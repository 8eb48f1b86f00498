//! Times in every spelling.

use serde_json::{Value, json};

use super::*;

fn read(record: &Value) -> (Option<Moment>, Option<Moment>) {
    of(record.as_object().expect("a record"))
}

fn begin(start: &str, zone: &str) -> Option<Moment> {
    read(&json!({"start": start, "timezone_start": zone})).0
}

fn day(text: &str) -> Moment {
    Moment::Date(text.parse().expect("a day"))
}

fn utc(text: &str) -> Moment {
    Moment::Utc(text.parse().expect("an instant"))
}

fn local(text: &str, zone: &str) -> Moment {
    Moment::Local {
        at: text.parse().expect("a time"),
        zone: zone.to_owned(),
    }
}

fn floating(text: &str) -> Moment {
    Moment::Floating(text.parse().expect("a time"))
}

fn zoned(text: &str, zone: &str) -> Moment {
    Moment::Zoned {
        at: DateTime::parse_from_rfc3339(text).expect("an instant"),
        zone: zone.to_owned(),
    }
}

#[test]
fn begins_are_what_offset_and_zone_say() {
    let zurich = "Europe/Zurich";
    let summer = zoned("2026-09-16T23:00:00+02:00", zurich);
    for (start, zone, meant) in [
        ("2026-09-16T23:00:00+02:00", zurich, summer.clone()),
        ("2026-09-16T23:00:00.123+0200", zurich, summer.clone()),
        (" 2026-09-16 23:00:00+02 ", zurich, summer.clone()),
        ("2026-09-16t23:00+02:00", " Europe/Zurich ", summer),
        // the offset is the cloud's word, also where it is not the zone's
        (
            "2026-09-16T21:00:00Z",
            zurich,
            zoned("2026-09-16T21:00:00Z", zurich),
        ),
        (
            "2026-09-16T23:00:00+02:00",
            "UTC",
            utc("2026-09-16T21:00:00Z"),
        ),
        ("2026-09-16T21:00:00+00:00", "", utc("2026-09-16T21:00:00Z")),
        (
            "2026-09-16T21:00:00z",
            "Etc/UTC",
            utc("2026-09-16T21:00:00Z"),
        ),
        ("2026-09-16T21:00:00", "gmt", utc("2026-09-16T21:00:00Z")),
        (
            "2026-09-16T23:00:00+02:00",
            "",
            zoned("2026-09-16T23:00:00+02:00", "UTC+02:00"),
        ),
        (
            "2026-09-16T18:30:00-03:30",
            "",
            zoned("2026-09-16T18:30:00-03:30", "UTC-03:30"),
        ),
        (
            "2026-09-16 23:00:00",
            zurich,
            local("2026-09-16T23:00:00", zurich),
        ),
        ("2026-09-16T23:00", "", floating("2026-09-16T23:00:00")),
        ("2026-09-16T23:59:60", "", floating("2026-09-16T23:59:59")),
        ("2026-09-16", zurich, day("2026-09-16")),
        ("9999-12-31T23:00:00Z", "Z", utc("9999-12-31T23:00:00Z")),
        ("0001-01-01", "", day("0001-01-01")),
    ] {
        assert_eq!(begin(start, zone), Some(meant), "{start} {zone}");
    }
    let untold = read(&json!({"start": "2026-09-16T21:00:00Z", "timezone_start": null}));
    assert_eq!(untold.0, Some(utc("2026-09-16T21:00:00Z")));
}

#[test]
fn what_is_no_time_is_none() {
    for wrong in [
        "",
        "soon",
        "2026",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "2026-02-30",
        "2026-02-29T10:00:00Z",
        "2026-09-16X10:00:00",
        "2026-09-16T",
        "2026-09-16T25:00:00Z",
        "2026-09-16T10:00:00+99:00",
        "2026-09-16T10:00:00+24:00",
        "2026-09-16T10:00:00+1",
        "2026-09-16T10:00:00+é",
        "2026-09-16T10:00:00Zx",
        "10000-01-01T00:00:00Z",
        "+999-01-01T00:00:00Z",
        "é026-09-16",
        "2026-9-16",
        "2026-09-1\u{661}",
    ] {
        assert_eq!(begin(wrong, "Europe/Zurich"), None, "{wrong}");
    }
    for wrong in [
        json!(null),
        json!(1_760_000_000),
        json!(["2026-09-16"]),
        json!({}),
    ] {
        assert_eq!(
            read(&json!({"start": wrong, "end": "2026-09-16"})),
            (None, None)
        );
    }
    assert_eq!(read(&json!({})), (None, None));
}

#[test]
fn zone_names_without_sense_are_none() {
    let long = "Z/".repeat(200);
    for zone in [&*long, "Europe/Zurich\r\nX:1", "a\0b", " "] {
        let moment = begin("2026-09-16T23:00:00+02:00", zone);
        let offset = zoned("2026-09-16T23:00:00+02:00", "UTC+02:00");
        assert_eq!(moment, Some(offset), "{zone:?}");
    }
}

#[test]
fn whole_days_end_before_their_end() {
    let days = |start: &str, end: Value, fullday: bool| {
        read(
            &json!({"start": start, "end": end, "fullday": fullday, "timezone_start": "Europe/Zurich"}),
        )
    };
    let one = |end: Option<&str>| (Some(day("2026-09-16")), end.map(day));
    for fullday in [true, false] {
        assert_eq!(
            days("2026-09-16", json!("2026-09-18"), fullday),
            one(Some("2026-09-18"))
        );
        for end in [
            json!(null),
            json!("2026-09-16"),
            json!("2026-09-15"),
            json!("soon"),
        ] {
            assert_eq!(days("2026-09-16", end.clone(), fullday), one(None), "{end}");
        }
    }
    // told with times: the day in the told offset
    for (start, end, meant) in [
        (
            "2026-09-16T00:00:00+02:00",
            "2026-09-18T00:00:00+02:00",
            Some("2026-09-18"),
        ),
        (
            "2026-09-16 00:00:00",
            "2026-09-17 00:00:00",
            Some("2026-09-17"),
        ),
        (
            "2026-09-16 00:00:00",
            "2026-09-17 23:59:59",
            Some("2026-09-18"),
        ),
        (
            "2026-09-16 00:00:00",
            "2026-09-16 23:59:00",
            Some("2026-09-17"),
        ),
        ("2026-09-16 00:00:00", "2026-09-16 00:00:00", None),
    ] {
        assert_eq!(days(start, json!(end), true), one(meant), "{start} {end}");
    }
    assert_eq!(
        days("9999-12-31", json!("9999-12-31 23:59:59"), true).0,
        Some(day("9999-12-31"))
    );
}

#[test]
fn ends_are_after_the_begin_and_of_its_type() {
    let end = |start: &str, end: &str, zone_end: Option<&str>| {
        let record = json!({
            "start": start, "end": end,
            "timezone_start": "Europe/Zurich", "timezone_end": zone_end,
        });
        read(&record).1
    };
    let start = "2026-09-16T23:00:00+02:00";
    let later = "2026-09-16T23:30:00+02:00";
    assert_eq!(end(start, later, None), Some(zoned(later, "Europe/Zurich")));
    assert_eq!(
        end(start, later, Some("")),
        Some(zoned(later, "Europe/Zurich"))
    );
    assert_eq!(
        end(start, later, Some("Europe/Paris")),
        Some(zoned(later, "Europe/Paris"))
    );
    assert_eq!(
        end(start, later, Some("UTC")),
        Some(utc("2026-09-16T21:30:00Z"))
    );
    for none in [
        start,
        "2026-09-16T22:59:59+02:00",
        "2026-09-17",
        "2026-09-16T07:00:00",
        "x",
    ] {
        assert_eq!(end(start, none, None), None, "{none}");
    }
    let on_clock = Some(local("2026-09-17T01:00:00", "Europe/Zurich"));
    for start in [start, "2026-09-16T23:00:00"] {
        assert_eq!(end(start, "2026-09-17T01:00:00", None), on_clock);
    }
    let (start, zurich) = ("2026-09-16T23:00:00", Some("Europe/Zurich"));
    let zoned = Some(zoned(later, "Europe/Zurich"));
    assert_eq!(end(start, later, None), zoned);
    assert_eq!(end(start, "2026-09-16T22:59:59", zurich), None);
}

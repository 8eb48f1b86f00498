//! Times and their zones.

use super::*;

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

//! §4.1: `/export`.

use cloud::Recurring;
use serde_json::json;

use crate::client::{Answer, Rig, rig};
use crate::events::{OWN, empty, weekly};

async fn export(rig: &Rig, id: u64) -> Answer {
    rig.get(&format!("/api/1/calendar/pim/event/{id}/export"))
        .await
}

/// The lines, unfolded, after checking their ends and lengths.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200);
    let kind = answer.header("content-type").expect("a type");
    assert!(kind.starts_with("text/calendar"), "{kind}");
    let text = std::str::from_utf8(&answer.body).expect("UTF-8");
    let text = text.strip_suffix("\r\n").expect("a last end of line");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
    }
    let unfolded = text.replace("\r\n ", "");
    unfolded.split("\r\n").map(str::to_owned).collect()
}

fn count(lines: &[String], wanted: &str) -> usize {
    lines.iter().filter(|line| line.as_str() == wanted).count()
}

#[tokio::test]
async fn exceptions_are_exdates_and_components() {
    let rig = empty().await;
    let id = weekly(&rig);
    let text = lines(&export(&rig, id).await);
    let uid = format!("UID:{}", rig.cloud.pim().uid(id).expect("it exists"));
    assert_eq!(count(&text, "BEGIN:VEVENT"), 3);
    assert_eq!(count(&text, &uid), 3);
    for line in [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Zurich",
        "DTSTART;TZID=Europe/Zurich:20260603T090000",
        "DTEND;TZID=Europe/Zurich:20260603T103000",
        "RRULE:FREQ=WEEKLY;BYDAY=WE",
        "EXDATE;TZID=Europe/Zurich:20260610T090000",
        "RECURRENCE-ID;TZID=Europe/Zurich:20260617T090000",
        "DTSTART;TZID=Europe/Zurich:20260618T140000",
        "RECURRENCE-ID;TZID=Europe/Zurich:20260624T090000",
        "SUMMARY:Renamed",
    ] {
        assert_eq!(count(&text, line), 1, "{line}");
    }
    rig.cloud
        .switches(|switches| switches.recurring = Recurring::ExpandedNoRule);
    let text = lines(&export(&rig, id).await);
    assert_eq!(count(&text, "BEGIN:VEVENT"), 1);
    assert!(!text.iter().any(|line| line.starts_with("EXDATE")));
    assert_eq!(
        text.iter()
            .filter(|line| line.starts_with("RRULE:FREQ=W"))
            .count(),
        0
    );
}

#[tokio::test]
async fn texts_are_escaped_and_folded() {
    let rig = empty().await;
    let event = json!({
        "title": "a;b,c\\d\r\nUID:evil", "description": "é".repeat(200),
        "start": "2026-06-03T09:00:00Z", "end": "2026-06-03T10:00:00Z", "private": true,
        "freebusy": "free", "status": "TENTATIVE",
        "attendees": [
            { "address": "b@example.org", "name": "B \"the\" ^ C\nD", "organizer": true, "state": "ACCEPTED" },
        ],
        "alarms": [{ "minutesBefore": 10, "action": "DISPLAY" }],
    });
    let id = rig.cloud.pim().event(OWN, event);
    let text = lines(&export(&rig, id).await);
    for line in [
        "SUMMARY:a\\;b\\,c\\\\d\\nUID:evil",
        "DTSTART:20260603T090000Z",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "STATUS:TENTATIVE",
        "ORGANIZER;CN=\"B ^'the^' ^^ C^nD\":mailto:b@example.org",
        "TRIGGER:-PT10M",
    ] {
        assert_eq!(count(&text, line), 1, "{line}: {text:#?}");
    }
    assert_eq!(count(&text, &format!("DESCRIPTION:{}", "é".repeat(200))), 1);
}

#[tokio::test]
async fn zones_are_described_as_they_are() {
    let rig = empty().await;
    let zone = async |zone: &str, start: &str| {
        let event = json!({ "title": "z", "start": start, "end": start, "timezone_start": zone, "timezone_end": zone });
        let id = rig.cloud.pim().event(OWN, event);
        lines(&export(&rig, id).await)
    };
    let york = zone("America/New_York", "2026-06-03T09:00:00-04:00").await;
    for line in [
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        "TZOFFSETFROM:-0500",
        "DTSTART:19700308T020000",
    ] {
        assert_eq!(count(&york, line), 1, "{line}");
    }
    let nepal = zone("Asia/Kathmandu", "2026-06-03T09:00:00+05:45").await;
    assert_eq!(count(&nepal, "TZOFFSETTO:+0545"), 1);
    let windows = zone("W. Europe Standard Time", "2026-06-03T09:00:00+02:00").await;
    assert_eq!(
        count(
            &windows,
            "DTSTART;TZID=\"W. Europe Standard Time\":20260603T090000"
        ),
        1
    );
    assert_eq!(count(&windows, "TZID:W. Europe Standard Time"), 1);
    // two changes a year that never fall on the same day: each is written
    let morocco = zone("Africa/Casablanca", "2026-06-03T09:00:00+01:00").await;
    assert!(count(&morocco, "BEGIN:DAYLIGHT") > 8);
    let odd = zone("Mars/Olympus", "2026-06-03T09:00:00+02:00").await;
    assert_eq!(count(&odd, "DTSTART;TZID=Mars/Olympus:20260603T090000"), 1);
    let none = zone("", "2026-06-03T09:00:00Z").await;
    assert_eq!(count(&none, "BEGIN:VTIMEZONE"), 0);
}

#[tokio::test]
async fn stamps_stand_or_change_and_exports_can_fail() {
    let rig = rig().await;
    let id = rig.cloud.pim().events(OWN)[0]["id"]
        .as_u64()
        .expect("an id");
    let first = export(&rig, id).await.body;
    assert_eq!(export(&rig, id).await.body, first);
    rig.cloud
        .pim()
        .change_event(id, json!({ "title": "Changed" }));
    let changed = export(&rig, id).await.body;
    assert_ne!(changed, first);
    rig.cloud
        .switches(|switches| switches.export_stamp_now = true);
    let now = export(&rig, id).await.body;
    let again = export(&rig, id).await.body;
    assert!(now != changed && now != again);
    rig.cloud.switches(|switches| switches.exports = false);
    let answer = export(&rig, id).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (500, "unexpected_error")
    );
}

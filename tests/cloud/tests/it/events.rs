//! §4: calendars, windows, single events, writing.

use cloud::{PimEdit, Recurring, WindowZone};
use serde_json::{Value, json};

use crate::client::{Answer, Rig, rig};

/// Anna's own calendar.
pub(crate) const OWN: u64 = 1_379_001;

/// The events of a window; blanks may stand in the times.
pub(crate) async fn window(rig: &Rig, calendar: u64, from: &str, to: &str) -> Answer {
    let (from, to) = (from.replace(' ', "%20"), to.replace(' ', "%20"));
    let query = format!("calendar_id={calendar}&from={from}&to={to}");
    rig.get(&format!("/api/1/calendar/pim/event?{query}")).await
}

/// Of a month in an empty calendar.
pub(crate) async fn month(rig: &Rig, year: u32, number: u32) -> Vec<Value> {
    let from = format!("{year}-{number:02}-01 00:00:00");
    let to = format!("{year}-{number:02}-28 23:59:59");
    let answer = window(rig, OWN, &from, &to).await;
    answer.data().as_array().expect("a list").clone()
}

pub(crate) fn starts(rows: &[Value]) -> Vec<&str> {
    let starts = rows.iter().map(|row| row["start"].as_str());
    starts.map(Option::unwrap_or_default).collect()
}

/// A rig whose calendars have no events.
pub(crate) async fn empty() -> Rig {
    crate::client::rig_with(cloud::Options {
        events: 0,
        contacts: 0,
        ..cloud::Options::default()
    })
    .await
}

/// A weekly event on Wednesdays from 3 June 2026, with one instance cancelled, one moved, one
/// renamed.
pub(crate) fn weekly(rig: &Rig) -> u64 {
    let event = json!({
        "title": "Review", "start": "2026-06-03T09:00:00+02:00", "end": "2026-06-03T10:30:00+02:00",
        "timezone_start": "Europe/Zurich", "timezone_end": "Europe/Zurich", "fullday": false,
        "rrule": "FREQ=WEEKLY;BYDAY=WE",
    });
    let id = rig.cloud.pim().event(OWN, event);
    let fields = |value: Value| value.as_object().expect("an object").clone();
    let edits = [
        PimEdit::CancelInstance {
            id,
            instance: "2026-06-10".to_owned(),
        },
        PimEdit::OverrideInstance {
            id,
            instance: "2026-06-17T09:00:00+02:00".to_owned(),
            fields: fields(json!({
                "start": "2026-06-18T14:00:00+02:00", "end": "2026-06-18T15:00:00+02:00",
            })),
        },
        PimEdit::OverrideInstance {
            id,
            instance: "2026-06-24".to_owned(),
            fields: fields(json!({ "title": "Renamed" })),
        },
    ];
    for edit in &edits {
        rig.cloud.pim().edit(edit);
    }
    id
}

#[tokio::test]
async fn windows_need_both_times_in_one_form() {
    let rig = rig().await;
    let day = "2026-06-01 00:00:00";
    for (from, to, attribute) in [
        ("", "2026-06-02 00:00:00", "from"),
        ("2026-06-01", "2026-06-02 00:00:00", "from"),
        (day, "2026-06-02T00:00:00", "to"),
        (day, "2026-6-2 0:00:00", "to"),
        (day, "2026-02-30 00:00:00", "to"),
        (day, day, "to"),
    ] {
        let answer = window(&rig, OWN, from, to).await;
        let code = answer.code();
        assert_eq!((answer.status, code.as_str()), (422, "validation_failed"));
        let inner = &answer.json()["error"]["errors"][0];
        assert_eq!(inner["context"]["attribute"], attribute, "{from} {to}");
    }
    for path in [
        "/api/1/calendar/pim/event",
        "/api/1/calendar/pim/event?calendar_id=x",
        "/api/1/calendar/pim/event?calendar_id=1379001&from=2026-06-01%2000:00:00",
    ] {
        assert_eq!(rig.get(path).await.status, 422, "{path}");
    }
}

#[tokio::test]
async fn a_span_of_three_months_is_a_server_error() {
    let rig = rig().await;
    for (from, to, status) in [
        ("2026-01-01 00:00:00", "2026-03-31 23:59:59", 200),
        ("2026-01-01 00:00:00", "2026-04-01 00:00:00", 500),
        ("2026-01-01 00:00:00", "2036-04-01 00:00:00", 500),
        ("2025-11-30 00:00:00", "2026-02-27 23:59:59", 200),
        ("2025-11-30 00:00:00", "2026-02-28 00:00:00", 500),
    ] {
        let answer = window(&rig, OWN, from, to).await;
        assert_eq!(answer.status, status, "{from} {to}");
        if status == 500 {
            assert_eq!(answer.code(), "range_must_be_lower_than_3_months");
        }
    }
}

#[tokio::test]
async fn other_peoples_calendars_are_denied() {
    let mut rig = rig().await;
    let (from, to) = ("2026-06-01 00:00:00", "2026-06-02 00:00:00");
    for calendar in [1, 1_379_004] {
        let answer = window(&rig, calendar, from, to).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "access_denied")
        );
    }
    let id = rig.cloud.pim().events(OWN)[0]["id"].clone();
    let path = format!("/api/1/calendar/pim/event/{id}");
    assert_eq!(rig.get(&path).await.data()["id"], id);
    for (path, status) in [
        ("/api/1/calendar/pim/event/999".to_owned(), 404),
        (format!("{path}/export"), 200),
        ("/api/1/calendar/pim/event/999/export".to_owned(), 404),
        ("/calendar/api/pim/calendar/1379001/event".to_owned(), 302),
    ] {
        assert_eq!(rig.get(&path).await.status, status, "{path}");
    }
    rig.cloud
        .switches(|switches| switches.missing = cloud::Missing::Forbidden);
    assert_eq!(rig.get("/calendar/api/pim/event/999").await.status, 403);
    "sim-ben-all".clone_into(&mut rig.token);
    assert_eq!(rig.get(&path).await.status, 403);
    "sim-anna-without-calendar".clone_into(&mut rig.token);
    assert_eq!(rig.get(&path).await.code(), "all_scopes");
}

#[tokio::test]
async fn what_reaches_over_an_edge_comes_twice() {
    let rig = empty().await;
    let event = |start: &str, end: &str| json!({ "title": start, "start": start, "end": end });
    rig.cloud.pim().event(
        OWN,
        event("2026-06-30T23:00:00+02:00", "2026-07-01T01:00:00+02:00"),
    );
    rig.cloud
        .pim()
        .event(OWN, event("2026-06-29", "2026-07-01"));
    rig.cloud
        .pim()
        .event(OWN, event("2026-07-01", "2026-07-02"));
    let halves = [
        ("2026-06-15 00:00:00", "2026-07-01 00:00:00"),
        ("2026-07-01 00:00:00", "2026-07-15 00:00:00"),
    ];
    let counts = async || {
        let first = window(&rig, OWN, halves[0].0, halves[0].1).await.data();
        let second = window(&rig, OWN, halves[1].0, halves[1].1).await.data();
        [first, second].map(|rows| rows.as_array().map_or(0, Vec::len))
    };
    assert_eq!(counts().await, [2, 2]);
    rig.cloud
        .switches(|switches| switches.boundary_twice = false);
    assert_eq!(counts().await, [2, 1]);
    // in UTC the last two hours of the window, and the days, begin later
    rig.cloud.switches(|switches| {
        switches.boundary_twice = true;
        switches.window_zone = WindowZone::Utc;
    });
    assert_eq!(counts().await, [2, 1]);
    rig.cloud.switches(|switches| switches.events_object = true);
    let data = window(&rig, OWN, halves[1].0, halves[1].1).await.data();
    assert_eq!(data["events"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn recurring_events_are_masters_or_rows() {
    let rig = empty().await;
    let id = weekly(&rig);
    let rows = month(&rig, 2026, 6).await;
    assert_eq!(starts(&rows), ["2026-06-03T09:00:00+02:00"]);
    assert_eq!(rows[0]["rrule"], "FREQ=WEEKLY;BYDAY=WE");
    assert_eq!(
        starts(&month(&rig, 2027, 1).await),
        ["2026-06-03T09:00:00+02:00"]
    );
    assert!(month(&rig, 2026, 5).await.is_empty());
    rig.cloud
        .switches(|switches| switches.recurring = Recurring::Expanded);
    let rows = month(&rig, 2026, 6).await;
    let wanted = [
        "2026-06-03T09:00:00+02:00",
        "2026-06-18T14:00:00+02:00",
        "2026-06-24T09:00:00+02:00",
    ];
    assert_eq!(starts(&rows), wanted);
    assert!(
        rows.iter()
            .all(|row| row["id"] == id && row["rrule"] != json!(null))
    );
    assert_eq!(
        (&rows[1]["end"], &rows[2]["title"], &rows[0]["title"]),
        (
            &json!("2026-06-18T15:00:00+02:00"),
            &json!("Renamed"),
            &json!("Review")
        )
    );
    // the clock on the wall stays, the offset follows
    assert_eq!(
        starts(&month(&rig, 2026, 11).await)[0],
        "2026-11-04T09:00:00+01:00"
    );
    let detail = format!("/calendar/api/pim/event/{id}");
    rig.cloud
        .switches(|switches| switches.recurring = Recurring::ExpandedBare);
    let rows = month(&rig, 2026, 6).await;
    assert!(rows.len() == 3 && rows.iter().all(|row| row["rrule"].is_null()));
    assert_eq!(
        rig.get(&detail).await.data()["rrule"],
        "FREQ=WEEKLY;BYDAY=WE"
    );
    rig.cloud
        .switches(|switches| switches.recurring = Recurring::ExpandedNoRule);
    assert_eq!(month(&rig, 2026, 6).await.len(), 3);
    let single = rig.get(&detail).await.data();
    assert!(single["rrule"].is_null());
    assert_eq!(single["start"], "2026-06-03T09:00:00+02:00");
}

//! §4.5: writing events; the sample events.

use serde_json::{Value, json};

use crate::events::{OWN, empty, month};

fn body(alarm: &Value) -> Value {
    json!({
        "title": "Lunch", "start": "2026-06-09 12:00:00", "end": "2026-06-09 13:00:00",
        "timezone_start": "Europe/Zurich", "timezone_end": "Europe/Zurich", "fullday": false,
        "type": "event", "calendar_id": OWN, "uid": "mine", "freebusy": "free",
        "attendees": [{ "address": "b@example.org", "name": "B", "className": "Attendee" }],
        "alarms": [alarm],
    })
}

#[tokio::test]
async fn events_are_written_in_wall_time() {
    let rig = empty().await;
    let path = "/api/1/calendar/pim/event";
    let alarm = json!({ "number": 2, "unit": "hour", "type": "DISPLAY" });
    let made = rig.post(path, &body(&alarm)).await.data();
    let id = made["id"].as_u64().expect("an id");
    assert_eq!(made["start"], "2026-06-09T12:00:00+02:00");
    assert_eq!(
        made["alarms"],
        json!([{ "minutesBefore": 120, "action": "DISPLAY" }])
    );
    assert_eq!(made["attendees"][0]["state"], "NEEDS-ACTION");
    assert!(made["attendees"][0].get("className").is_none());
    assert_eq!(month(&rig, 2026, 6).await, std::slice::from_ref(&made));
    let uid = rig.cloud.pim().uid(id).expect("it exists");
    assert!(uid.len() == 36 && uid != "mine");
    let mut whole = body(&alarm);
    whole["fullday"] = json!(true);
    whole["start"] = json!("2026-06-09 00:00:00");
    whole["end"] = json!("2026-06-11 00:00:00");
    whole["alarms"] = json!([]);
    let one = format!("{path}/{id}");
    let text = whole.to_string();
    let kind = ("content-type", "application/json");
    let changed = rig.ask("PUT", &one, &[kind], text.as_bytes()).await.data();
    assert_eq!(
        (&changed["start"], &changed["end"]),
        (&json!("2026-06-09"), &json!("2026-06-11"))
    );
    assert_eq!(rig.cloud.pim().uid(id), Some(uid));
    let denied = rig.delete(&format!("{one}?calendar_id=1379002")).await;
    assert_eq!(denied.status, 403);
    let gone = rig.delete(&format!("{one}?calendar_id={OWN}")).await;
    assert_eq!(
        (gone.status, gone.json()["data"].clone()),
        (200, Value::Null)
    );
    assert_eq!(rig.get(&one).await.status, 404);
    assert_eq!(rig.delete(&one).await.status, 404);
}

#[tokio::test]
async fn alarms_read_otherwise_than_they_are_written() {
    let rig = empty().await;
    let path = "/calendar/api/pim/event";
    for (alarm, status, code) in [
        (
            json!({ "number": 2, "unit": "HOUR", "type": "DISPLAY" }),
            422,
            "validation_failed",
        ),
        (
            json!({ "number": 2, "unit": "hour", "type": "display" }),
            422,
            "validation_failed",
        ),
        (
            json!({ "minutesBefore": 10, "action": "DISPLAY" }),
            500,
            "unexpected_error",
        ),
    ] {
        let answer = rig.post(path, &body(&alarm)).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{alarm}"
        );
    }
    let mut wrong = body(&json!({ "number": 2, "unit": "day", "type": "EMAIL" }));
    wrong["start"] = json!("2026-06-09T12:00:00");
    assert_eq!(rig.post(path, &wrong).await.status, 422);
    wrong["start"] = json!("2026-06-09 12:00:00");
    wrong["calendar_id"] = json!(1);
    assert_eq!(rig.post(path, &wrong).await.code(), "access_denied");
    assert!(month(&rig, 2026, 6).await.is_empty());
}

#[tokio::test]
async fn samples_lie_around_the_anchor_and_follow_from_the_seed() {
    let options = |seed, anchor: &str| cloud::Options {
        seed,
        events: 500,
        anchor: Some(anchor.parse().expect("a day")),
        ..cloud::Options::default()
    };
    let events = async |options| {
        let rig = crate::client::rig_with(options).await;
        let mut events = rig.cloud.pim().events(OWN);
        events.extend(rig.cloud.pim().events(1_379_002));
        events
    };
    let first = events(options(1, "2026-06-15")).await;
    assert_eq!(first, events(options(1, "2026-06-15")).await);
    assert_ne!(first, events(options(2, "2026-06-15")).await);
    assert_eq!(first.len(), 500);
    let count = |test: fn(&&Value) -> bool| first.iter().filter(test).count();
    assert_eq!(count(|event| event["rrule"] != ""), 100);
    assert!(count(|event| event["fullday"] == true) > 50);
    assert!(count(|event| event["timezone_start"] != "Europe/Zurich") > 50);
    let starts = first.iter().filter_map(|event| event["start"].as_str());
    let days: Vec<&str> = starts.map(|start| &start[..10]).collect();
    let (least, most) = (days.iter().min(), days.iter().max());
    assert!(
        least >= Some(&"2025-06-19") && least < Some(&"2025-07-15"),
        "{least:?}"
    );
    assert!(
        most <= Some(&"2028-06-05") && most > Some(&"2028-05-01"),
        "{most:?}"
    );
}

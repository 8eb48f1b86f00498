//! Changes of calendars and contacts behind the API's back, and faults on their routes.

use cloud::{Bad, Edit, Fault, Kind, PimEdit};
use serde_json::{Value, json};

use crate::client::rig;
use crate::events::{OWN, empty, month, starts, weekly, window};

const EVENTS: &str = "GET /1/calendar/pim/event";

fn at(start: &str, end: &str) -> Value {
    json!({ "title": "Moving", "start": start, "end": end })
}

#[tokio::test]
async fn an_event_moves_between_windows_while_they_are_read() {
    let rig = empty().await;
    let june = at("2026-06-10T09:00:00Z", "2026-06-10T10:00:00Z");
    let id = rig.cloud.pim().event(OWN, june);
    let fields = json!({ "start": "2026-05-10T09:00:00Z", "end": "2026-05-10T10:00:00Z" });
    let fault = json!({
        "route": EVENTS, "nth": 2,
        "fault": { "kind": "edit", "edit": { "do": "change_event", "id": id, "fields": fields } },
    });
    assert_eq!(rig.post("/_control/faults", &fault).await.status, 200);
    assert!(month(&rig, 2026, 5).await.is_empty());
    assert!(month(&rig, 2026, 6).await.is_empty());
    assert_eq!(
        starts(&month(&rig, 2026, 5).await),
        ["2026-05-10T09:00:00Z"]
    );
    let back = PimEdit::RemoveEvent { id };
    let edit = Edit::Pim(back);
    let fault = Fault::on(EVENTS, Kind::Edit { drive: None, edit });
    rig.cloud.faults([fault]);
    assert!(month(&rig, 2026, 5).await.is_empty());
}

#[tokio::test]
async fn calendars_are_hidden_empty_forbidden_renamed() {
    let rig = empty().await;
    let id = weekly(&rig);
    let calendars =
        async || rig.get("/api/1/calendar/pim/calendar").await.data()["calendars"].clone();
    let edits = json!([
        { "do": "calendar_empty", "calendar": OWN, "empty": true },
        { "do": "calendar_hidden", "calendar": OWN, "hidden": true },
        { "do": "calendar_name", "calendar": 1379002, "name": "Crew" },
        { "do": "calendar_color", "calendar": 1379002, "color": "red" },
        { "do": "calendar", "calendar": 1379020, "name": "New" },
    ]);
    assert_eq!(
        rig.post("/_control/pim", &edits).await.json()["ids"][4],
        1_379_020
    );
    let listed = calendars().await;
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&listed[0]["name"], &listed[0]["color"]),
        (&json!("Crew"), &json!("red"))
    );
    assert_eq!(listed[1]["id"], 1_379_020);
    assert!(month(&rig, 2026, 6).await.is_empty());
    let edits = json!([
        { "do": "calendar_empty", "calendar": OWN, "empty": false },
        { "do": "calendar_forbidden", "calendar": OWN, "forbidden": true },
        { "do": "calendar_hidden", "calendar": OWN, "hidden": false },
    ]);
    rig.post("/_control/pim", &edits).await;
    assert_eq!(calendars().await.as_array().map(Vec::len), Some(3));
    let (from, to) = ("2026-06-01 00:00:00", "2026-06-30 00:00:00");
    assert_eq!(window(&rig, OWN, from, to).await.code(), "access_denied");
    let single = format!("/api/1/calendar/pim/event/{id}");
    assert_eq!(rig.get(&single).await.status, 403);
    let edits = json!([
        { "do": "calendar_forbidden", "calendar": OWN, "forbidden": false },
        { "do": "move_event", "id": id, "calendar": 1379020 },
    ]);
    rig.post("/_control/pim", &edits).await;
    assert!(month(&rig, 2026, 6).await.is_empty());
    assert_eq!(rig.get(&single).await.data()["calendar_id"], 1_379_020);
    let gone = json!({ "do": "remove_calendar", "calendar": 1379020 });
    rig.post("/_control/pim", &gone).await;
    assert_eq!(rig.get(&single).await.status, 404);
}

#[tokio::test]
async fn edits_are_checked() {
    let rig = rig().await;
    for wrong in [
        json!({ "do": "remove_event", "id": 1 }),
        json!({ "do": "move_event", "id": 1, "calendar": OWN }),
        json!({ "do": "event", "calendar": 1, "event": {} }),
        json!({ "do": "event", "calendar": OWN, "event": {}, "sim": { "exdate": [] } }),
        json!({ "do": "cancel_instance", "id": 77120001, "instance": "tomorrow" }),
        json!({ "do": "nonsense" }),
    ] {
        let answer = rig.post("/_control/pim", &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.json()["error"].is_string());
    }
    let drive = json!({ "do": "event", "calendar": OWN, "event": { "title": "x" } });
    assert_eq!(rig.post("/_control/edit", &drive).await.status, 200);
    let half = json!({ "do": "event", "calendar": OWN, "event": { "id": 5, "title": "HALF" } });
    let text = half.to_string().replace("HALF", "\\ud83d");
    let answer = rig.ask("POST", "/_control/pim", &[], text.as_bytes()).await;
    assert_eq!(answer.json()["ids"], json!([5]));
    let single = rig.get("/api/1/calendar/pim/event/5").await;
    let body = String::from_utf8_lossy(&single.body).into_owned();
    assert!(body.contains("\"title\":\"\\ud83d\""), "{body}");
}

#[tokio::test]
async fn every_edit_in_the_help_text_is_understood() {
    let rig = rig().await;
    let help = rig.get("/_control/help").await;
    let help = String::from_utf8(help.body).expect("text");
    let part = help
        .split("\nCalendars and contacts\n")
        .nth(1)
        .expect("the part");
    let mut edits = 0;
    for line in part
        .lines()
        .filter(|line| line.trim().starts_with("{\"do\""))
    {
        let mut rest = line.trim();
        while rest.starts_with('{') {
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            let edit = values.next().expect("JSON").expect("JSON");
            rest = rest[values.byte_offset()..].trim_start();
            let fault = json!({ "fault": { "kind": "edit", "edit": edit } });
            assert_eq!(
                rig.post("/_control/faults", &fault).await.status,
                200,
                "{edit}"
            );
            edits += 1;
        }
    }
    assert_eq!(edits, 20);
}

#[tokio::test]
async fn faults_strike_the_new_routes() {
    let rig = empty().await;
    weekly(&rig);
    let boom = Kind::Empty { status: 502 };
    rig.cloud.faults([Fault::on(EVENTS, boom).nth(3)]);
    let (from, to) = ("2026-06-01 00:00:00", "2026-06-30 00:00:00");
    for status in [200, 200, 502, 200] {
        assert_eq!(window(&rig, OWN, from, to).await.status, status);
    }
    assert_eq!(rig.cloud.calls(EVENTS), 4);
    let bad = |how| Fault::on("*", Kind::BadRecord { index: 0, how });
    rig.cloud.faults([bad(Bad::NoName)]);
    assert!(month(&rig, 2026, 6).await[0].get("title").is_none());
    rig.cloud.switches(|switches| switches.events_object = true);
    rig.cloud.faults([bad(Bad::Null)]);
    assert!(window(&rig, OWN, from, to).await.data()["events"][0].is_null());
    for (path, list) in [
        ("/api/1/calendar/pim/calendar", "calendars"),
        ("/contacts/api/pim/addressbook", "addressbooks"),
    ] {
        rig.cloud.faults([bad(Bad::NoId)]);
        let data = rig.get(path).await.data();
        assert!(data[list][0].get("id").is_none() && data[list][1]["id"].is_u64());
    }
}

#[tokio::test]
async fn what_takes_place_is_told_to_tests() {
    let rig = empty().await;
    let id = weekly(&rig);
    rig.cloud.pim().event(
        OWN,
        json!({ "id": 7, "title": "No rule", "start": "2026-06-05", "rrule": "FREQ=NEVER" }),
    );
    rig.cloud
        .pim()
        .event(OWN, json!({ "id": 8, "start": "soon" }));
    let path = "/_control/instances?calendar_id=1379001&from=2026-06-01&to=2026-07-01";
    let told = rig.get(path).await.json();
    let all = rig.cloud.pim().instances(OWN, "2026-06-01", "2026-07-01");
    assert_eq!(told, json!(all));
    assert_eq!((all.unread, all.capped), (vec![7, 8], vec![]));
    let brief: Vec<(&str, &str)> = all
        .instances
        .iter()
        .map(|one| (one.start.as_str(), one.title.as_str()))
        .collect();
    let wanted = [
        ("2026-06-03T07:00:00Z", "Review"),
        ("2026-06-18T12:00:00Z", "Review"),
        ("2026-06-24T07:00:00Z", "Renamed"),
    ];
    assert_eq!(brief, wanted);
    assert!(all.instances.iter().all(|one| one.id == id));
    assert_eq!(
        rig.get("/_control/instances?calendar_id=1").await.status,
        400
    );
}

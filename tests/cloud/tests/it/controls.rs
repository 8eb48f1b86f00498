//! The control paths.

use serde_json::json;

use crate::client::{DRIVE, rig};

#[tokio::test]
async fn calls_are_counted_by_route() {
    let rig = rig().await;
    for path in ["/api/1/accounts", "/api/1/accounts", "/nowhere"] {
        rig.get(path).await;
    }
    rig.get(&format!("/api/3/drive/{DRIVE}/files/5/files?limit=5"))
        .await;
    let counters = rig.get("/_control/counters").await.json();
    let wanted = json!({
        "(unknown)": 1,
        "GET /1/accounts": 2,
        "GET /3/drive/{drive}/files/{file}/files": 1,
    });
    assert_eq!(counters, wanted);
    let log = rig.get("/_control/log").await.json();
    assert_eq!((&log["in_flight"], &log["peak"]), (&json!(0), &json!(1)));
    assert_eq!(log["requests"][0]["status"], 200);
    assert!(!log.to_string().contains(&rig.token));
    assert_eq!(rig.post("/_control/reset", &json!({})).await.status, 200);
    assert_eq!(rig.get("/_control/counters").await.json(), json!({}));
}

#[tokio::test]
async fn faults_and_switches_are_set_as_json() {
    let rig = rig().await;
    let faults = json!([
        { "route": "GET /1/*", "nth": 2, "times": 0, "fault": { "kind": "too_many", "retry_after": 3 } },
    ]);
    assert_eq!(
        rig.post("/_control/faults", &faults).await.json(),
        json!({ "added": 1 })
    );
    let statuses = [200, 429, 429];
    for status in statuses {
        assert_eq!(rig.get("/api/1/accounts").await.status, status);
    }
    rig.delete("/_control/faults").await;
    assert_eq!(rig.get("/api/1/accounts").await.status, 200);
    for wrong in [
        json!({ "rout": "*", "fault": { "kind": "drop" } }),
        json!({ "fault": { "kind": "status", "status": 500, "cod": "x" } }),
        json!({ "fault": { "kind": "nonsense" } }),
    ] {
        assert_eq!(
            rig.post("/_control/faults", &wrong).await.status,
            400,
            "{wrong}"
        );
    }
    let changed = rig
        .post("/_control/switches", &json!({ "etags": false }))
        .await
        .json();
    assert_eq!(
        (&changed["etags"], &changed["cdn_ranges"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        rig.post("/_control/switches", &json!({ "etag": false }))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn every_fault_in_the_help_text_is_understood() {
    let rig = rig().await;
    let help = rig.get("/_control/help").await;
    let help = String::from_utf8(help.body).expect("text");
    let mut kinds = 0;
    for line in help.lines().map(str::trim) {
        let fault = line.starts_with("{\"kind\"");
        let edit = line.starts_with("{\"do\":\"lock") || line.starts_with("{\"do\":\"drive_name");
        if !fault && !edit {
            continue;
        }
        let mut values = serde_json::Deserializer::from_str(line).into_iter();
        let value: serde_json::Value = values.next().expect("JSON").expect("JSON");
        let whole = if fault {
            json!({ "fault": value })
        } else {
            json!({ "fault": { "kind": "edit", "edit": value } })
        };
        assert_eq!(
            rig.post("/_control/faults", &whole).await.status,
            200,
            "{line}"
        );
        kinds += 1;
    }
    assert_eq!(kinds, 21);
    assert!(help.contains("sim-anna-all: accounts drive"));
}

#[tokio::test]
async fn files_and_tokens_change_as_json() {
    let rig = rig().await;
    let edits = json!([
        { "do": "folder", "path": "/Private/F" },
        { "do": "write", "path": "/Private/F/a.txt", "text": "hello" },
        { "do": "texts", "path": "/Private/F/a.txt", "name": "a\r\nb", "etag": "\"" },
    ]);
    let ids = rig.post("/_control/edit", &edits).await.json()["ids"].clone();
    let info = rig
        .cloud
        .drive()
        .info("/Private/F/a\r\nb")
        .expect("it was renamed");
    assert_eq!(
        (json!(info.id), info.etag.as_deref()),
        (ids[1].clone(), Some("\""))
    );
    let wrong = json!({ "do": "delete", "path": "/Private/none" });
    assert_eq!(rig.post("/_control/edit", &wrong).await.status, 400);
    let change = json!({ "token": rig.token, "scopes": ["drive"] });
    rig.post("/_control/token", &change).await;
    assert_eq!(rig.get("/api/1/accounts").await.status, 403);
    let change = json!({ "token": rig.token, "scopes": null });
    rig.post("/_control/token", &change).await;
    assert_eq!(rig.get("/api/1/accounts").await.status, 401);
}

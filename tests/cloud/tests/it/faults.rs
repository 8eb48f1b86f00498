//! §9.11: every fault does what it says.

use std::time::Duration;

use cloud::{Bad, Edit, Fault, Kind, Outage};
use serde_json::{Value, json};

use crate::client::{Answer, DRIVE, Rig, read_for, rig, send, try_send};

const LISTING: &str = "GET /3/drive/{drive}/files/{file}/files";

async fn listing(rig: &Rig) -> Answer {
    rig.get(&format!("/kdrive/3/drive/{DRIVE}/files/5/files?limit=5"))
        .await
}

async fn struck(kind: Kind) -> Answer {
    let rig = rig().await;
    rig.cloud.faults([Fault::on(LISTING, kind)]);
    let answer = listing(&rig).await;
    assert_eq!(listing(&rig).await.status, 200, "only one call is struck");
    answer
}

#[tokio::test]
async fn errors_take_the_place_of_the_answer() {
    let status = Kind::Status {
        status: 500,
        code: "boom".to_owned(),
        description: "Boom".to_owned(),
    };
    let answer = struck(status).await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "boom"));
    let html = struck(Kind::Html { status: 502 }).await;
    assert!(html.status == 502 && html.body.starts_with(b"<html>"));
    let code = "boom".to_owned();
    let soft = struck(Kind::ErrorOn200 { code }).await;
    assert_eq!((soft.status, soft.code().as_str()), (200, "boom"));
    let busy = |retry_after, reset_after| Kind::TooMany {
        retry_after,
        reset_after,
    };
    assert_eq!(
        struck(busy(Some(7), None)).await.header("retry-after"),
        Some("7")
    );
    let reset = struck(busy(None, Some(7))).await;
    assert!(reset.header("retry-after").is_none());
    let at = reset
        .header("x-ratelimit-reset")
        .and_then(|at| at.parse::<u64>().ok());
    assert!(at.is_some_and(|at| at > 1_700_000_000));
    let bare = struck(busy(None, None)).await;
    assert!(bare.status == 429 && bare.header("x-ratelimit-reset").is_none());
}

#[tokio::test]
async fn bodies_are_cut_short_or_malformed() {
    let told = |answer: &Answer| {
        answer
            .header("content-length")
            .and_then(|n| n.parse::<usize>().ok())
    };
    let cut = struck(Kind::Cut { after: 100 }).await;
    assert_eq!(cut.body.len(), 100);
    assert!(told(&cut).is_some_and(|told| told > 1_000));
    let short = struck(Kind::Short { keep: 100 }).await;
    assert_eq!((short.body.len(), told(&short)), (100, Some(100)));
    let half = struck(Kind::Malformed).await;
    assert!(half.status == 200 && serde_json::from_slice::<Value>(&half.body).is_err());
    let slow = struck(Kind::Slow {
        piece: 512,
        every_ms: 1,
    })
    .await;
    assert_eq!(slow.data().as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn records_are_spoiled_one_by_one() {
    let bad = |how| Kind::BadRecord { index: 1, how };
    let types = struck(bad(Bad::Types)).await.data();
    assert!(types[1]["name"].is_object() && types[1]["id"].is_u64());
    assert!(types[0]["name"].is_string());
    assert!(
        struck(bad(Bad::NoName)).await.data()[1]
            .get("name")
            .is_none()
    );
    assert!(struck(bad(Bad::NoId)).await.data()[1].get("id").is_none());
    assert!(struck(bad(Bad::Null)).await.data()[1].is_null());
    assert!(struck(bad(Bad::Text)).await.data()[1].is_string());
    let half = struck(bad(Bad::Surrogate)).await;
    assert!(String::from_utf8_lossy(&half.body).contains("half \\ud83d pair"));
    let deep = struck(bad(Bad::Deep)).await;
    assert!(String::from_utf8_lossy(&deep.body).contains(&"[".repeat(1000)));
    let patch = |pointer: &str, value| Kind::Patch {
        pointer: pointer.to_owned(),
        value,
    };
    let named = struck(patch("/data/0/name", Some(json!("a\r\nb"))))
        .await
        .data();
    assert_eq!(named[0]["name"], "a\r\nb");
    assert!(
        struck(patch("/cursor", None))
            .await
            .json()
            .get("cursor")
            .is_none()
    );
}

#[tokio::test]
async fn the_second_page_can_fail_alone() {
    let rig = rig().await;
    let status = Kind::Status {
        status: 500,
        code: "boom".to_owned(),
        description: "Boom".to_owned(),
    };
    rig.cloud
        .faults([Fault::on(LISTING, status).page(2).always()]);
    let first = listing(&rig).await;
    assert_eq!(first.status, 200);
    let cursor = first.json()["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    let second = format!("/kdrive/3/drive/{DRIVE}/files/5/files?limit=5&cursor={cursor}");
    assert_eq!(rig.get(&second).await.status, 500);
    assert_eq!(listing(&rig).await.status, 200);
}

#[tokio::test]
async fn connections_are_dropped_or_stall() {
    let rig = rig().await;
    let route = "GET /1/accounts";
    let url = format!("{}/api/1/accounts", rig.cloud.base_url());
    rig.cloud.faults([Fault::on(route, Kind::Drop)]);
    assert!(try_send(&url, "GET", &[], b"").await.is_none());
    rig.cloud
        .faults([Fault::on(route, Kind::Stall { after: 10 })]);
    let bytes = read_for(&url, &rig.token, Duration::from_millis(300)).await;
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a head");
    assert_eq!(bytes.len(), end + 4 + 10);
}

#[tokio::test]
async fn the_cdn_can_be_struck_too() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    let cdn = "GET cdn:/2/download/{ticket}";
    rig.cloud.faults([
        Fault::on(cdn, Kind::Short { keep: 10 }),
        Fault::on(cdn, Kind::IgnoreRange),
    ]);
    let path = format!("/kdrive/2/drive/{DRIVE}/files/{file}/download");
    let address = rig
        .get(&path)
        .await
        .header("location")
        .expect("an address")
        .to_owned();
    let answer = send(&address, "GET", &[("range", "bytes=5-99")], b"").await;
    assert_eq!((answer.status, answer.body.len()), (200, 10));
}

#[tokio::test]
async fn things_change_between_calls() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    let download = "GET /2/drive/{drive}/files/{file}/download";
    let path = "/Private/Work".to_owned();
    let edit = Edit::Delete { path };
    rig.cloud.faults([
        Fault::on(download, Kind::Replace { size: Some(7) }).nth(2),
        Fault::on(download, Kind::Edit { drive: None, edit }).nth(2),
    ]);
    let path = format!("/kdrive/2/drive/{DRIVE}/files/{file}/download");
    rig.get(&path).await;
    assert_eq!(
        rig.cloud
            .drive()
            .info("/Private/readme.txt")
            .map(|info| info.size),
        Some(1234)
    );
    let address = rig
        .get(&path)
        .await
        .header("location")
        .expect("an address")
        .to_owned();
    let body = send(&address, "GET", &[], b"").await.body;
    assert_eq!(body, cloud::generated(file, 2, 0, 7));
    assert_eq!(rig.cloud.drive().info("/Private/Work"), None);
    rig.cloud
        .faults([Fault::on("GET /1/accounts", Kind::Revoke)]);
    assert_eq!(rig.get("/api/1/accounts").await.status, 401);
    assert_eq!(listing(&rig).await.status, 401);
    rig.cloud.reset();
    assert_eq!(listing(&rig).await.status, 200);
    assert!(rig.cloud.drive().info("/Private/Work").is_some());
}

#[tokio::test]
async fn an_outage_refuses_drops_and_ends() {
    let rig = rig().await;
    let url = format!("{}/api/1/accounts", rig.cloud.base_url());
    let control = format!("{}/_control/counters", rig.cloud.base_url());
    rig.cloud.outage(Outage::Drop);
    assert!(try_send(&url, "GET", &[], b"").await.is_none());
    assert_eq!(send(&control, "GET", &[], b"").await.status, 200);
    rig.cloud.outage(Outage::Refuse);
    while try_send(&control, "GET", &[], b"").await.is_some() {
        tokio::task::yield_now().await;
    }
    rig.cloud.outage(Outage::None);
    while try_send(&control, "GET", &[], b"").await.is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(rig.get("/api/1/accounts").await.status, 200);
}

#[tokio::test]
async fn the_limiter_counts_a_minute_for_each_token() {
    let mut rig = rig().await;
    rig.cloud.switches(|switches| switches.calls_per_minute = 2);
    for status in [200, 200, 429] {
        assert_eq!(listing(&rig).await.status, status);
    }
    let answer = listing(&rig).await;
    let wait = answer
        .header("retry-after")
        .and_then(|text| text.parse::<u64>().ok());
    assert!(wait.is_some_and(|wait| (1..=60).contains(&wait)));
    "sim-anna-second".clone_into(&mut rig.token);
    assert_eq!(listing(&rig).await.status, 200);
}

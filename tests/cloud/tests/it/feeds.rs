//! §3.10: change feeds, the CSV and the long poll.

use std::time::Duration;

use cloud::{Edit, FeedAccess};
use serde_json::{Value, json};

use crate::client::{DRIVE, Rig, rig};

fn kdrive(version: u8, rest: &str) -> String {
    format!("/kdrive/{version}/drive/{DRIVE}/{rest}")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Reads a folder's feed to its end; gives the answer and the last cursor.
async fn read_folder(rig: &Rig, folder: u64) -> (Vec<Value>, String) {
    let base = format!("files/{folder}/listing");
    let mut answer = rig
        .get(&kdrive(3, &format!("{base}?with=files&limit=5")))
        .await
        .json();
    let mut rows = Vec::new();
    loop {
        rows.extend(
            answer["data"]["files"]
                .as_array()
                .expect("rows")
                .iter()
                .cloned(),
        );
        assert!(rows.len() <= 1_000, "a feed ends");
        let cursor = text(&answer["cursor"]).to_owned();
        if answer["has_more"] == false {
            return (rows, cursor);
        }
        let next = format!("{base}/continue?with=files&limit=5&cursor={cursor}");
        answer = rig.get(&kdrive(3, &next)).await.json();
    }
}

#[tokio::test]
async fn a_folder_feed_tells_rows_then_changes() {
    let rig = rig().await;
    let drive = rig.cloud.drive();
    let (rows, cursor) = read_folder(&rig, 5).await;
    assert_eq!(rows.len(), drive.children("/Private").len());
    let next = kdrive(
        3,
        &format!("files/5/listing/continue?limit=1000&cursor={cursor}"),
    );
    let quiet = rig.get(&next).await.json();
    assert_eq!(
        quiet["data"],
        json!({ "files": [], "actions": [], "actions_files": [] })
    );
    drive.write("/Private/new.txt", "x");
    drive.move_to("/Private/readme.txt", "/Private/Work/readme.txt");
    drive.write("/Private/Work/offer.docx", "elsewhere");
    let told = rig.get(&next).await.json();
    let actions: Vec<_> = told["data"]["actions"]
        .as_array()
        .expect("actions")
        .iter()
        .collect();
    let names: Vec<_> = actions
        .iter()
        .map(|action| text(&action["action"]))
        .collect();
    assert_eq!(names, ["file_create", "file_move_out"]);
    assert_eq!(
        told["data"]["actions_files"].as_array().map(Vec::len),
        Some(2)
    );
    drive.edit(&Edit::ExpireCursors);
    assert_eq!(rig.get(&next).await.code(), "invalid_cursor_error");
}

#[tokio::test]
async fn many_changes_come_in_pages_without_loss() {
    let rig = rig().await;
    let (_, mut cursor) = read_folder(&rig, 5).await;
    let made: Vec<u64> = (0..12)
        .map(|n| {
            rig.cloud
                .drive()
                .write(&format!("/Private/new {n}.txt"), "x")
        })
        .collect();
    let mut told = Vec::new();
    for (rows, more) in [(5, true), (5, true), (2, false)] {
        let path = format!("files/5/listing/continue?limit=5&cursor={cursor}");
        let answer = rig.get(&kdrive(3, &path)).await.json();
        let actions = answer["data"]["actions"].as_array().expect("actions");
        assert_eq!((actions.len(), &answer["has_more"]), (rows, &json!(more)));
        told.extend(
            actions
                .iter()
                .filter_map(|action| action["file_id"].as_u64()),
        );
        text(&answer["cursor"]).clone_into(&mut cursor);
    }
    assert_eq!(told, made);
}

#[tokio::test]
async fn the_tree_feed_tells_names_by_path_and_destination() {
    let rig = rig().await;
    let drive = rig.cloud.drive();
    let first = kdrive(
        2,
        "files/listing?directory_id=1&recursive=true&with=files&limit=1000",
    );
    let data = rig.get(&first).await.data();
    assert_eq!(data["has_more"], false);
    // all but the root's own Private
    let rows = data["files"].as_array().expect("rows");
    assert_eq!(rows.len(), drive.tree("/").len() - 1);
    drive.rename("/Private/readme.txt", "read me.txt");
    drive.delete("/Private/Work");
    let path = format!(
        "files/listing/continue?limit=1000&cursor={}",
        text(&data["cursor"])
    );
    let told = rig.post(&kdrive(2, &path), &json!({})).await.data();
    let (rename, trash) = (&told["actions"][0], &told["actions"][1]);
    assert_eq!(
        (text(&rename["action"]), text(&trash["action"])),
        ("file_rename", "file_trash")
    );
    assert_eq!(
        (&rename["path"], &rename["destination"]),
        (&json!("/readme.txt"), &json!("/read me.txt"))
    );
    assert_eq!(
        (&rename["parent_id"], &rename["file_type"]),
        (&json!(1), &json!("file"))
    );
    let without = json!({ "without_ids": [rename["file_id"].to_string()] });
    let told = rig.post(&kdrive(2, &path), &without).await.data();
    assert_eq!(told["actions"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_csv_ends_with_its_mark() {
    let rig = rig().await;
    let path = kdrive(
        2,
        "files/listing/full?directory_id=1&recursive=true&format=safe_csv",
    );
    let answer = rig.post(&path, &json!({})).await;
    let body = String::from_utf8(answer.body.clone()).expect("text");
    let columns = "id,parent_id,name,type,size,created_at,last_modified_at,can_write,is_link\n";
    assert!(body.starts_with(columns) && body.ends_with("\n#EOF\n"));
    assert!(body.contains("\"quote \"\" double.txt\",file,"));
    let cursor = answer.header("x-kdrive-cursor").expect("a cursor");
    let next = kdrive(
        2,
        &format!("files/listing/continue?limit=5&cursor={cursor}"),
    );
    assert_eq!(
        rig.post(&next, &json!({})).await.data()["actions"],
        json!([])
    );
}

#[tokio::test]
async fn a_long_poll_waits_for_a_change() {
    let rig = rig().await;
    let (_, cursor) = read_folder(&rig, 5).await;
    let path = |seconds: u8| {
        let rest = format!("files/listing/longpoll?cursor={cursor}&timeout={seconds}s");
        format!("/notify/2/drive/{DRIVE}/{rest}")
    };
    assert_eq!(rig.get(&path(0)).await.json()["changes"], false);
    let waiting = path(50);
    let change = async {
        while rig.cloud.log().in_flight == 0 {
            tokio::task::yield_now().await;
        }
        rig.cloud.drive().write("/Private/new.txt", "x");
    };
    let poll = tokio::time::timeout(Duration::from_secs(20), rig.get(&waiting));
    let (answer, ()) = tokio::join!(poll, change);
    assert_eq!(
        answer.expect("the change ends the wait").json()["changes"],
        true
    );
}

#[tokio::test]
async fn feeds_may_not_take_the_token() {
    let rig = rig().await;
    let feeds = [
        kdrive(3, "files/5/listing"),
        kdrive(2, "files/listing?directory_id=1"),
        format!("/notify/2/drive/{DRIVE}/files/listing/longpoll?cursor=x"),
    ];
    for (access, status) in [(FeedAccess::Redirect, 302), (FeedAccess::Forbidden, 403)] {
        rig.cloud.switches(|switches| switches.change_feed = access);
        for feed in &feeds {
            assert_eq!(rig.get(feed).await.status, status, "{feed}");
        }
        assert_eq!(rig.get(&kdrive(3, "files/5/files")).await.status, 200);
    }
}

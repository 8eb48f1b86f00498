//! §3.8: folders, renames, moves, copies, the trash, undo.

use cloud::Edit;
use serde_json::{Value, json};

use crate::client::{DRIVE, rig};

fn v2(rest: &str) -> String {
    format!("/kdrive/2/drive/{DRIVE}/{rest}")
}

fn v3(rest: &str) -> String {
    format!("/kdrive/3/drive/{DRIVE}/{rest}")
}

fn is_cancel(data: &Value) -> bool {
    data["cancel_id"].is_string() && data["valid_until"].is_u64() && data.get("id").is_none()
}

#[tokio::test]
async fn folders_are_made_where_allowed() {
    let rig = rig().await;
    let made = rig
        .post(&v3("files/5/directory"), &json!({ "name": "New" }))
        .await
        .data();
    assert_eq!(
        (&made["type"], &made["parent_id"]),
        (&json!("dir"), &json!(5))
    );
    let taken = rig
        .post(&v3("files/5/directory"), &json!({ "name": "New" }))
        .await;
    assert_eq!(
        (taken.status, taken.code().as_str()),
        (409, "destination_already_exists")
    );
    for folder in [1, 3, 4] {
        let path = v3(&format!("files/{folder}/directory"));
        let answer = rig.post(&path, &json!({ "name": "New" })).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "destination_not_writable")
        );
    }
    let team = json!({ "name": "New", "for_all_user": true });
    let made = rig.post(&v3("files/team_directory"), &team).await.data();
    assert_eq!(made["visibility"], "is_team_space_folder");
}

#[tokio::test]
async fn renames_and_moves_can_be_undone() {
    let rig = rig().await;
    let id = rig.id("/Private/readme.txt");
    let work = rig.id("/Private/Work");
    let before = rig
        .cloud
        .drive()
        .info("/Private/readme.txt")
        .expect("it exists");
    let path = v2(&format!("files/{id}/rename"));
    let data = rig.post(&path, &json!({ "name": "b.txt" })).await.data();
    assert!(is_cancel(&data));
    let undo = json!({ "cancel_id": data["cancel_id"] });
    assert_eq!(rig.post(&v2("cancel"), &undo).await.data(), json!(true));
    assert_eq!(rig.id("/Private/readme.txt"), id);
    assert_eq!(rig.post(&v2("cancel"), &undo).await.status, 404);
    let path = v3(&format!("files/{id}/move/{work}"));
    assert!(is_cancel(
        &rig.post(&path, &json!({ "name": "c.txt" })).await.data()
    ));
    let after = rig
        .cloud
        .drive()
        .info("/Private/Work/c.txt")
        .expect("it moved");
    assert_eq!((after.id, &after.etag), (id, &before.etag));
    let path = v3(&format!("files/{work}/move/{work}"));
    assert_eq!(rig.post(&path, &json!({})).await.status, 400);
    let path = v3(&format!("files/5/move/{work}"));
    assert_eq!(rig.post(&path, &json!({})).await.code(), "forbidden_error");
}

#[tokio::test]
async fn copies_are_new_objects_with_the_same_bytes() {
    let rig = rig().await;
    let drive = rig.cloud.drive();
    let work = rig.id("/Private/Work");
    let path = v3(&format!("files/{work}/copy/5"));
    let made = rig.post(&path, &json!({ "name": "Work 2" })).await.data();
    assert_eq!(made["type"], "dir");
    assert_ne!(made["id"], work);
    let (one, two) = ("/Private/Work/offer.docx", "/Private/Work 2/offer.docx");
    assert_eq!(drive.bytes(one, 0, 1 << 20), drive.bytes(two, 0, 1 << 20));
    assert_ne!(
        drive.info(one).map(|info| info.id),
        drive.info(two).map(|info| info.id)
    );
    let file = rig.id("/Private/readme.txt");
    let path = v3(&format!("files/{file}/duplicate"));
    assert_eq!(
        rig.post(&path, &json!({ "name": "d.txt" })).await.data()["parent_id"],
        5
    );
    let path = v3(&format!("files/{file}/last-modified"));
    let dated = rig
        .post(&path, &json!({ "last_modified_at": 1_700_000_000 }))
        .await
        .data();
    assert_eq!(dated["last_modified_at"], 1_700_000_000);
    rig.cloud
        .switches(|switches| switches.asynchronous_copy = true);
    let path = v3(&format!("files/{work}/copy/5"));
    let answer = rig.post(&path, &json!({ "name": "Work 3" })).await.json();
    assert_eq!(answer["result"], "asynchronous");
}

#[tokio::test]
async fn the_trash_gives_back() {
    let rig = rig().await;
    let work = rig.id("/Private/Work");
    let offer = rig.id("/Private/Work/offer.docx");
    assert!(is_cancel(
        &rig.delete(&v2(&format!("files/{work}"))).await.data()
    ));
    for id in [work, offer] {
        assert_eq!(rig.get(&v3(&format!("files/{id}"))).await.status, 404);
    }
    let trash = rig.get(&v3("trash?order_by=deleted_at")).await.data();
    assert_eq!(
        (&trash[0]["id"], &trash[0]["status"]),
        (&json!(work), &json!("trashed"))
    );
    assert!(trash[0]["deleted_at"].is_u64());
    rig.cloud
        .switches(|switches| switches.stat_shows_trash = true);
    let inside = rig.get(&v3(&format!("files/{offer}"))).await.data();
    assert_eq!(inside["status"], "trash_inherited");
    let path = v2(&format!("trash/{work}/restore"));
    assert!(is_cancel(&rig.post(&path, &json!({})).await.data()));
    assert_eq!(rig.id("/Private/Work/offer.docx"), offer);
    rig.delete(&v2(&format!("files/{work}"))).await.data();
    assert_eq!(
        rig.delete(&v2(&format!("trash/{work}"))).await.data(),
        json!(true)
    );
    assert_eq!(rig.post(&path, &json!({})).await.status, 404);
}

#[tokio::test]
async fn locks_rights_and_quota_stop_changes() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    let path = "/Private/readme.txt".to_owned();
    rig.cloud.drive().edit(&Edit::Lock { path, locked: true });
    let answer = rig.delete(&v2(&format!("files/{file}"))).await;
    assert_eq!((answer.status, answer.code().as_str()), (423, "lock_error"));
    let shared = rig.id("/Shared/From Ben/recipe.pdf");
    let answer = rig.delete(&v2(&format!("files/{shared}"))).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "forbidden_error")
    );
    rig.cloud.drive().edit(&Edit::DriveSize { size: 10 });
    let upload = v3("upload?total_size=1&directory_id=5&file_name=b.txt");
    let answer = rig.ask("POST", &upload, &[], b"x").await;
    assert_eq!(answer.code(), "quota_exceeded_error");
}

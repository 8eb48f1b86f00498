//! §3.6, §3.7: uploads in one request and in pieces.

use serde_json::{Value, json};

use crate::client::{Answer, DRIVE, Rig, rig, send};

async fn upload(rig: &Rig, query: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let path = format!("/kdrive/3/drive/{DRIVE}/upload?{query}");
    rig.ask("POST", &path, headers, body).await
}

#[tokio::test]
async fn a_new_file_arrives_and_gets_versions() {
    let rig = rig().await;
    let query = "total_size=5&directory_id=5&file_name=a.txt&last_modified_at=1700000000\
                 &with=etag,path";
    let first = upload(&rig, query, &[], b"hello").await.data();
    assert_eq!(
        (&first["path"], &first["size"]),
        (&json!("/Private/a.txt"), &json!(5))
    );
    assert_eq!(first["last_modified_at"], 1_700_000_000);
    let query = format!("total_size=0&file_id={}&with=etag", first["id"]);
    let etag = first["etag"].as_str().expect("an etag");
    let refused = upload(&rig, &query, &[("if-match", "\"other\"")], b"").await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (412, "conflict_error")
    );
    let second = upload(&rig, &query, &[("if-match", etag)], b"")
        .await
        .data();
    assert_eq!((&second["id"], &second["size"]), (&first["id"], &json!(0)));
    assert_ne!(second["etag"], first["etag"]);
    assert!(second["revised_at"].as_u64() > first["revised_at"].as_u64());
    assert_eq!(
        rig.cloud.drive().bytes("/Private/a.txt", 0, 10),
        Some(Vec::new())
    );
}

#[tokio::test]
async fn conflicts_are_errors_renames_or_versions() {
    let rig = rig().await;
    let taken = "total_size=1&directory_id=5&file_name=readme.txt";
    let answer = upload(&rig, taken, &[], b"x").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (409, "file_already_exists_error")
    );
    let renamed = upload(&rig, &format!("{taken}&conflict=rename"), &[], b"x")
        .await
        .data();
    assert_eq!(renamed["name"], "readme (1).txt");
    let version = upload(&rig, &format!("{taken}&conflict=version"), &[], b"x")
        .await
        .data();
    assert_eq!(version["id"], rig.id("/Private/readme.txt"));
    let folder = "total_size=1&directory_id=5&file_name=Work&conflict=version";
    assert_eq!(
        upload(&rig, folder, &[], b"x").await.data()["name"],
        "Work (1)"
    );
    rig.cloud
        .switches(|switches| switches.name_conflict_status = 400);
    assert_eq!(upload(&rig, taken, &[], b"x").await.status, 400);
}

#[tokio::test]
async fn wrong_uploads_are_refused() {
    let rig = rig().await;
    let place = "directory_id=5&file_name=b.txt";
    let chunked = ("transfer-encoding", "chunked");
    let hash = "total_chunk_hash=xxh3:0000000000000000";
    let long = "n".repeat(256);
    for (query, headers, body, status, code) in [
        (place.to_owned(), vec![], "x", 422, "validation_failed"),
        (
            format!("{place}&total_size=2"),
            vec![],
            "x",
            400,
            "upload_not_terminated_error",
        ),
        (
            format!("{place}&total_size=1&{hash}"),
            vec![],
            "x",
            400,
            "upload_error",
        ),
        (
            format!("{place}&total_size=1"),
            vec![chunked],
            "1\r\nx\r\n0\r\n\r\n",
            411,
            "bad_request_error",
        ),
        (
            "total_size=1&directory_id=1&file_name=b".to_owned(),
            vec![],
            "x",
            403,
            "upload_destination_not_writable_error",
        ),
        (
            "total_size=1&directory_id=99999&file_name=b".to_owned(),
            vec![],
            "x",
            404,
            "upload_destination_not_found_error",
        ),
        (
            format!("total_size=1&directory_id=5&file_name={long}"),
            vec![],
            "x",
            422,
            "invalid_file_name_error",
        ),
        (
            "total_size=1&directory_id=5&file_id=10".to_owned(),
            vec![],
            "x",
            422,
            "validation_failed",
        ),
    ] {
        let answer = upload(&rig, &query, &headers, body.as_bytes()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{query}"
        );
    }
    assert_eq!(rig.cloud.drive().info("/Private/b.txt"), None);
}

#[tokio::test]
async fn paths_are_made_and_slashes_replaced() {
    let rig = rig().await;
    let query = "total_size=1&directory_path=/Private/New/Deep&file_name=a%2Fb.txt&with=path";
    let data = upload(&rig, query, &[], b"x").await.data();
    assert_eq!(data["path"], "/Private/New/Deep/a:b.txt");
}

async fn start(rig: &Rig, body: &Value) -> Value {
    let path = format!("/kdrive/3/drive/{DRIVE}/upload/session/start");
    rig.post(&path, body).await.data()
}

async fn chunk(rig: &Rig, url: &str, number: u64, body: &[u8]) -> Answer {
    let url = format!("{url}?chunk_number={number}&chunk_size={}", body.len());
    let bearer = format!("Bearer {}", rig.token);
    send(&url, "POST", &[("authorization", &bearer)], body).await
}

#[tokio::test]
async fn a_session_takes_chunks_in_any_order() {
    let rig = rig().await;
    let wish = json!({
        "directory_id": 5, "file_name": "v.bin", "total_size": "10", "total_chunks": 2,
    });
    let data = start(&rig, &wish).await;
    let token = data["token"].as_str().expect("a token");
    assert_eq!(
        data["upload_url"],
        format!("{}/kdrive", rig.cloud.base_url())
    );
    let session = format!("/kdrive/3/drive/{DRIVE}/upload/session/{token}");
    let url = format!("{}{session}/chunk", rig.cloud.base_url());
    assert_eq!(chunk(&rig, &url, 2, b"world").await.data()["status"], "ok");
    let finish = format!("{session}/finish");
    let early = rig.post(&finish, &json!({ "total_chunks": 2 })).await;
    assert_eq!(early.code(), "upload_not_terminated_error");
    assert_eq!(chunk(&rig, &url, 1, b"hello").await.data()["number"], 1);
    let path = format!("/kdrive/2/drive/{DRIVE}/upload/session/{token}?with=chunks");
    assert_eq!(rig.get(&path).await.data()["uploaded_size"], 10);
    let done = rig
        .post(&finish, &json!({ "last_modified_at": 1_700_000_000 }))
        .await
        .data();
    assert_eq!(
        (&done["result"], &done["file"]["name"]),
        (&json!(true), &json!("v.bin"))
    );
    assert_eq!(
        rig.cloud.drive().bytes("/Private/v.bin", 0, 20),
        Some(b"helloworld".to_vec())
    );
}

#[tokio::test]
async fn sessions_end() {
    let rig = rig().await;
    rig.cloud
        .switches(|switches| switches.upload_url = cloud::UploadUrl::Full);
    let wish = json!({
        "directory_id": 5, "file_name": "v.bin", "total_size": 1, "total_chunks": 1,
    });
    let data = start(&rig, &wish).await;
    let url = data["upload_url"].as_str().expect("an address").to_owned();
    let session = data["token"].as_str().expect("a token").to_owned();
    assert!(url.ends_with(&format!("/upload/session/{session}/chunk")));
    rig.cloud.pass(12 * 3600 + 1);
    assert_eq!(
        chunk(&rig, &url, 1, b"x").await.code(),
        "upload_token_is_not_valid"
    );
    let data = start(&rig, &wish).await;
    let url = data["upload_url"].as_str().expect("an address").to_owned();
    let token = data["token"].as_str().expect("a token");
    let path = format!("/kdrive/2/drive/{DRIVE}/upload/session/{token}");
    assert_eq!(rig.delete(&path).await.data(), json!(true));
    assert_eq!(
        chunk(&rig, &url, 1, b"x").await.code(),
        "upload_token_canceled"
    );
    let taken = json!({
        "directory_id": 5, "file_name": "readme.txt", "total_size": 1, "total_chunks": 1,
    });
    let data = start(&rig, &taken).await;
    assert_eq!(
        (&data["result"], &data["message"]),
        (&json!(false), &json!("file_already_exists_error"))
    );
}

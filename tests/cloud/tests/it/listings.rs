//! §1.5, §3.2 to §3.4, §3.9: the tree, objects, listings, search.

use cloud::Options;
use serde_json::{Value, json};

use crate::client::{DRIVE, Rig, fields, rig, rig_with};

/// All pages of a v3 listing.
async fn all(rig: &Rig, folder: u64, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    let mut pages = 0;
    loop {
        let base = format!("/kdrive/3/drive/{DRIVE}/files/{folder}/files");
        let answer = rig
            .get(&format!("{base}?{query}&cursor={cursor}"))
            .await
            .json();
        rows.extend(answer["data"].as_array().expect("rows").iter().cloned());
        if answer["has_more"] == false {
            assert!(answer["cursor"].is_null());
            return rows;
        }
        let next = answer["cursor"].as_str().expect("a cursor");
        assert_ne!(next, cursor, "a cursor goes on");
        pages += 1;
        assert!(pages < 20, "a listing ends");
        next.clone_into(&mut cursor);
    }
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["name"].as_str()).collect()
}

#[tokio::test]
async fn the_root_holds_the_special_folders() {
    let rig = rig().await;
    let rows = all(&rig, 1, "limit=10&with=capabilities").await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (&row["id"], &row["visibility"]))
        .collect();
    let wanted = [
        (&json!(3), &json!("is_team_space")),
        (&json!(5), &json!("is_private_space")),
        (&json!(4), &json!("is_shared_space")),
    ];
    assert_eq!(told, wanted);
    let wanted = [
        "added_at",
        "capabilities",
        "color",
        "created_at",
        "created_by",
        "depth",
        "drive_id",
        "id",
        "last_modified_at",
        "last_modified_by",
        "name",
        "parent_id",
        "revised_at",
        "status",
        "type",
        "updated_at",
        "visibility",
    ];
    assert_eq!(fields(&rows[1]), wanted);
    let root = rig
        .get(&format!(
            "/api/3/drive/{DRIVE}/files/1?with=capabilities,path"
        ))
        .await;
    assert_eq!(root.data()["capabilities"]["can_write"], false);
    assert_eq!(
        (&root.data()["path"], &root.data()["depth"]),
        (&json!("/"), &json!(0))
    );
}

#[tokio::test]
async fn objects_have_the_fields_of_the_sheet() {
    let rig = rig().await;
    let id = rig.id("/Private/Work/offer.docx");
    let plain = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/{id}"))
        .await
        .data();
    let wanted = [
        "added_at",
        "created_at",
        "created_by",
        "depth",
        "drive_id",
        "extension_type",
        "id",
        "last_modified_at",
        "last_modified_by",
        "mime_type",
        "name",
        "parent_id",
        "revised_at",
        "size",
        "status",
        "type",
        "updated_at",
        "visibility",
    ];
    assert_eq!(fields(&plain), wanted);
    let with = "with=path,etag,hash,capabilities,sorted_name";
    let full = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/{id}?{with}"))
        .await
        .data();
    assert_eq!(full["path"], "/Private/Work/offer.docx");
    assert_eq!((&full["depth"], &full["size"]), (&json!(3), &json!(50_274)));
    assert_eq!(full["visibility"], "is_in_private_space");
    assert!(full["hash"].as_str().is_some_and(|hash| hash.len() == 21));
    assert!(full["etag"].is_string() && full["capabilities"]["can_write"] == true);
    rig.cloud.switches(|switches| switches.etags = false);
    let full = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/{id}?{with}"))
        .await
        .data();
    assert!(full.get("etag").is_none());
}

#[tokio::test]
async fn pages_have_limits() {
    let rig = rig().await;
    let odd = rig.id("/Private/Odd names");
    let path = |query: &str| format!("/api/3/drive/{DRIVE}/files/{odd}/files{query}");
    assert_eq!(
        rig.get(&path("")).await.data().as_array().map(Vec::len),
        Some(10)
    );
    for (query, status) in [("?limit=4", 422), ("?limit=1001", 422), ("?limit=5", 200)] {
        assert_eq!(rig.get(&path(query)).await.status, status, "{query}");
    }
    let once = all(&rig, odd, "limit=1000").await;
    let many = all(&rig, odd, "limit=5").await;
    assert_eq!(once, many);
    assert!(names(&once).contains(&"cafe\u{301}.txt") && names(&once).contains(&"caf\u{e9}.txt"));
    assert!(names(&once).iter().all(|name| name.len() <= 255));
    let folders = all(&rig, odd, "limit=5&type[]=dir").await;
    assert_eq!(
        names(&folders),
        ["Empty folder", "Folder with # and %20 and ü"]
    );
    let empty = rig.id("/Private/Odd names/Empty folder");
    let answer = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/{empty}/files"))
        .await
        .json();
    assert_eq!(
        (&answer["data"], &answer["has_more"]),
        (&json!([]), &json!(false))
    );
    let answer = rig.get(&path("?cursor=nonsense")).await;
    assert_eq!(answer.code(), "invalid_cursor_error");
}

#[tokio::test]
async fn rows_can_be_ordered() {
    let rig = rig().await;
    let odd = rig.id("/Private/Odd names");
    let rows = all(&rig, odd, "limit=7&order_by=size&order=desc&type[]=file").await;
    let sizes: Vec<_> = rows.iter().filter_map(|row| row["size"].as_u64()).collect();
    assert!(sizes.is_sorted_by(|one, two| one >= two) && sizes.len() > 20);
    let rows = all(&rig, odd, "limit=7&order_by=name&order_for[name]=desc").await;
    assert!(names(&rows).is_sorted_by(|one, two| one >= two));
}

#[tokio::test]
async fn what_is_missing_or_no_folder_says_so() {
    let rig = rig().await;
    let answer = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/99999999"))
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (404, "object_not_found")
    );
    rig.cloud
        .switches(|switches| switches.missing = cloud::Missing::Forbidden);
    let answer = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/99999999"))
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "forbidden_error")
    );
    let file = rig.id("/Private/readme.txt");
    let answer = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/{file}/files"))
        .await;
    assert_eq!(answer.code(), "destination_not_a_directory");
    let exists = format!("/api/2/drive/{DRIVE}/files/exists");
    let data = rig
        .post(&exists, &json!({ "ids": [file.to_string(), "99999999"] }))
        .await
        .data();
    assert_eq!(data[0], json!({ "id": file, "result": true }));
    assert_eq!(data[1]["result"], false);
}

#[tokio::test]
async fn v2_shows_private_in_the_root() {
    let rig = rig().await;
    let base = format!("/api/2/drive/{DRIVE}/files/1/files");
    let answer = rig.get(&format!("{base}?per_page=1000&with=total")).await;
    let rows = answer.data().as_array().expect("rows").clone();
    assert!(names(&rows).contains(&"readme.txt") && !names(&rows).contains(&"Private"));
    assert!(
        rows.iter()
            .all(|row| row["parent_id"] == 1 && row["depth"] == 1)
    );
    assert_eq!(answer.json()["total"], rows.len());
    let second = rig.get(&format!("{base}?per_page=2&page=2")).await.data();
    assert_eq!(second, json!(rows[2..4]));
}

#[tokio::test]
async fn large_and_wide_trees_are_there_when_asked_for() {
    let options = Options {
        large: true,
        wide: true,
        files: 500,
        ..Options::default()
    };
    let rig = rig_with(options.clone()).await;
    let folder = rig.id("/Private/Ten thousand");
    assert_eq!(all(&rig, folder, "limit=1000").await.len(), 10_000);
    assert_eq!(
        rig.cloud.calls("GET /3/drive/{drive}/files/{file}/files"),
        10
    );
    let folders = rig.cloud.drive().tree("/Private/Wide");
    assert_eq!(folders.iter().filter(|info| info.is_folder).count(), 2_000);
    let again = rig_with(options).await;
    assert_eq!(again.cloud.drive().tree("/"), rig.cloud.drive().tree("/"));
}

#[tokio::test]
async fn search_finds_names() {
    let rig = rig().await;
    let base = format!("/api/3/drive/{DRIVE}/files/search");
    let data = rig
        .get(&format!("{base}?query=OFFER&types[]=file&with=path"))
        .await
        .data();
    let rows = data.as_array().expect("rows");
    assert!(
        rows.iter()
            .any(|row| row["path"] == "/Private/Work/offer.docx")
    );
    assert_eq!(rig.get(&format!("{base}?query=of")).await.status, 422);
    assert_eq!(rig.get(&format!("{base}?name=of")).await.status, 200);
    let shared = rig.get("/api/3/drive/files/shared_with_me").await.data();
    assert_eq!(shared[0]["name"], "From Ben");
}

//! §3.5: downloads by signed address, ranges, sample bytes.

use cloud::{Download, generated};

use crate::client::{Answer, DRIVE, Rig, rig, send};

async fn signed(rig: &Rig, file: u64) -> String {
    let answer = rig
        .get(&format!("/kdrive/2/drive/{DRIVE}/files/{file}/download"))
        .await;
    assert_eq!(answer.status, 302);
    answer.header("location").expect("an address").to_owned()
}

async fn range(rig: &Rig, file: u64, range: &str) -> Answer {
    let address = signed(rig, file).await;
    send(&address, "GET", &[("range", range)], b"").await
}

#[tokio::test]
async fn a_signed_address_gives_the_bytes_once_and_without_token() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    let address = signed(&rig, file).await;
    assert!(address.starts_with(&rig.cloud.cdn_url()));
    let answer = send(&address, "GET", &[("authorization", "Bearer x")], b"").await;
    assert_eq!(answer.status, 400);
    let answer = send(&address, "GET", &[], b"").await;
    assert_eq!(
        (answer.status, answer.header("content-length")),
        (200, Some("1234"))
    );
    assert_eq!(answer.body, generated(file, 1, 0, 1234));
    assert_eq!(send(&address, "GET", &[], b"").await.status, 403);
    let log = rig.cloud.log();
    let secret = address.rsplit('/').next().expect("a last segment");
    assert!(
        log.requests
            .iter()
            .all(|entry| !entry.path.contains(secret))
    );
}

#[tokio::test]
async fn ranges_are_cheap_anywhere_in_a_huge_file() {
    let rig = rig().await;
    let file = rig.id("/Private/Big/5 GiB.bin");
    let answer = range(&rig, file, "bytes=5000000000-5000000999").await;
    assert_eq!(answer.status, 206);
    let told = answer.header("content-range");
    assert_eq!(told, Some("bytes 5000000000-5000000999/5368709120"));
    assert_eq!(answer.body, generated(file, 1, 5_000_000_000, 1000));
    let answer = range(&rig, file, "bytes=6000000000-").await;
    assert_eq!((answer.status, answer.body.len()), (416, 0));
    assert_eq!(answer.header("content-range"), Some("bytes */5368709120"));
}

#[tokio::test]
async fn switches_change_how_bytes_come() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    rig.cloud.switches(|switches| switches.cdn_ranges = false);
    let answer = range(&rig, file, "bytes=10-19").await;
    assert_eq!((answer.status, answer.body.len()), (200, 1234));
    rig.cloud.switches(|switches| {
        switches.cdn_ranges = true;
        switches.cdn_etag = true;
    });
    assert!(
        range(&rig, file, "bytes=10-19")
            .await
            .header("etag")
            .is_some()
    );
    rig.cloud
        .switches(|switches| switches.download = Download::Direct);
    let path = format!("/kdrive/2/drive/{DRIVE}/files/{file}/download");
    let answer = rig
        .ask("GET", &path, &[("range", "bytes=10-19")], b"")
        .await;
    assert_eq!(
        (answer.status, answer.body),
        (206, generated(file, 1, 10, 10))
    );
}

#[tokio::test]
async fn temporary_addresses_expire() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    let path = format!("/api/2/drive/{DRIVE}/files/{file}/temporary_url?duration=60");
    let data = rig.get(&path).await.data();
    let address = data["temporary_url"]
        .as_str()
        .expect("an address")
        .to_owned();
    for _ in 0..2 {
        assert_eq!(send(&address, "GET", &[], b"").await.status, 200);
    }
    rig.cloud.pass(61);
    assert_eq!(send(&address, "GET", &[], b"").await.status, 403);
}

#[tokio::test]
async fn an_address_keeps_the_version_it_was_made_for() {
    let rig = rig().await;
    let file = rig.id("/Private/readme.txt");
    let before = rig
        .cloud
        .drive()
        .info("/Private/readme.txt")
        .expect("it exists");
    let address = signed(&rig, file).await;
    rig.cloud.drive().write("/Private/readme.txt", "new");
    let after = rig
        .cloud
        .drive()
        .info("/Private/readme.txt")
        .expect("it exists");
    assert_eq!((before.id, after.size, after.version), (after.id, 3, 2));
    assert!(before.etag != after.etag && before.revised_at < after.revised_at);
    assert_eq!(
        send(&address, "GET", &[], b"").await.body,
        generated(file, 1, 0, 1234)
    );
    let old = format!("/api/2/drive/{DRIVE}/files/{file}/versions/1/download");
    assert_eq!(rig.get(&old).await.status, 302);
    let data = rig
        .get(&format!("/api/3/drive/{DRIVE}/files/{file}/versions"))
        .await
        .data();
    assert_eq!(data.as_array().map(Vec::len), Some(2));
}

//! Faults that were there once.

use std::time::Duration;

use cloud::{Fault, Kind, Options};
use davbridge::providers::infomaniak::FeedMode;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::infomaniak::{cloud as start, hurried_provider};

/// The list of accounts or drives answers "not found": says nothing about files.
#[tokio::test]
async fn a_list_of_drives_that_is_not_found_deletes_no_drive() {
    let cloud = start(Options::default()).await;
    cloud.drive().write("/Private/f.txt", "x");
    for warm in [true, false] {
        for route in ["GET /1/accounts", "GET /2/drive"] {
            for code in ["object_not_found", "lock_error"] {
                let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
                if warm {
                    bridge.list(&format!("{DRIVE}/Private")).await.unwrap();
                    bridge.clock.forward(Duration::from_secs(3601));
                }
                let kind = Kind::Status {
                    status: 404,
                    code: code.to_owned(),
                    description: "planted".to_owned(),
                };
                cloud.faults([Fault::on(route, kind).always()]);
                for path in [
                    "/dav/files/anna/ref".to_owned(),
                    DRIVE.to_owned(),
                    format!("{DRIVE}/Private"),
                ] {
                    let status = bridge.propfind(&path, "0").await.status;
                    let status = if path.ends_with("/ref") {
                        bridge.propfind(&path, "1").await.status
                    } else {
                        status
                    };
                    assert!(
                        !status.is_client_error(),
                        "{route} {code} warm={warm} {path}: {status}"
                    );
                }
                cloud.clear_faults();
            }
        }
    }
}

/// A download goes on after the file was replaced by one of the same size.
#[tokio::test]
async fn a_download_is_not_continued_with_bytes_of_another_version() {
    let cloud = start(Options::default()).await;
    cloud.drive().write("/Private/f.bin", vec![b'a'; 1000]);
    let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
    let path = format!("{DRIVE}/Private/f.bin");
    let first = bridge.get(&path, &[("range", "bytes=0-499")]).await;
    let tag = first.header("etag").to_owned();
    cloud.drive().write("/Private/f.bin", vec![b'b'; 1000]);
    let range = [("range", "bytes=500-999"), ("if-range", tag.as_str())];
    let rest = bridge.get(&path, &range).await;
    assert!(
        rest.status != StatusCode::PARTIAL_CONTENT || rest.body == vec![b'a'; 500],
        "bytes of the new version under the tag of the old one"
    );
}

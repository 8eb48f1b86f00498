//! No client gets wrong bytes.

use cloud::{Cloud, Download, Fault, Kind, Options};
use davbridge::providers::infomaniak::FeedMode;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::infomaniak::{Sim, cloud as start, hurried_provider};

const CDN: &str = "GET cdn*";
const DOWNLOAD: &str = "GET /2/drive/{drive}/files/{file}/download";

fn pattern(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect()
}

async fn with_file(length: usize) -> (Cloud, Bridge, String) {
    let cloud = start(Options::default()).await;
    cloud.drive().write("/Private/f.bin", pattern(length));
    let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
    (cloud, bridge, format!("{DRIVE}/Private/f.bin"))
}

#[tokio::test]
async fn ranges_are_exact_whatever_the_cloud_makes_of_them() {
    let (cloud, bridge, path) = with_file(100_000).await;
    for download in [Download::Redirect, Download::Direct] {
        for honoured in [true, false] {
            cloud.switches(|switches| {
                switches.download = download;
                switches.cdn_ranges = honoured;
            });
            let answer = bridge.get(&path, &[("range", "bytes=50000-50009")]).await;
            assert_eq!(
                answer.status,
                StatusCode::PARTIAL_CONTENT,
                "{download:?} {honoured}"
            );
            assert_eq!(
                answer.body,
                pattern(100_000)[50_000..50_010],
                "{download:?} {honoured}"
            );
            assert_eq!(
                bridge.get(&path, &[]).await.body,
                pattern(100_000),
                "{download:?} {honoured}"
            );
        }
    }
}

#[tokio::test]
async fn broken_content_is_an_error_or_breaks_off() {
    let (cloud, bridge, path) = with_file(100_000).await;
    bridge.propfind(&format!("{DRIVE}/Private"), "1").await;
    let route = cdn_route(&cloud, &bridge, &path).await;
    let kinds = [
        Kind::Cut { after: 0 },
        Kind::Cut { after: 50_000 },
        Kind::Short { keep: 50_000 },
        Kind::Short { keep: 0 },
        Kind::Html { status: 200 },
        Kind::Html { status: 502 },
        Kind::Status {
            status: 403,
            code: "expired".to_owned(),
            description: "planted".to_owned(),
        },
        Kind::Drop,
        Kind::Header {
            name: "content-range".to_owned(),
            value: "bytes 0-9/10".to_owned(),
        },
    ];
    for kind in kinds {
        for range in [None, Some(("range", "bytes=10-99989"))] {
            cloud.faults([Fault::on(&route, kind.clone()).always()]);
            let headers: Vec<_> = range.into_iter().collect();
            let answer = bridge.get(&path, &headers).await;
            let expected = if range.is_some() {
                &pattern(100_000)[10..99_990]
            } else {
                &pattern(100_000)[..]
            };
            let whole = answer.status.is_success() && !answer.broken;
            assert!(
                !whole || answer.body == expected,
                "{kind:?} {range:?}: wrong bytes"
            );
            assert!(
                answer.status.is_success() || answer.status == StatusCode::SERVICE_UNAVAILABLE,
                "{kind:?}: {}",
                answer.status
            );
            assert!(
                expected.starts_with(&answer.body) || answer.status.is_server_error(),
                "{kind:?} {range:?}: a wrong beginning"
            );
            cloud.clear_faults();
        }
    }
}

/// The name under which the simulation counts signed downloads.
async fn cdn_route(cloud: &Cloud, bridge: &Bridge, path: &str) -> String {
    cloud.reset_counters();
    assert_eq!(bridge.get(path, &[]).await.status, StatusCode::OK);
    let routes = cloud.counters();
    assert_eq!(routes.values().sum::<u64>(), 2, "{routes:?}");
    assert!(routes.contains_key(DOWNLOAD), "{routes:?}");
    routes
        .into_keys()
        .find(|route| route != DOWNLOAD)
        .expect(CDN)
}

#[tokio::test]
async fn a_file_that_changes_between_listing_and_get() {
    for size in [None, Some(10), Some(200_000)] {
        let (cloud, bridge, path) = with_file(100_000).await;
        bridge.propfind(&format!("{DRIVE}/Private"), "1").await;
        cloud.faults([Fault::on(DOWNLOAD, Kind::Replace { size })]);
        let answer = bridge.get(&path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        let now = cloud.drive().info("/Private/f.bin").unwrap();
        assert_eq!(answer.header("etag").trim_matches('"'), now.etag.unwrap());
        let bytes = cloud.drive().bytes("/Private/f.bin", 0, 1 << 20).unwrap();
        assert!(
            answer.body == bytes,
            "{size:?}: the bytes of the new version"
        );
    }
}

#[tokio::test]
async fn a_hundred_files_are_read_side_by_side() {
    let sim = Sim::new().await;
    let drive = sim.cloud.drive();
    for number in 0..100 {
        drive.write(&format!("/Private/{number}.bin"), pattern(10_000 + number));
    }
    let bridge = Bridge::new(sim.provider.clone());
    let paths: Vec<_> = (0..100)
        .map(|number| format!("{DRIVE}/Private/{number}.bin"))
        .collect();
    let answers = futures::future::join_all(paths.iter().map(|path| bridge.get(path, &[]))).await;
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.body, pattern(10_000 + number), "{number}");
    }
}

#[tokio::test]
async fn the_token_never_reaches_the_download_host() {
    // The simulated CDN answers 400 to a request with an Authorization header.
    let (_cloud, bridge, path) = with_file(1000).await;
    assert_eq!(bridge.get(&path, &[]).await.body, pattern(1000));
}

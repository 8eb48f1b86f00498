//! Whatever goes wrong in the cloud, no client sees a shortened listing or an empty folder.

use std::time::Duration;

use cloud::{Bad, Cloud, Fault, Kind, Options, Outage};
use davbridge::providers::infomaniak::FeedMode;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::infomaniak::{cloud as start, hurried_provider};

const LISTING: &str = "GET /3/drive/{drive}/files/{file}/files";
const FEED: &str = "POST /2/drive/{drive}/files/listing/continue";

/// A folder of 1 200 files: two pages of a listing.
async fn two_pages() -> Cloud {
    let cloud = start(Options::default()).await;
    let drive = cloud.drive();
    drive.folder("/Private/two pages");
    for number in 0..1200 {
        drive.write(&format!("/Private/two pages/{number:04}.txt"), "x");
    }
    cloud
}

fn folder() -> String {
    format!("{DRIVE}/Private/two%20pages")
}

fn troubles() -> Vec<(&'static str, Kind)> {
    let status = |status, code: &str| Kind::Status {
        status,
        code: code.to_owned(),
        description: "planted".to_owned(),
    };
    let too_many = |retry_after, reset_after| Kind::TooMany {
        retry_after,
        reset_after,
    };
    vec![
        ("429 with Retry-After", too_many(Some(120), None)),
        ("429 with X-RateLimit-Reset", too_many(None, Some(120))),
        ("429 bare", too_many(None, None)),
        ("500", status(500, "unexpected_error")),
        ("503 maintenance", status(503, "product_maintenance")),
        ("502 page of a proxy", Kind::Html { status: 502 }),
        ("404 page of a proxy", Kind::Html { status: 404 }),
        ("200 page of a proxy", Kind::Html { status: 200 }),
        ("empty 404", Kind::Empty { status: 404 }),
        ("empty 200", Kind::Empty { status: 200 }),
        ("401", status(401, "not_authorized")),
        ("missing scope", status(403, "all_scopes")),
        (
            "error on 200",
            Kind::ErrorOn200 {
                code: "unexpected_error".to_owned(),
            },
        ),
        ("cut", Kind::Cut { after: 2000 }),
        ("short", Kind::Short { keep: 2000 }),
        ("malformed", Kind::Malformed),
        ("dropped", Kind::Drop),
        (
            "no list",
            Kind::Patch {
                pointer: "/data".to_owned(),
                value: None,
            },
        ),
        (
            "data of another kind",
            Kind::Patch {
                pointer: "/data".to_owned(),
                value: Some("none".into()),
            },
        ),
    ]
}

#[tokio::test]
async fn every_trouble_on_either_page_is_an_error_when_cold() {
    let cloud = two_pages().await;
    for (name, kind) in troubles() {
        for page in [1, 2] {
            let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
            bridge.list(&format!("{DRIVE}/Private")).await.unwrap();
            cloud.faults([Fault::on(LISTING, kind.clone()).page(page).always()]);
            let listed = bridge.list(&folder()).await;
            assert_eq!(
                listed.map(|names| names.len()),
                Err(StatusCode::SERVICE_UNAVAILABLE),
                "{name}, page {page}"
            );
            cloud.clear_faults();
        }
    }
}

#[tokio::test]
async fn every_trouble_shows_the_last_complete_listing_when_warm() {
    let cloud = two_pages().await;
    for (name, kind) in troubles() {
        for feed in [FeedMode::Off, FeedMode::Probe] {
            let bridge = Bridge::new(hurried_provider(&cloud, feed));
            assert_eq!(bridge.list(&folder()).await.unwrap().len(), 1200);
            bridge.clock.forward(Duration::from_secs(61));
            let faults = [LISTING, FEED].map(|route| Fault::on(route, kind.clone()).always());
            cloud.faults(faults);
            let listed = bridge.list(&folder()).await.map(|names| names.len());
            let signed_out = ["401", "missing scope"].contains(&name) && feed == FeedMode::Off;
            let expected = if signed_out {
                Err(StatusCode::SERVICE_UNAVAILABLE)
            } else {
                Ok(1200)
            };
            let refused = ["401", "missing scope"].contains(&name) && feed == FeedMode::Probe;
            assert!(
                listed == expected || (refused && listed == Err(StatusCode::SERVICE_UNAVAILABLE)),
                "{name} {feed:?}: {listed:?}"
            );
            cloud.clear_faults();
            bridge.clock.forward(Duration::from_mins(3));
            assert_eq!(
                bridge.list(&folder()).await.unwrap().len(),
                1200,
                "{name}: all is well again"
            );
        }
    }
}

#[tokio::test]
async fn a_revoked_token_is_503_everywhere_and_a_new_one_heals() {
    let cloud = two_pages().await;
    let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Probe));
    bridge.list(&folder()).await.unwrap();
    cloud.set_token(cloud.token(), None);
    bridge.clock.forward(Duration::from_secs(61));
    assert_eq!(
        bridge.list(&folder()).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        bridge
            .get(&format!("{}/0000.txt", folder()), &[])
            .await
            .status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(bridge.list("/dav/files/anna").await.unwrap().len(), 1);
    let scopes = [
        "accounts",
        "drive",
        "workspace:calendar",
        "workspace:contact",
    ];
    cloud.set_token(cloud.token(), Some(&scopes));
    bridge.clock.forward(Duration::from_secs(61));
    assert_eq!(bridge.list(&folder()).await.unwrap().len(), 1200);
}

#[tokio::test]
async fn one_bad_record_among_good_ones_shortens_nothing() {
    let cloud = two_pages().await;
    for how in [
        Bad::Types,
        Bad::NoName,
        Bad::NoId,
        Bad::Null,
        Bad::Text,
        Bad::Surrogate,
        Bad::Deep,
    ] {
        let warm = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
        assert_eq!(warm.list(&folder()).await.unwrap().len(), 1200);
        let cold = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
        cold.list(&format!("{DRIVE}/Private")).await.unwrap();
        warm.clock.forward(Duration::from_secs(61));
        warm.list(&format!("{DRIVE}/Private")).await.unwrap();
        cloud.faults([Fault::on(LISTING, Kind::BadRecord { index: 3, how })
            .page(2)
            .always()]);
        assert_eq!(
            warm.list(&folder()).await.map(|names| names.len()),
            Ok(1200),
            "{how:?}"
        );
        match cold.list(&folder()).await {
            Ok(names) => assert_eq!(names.len(), 1200, "{how:?}"),
            Err(status) => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{how:?}"),
        }
        cloud.clear_faults();
    }
}

#[tokio::test]
async fn an_outage_at_the_start_and_in_mid_flight() {
    let cloud = two_pages().await;
    let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Probe));
    cloud.outage(Outage::Drop);
    assert_eq!(
        bridge.list(&folder()).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        bridge.list("/dav/files/anna").await.unwrap().len(),
        1,
        "the home needs no cloud"
    );
    cloud.outage(Outage::None);
    bridge.clock.forward(Duration::from_mins(3));
    assert_eq!(bridge.list(&folder()).await.unwrap().len(), 1200);
    cloud.outage(Outage::Drop);
    bridge.clock.forward(Duration::from_mins(2));
    assert_eq!(bridge.list(&folder()).await.unwrap().len(), 1200);
    bridge.clock.forward(Duration::from_mins(10));
    assert_eq!(
        bridge.list(&folder()).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn what_is_gone_is_gone_in_either_dialect() {
    for missing in [cloud::Missing::NotFound, cloud::Missing::Forbidden] {
        let cloud = start(Options::default()).await;
        cloud.switches(|switches| switches.missing = missing);
        let drive = cloud.drive();
        drive.folder("/Private/short lived");
        drive.write("/Private/short lived/f", "x");
        let bridge = Bridge::new(hurried_provider(&cloud, FeedMode::Off));
        let path = format!("{DRIVE}/Private/short%20lived");
        assert_eq!(bridge.list(&path).await.unwrap(), ["f"]);
        drive.delete("/Private/short lived/f");
        assert_eq!(
            bridge.get(&format!("{path}/f"), &[]).await.status,
            StatusCode::NOT_FOUND,
            "{missing:?}"
        );
        drive.delete("/Private/short lived");
        bridge.clock.forward(Duration::from_secs(61));
        assert_eq!(
            bridge.list(&path).await.unwrap_err(),
            StatusCode::NOT_FOUND,
            "{missing:?}"
        );
    }
}

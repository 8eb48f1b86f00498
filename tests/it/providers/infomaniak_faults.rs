//! Trouble of the cloud: an error of the right kind, never a shorter list or other bytes.

use std::collections::BTreeSet;
use std::time::Duration;

use cloud::{Bad, Fault, Kind as Bug, Options, Outage};
use davbridge::domain::{EntryId, Error, Kind, Listing, Result};
use serde_json::{Value, json};

use crate::support::infomaniak::{DRIVE, PRIVATE, Sim, call, drive, id};

const LISTING: &str = "GET /3/drive/{drive}/files/{file}/files";
const STAT: &str = "GET /3/drive/{drive}/files/{file}";

/// Small pages, so that `Private` has several.
async fn sim() -> Sim {
    Sim::with(Options::default(), |settings| settings.page_limit = 5).await
}

async fn list(sim: &Sim) -> Result<Listing> {
    sim.files.children(&call(), &drive(), &id(PRIVATE)).await
}

fn status(status: u16, code: &str) -> Bug {
    Bug::Status {
        status,
        code: code.to_owned(),
        description: "Some text".to_owned(),
    }
}

fn on_200(code: &str) -> Bug {
    Bug::ErrorOn200 {
        code: code.to_owned(),
    }
}

fn patch(pointer: &str, value: Option<Value>) -> Bug {
    Bug::Patch {
        pointer: pointer.to_owned(),
        value,
    }
}

/// What the cloud may answer, and what it means.
fn answers() -> Vec<(Bug, Kind)> {
    vec![
        (status(500, "unexpected_error"), Kind::Down),
        (status(503, "product_maintenance"), Kind::Down),
        (status(401, "not_authorized"), Kind::SignedOut),
        (status(403, "all_scopes"), Kind::NotGranted),
        (status(403, "forbidden_error"), Kind::Forbidden),
        (status(404, "object_not_found"), Kind::NotFound),
        (status(404, "unexpected_error"), Kind::Broken),
        (status(400, "destination_not_a_directory"), Kind::Invalid),
        (status(422, "validation_failed"), Kind::Invalid),
        // a known code on a server error is not asked again (fact sheet §4.3)
        (status(500, "object_not_found"), Kind::NotFound),
        (on_200("object_not_found"), Kind::NotFound),
        (on_200("unexpected_error"), Kind::Broken),
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Html { status: 404 }, Kind::Broken),
        (Bug::Html { status: 403 }, Kind::Broken),
        (Bug::Html { status: 200 }, Kind::Broken),
        (Bug::Html { status: 401 }, Kind::SignedOut),
        (Bug::Empty { status: 502 }, Kind::Down),
        (Bug::Empty { status: 404 }, Kind::Broken),
        (Bug::Empty { status: 200 }, Kind::Broken),
        (Bug::Cut { after: 40 }, Kind::Down),
        (Bug::Short { keep: 40 }, Kind::Broken),
        (Bug::Malformed, Kind::Broken),
        (Bug::Drop, Kind::Down),
        (Bug::Stall { after: 40 }, Kind::Down),
        (patch("/result", None), Kind::Broken),
        (patch("/data", None), Kind::Broken),
        (patch("/data", Some(json!("text"))), Kind::Broken),
    ]
}

#[tokio::test]
async fn every_answer_is_what_it_means_on_every_page() {
    let sim = sim().await;
    for page in [1, 2] {
        for (bug, kind) in answers() {
            sim.cloud
                .faults([Fault::on(LISTING, bug.clone()).page(page).always()]);
            let error = list(&sim).await.expect_err(&format!("{page} {bug:?}"));
            assert_eq!(error.kind(), kind, "{page} {bug:?}: {}", error.chain());
            assert_discreet(&error);
            sim.cloud.clear_faults();
        }
    }
    assert!(list(&sim).await.unwrap().entries.len() > 5);
}

fn assert_discreet(error: &Error) {
    let text = format!("{} {error:?}", error.chain());
    for secret in ["sim-anna", "127.0.0.1", "cursor=", "limit="] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn every_answer_to_a_stat_is_what_it_means() {
    let sim = sim().await;
    for (bug, kind) in answers() {
        sim.cloud.faults([Fault::on(STAT, bug.clone()).always()]);
        let asked = sim.files.entry(&call(), &drive(), &id(PRIVATE)).await;
        let error = asked.expect_err(&format!("{bug:?}"));
        assert_eq!(error.kind(), kind, "{bug:?}: {}", error.chain());
        sim.cloud.clear_faults();
    }
    for field in ["id", "name", "type"] {
        sim.cloud
            .faults([Fault::on(STAT, patch(&format!("/data/{field}"), None))]);
        let asked = sim.files.entry(&call(), &drive(), &id(PRIVATE)).await;
        assert_eq!(asked.unwrap_err().kind(), Kind::Broken, "{field}");
    }
}

#[tokio::test]
async fn passing_trouble_is_tried_again_and_final_trouble_is_not() {
    let sim = sim().await;
    let whole = list(&sim).await.unwrap();
    for bug in [
        status(500, "unexpected_error"),
        Bug::Html { status: 502 },
        Bug::Empty { status: 503 },
    ] {
        sim.cloud.faults([Fault::on(LISTING, bug).page(2).times(2)]);
        assert_eq!(list(&sim).await.unwrap(), whole);
    }
    for bug in [
        status(500, "object_not_found"),
        status(503, "product_maintenance"),
        status(403, "x"),
    ] {
        sim.cloud.reset_counters();
        sim.cloud.faults([Fault::on(LISTING, bug)]);
        list(&sim).await.unwrap_err();
        assert_eq!(sim.cloud.calls(LISTING), 1);
    }
}

#[tokio::test]
async fn too_many_requests_are_waited_for() {
    for (retry_after, reset_after) in [(Some(1), None), (None, Some(2)), (None, None)] {
        let sim = sim().await;
        let whole = list(&sim).await.unwrap();
        let bug = Bug::TooMany {
            retry_after,
            reset_after,
        };
        sim.cloud.faults([Fault::on(LISTING, bug).page(2)]);
        let start = std::time::Instant::now();
        assert_eq!(list(&sim).await.unwrap(), whole);
        // the reset is told in whole seconds
        let least = Duration::from_millis(if reset_after.is_some() { 500 } else { 1000 });
        assert!(start.elapsed() >= least, "{retry_after:?} {reset_after:?}");
    }
}

#[tokio::test]
async fn a_long_wait_is_passed_on() {
    let sim = sim().await;
    let bug = Bug::TooMany {
        retry_after: Some(120),
        reset_after: None,
    };
    sim.cloud.faults([Fault::on(LISTING, bug)]);
    for _ in 0..2 {
        let Kind::Busy {
            retry_after: Some(wait),
        } = list(&sim).await.unwrap_err().kind()
        else {
            panic!("busy")
        };
        assert!((100..=135).contains(&wait.as_secs()), "{wait:?}");
    }
    assert_eq!(sim.cloud.calls(LISTING), 1, "the second does not even ask");
}

#[tokio::test]
async fn a_server_error_that_names_a_time_is_busy() {
    let sim = sim().await;
    let header = Bug::Header {
        name: "retry-after".to_owned(),
        value: "90".to_owned(),
    };
    sim.cloud.faults([
        Fault::on(LISTING, Bug::Empty { status: 503 }),
        Fault::on(LISTING, header),
    ]);
    let wait = Some(Duration::from_secs(90));
    assert_eq!(
        list(&sim).await.unwrap_err().kind(),
        Kind::Busy { retry_after: wait }
    );
}

#[tokio::test]
async fn one_bad_record_spoils_no_other() {
    let sim = sim().await;
    let whole = list(&sim).await.unwrap();
    let ids = |listing: &Listing| -> BTreeSet<EntryId> {
        listing
            .entries
            .iter()
            .map(|entry| entry.id.clone())
            .collect()
    };
    for how in [
        Bad::Types,
        Bad::NoName,
        Bad::NoId,
        Bad::Null,
        Bad::Text,
        Bad::Deep,
    ] {
        sim.cloud
            .faults([Fault::on(LISTING, Bug::BadRecord { index: 2, how }).page(2)]);
        let listing = list(&sim).await.unwrap();
        let lost = &ids(&whole) - &ids(&listing);
        assert_eq!(lost.len(), 1, "{how:?}");
        let [bad] = &listing.unreadable[..] else {
            panic!("{how:?}: {:?}", listing.unreadable)
        };
        if matches!(how, Bad::Types | Bad::NoName) {
            assert_eq!(bad.id.as_ref(), lost.first(), "{how:?}");
        }
    }
    sim.cloud.faults([Fault::on(
        LISTING,
        Bug::BadRecord {
            index: 2,
            how: Bad::Surrogate,
        },
    )
    .page(2)]);
    let listing = list(&sim).await.unwrap();
    assert_eq!(ids(&listing), ids(&whole));
    assert_eq!(listing.entries[7].name, "half \u{FFFD} pair.txt");
}

#[tokio::test]
async fn a_list_that_does_not_end_or_has_no_cursor_is_an_error() {
    let sim = sim().await;
    let first = format!("/3/drive/{DRIVE}/files/{PRIVATE}/files?limit=5");
    let cursor = sim.top("GET", &first).await["cursor"].take();
    assert!(cursor.is_string());
    sim.cloud.faults([
        Fault::on(LISTING, patch("/cursor", Some(cursor))).always(),
        Fault::on(LISTING, patch("/has_more", Some(json!(true)))).always(),
    ]);
    assert_eq!(list(&sim).await.unwrap_err().kind(), Kind::Broken);
    sim.cloud.clear_faults();
    for none in [Some(Value::Null), None, Some(json!("")), Some(json!(7))] {
        sim.cloud
            .faults([Fault::on(LISTING, patch("/cursor", none.clone())).page(1)]);
        assert_eq!(
            list(&sim).await.unwrap_err().kind(),
            Kind::Broken,
            "{none:?}"
        );
    }
    sim.cloud
        .faults([Fault::on(LISTING, patch("/cursor", Some(json!("dead")))).page(1)]);
    assert_eq!(list(&sim).await.unwrap_err().kind(), Kind::Down);
}

#[tokio::test]
async fn a_record_of_another_folder_is_not_taken_for_a_child() {
    let sim = sim().await;
    sim.cloud.faults([Fault::on(
        LISTING,
        patch("/data/1/parent_id", Some(json!(4711))),
    )]);
    let listing = list(&sim).await.unwrap();
    assert_eq!(listing.unreadable.len(), 1);
}

#[tokio::test]
async fn a_sign_in_page_is_neither_followed_nor_absence() {
    let sim = sim().await;
    let login = format!("{}/login/authorize?x=y", sim.cloud.base_url());
    sim.cloud.faults([
        Fault::on(LISTING, Bug::Empty { status: 302 }),
        Fault::on(
            LISTING,
            Bug::Header {
                name: "location".to_owned(),
                value: login,
            },
        ),
    ]);
    assert_eq!(list(&sim).await.unwrap_err().kind(), Kind::NotGranted);
    assert_eq!(sim.cloud.calls("GET login:/{rest}"), 0);
}

#[tokio::test]
async fn a_revoked_token_and_a_lost_scope_are_told_apart() {
    let sim = sim().await;
    sim.cloud.faults([Fault::on(LISTING, Bug::Revoke).page(2)]);
    list(&sim).await.unwrap_err();
    let files = &sim.files;
    assert_eq!(list(&sim).await.unwrap_err().kind(), Kind::SignedOut);
    assert_eq!(
        files.roots(&call()).await.unwrap_err().kind(),
        Kind::SignedOut
    );
    assert_eq!(
        files.quota(&call(), &drive()).await.unwrap_err().kind(),
        Kind::SignedOut
    );
    let read = files.read(&call(), &drive(), &id(PRIVATE), None).await;
    assert_eq!(read.unwrap_err().kind(), Kind::SignedOut);
    sim.cloud.set_token(sim.cloud.token(), Some(&["accounts"]));
    let error = list(&sim).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (Kind::NotGranted, "the token lacks a scope")
    );
}

#[tokio::test]
async fn drives_are_complete_or_an_error() {
    let sim = Sim::new().await;
    let whole = sim.files.roots(&call()).await.unwrap();
    for route in ["GET /1/accounts", "GET /2/drive"] {
        for (bug, kind) in answers() {
            sim.cloud
                .faults([Fault::on(route, bug.clone()).nth(1).always()]);
            let error = sim
                .files
                .roots(&call())
                .await
                .expect_err(&format!("{route} {bug:?}"));
            assert_eq!(error.kind(), kind, "{route} {bug:?}");
            sim.cloud.clear_faults();
        }
    }
    // the second account of three, an id that is gone, a name that is gone
    sim.cloud
        .faults([Fault::on("GET /2/drive", status(403, "access_denied")).nth(2)]);
    assert_eq!(
        sim.files.roots(&call()).await.unwrap_err().kind(),
        Kind::Forbidden
    );
    let no_id = Bug::BadRecord {
        index: 0,
        how: Bad::NoId,
    };
    sim.cloud.faults([Fault::on("GET /2/drive", no_id).nth(2)]);
    assert_eq!(
        sim.files.roots(&call()).await.unwrap_err().kind(),
        Kind::Broken
    );
    let no_name = Bug::BadRecord {
        index: 0,
        how: Bad::NoName,
    };
    sim.cloud
        .faults([Fault::on("GET /2/drive", no_name).nth(2)]);
    let roots = sim.files.roots(&call()).await.unwrap();
    assert_eq!(roots.len(), whole.len());
    assert_eq!(roots[0].name, format!("kDrive {DRIVE}"));
}

#[tokio::test]
async fn maintenance_takes_no_drive_away() {
    let sim = Sim::new().await;
    let whole = sim.files.roots(&call()).await.unwrap();
    let asleep = cloud::Maintenance {
        reason: "technical".to_owned(),
        types: vec!["asleep".to_owned()],
    };
    sim.cloud.drive().edit(&cloud::Edit::Maintenance {
        maintenance: Some(asleep),
    });
    assert_eq!(sim.files.roots(&call()).await.unwrap(), whole);
    let error = list(&sim).await.unwrap_err();
    assert!(error.is_passing(), "{error:?}");
    // the feed is tried on the drive that is awake
    let ability = sim.provider.ability(&call()).await.unwrap();
    assert!(ability.files.unwrap().change_feed);
}

#[tokio::test]
async fn a_cloud_that_hangs_up_is_down() {
    let sim = sim().await;
    for outage in [Outage::Drop, Outage::Refuse] {
        sim.cloud.outage(outage);
        assert_eq!(
            list(&sim).await.unwrap_err().kind(),
            Kind::Down,
            "{outage:?}"
        );
        sim.cloud.outage(Outage::None);
    }
}

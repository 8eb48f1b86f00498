//! Trouble of the cloud: an error of the right kind, never a shorter list or other bytes.

mod drives;
mod records;
mod waits;

use std::collections::BTreeSet;
use std::time::Duration;

use cloud::{Bad, Fault, Kind as Bug, Options, Outage};
use davbridge::domain::{EntryId, Error, Kind, Listing, Result};
use serde_json::{Value, json};

use super::bugs::{self, on_200, patch, status};
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

/// What the cloud may answer, and what it means.
fn answers() -> Vec<(Bug, Kind)> {
    let mut answers = bugs::answers();
    answers.extend([
        (status(403, "forbidden_error"), Kind::Forbidden),
        (status(404, "object_not_found"), Kind::NotFound),
        (status(400, "destination_not_a_directory"), Kind::Invalid),
        // a known code on a server error is not asked again (fact sheet §4.3)
        (status(500, "object_not_found"), Kind::NotFound),
        (on_200("object_not_found"), Kind::NotFound),
    ]);
    answers
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
async fn a_cloud_that_hangs_up_is_down() {
    let sim = sim().await;
    for outage in [Outage::Drop, Outage::Refuse] {
        sim.cloud.outage(outage);
        assert_eq!(
            list(&sim).await.unwrap_err().kind(),
            Kind::Down,
            "{outage:?}"
        );
        sim.cloud.end_outage().await;
    }
}

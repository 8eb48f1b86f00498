//! Calendars in trouble: an error of the right kind, never a shorter look; bad records spoil no
//! others.

mod fetch;
mod records;

use std::sync::Arc;
use std::time::Duration;

use cloud::{Bad, Fault, Kind as Bug, Outage, PimEdit};
use davbridge::domain::{Call, Event, Feed, Given, ItemId, Items, Kind, Result, Why};
use davbridge::providers::infomaniak::FeedMode;
use serde_json::{Value, json};

use super::bugs::{self, on_200, patch, status};
use super::calendars::{OWN, TEAM, WINDOW, calendars, horizon, look, options};
use super::events::{DETAIL, EXPORT};
use crate::support::infomaniak::{Sim, call, cloud, hurried_provider};
use crate::support::looks::{Looked, feed, fetch, full, read};

const LIST: &str = "GET /1/calendar/pim/calendar";
const TOO_LONG: &str = "range_must_be_lower_than_3_months";

/// What the cloud may answer, and what it means.
fn answers() -> Vec<(Bug, Kind)> {
    let mut answers = bugs::answers();
    answers.extend([
        (status(403, "access_denied"), Kind::Forbidden),
        (on_200("access_denied"), Kind::Forbidden),
        (patch("/data", json!(null)), Kind::Broken),
        (patch("/data", json!({})), Kind::Broken),
        (patch("/result", json!("asynchronous")), Kind::Broken),
    ]);
    answers
}

#[tokio::test]
async fn a_window_in_trouble_ends_the_look_with_its_error() {
    let (sim, events, own) = calendars(options()).await;
    for (bug, kind) in answers() {
        for nth in [1, 3, 14] {
            sim.cloud
                .faults([Fault::on(WINDOW, bug.clone()).nth(nth).always()]);
            let looking = events.look(&call(), &own, None, horizon());
            let (error, before) = read(looking).await.expect_err(&format!("{nth} {bug:?}"));
            assert_eq!(error.kind(), kind, "{nth} {bug:?}: {}", error.chain());
            assert_eq!(before > 0, nth > 1, "what came before was told");
            let text = format!("{} {error:?}", error.chain());
            for secret in ["sim-anna", "127.0.0.1", "calendar_id", "from="] {
                assert!(!text.contains(secret), "{text}");
            }
            sim.cloud.clear_faults();
        }
    }
}

#[tokio::test]
async fn a_list_of_calendars_in_trouble_is_an_error() {
    let (sim, events, _) = calendars(options()).await;
    for (bug, kind) in answers() {
        sim.cloud.faults([Fault::on(LIST, bug.clone()).always()]);
        let error = events
            .shelves(&call())
            .await
            .expect_err(&format!("{bug:?}"));
        assert_eq!(error.kind(), kind, "{bug:?}: {}", error.chain());
        sim.cloud.clear_faults();
    }
    assert_eq!(events.shelves(&call()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn passing_trouble_is_tried_again() {
    let (sim, events, own) = calendars(options()).await;
    let whole = look(&*events, &own, horizon()).await;
    for bug in [
        status(500, "unexpected_error"),
        Bug::Html { status: 502 },
        Bug::TooMany {
            retry_after: Some(0),
            reset_after: None,
        },
    ] {
        sim.cloud.reset_counters();
        sim.cloud.faults([Fault::on(WINDOW, bug).nth(3).times(2)]);
        assert_eq!(look(&*events, &own, horizon()).await, whole);
        assert_eq!(sim.cloud.calls(WINDOW), 16);
        sim.cloud.clear_faults();
    }
}

#[tokio::test]
async fn windows_that_are_too_long_are_halved_once() {
    let (sim, events, own) = calendars(options()).await;
    let whole = look(&*events, &own, horizon()).await;
    sim.cloud.reset_counters();
    sim.cloud
        .faults([Fault::on(WINDOW, status(500, TOO_LONG)).nth(3)]);
    let halved = look(&*events, &own, horizon()).await;
    assert_eq!(
        (&halved.ids(), halved.covered),
        (&whole.ids(), whole.covered)
    );
    // two windows of 80 days, the refused one, and the other 936 days in windows of 40
    assert_eq!(sim.cloud.calls(WINDOW), 2 + 1 + 24);
    assert_eq!(halved.progress.last(), Some(&(26, 26)));
    assert!(halved.progress.contains(&(3, 26)), "{:?}", halved.progress);
    sim.cloud.reset_counters();
    sim.cloud
        .faults([Fault::on(WINDOW, status(500, TOO_LONG)).always()]);
    let (error, _) = read(events.look(&call(), &own, None, horizon()))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), sim.cloud.calls(WINDOW)), (Kind::Broken, 2));
}

#[tokio::test]
async fn a_calendar_that_is_refused_is_not_absent() {
    let (sim, events, own) = calendars(options()).await;
    let team = feed(&*events, TEAM).await;
    let id = sim.cloud.pim().events(TEAM)[0]["id"].to_string();
    sim.cloud.pim().edit(&PimEdit::CalendarForbidden {
        calendar: TEAM,
        forbidden: true,
    });
    let (error, before) = read(events.look(&call(), &team, None, horizon()))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), before), (Kind::Forbidden, 0));
    for why in [Why::Check, Why::Whole] {
        let refused = fetch(&*events, &team, &id, why).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Forbidden);
    }
    assert_eq!(events.shelves(&call()).await.unwrap().len(), 2);
    assert!(!look(&*events, &own, horizon()).await.seen.is_empty());
}

#[tokio::test]
async fn a_base_that_takes_no_tokens_leads_to_the_sign_in_page_and_no_further() {
    let sim = Sim::with(options(), |settings| {
        let base = settings.calendar_base.join("pim/calendar/1379001").unwrap();
        settings.calendar_base = base;
    })
    .await;
    let events = sim.provider.events().unwrap();
    let error = events.shelves(&call()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotGranted);
    assert_eq!(sim.cloud.all_calls(), 1, "the redirect is not followed");
}

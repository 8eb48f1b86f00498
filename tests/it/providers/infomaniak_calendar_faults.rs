//! Calendars in trouble: an error of the right kind, never a shorter look; bad records spoil no
//! others.

use std::sync::Arc;
use std::time::Duration;

use cloud::{Bad, Fault, Kind as Bug, Outage, PimEdit};
use davbridge::domain::{Call, Event, Feed, Given, ItemId, Items, Kind, Result, Why};
use davbridge::providers::infomaniak::FeedMode;
use serde_json::{Value, json};

use super::infomaniak_calendars::{OWN, TEAM, WINDOW, calendars, horizon, look, options};
use super::infomaniak_events::{DETAIL, EXPORT};
use crate::support::infomaniak::{Sim, call, cloud, hurried_provider};
use crate::support::looks::{Looked, feed, fetch, full, read};

const LIST: &str = "GET /1/calendar/pim/calendar";
const TOO_LONG: &str = "range_must_be_lower_than_3_months";

fn status(status: u16, code: &str) -> Bug {
    Bug::Status {
        status,
        code: code.to_owned(),
        description: "Some text".to_owned(),
    }
}

fn patch(pointer: &str, value: Value) -> Bug {
    Bug::Patch {
        pointer: pointer.to_owned(),
        value: Some(value),
    }
}

/// What the cloud may answer, and what it means.
fn answers() -> Vec<(Bug, Kind)> {
    vec![
        (status(500, "unexpected_error"), Kind::Down),
        (status(503, "product_maintenance"), Kind::Down),
        (status(401, "not_authorized"), Kind::SignedOut),
        (status(403, "all_scopes"), Kind::NotGranted),
        (status(403, "access_denied"), Kind::Forbidden),
        (status(404, "unexpected_error"), Kind::Broken),
        (status(422, "validation_failed"), Kind::Invalid),
        (
            Bug::ErrorOn200 {
                code: "access_denied".to_owned(),
            },
            Kind::Forbidden,
        ),
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Html { status: 404 }, Kind::Broken),
        (Bug::Html { status: 200 }, Kind::Broken),
        (Bug::Empty { status: 200 }, Kind::Broken),
        (Bug::Cut { after: 40 }, Kind::Down),
        (Bug::Short { keep: 40 }, Kind::Broken),
        (Bug::Malformed, Kind::Broken),
        (Bug::Drop, Kind::Down),
        (Bug::Stall { after: 20 }, Kind::Down),
        (patch("/data", json!(null)), Kind::Broken),
        (patch("/data", json!({})), Kind::Broken),
        (patch("/data", json!("text")), Kind::Broken),
        (patch("/result", json!("asynchronous")), Kind::Broken),
    ]
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

/// A look at what is left when one record of a window is bad.
async fn with_bad(how: Bad) -> (Looked<Event>, Looked<Event>, String) {
    let (sim, events, own) = calendars(options()).await;
    let near = full("2026-06-01", "2026-08-01");
    let whole = look(&*events, &own, near).await;
    sim.cloud
        .faults([Fault::on(WINDOW, Bug::BadRecord { index: 1, how })]);
    let spoiled = look(&*events, &own, near).await;
    assert!(whole.seen.len() > 3);
    let id = whole.seen[1].item.to_string();
    (whole, spoiled, id)
}

#[tokio::test]
async fn a_bad_record_spoils_no_other() {
    let told = |id: Option<&String>, reason: &str| vec![(id.cloned(), reason.to_owned())];
    let no_begin = "the event has no begin that can be read";
    for how in [Bad::NoId, Bad::Null, Bad::Text, Bad::Deep, Bad::Types] {
        let (whole, spoiled, id) = with_bad(how).await;
        let mut others = whole.seen.clone();
        others.remove(1);
        if how == Bad::Types && spoiled.unreadable.is_empty() {
            // what is left of it is an event
            assert_eq!(spoiled.ids(), whole.ids());
            continue;
        }
        assert_eq!(spoiled.seen, others, "{how:?}");
        let expected = match how {
            Bad::NoId => told(None, "the event has no id"),
            Bad::Deep => told(Some(&id), "the record cannot be read"),
            Bad::Types => told(Some(&id), no_begin),
            _ => told(None, "the record is no object"),
        };
        assert_eq!(spoiled.unreadable, expected, "{how:?}");
        assert_eq!(spoiled.covered, whole.covered);
    }
    let (whole, spoiled, id) = with_bad(Bad::NoName).await;
    assert_eq!((spoiled.ids(), &spoiled.unreadable), (whole.ids(), &vec![]));
    assert_eq!(spoiled.value(&id).summary, None);
    let (whole, spoiled, id) = with_bad(Bad::Surrogate).await;
    assert_eq!((spoiled.ids(), &spoiled.unreadable), (whole.ids(), &vec![]));
    let title = spoiled.value(&id).summary.as_deref();
    assert_eq!(title, Some("half \u{FFFD} pair.txt"));
}

#[tokio::test]
async fn an_event_without_a_begin_is_told_once_in_a_look() {
    let (sim, events, own) = calendars(options()).await;
    let whole = look(&*events, &own, horizon()).await;
    let id = sim
        .cloud
        .pim()
        .event(OWN, json!({"title": "When?", "start": null}));
    let looked = look(&*events, &own, horizon()).await;
    let reason = "the event has no begin that can be read".to_owned();
    assert_eq!(looked.unreadable, [(Some(id.to_string()), reason)]);
    assert_eq!(looked.seen, whole.seen);
    let unreadable = fetch(&*events, &own, id, Why::Check).await.unwrap_err();
    assert_eq!(unreadable.kind(), Kind::Broken);
}

#[tokio::test]
async fn a_bad_calendar_does_not_vanish() {
    let (sim, events, _) = calendars(options()).await;
    let whole = events.shelves(&call()).await.unwrap();
    for (how, name) in [
        (Bad::Types, "Calendar 1379002"),
        (Bad::NoName, "Calendar 1379002"),
        (Bad::Deep, "Calendar 1379002"),
        (Bad::Surrogate, "half \u{FFFD} pair.txt"),
    ] {
        sim.cloud
            .faults([Fault::on(LIST, Bug::BadRecord { index: 1, how })]);
        let shelves = events.shelves(&call()).await.unwrap();
        assert_eq!((shelves.len(), &shelves[0]), (2, &whole[0]), "{how:?}");
        assert_eq!(
            (&shelves[1].id, &*shelves[1].name),
            (&whole[1].id, name),
            "{how:?}"
        );
    }
    for how in [Bad::NoId, Bad::Null, Bad::Text] {
        sim.cloud
            .faults([Fault::on(LIST, Bug::BadRecord { index: 1, how })]);
        let error = events
            .shelves(&call())
            .await
            .expect_err(&format!("{how:?}"));
        assert_eq!(error.kind(), Kind::Broken, "{how:?}");
    }
}

/// Anna's first recurring event.
async fn series() -> (Sim, Arc<dyn Items<Event>>, Feed, u64) {
    let (sim, events, own) = calendars(options()).await;
    let records = sim.cloud.pim().events(OWN);
    let series = records.iter().find(|record| record["rrule"] != "").unwrap();
    let id = series["id"].as_u64().unwrap();
    (sim, events, own, id)
}

#[tokio::test]
async fn an_export_that_is_refused_leaves_the_event_s_own_word() {
    let (sim, events, own, id) = series().await;
    let record = sim.cloud.pim().events(OWN);
    let record = record.iter().find(|record| record["id"] == id).unwrap();
    for bug in [
        status(404, "object_not_found"),
        status(403, "access_denied"),
        status(422, "validation_failed"),
        Bug::Short { keep: 100 },
        Bug::Html { status: 200 },
        Bug::Empty { status: 200 },
    ] {
        for (why, calls) in [(Why::Whole, 2), (Why::Check, 2)] {
            sim.cloud.reset_counters();
            sim.cloud.faults([Fault::on(EXPORT, bug.clone())]);
            let found = fetch(&*events, &own, id, why).await.unwrap();
            let Given::Master(event) = found.given else {
                panic!("{bug:?} {:?}", found.given)
            };
            assert_eq!(event.repetition.rules, [record["rrule"].as_str().unwrap()]);
            assert_eq!(event.summary.as_deref(), record["title"].as_str());
            assert_eq!(found.shelves, own.shelves);
            assert_eq!(sim.cloud.all_calls(), calls, "{bug:?}");
        }
        sim.cloud.reset_counters();
        sim.cloud.faults([Fault::on(EXPORT, bug.clone())]);
        let again = fetch(&*events, &own, id, Why::Again).await;
        again.expect_err("the record alone would tell less than is known");
        assert_eq!(sim.cloud.all_calls(), 1, "{bug:?}");
    }
}

#[tokio::test]
async fn an_export_in_trouble_is_that_trouble() {
    let (sim, events, own, id) = series().await;
    for (bug, kind) in [
        (status(500, "unexpected_error"), Kind::Down),
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Cut { after: 40 }, Kind::Down),
        (Bug::Drop, Kind::Down),
    ] {
        for why in [Why::Whole, Why::Again, Why::Check] {
            sim.cloud.faults([Fault::on(EXPORT, bug.clone()).always()]);
            let error = fetch(&*events, &own, id, why).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{bug:?}");
            sim.cloud.clear_faults();
        }
    }
    sim.cloud.switches(|switches| switches.exports = false);
    let error = fetch(&*events, &own, id, Why::Whole).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Down);
}

#[tokio::test]
async fn only_the_cloud_s_word_is_absence() {
    let (sim, events, own, id) = series().await;
    let is_absent = |result: Result<_>| result.unwrap_err().kind() == Kind::NotFound;
    for (bug, absent) in [
        (status(404, "object_not_found"), true),
        (status(404, "unexpected_error"), false),
        (status(403, "access_denied"), false),
        (Bug::Html { status: 404 }, false),
        (Bug::Empty { status: 404 }, false),
        (Bug::Malformed, false),
        (patch("/data/id", json!(7)), false),
        (patch("/data", json!([])), false),
    ] {
        sim.cloud.faults([Fault::on(DETAIL, bug.clone()).always()]);
        let checked = fetch(&*events, &own, id, Why::Check).await;
        assert_eq!(is_absent(checked), absent, "{bug:?}");
        sim.cloud.clear_faults();
    }
    // absent for the export alone: the event has the last word
    sim.cloud
        .faults([Fault::on(EXPORT, status(404, "object_not_found"))]);
    fetch(&*events, &own, id, Why::Whole).await.unwrap();
}

fn items(sim: &Sim) -> Vec<ItemId> {
    let records = sim.cloud.pim().events(OWN);
    let id = |record: &Value| ItemId::new(record["id"].to_string());
    records.iter().map(id).take(20).collect()
}

#[tokio::test]
async fn a_refused_token_is_an_error_of_the_whole() {
    let (sim, events, own, _) = series().await;
    let items = items(&sim);
    let revoked = Fault::on(DETAIL, Bug::Revoke).nth(3);
    sim.cloud.faults([revoked]);
    let fetched = events.fetch(&call(), &own, &items, Why::Check).await;
    assert_eq!(fetched.unwrap_err().kind(), Kind::SignedOut);
    assert!(
        sim.cloud.calls(DETAIL) <= 4,
        "no more calls than were under way"
    );
}

#[tokio::test]
async fn trouble_of_the_whole_cloud_is_not_tried_for_each() {
    let cloud = cloud(options()).await;
    let provider = hurried_provider(&cloud, FeedMode::Off);
    let events = provider.events().unwrap();
    let own = feed(&*events, OWN).await;
    let records = cloud.pim().events(OWN);
    let items: Vec<ItemId> = records
        .iter()
        .map(|record| ItemId::new(record["id"].to_string()))
        .take(20)
        .collect();
    cloud.outage(Outage::Refuse);
    let call = call();
    let fetched = events.fetch(&call, &own, &items, Why::Check).await.unwrap();
    assert_eq!(fetched.len(), 20);
    for one in fetched {
        assert_eq!(one.outcome.unwrap_err().kind(), Kind::Down);
    }
    assert!(call.upstream_calls() <= 8, "four events, twice each");
    cloud.outage(Outage::None);
    cloud.faults([Fault::on(
        DETAIL,
        Bug::TooMany {
            retry_after: Some(60),
            reset_after: None,
        },
    )
    .always()]);
    let call = Call::interactive();
    let fetched = events.fetch(&call, &own, &items, Why::Check).await.unwrap();
    let busy = |error: davbridge::domain::Error| match error.kind() {
        Kind::Busy { retry_after } => retry_after,
        other => panic!("{other:?}"),
    };
    let waits: Vec<_> = fetched
        .into_iter()
        .map(|one| busy(one.outcome.unwrap_err()))
        .collect();
    assert_eq!(waits.len(), 20);
    assert!(
        waits
            .iter()
            .any(|wait| *wait > Some(Duration::from_secs(50)))
    );
    assert!(call.upstream_calls() <= 8);
}

//! Single events that are asked for in trouble.

use super::*;

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
    cloud.end_outage().await;
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

//! Which windows are asked for.

use super::*;

#[tokio::test]
async fn a_whole_look_is_fourteen_windows_and_tells_each_event_once() {
    let (sim, events, own) = calendars(options()).await;
    let call = call();
    let looked = read(events.look(&call, &own, None, horizon()))
        .await
        .unwrap();
    assert_eq!(sim.cloud.calls(WINDOW), 14);
    assert_eq!((sim.cloud.all_calls(), call.upstream_calls()), (14, 14));
    let steps: Vec<(u32, u32)> = (1..=14).map(|done| (done, 14)).collect();
    assert_eq!(looked.progress, steps);
    assert_eq!(
        looked.covered,
        Covered::Range(days("2025-06-15", "2028-06-15"))
    );
    let records = sim.cloud.pim().events(OWN);
    assert_eq!(
        (looked.seen.len(), looked.ids().len()),
        (records.len(), records.len())
    );
    for record in records {
        let [seen] = looked.of(&record["id"])[..] else {
            panic!("{record}");
        };
        let event = seen.value.as_ref().unwrap();
        assert_eq!(event.summary.as_deref(), record["title"].as_str());
        assert_eq!(
            event.start.as_ref().map(Moment::is_date),
            record["fullday"].as_bool()
        );
        assert_eq!(seen.part, Part::Occurrence(event.start.clone().unwrap()));
        assert_eq!(seen.more, record["rrule"] != "");
        assert_eq!(event.repetition.rules.is_empty(), !seen.more);
        assert_eq!(seen.shelves, own.shelves);
    }
    assert_eq!(looked.unreadable, []);
}

#[tokio::test]
async fn a_near_look_is_one_call() {
    let (sim, events, own) = calendars(options()).await;
    let span = days("2026-06-01", "2026-08-20");
    let looked = look(&*events, &own, Reach::Near(span)).await;
    assert_eq!(sim.cloud.all_calls(), 1);
    assert_eq!(
        (looked.covered, &*looked.progress),
        (Covered::Range(span), &[(1, 1)][..])
    );
    let there = sim.cloud.pim().instances(OWN, "2026-06-01", "2026-08-20");
    let there: BTreeSet<String> = there
        .instances
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    let seen: BTreeSet<String> = looked.ids().into_iter().collect();
    assert!(
        there.len() > 3 && seen.is_superset(&there),
        "{there:?} {seen:?}"
    );
}

#[tokio::test]
async fn an_event_over_a_window_s_edge_is_told_once_and_whole() {
    let (sim, events, own) = empty().await;
    // the first window ends on 3 September 2025
    let mut long = single("Long");
    long["start"] = json!("2025-08-20T09:00:00+02:00");
    long["end"] = json!("2026-03-20T10:30:00+01:00");
    let mut edge = single("Edge");
    edge["start"] = json!("2025-09-03T00:00:00+00:00");
    edge["end"] = json!("2025-09-03T00:00:00+00:00");
    let ids = [
        sim.cloud.pim().event(OWN, long),
        sim.cloud.pim().event(OWN, edge),
    ];
    for twice in [true, false] {
        sim.cloud
            .switches(|switches| switches.boundary_twice = twice);
        let looked = look(&*events, &own, horizon()).await;
        assert_eq!(looked.seen.len(), 2);
        let begin = |id: u64| begin(&looked.of(&id)[0].part);
        assert_eq!(
            ids.map(begin),
            ["2025-08-20T07:00:00Z", "2025-09-03T00:00:00Z"]
        );
    }
}

#[tokio::test]
async fn the_ends_of_the_horizon_are_seen_in_every_zone() {
    let (sim, events, own) = empty().await;
    for (start, end) in [
        ("2025-06-15T00:00:00Z", "2025-06-15T00:30:00Z"),
        ("2028-06-14T23:30:00Z", "2028-06-15T00:30:00Z"),
    ] {
        let mut event = single("Edge");
        event["start"] = json!(start);
        event["end"] = json!(end);
        sim.cloud.pim().event(OWN, event);
    }
    for zone in [WindowZone::Utc, WindowZone::Profile] {
        sim.cloud.switches(|switches| switches.window_zone = zone);
        let looked = look(&*events, &own, horizon()).await;
        assert_eq!(looked.ids().len(), 2, "{zone:?}");
    }
}

#[tokio::test]
async fn a_look_that_is_dropped_asks_no_more() {
    let (sim, events, own) = calendars(options()).await;
    let mut looking = events.look(&call(), &own, None, horizon());
    while !matches!(
        looking.next().await,
        Some(Ok(Step::Progress { done: 2, .. }))
    ) {}
    drop(looking);
    assert_eq!(sim.cloud.all_calls(), 2);
}

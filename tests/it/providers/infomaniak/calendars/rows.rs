//! What the rows of a window are told as.

use super::*;

/// Begins of all rows, with their ids.
fn rows(looked: &Looked<Event>) -> BTreeSet<(String, String)> {
    let row = |seen: &davbridge::domain::Seen<Event>| (seen.item.to_string(), begin(&seen.part));
    looked.seen.iter().map(row).collect()
}

#[tokio::test]
async fn rows_are_told_as_they_recur() {
    for recurring in [
        Recurring::Expanded,
        Recurring::ExpandedBare,
        Recurring::ExpandedNoRule,
    ] {
        let (sim, events, own) = calendars(options()).await;
        sim.cloud
            .switches(|switches| switches.recurring = recurring);
        let id = weekly(&sim);
        let looked = look(&*events, &own, horizon()).await;
        assert_eq!(sim.cloud.all_calls(), 14);
        let there = sim.cloud.pim().instances(OWN, "2025-06-15", "2028-06-15");
        let there: BTreeSet<_> = there
            .instances
            .into_iter()
            .map(|one| (one.id.to_string(), one.start))
            .collect();
        let rows = rows(&looked);
        assert!(rows.is_superset(&there), "{:?}", there.difference(&rows));
        assert_eq!(looked.seen.len(), rows.len(), "each row once");
        let begins: Vec<String> = looked
            .of(&id)
            .iter()
            .map(|seen| begin(&seen.part))
            .collect();
        let expected = [
            "2026-06-03T07:00:00Z",
            "2026-06-18T12:00:00Z",
            "2026-06-24T07:00:00Z",
            "2026-07-01T07:00:00Z",
        ];
        assert_eq!(
            begins.into_iter().collect::<BTreeSet<_>>(),
            expected.map(str::to_owned).into()
        );
        let told = recurring == Recurring::Expanded;
        assert!(looked.of(&id).iter().all(|seen| seen.more == told));
    }
}

#[tokio::test]
async fn the_cloud_s_ways_of_listing_make_no_difference() {
    let (sim, events, own) = calendars(options()).await;
    weekly(&sim);
    let plain = look(&*events, &own, horizon()).await;
    sim.cloud.switches(|switches| switches.events_object = true);
    assert_eq!(look(&*events, &own, horizon()).await, plain);
    for zone in [WindowZone::Utc, WindowZone::Profile] {
        for twice in [true, false] {
            sim.cloud.switches(|switches| {
                switches.window_zone = zone;
                switches.boundary_twice = twice;
            });
            let looked = look(&*events, &own, horizon()).await;
            assert_eq!(rows(&looked), rows(&plain), "{zone:?} {twice}");
        }
    }
}

#[tokio::test]
async fn the_other_base_gives_the_same() {
    let (sim, events, own) = calendars(options()).await;
    let plain = look(&*events, &own, horizon()).await;
    let other = Sim::with(options(), |settings| {
        let base = settings
            .api_base
            .as_str()
            .replace("/api", "/calendar/api/pim");
        settings.calendar_base = base.parse().unwrap();
    })
    .await;
    let events = other.provider.events().unwrap();
    let own = feed(&*events, OWN).await;
    assert_eq!(look(&*events, &own, horizon()).await, plain);
    assert_eq!(other.cloud.calls("GET calendar:/api/pim/calendar"), 1);
    assert_eq!(other.cloud.calls("GET calendar:/api/pim/event"), 14);
    assert_eq!(other.cloud.all_calls(), 15);
    let id = weekly(&other);
    let found = fetch(&*events, &own, id, Why::Check).await.unwrap();
    assert!(matches!(found.given, Given::Text(_)));
    drop(sim);
}

#[tokio::test]
async fn the_version_follows_the_record() {
    let (sim, events, own) = empty().await;
    let id = sim.cloud.pim().event(OWN, single("One"));
    let other = sim.cloud.pim().event(OWN, single("Two"));
    let first = look(&*events, &own, horizon()).await;
    assert_eq!(look(&*events, &own, horizon()).await, first);
    sim.cloud.pim().change_event(id, json!({"title": "New"}));
    let second = look(&*events, &own, horizon()).await;
    assert_ne!(second.of(&id)[0].version, first.of(&id)[0].version);
    assert_eq!(second.of(&other), first.of(&other));
    assert_eq!(second.value(&id).summary.as_deref(), Some("New"));
}

#[tokio::test]
async fn tasks_and_rows_of_other_calendars_are_passed_over() {
    let (sim, events, own) = empty().await;
    let mut task = single("Task");
    task["type"] = json!("todo");
    let mut strange = single("Elsewhere");
    strange["calendar_id"] = json!(TEAM);
    let mut text = single("Text");
    text["calendar_id"] = json!(OWN.to_string());
    let mut none = single("None");
    none["calendar_id"] = json!(null);
    let pim = sim.cloud.pim();
    let [task, strange, text, none] =
        [task, strange, text, none].map(|event| pim.event(OWN, event));
    pim.change_event(strange, json!({"calendar_id": TEAM}));
    let looked = look(&*events, &own, horizon()).await;
    assert_eq!(looked.ids(), [text.to_string(), none.to_string()]);
    assert_eq!(looked.unreadable, []);
    let refused = fetch(&*events, &own, task, Why::Check).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Broken, "no proof of absence");
}

#[tokio::test]
async fn ids_may_be_texts() {
    let (sim, events, own) = empty().await;
    let id = sim.cloud.pim().event(OWN, single("One"));
    let plain = look(&*events, &own, horizon()).await;
    sim.cloud
        .pim()
        .change_event(id, json!({"id": id.to_string()}));
    let looked = look(&*events, &own, horizon()).await;
    assert_eq!(looked.ids(), plain.ids());
    let found = fetch(&*events, &own, id, Why::Check).await.unwrap();
    assert!(matches!(found.given, Given::Rows(_)));
}

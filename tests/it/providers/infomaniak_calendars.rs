//! Calendars and their events, as the simulation has them.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::{Options, PimEdit, Recurring, WindowZone};
use davbridge::domain::{
    Covered, Event, Feed, Given, Items, Kind, Moment, Part, Reach, Shelf, Step, Why,
};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::support::infomaniak::{Sim, call};
use crate::support::looks::{Looked, begin, days, feed, fetch, full, read};

/// Anna's own calendar, and the one she shares.
pub const OWN: u64 = 1_379_001;
pub const TEAM: u64 = 1_379_002;
const LIST: &str = "GET /1/calendar/pim/calendar";
pub const WINDOW: &str = "GET /1/calendar/pim/event";

/// Events lie a year before this day and two after.
pub fn options() -> Options {
    Options {
        anchor: Some("2026-06-15".parse().unwrap()),
        ..Options::default()
    }
}

/// The whole of it.
pub fn horizon() -> Reach {
    full("2025-06-15", "2028-06-15")
}

/// A simulation, Anna's calendars, and the feed of her own.
pub async fn calendars(options: Options) -> (Sim, Arc<dyn Items<Event>>, Feed) {
    let sim = Sim::with(options, |_| {}).await;
    let events = sim.provider.events().unwrap();
    let own = feed(&*events, OWN).await;
    sim.cloud.reset_counters();
    (sim, events, own)
}

/// A simulation whose calendars have no events.
pub async fn empty() -> (Sim, Arc<dyn Items<Event>>, Feed) {
    let none = Options {
        events: 0,
        ..options()
    };
    calendars(none).await
}

pub async fn look(events: &dyn Items<Event>, feed: &Feed, reach: Reach) -> Looked<Event> {
    let looked = read(events.look(&call(), feed, None, reach)).await;
    looked.map_err(|(error, _)| error).unwrap()
}

/// Begins of all rows, with their ids.
fn rows(looked: &Looked<Event>) -> BTreeSet<(String, String)> {
    let row = |seen: &davbridge::domain::Seen<Event>| (seen.item.to_string(), begin(&seen.part));
    looked.seen.iter().map(row).collect()
}

/// A weekly event with an instance that is cancelled and one that is moved.
pub fn weekly(sim: &Sim) -> u64 {
    let event = json!({
        "title": "Review", "start": "2026-06-03T09:00:00+02:00", "end": "2026-06-03T10:30:00+02:00",
        "timezone_start": "Europe/Zurich", "timezone_end": "Europe/Zurich", "fullday": false,
        "rrule": "FREQ=WEEKLY;BYDAY=WE;COUNT=5",
    });
    let id = sim.cloud.pim().event(OWN, event);
    let moved = json!({"start": "2026-06-18T14:00:00+02:00", "end": "2026-06-18T15:00:00+02:00"});
    for edit in [
        PimEdit::CancelInstance {
            id,
            instance: "2026-06-10".to_owned(),
        },
        PimEdit::OverrideInstance {
            id,
            instance: "2026-06-17T09:00:00+02:00".to_owned(),
            fields: moved.as_object().unwrap().clone(),
        },
    ] {
        sim.cloud.pim().edit(&edit);
    }
    id
}

pub fn single(title: &str) -> Value {
    json!({
        "title": title, "start": "2026-06-03T09:00:00+02:00", "end": "2026-06-03T10:30:00+02:00",
        "timezone_start": "Europe/Zurich", "timezone_end": "Europe/Zurich", "rrule": "",
    })
}

#[tokio::test]
async fn all_calendars_are_listed_in_one_call() {
    let (sim, events, _) = calendars(options()).await;
    let call = call();
    let shelves = events.shelves(&call).await.unwrap();
    let told = |shelf: &Shelf| {
        (
            shelf.id.to_string(),
            shelf.name.clone(),
            shelf.color.clone(),
            shelf.default,
        )
    };
    let calendar = |id: u64, name: &str, color: &str, default| {
        (
            id.to_string(),
            name.to_owned(),
            Some(color.to_owned()),
            default,
        )
    };
    assert_eq!(
        shelves.iter().map(told).collect::<Vec<_>>(),
        [
            calendar(OWN, "Anna Muster", "#0098FF", true),
            calendar(TEAM, "Team", "#7DC243", false),
        ]
    );
    assert_eq!((sim.cloud.calls(LIST), call.upstream_calls()), (1, 1));
    for feed in events.feeds(&shelves) {
        assert_eq!(feed.shelves.len(), 1);
        assert_eq!(feed.id.as_str(), feed.shelves[0].as_str());
    }
    assert_eq!(events.feeds(&shelves).len(), 2);
    assert_eq!(sim.cloud.all_calls(), 1);
}

#[tokio::test]
async fn names_and_colours_that_make_no_sense_are_replaced() {
    let (sim, events, _) = empty().await;
    let name = |name: &str| PimEdit::CalendarName {
        calendar: TEAM,
        name: name.to_owned(),
    };
    let color = |color: Value| PimEdit::CalendarColor {
        calendar: TEAM,
        color,
    };
    for (edit, expected) in [
        (name(""), ("Calendar 1379002", Some("#7DC243"))),
        (color(json!("#09f")), ("Calendar 1379002", Some("#0099FF"))),
        (color(json!("url(x)")), ("Calendar 1379002", None)),
        (color(json!(7)), ("Calendar 1379002", None)),
        (name("\"Team\"\r\n"), ("\"Team\"\r\n", None)),
    ] {
        sim.cloud.pim().edit(&edit);
        let shelves = events.shelves(&call()).await.unwrap();
        let team = (&*shelves[1].name, shelves[1].color.as_deref());
        assert_eq!(team, expected, "{edit:?}");
    }
}

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

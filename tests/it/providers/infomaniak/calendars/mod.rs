//! Calendars and their events, as the simulation has them.

mod horizon;
mod rows;

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

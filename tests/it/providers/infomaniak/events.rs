//! Single events, as the simulation has them.

use cloud::{Fault, Kind as Bug, PimEdit, Recurring};
use davbridge::domain::{Given, ItemId, Kind, Why};

use super::calendars::{OWN, TEAM, empty, single, weekly};
use crate::support::infomaniak::call;
use crate::support::looks::{begin, fetch};

pub const DETAIL: &str = "GET /1/calendar/pim/event/{event}";
pub const EXPORT: &str = "GET /1/calendar/pim/event/{event}/export";

#[tokio::test]
async fn a_series_is_its_export() {
    for (recurring, why, calls) in [
        (Recurring::Masters, Why::Whole, (0, 1)),
        (Recurring::Masters, Why::Again, (0, 1)),
        (Recurring::Expanded, Why::Whole, (0, 1)),
        (Recurring::Masters, Why::Check, (1, 1)),
        (Recurring::ExpandedBare, Why::Check, (1, 1)),
    ] {
        let (sim, events, own) = empty().await;
        sim.cloud
            .switches(|switches| switches.recurring = recurring);
        let id = weekly(&sim);
        let found = fetch(&*events, &own, id, why).await.unwrap();
        assert_eq!(found.shelves, own.shelves);
        let Given::Text(text) = found.given else {
            panic!("{:?}", found.given)
        };
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.contains(&sim.cloud.pim().uid(id).unwrap()));
        assert_eq!((sim.cloud.calls(DETAIL), sim.cloud.calls(EXPORT)), calls);
        assert_eq!(sim.cloud.all_calls(), calls.0 + calls.1);
    }
}

#[tokio::test]
async fn without_a_rule_there_is_only_the_row() {
    let (sim, events, own) = empty().await;
    sim.cloud
        .switches(|switches| switches.recurring = Recurring::ExpandedNoRule);
    let pim = sim.cloud.pim();
    for id in [weekly(&sim), pim.event(OWN, single("One"))] {
        sim.cloud.reset_counters();
        let found = fetch(&*events, &own, id, Why::Check).await.unwrap();
        assert_eq!(found.shelves, own.shelves);
        let Given::Rows(rows) = found.given else {
            panic!("{:?}", found.given)
        };
        let [(part, event)] = &rows[..] else {
            panic!("{rows:?}")
        };
        assert_eq!(begin(part), "2026-06-03T07:00:00Z");
        assert!(!event.repetition.repeats());
        assert_eq!((sim.cloud.calls(DETAIL), sim.cloud.all_calls()), (1, 1));
    }
}

#[tokio::test]
async fn an_event_tells_its_calendar_and_its_absence() {
    let (sim, events, own) = empty().await;
    let pim = sim.cloud.pim();
    let [moved, gone] = ["Moved", "Gone"].map(|title| pim.event(OWN, single(title)));
    pim.edit(&PimEdit::MoveEvent {
        id: moved,
        calendar: TEAM,
    });
    pim.remove_event(gone);
    let found = fetch(&*events, &own, moved, Why::Check).await.unwrap();
    assert_eq!(found.shelves[0].as_str(), TEAM.to_string());
    for why in [Why::Check, Why::Whole] {
        let absent = fetch(&*events, &own, gone, why).await.unwrap_err();
        assert_eq!(absent.kind(), Kind::NotFound);
    }
}

#[tokio::test]
async fn many_are_read_at_once_and_each_has_an_outcome() {
    let (sim, events, own) = empty().await;
    let pim = sim.cloud.pim();
    let mut ids: Vec<u64> = (0..11)
        .map(|at| pim.event(OWN, single(&format!("{at}"))))
        .collect();
    pim.remove_event(ids[5]);
    ids.push(weekly(&sim));
    let items: Vec<_> = ids.iter().map(|id| ItemId::new(id.to_string())).collect();
    let slow = Bug::Latency { ms: 30 };
    sim.cloud.faults([Fault::on(DETAIL, slow).always()]);
    let fetched = events
        .fetch(&call(), &own, &items, Why::Check)
        .await
        .unwrap();
    let mut told: Vec<_> = fetched.iter().map(|one| one.item.clone()).collect();
    told.sort();
    assert_eq!(told, items);
    let absent: Vec<_> = fetched
        .iter()
        .filter(|one| one.outcome.is_err())
        .map(|one| one.item.clone())
        .collect();
    assert_eq!(absent, [items[5].clone()]);
    assert_eq!((sim.cloud.calls(DETAIL), sim.cloud.calls(EXPORT)), (12, 1));
    assert_eq!(sim.cloud.log().peak, 4);
    assert_eq!(
        events
            .fetch(&call(), &own, &[], Why::Check)
            .await
            .unwrap()
            .len(),
        0
    );
}

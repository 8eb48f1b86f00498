//! Bad records spoil no others.

use super::*;

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

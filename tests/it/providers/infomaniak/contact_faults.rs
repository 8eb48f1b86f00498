//! Address books in trouble: an error of the right kind, never a shorter look; bad records spoil no
//! others.

use cloud::{Bad, Fault, Kind as Bug};
use davbridge::domain::{Covered, Kind};

use super::bugs::status;
use super::contacts::{ALL, BOOKS, EACH, ever, look, sample};
use crate::support::infomaniak::call;
use crate::support::looks::read;

#[tokio::test]
async fn a_bad_record_spoils_no_other() {
    for (route, all_at_once) in [(ALL, true), (EACH, false)] {
        let (sim, contacts, all) = sample().await;
        sim.cloud
            .switches(|switches| switches.contact_all = all_at_once);
        let whole = look(&*contacts, &all).await;
        let bad = whole.seen[1].item.clone();
        for how in [Bad::NoId, Bad::Null, Bad::Text, Bad::Deep] {
            sim.cloud
                .faults([Fault::on(route, Bug::BadRecord { index: 1, how })]);
            let looked = look(&*contacts, &all).await;
            let mut others = whole.seen.clone();
            others.remove(1);
            assert_eq!(looked.seen, others, "{how:?}");
            let (id, reason) = match how {
                Bad::NoId => (None, "the contact has no id"),
                Bad::Deep => (Some(bad.to_string()), "the record cannot be read"),
                _ => (None, "the record is no object"),
            };
            assert_eq!(looked.unreadable, [(id, reason.to_owned())], "{how:?}");
            assert_eq!(looked.covered, Covered::All);
        }
        for (how, name) in [
            (Bad::Types, None),
            (Bad::NoName, None),
            (Bad::Surrogate, Some("half \u{FFFD} pair.txt")),
        ] {
            sim.cloud
                .faults([Fault::on(route, Bug::BadRecord { index: 1, how })]);
            let looked = look(&*contacts, &all).await;
            assert_eq!(
                (looked.ids(), looked.unreadable.len()),
                (whole.ids(), 0),
                "{how:?}"
            );
            assert_eq!(looked.value(&bad).display_name.as_deref(), name, "{how:?}");
        }
    }
}

#[tokio::test]
async fn a_bad_book_does_not_vanish() {
    let (sim, contacts, all) = sample().await;
    for (how, name) in [
        (Bad::Types, "Contacts 5501"),
        (Bad::NoName, "Contacts 5501"),
        (Bad::Deep, "Contacts 5501"),
        (Bad::Surrogate, "half \u{FFFD} pair.txt"),
    ] {
        let fault = || Fault::on(BOOKS, Bug::BadRecord { index: 0, how });
        sim.cloud.faults([fault()]);
        let shelves = contacts.shelves(&call()).await.unwrap();
        assert_eq!((shelves.len(), &*shelves[0].name), (2, name), "{how:?}");
        sim.cloud.faults([fault()]);
        assert_eq!(look(&*contacts, &all).await.seen.len(), 27);
    }
    for how in [Bad::NoId, Bad::Null, Bad::Text] {
        sim.cloud
            .faults([Fault::on(BOOKS, Bug::BadRecord { index: 0, how }).times(2)]);
        let listed = contacts.shelves(&call()).await.unwrap_err();
        let (looked, _) = read(contacts.look(&call(), &all, None, ever()))
            .await
            .unwrap_err();
        assert_eq!(
            (listed.kind(), looked.kind()),
            (Kind::Broken, Kind::Broken),
            "{how:?}"
        );
    }
}

#[tokio::test]
async fn trouble_ends_the_look_with_its_error() {
    let (sim, contacts, all) = sample().await;
    let bugs = [
        (status(500, "unexpected_error"), Kind::Down),
        (status(401, "not_authorized"), Kind::SignedOut),
        (status(403, "all_scopes"), Kind::NotGranted),
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Cut { after: 40 }, Kind::Down),
        (Bug::Drop, Kind::Down),
        (Bug::Stall { after: 20 }, Kind::Down),
    ];
    for (bug, kind) in bugs {
        for (route, nth) in [(BOOKS, 1), (ALL, 1), (EACH, 1), (EACH, 2)] {
            sim.cloud
                .switches(|switches| switches.contact_all = route != EACH);
            sim.cloud
                .faults([Fault::on(route, bug.clone()).nth(nth).always()]);
            let looked = read(contacts.look(&call(), &all, None, ever())).await;
            let (error, _) = looked.expect_err(&format!("{route} {bug:?}"));
            assert_eq!(error.kind(), kind, "{route} {bug:?}");
            sim.cloud.clear_faults();
        }
    }
    // a book that is refused while the books are read one by one
    for (bug, kind) in [
        (status(403, "access_denied"), Kind::Forbidden),
        (Bug::Malformed, Kind::Broken),
    ] {
        sim.cloud.faults([Fault::on(EACH, bug).nth(2)]);
        let looked = read(contacts.look(&call(), &all, None, ever())).await;
        assert_eq!(looked.unwrap_err().0.kind(), kind);
    }
}

#[tokio::test]
async fn too_many_requests_are_waited_for() {
    let (sim, contacts, all) = sample().await;
    let whole = look(&*contacts, &all).await;
    let bug = Bug::TooMany {
        retry_after: Some(0),
        reset_after: None,
    };
    sim.cloud.reset_counters();
    sim.cloud.faults([Fault::on(ALL, bug).times(2)]);
    assert_eq!(look(&*contacts, &all).await, whole);
    assert_eq!(sim.cloud.calls(ALL), 3);
}

//! Which contact lies on which shelf.

use super::*;

#[tokio::test]
async fn all_books_are_listed_in_one_call_and_read_in_one_feed() {
    let (sim, contacts, all) = sample().await;
    sim.cloud.pim().edit(&PimEdit::Book {
        book: 5503,
        name: " ".to_owned(),
    });
    let call = call();
    let shelves = contacts.shelves(&call).await.unwrap();
    let told = |shelf: &Shelf| (shelf.id.to_string(), shelf.name.clone(), shelf.default);
    let book = |id: u64, name: &str, default| (id.to_string(), name.to_owned(), default);
    assert_eq!(
        shelves.iter().map(told).collect::<Vec<_>>(),
        [
            book(OWN, "Anna", true),
            book(DIRECTORY, "Organisation", false),
            book(5503, "Contacts 5503", false),
        ]
    );
    assert_eq!((sim.cloud.calls(BOOKS), call.upstream_calls()), (1, 1));
    let feeds = contacts.feeds(&shelves);
    assert_eq!(
        (feeds.len(), feeds[0].id.as_str(), feeds[0].shelves.len()),
        (1, "all", 3)
    );
    assert_eq!(all.shelves.len(), 2);
    assert_eq!(contacts.feeds(&[]).len(), 0);
}

#[tokio::test]
async fn where_all_at_once_is_refused_each_book_is_read() {
    let (sim, contacts, all) = sample().await;
    let whole = look(&*contacts, &all).await;
    sim.cloud.reset_counters();
    sim.cloud.switches(|switches| switches.contact_all = false);
    let call = call();
    let looked = read(contacts.look(&call, &all, None, ever()))
        .await
        .unwrap();
    assert_eq!((looked.ids(), looked.covered), (whole.ids(), Covered::All));
    for seen in &whole.seen {
        assert_eq!(looked.of(&seen.item), [seen]);
    }
    assert_eq!((sim.cloud.calls(ALL), sim.cloud.calls(EACH)), (1, 2));
    assert_eq!((sim.cloud.all_calls(), call.upstream_calls()), (4, 4));
    assert_eq!(looked.progress, [(1, 2), (2, 3), (3, 3)]);
    sim.cloud.switches(|switches| switches.contact_all = true);
    for bug in [
        status(403, "access_denied"),
        status(404, "object_not_found"),
        status(422, "validation_failed"),
        Bug::Html { status: 404 },
        Bug::Malformed,
        patch("/data", json!(null)),
    ] {
        sim.cloud.faults([Fault::on(ALL, bug.clone())]);
        assert_eq!(look(&*contacts, &all).await.ids(), whole.ids(), "{bug:?}");
    }
}

#[tokio::test]
async fn a_contact_in_two_books_lies_on_both() {
    let (sim, contacts, all) = empty().await;
    let pim = sim.cloud.pim();
    pim.contact(Some(OWN), json!({"id": 1, "name": "Bob"}));
    sim.cloud.switches(|switches| switches.contact_all = false);
    // the listing of the other book has it, too
    let row = json!([{"id": "1", "name": "Bob", "addressbook_id": OWN}]);
    let path = format!("/api/pim/addressbook/{DIRECTORY}/contact");
    sim.cloud
        .faults([Fault::on(EACH, patch("/data", row)).path(&path)]);
    let looked = look(&*contacts, &all).await;
    assert_eq!(
        (looked.seen.len(), &looked.seen[0].shelves),
        (1, &all.shelves)
    );
}

#[tokio::test]
async fn a_contact_in_no_book_is_there_but_on_no_shelf() {
    let (sim, contacts, all) = empty().await;
    let pim = sim.cloud.pim();
    pim.contact(None, json!({"id": 1, "name": "Nowhere", "other": false}));
    pim.contact(None, json!({"id": 2, "name": "Collected", "other": true}));
    pim.contact(
        None,
        json!({"id": "u3", "name": "Elsewhere", "addressbook_id": 77}),
    );
    pim.contact(
        Some(OWN),
        json!({"id": 4, "name": "Here", "addressbook_id": "5501"}),
    );
    pim.contact(
        Some(OWN),
        json!({"id": 5, "name": "Collected here", "other": true}),
    );
    let looked = look(&*contacts, &all).await;
    assert_eq!(looked.ids(), ["4"]);
    let reason = "the contact lies in no address book that is known".to_owned();
    let told = |id: &str| (Some(id.to_owned()), reason.clone());
    assert_eq!(looked.unreadable, [told("1"), told("u3")]);
}

#[tokio::test]
async fn a_book_that_is_missing_takes_no_contacts_along() {
    for all_at_once in [true, false] {
        let (sim, contacts, all) = sample().await;
        sim.cloud
            .switches(|switches| switches.contact_all = all_at_once);
        let hide = |hidden| PimEdit::BookHidden {
            book: DIRECTORY,
            hidden,
        };
        sim.cloud.pim().edit(&hide(true));
        let looked = look(&*contacts, &all).await;
        assert_eq!((looked.seen.len(), looked.covered), (24, Covered::Nothing));
        sim.cloud.pim().edit(&hide(false));
        assert_eq!(look(&*contacts, &all).await.covered, Covered::All);
    }
}

#[tokio::test]
async fn a_book_that_is_new_is_told_as_it_is() {
    let (sim, contacts, all) = empty().await;
    let pim = sim.cloud.pim();
    pim.edit(&PimEdit::Book {
        book: 5503,
        name: "New".to_owned(),
    });
    pim.contact(Some(5503), json!({"id": 1, "name": "Bob"}));
    let looked = look(&*contacts, &all).await;
    assert_eq!(
        (looked.of(&1)[0].shelves[0].as_str(), looked.covered),
        ("5503", Covered::All)
    );
}

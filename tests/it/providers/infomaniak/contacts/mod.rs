//! Address books and their contacts, as the simulation has them.

mod books;

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{ContactValues, Fault, Kind as Bug, Options, PimEdit};
use davbridge::domain::{
    Connector, Contact, Covered, Feed, ItemId, Items, Kind, Part, Provider, Reach, Scope, Shelf,
    SystemClock, Why,
};
use davbridge::providers::infomaniak::Infomaniak;
use serde_json::{Value, json};

use super::bugs::{patch, status};
use crate::support::bridge::connection;
use crate::support::infomaniak::{OneToken, Sim, call, cloud, settings};
use crate::support::looks::{Looked, feed, full, read};

const OWN: u64 = 5501;
const DIRECTORY: u64 = 5502;
pub const BOOKS: &str = "GET contacts:/api/pim/addressbook";
pub const ALL: &str = "GET contacts:/api/pim/contact/all";
pub const EACH: &str = "GET contacts:/api/pim/addressbook/{book}/contact";

async fn contacts(options: Options) -> (Sim, Arc<dyn Items<Contact>>, Feed) {
    let sim = Sim::with(options, |_| {}).await;
    let contacts = sim.provider.contacts().unwrap();
    let all = feed(&*contacts, OWN).await;
    sim.cloud.reset_counters();
    (sim, contacts, all)
}

pub async fn sample() -> (Sim, Arc<dyn Items<Contact>>, Feed) {
    contacts(Options::default()).await
}

async fn empty() -> (Sim, Arc<dyn Items<Contact>>, Feed) {
    let none = Options {
        contacts: 0,
        ..Options::default()
    };
    contacts(none).await
}

pub fn ever() -> Reach {
    full("2026-01-01", "2026-01-02")
}

pub async fn look(contacts: &dyn Items<Contact>, all: &Feed) -> Looked<Contact> {
    let looked = read(contacts.look(&call(), all, None, ever())).await;
    looked.map_err(|(error, _)| error).unwrap()
}

#[tokio::test]
async fn a_look_is_two_calls_and_tells_each_contact_once() {
    let (sim, contacts, all) = sample().await;
    let call = call();
    let looked = read(contacts.look(&call, &all, None, ever()))
        .await
        .unwrap();
    assert_eq!((sim.cloud.calls(BOOKS), sim.cloud.calls(ALL)), (1, 1));
    assert_eq!((sim.cloud.all_calls(), call.upstream_calls()), (2, 2));
    assert_eq!((looked.covered, looked.unreadable.len()), (Covered::All, 0));
    assert_eq!(looked.progress, [(1, 2), (2, 2)]);
    assert_eq!(
        (looked.seen.len(), looked.ids().len()),
        (27, 27),
        "30 less 3 auto-collected"
    );
    let mut books = BTreeMap::new();
    for seen in &looked.seen {
        assert_eq!(
            (&seen.part, seen.more, seen.shelves.len()),
            (&Part::Master, false, 1)
        );
        *books.entry(seen.shelves[0].as_str()).or_insert(0) += 1;
    }
    assert_eq!(books, BTreeMap::from([("5501", 24), ("5502", 3)]));
    assert!(
        looked.ids().iter().any(|id| id.starts_with('u')),
        "ids may be texts"
    );
    let friends = looked.seen.iter().filter_map(|seen| seen.value.as_ref());
    let friends = friends.filter(|contact| contact.categories == ["Friends"]);
    let records = sim.cloud.pim().contacts(Some(OWN));
    let in_31 = records
        .iter()
        .filter(|record| record["categories"] == json!([31]));
    assert!(in_31.clone().count() > 0 && friends.count() >= in_31.count());
    for record in records {
        let contact = looked.value(&record["id"]);
        assert_eq!(contact.display_name.as_deref(), record["name"].as_str());
        assert_eq!(Some(&*contact.name.given), record["firstname"].as_str());
        assert_eq!(Some(&*contact.name.family), record["lastname"].as_str());
        assert_eq!(
            Some(&*contact.emails[0].value),
            record["emails"][0].as_str()
        );
        let phones = record["phones"].as_array().unwrap();
        assert_eq!(contact.phones.len(), phones.len());
        let birthday = record.to_string().contains("birthday");
        assert_eq!(
            (contact.birthday.is_some(), contact.note.is_some()),
            (birthday, birthday)
        );
        let works = record.to_string().contains("organization");
        assert_eq!(contact.organization.len(), usize::from(works));
    }
}

#[tokio::test]
async fn values_of_every_shape_say_the_same() {
    let (sim, contacts, all) = sample().await;
    let given = look(&*contacts, &all).await;
    for shape in [ContactValues::Strings, ContactValues::Objects] {
        sim.cloud
            .switches(|switches| switches.contact_values = shape);
        let looked = look(&*contacts, &all).await;
        assert_eq!(looked.ids(), given.ids());
        for seen in &given.seen {
            let (plain, other) = (seen.value.as_ref().unwrap(), looked.value(&seen.item));
            let values = |contact: &Contact| -> Vec<String> {
                let typed = contact.emails.iter().chain(&contact.phones);
                typed.map(|typed| typed.value.clone()).collect()
            };
            assert_eq!(values(other), values(plain), "{shape:?}");
            assert_eq!(other.addresses.len(), plain.addresses.len(), "{shape:?}");
        }
    }
}

#[tokio::test]
async fn the_version_follows_the_record_and_its_categories_names() {
    let (sim, contacts, all) = sample().await;
    let first = look(&*contacts, &all).await;
    assert_eq!(look(&*contacts, &all).await, first);
    let records = sim.cloud.pim().contacts(Some(OWN));
    let id =
        |of: &dyn Fn(&&Value) -> bool| records.iter().find(of).unwrap()["id"].as_u64().unwrap();
    let friend = id(&|record| record["categories"] == json!([31]));
    let other = id(&|record| record["categories"] == json!([]));
    sim.cloud.pim().change_contact(
        other,
        json!({"details": [{"type": "note", "value": "New"}]}),
    );
    let second = look(&*contacts, &all).await;
    assert_ne!(second.of(&other)[0].version, first.of(&other)[0].version);
    assert_eq!(second.value(&other).note.as_deref(), Some("New"));
    assert_eq!(second.of(&friend), first.of(&friend));
    let renamed = json!([{"id": 31, "name": "Best friends"}]);
    sim.cloud.faults([Fault::on(
        BOOKS,
        patch("/data/addressbooks/0/categories", renamed),
    )]);
    let third = look(&*contacts, &all).await;
    assert_ne!(third.of(&friend)[0].version, first.of(&friend)[0].version);
    assert_eq!(third.value(&friend).categories, ["Best friends"]);
    assert_eq!(third.of(&other), second.of(&other));
}

#[tokio::test]
async fn all_pages_are_read() {
    let (sim, contacts, all) = sample().await;
    let whole = look(&*contacts, &all).await;
    sim.cloud.reset_counters();
    let pages = || Fault::on(ALL, patch("/pages", json!(3))).always();
    sim.cloud.faults([pages()]);
    assert_eq!(look(&*contacts, &all).await.ids(), whole.ids());
    assert_eq!(sim.cloud.calls(ALL), 3);
    sim.cloud
        .faults([Fault::on(ALL, status(500, "unexpected_error"))
            .nth(3)
            .always()]);
    let (error, _) = read(contacts.look(&call(), &all, None, ever()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Down, "the last page fails");
}

#[tokio::test]
async fn single_contacts_cannot_be_read() {
    let (sim, contacts, all) = sample().await;
    assert!(!contacts.can_fetch());
    let items = [ItemId::new("880010")];
    let refused = contacts.fetch(&call(), &all, &items, Why::Check).await;
    assert_eq!(refused.unwrap_err().kind(), Kind::Unsupported);
    assert_eq!(sim.cloud.all_calls(), 0);
}

#[tokio::test]
async fn services_whose_scope_is_missing_are_not_given() {
    let cloud = cloud(Options::default()).await;
    let connector = Infomaniak::new(settings(&cloud), Arc::new(SystemClock)).unwrap();
    let open = |missing: &[&str]| -> Arc<dyn Provider> {
        let mut connection = connection(connector.name());
        connection.missing = missing
            .iter()
            .map(|scope| Scope((*scope).to_owned()))
            .collect();
        connector.open(&connection, Arc::new(OneToken(cloud.token().to_owned())))
    };
    for (missing, events, contacts) in [
        (&[][..], true, true),
        (&["workspace:calendar"][..], false, true),
        (&["workspace:contact"][..], true, false),
        (
            &["workspace:contact", "workspace:calendar"][..],
            false,
            false,
        ),
        (&["workspace:mail"][..], true, true),
    ] {
        let provider = open(missing);
        let given = (provider.events().is_some(), provider.contacts().is_some());
        assert_eq!(given, (events, contacts), "{missing:?}");
        let ability = provider.ability(&call()).await.unwrap();
        let able = (ability.events.is_some(), ability.contacts.is_some());
        assert_eq!(able, (events, contacts), "{missing:?}");
    }
}

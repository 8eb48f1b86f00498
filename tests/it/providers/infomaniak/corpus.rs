//! The odd events and contacts of the fixtures: each is told, or told to be unreadable.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cloud::Options;
use davbridge::domain::{Contact, Event};
use davbridge::upstream::json;
use serde_json::Value;

use super::calendars::options;
use crate::support::infomaniak::{Sim, call};
use crate::support::looks::{Looked, feed, full, read};

const CALENDAR: u64 = 1_379_010;
const BOOK: u64 = 5510;

/// A simulation that takes its time to expand absurd rules.
async fn with_corpus() -> Sim {
    let options = Options {
        corpus: true,
        ..options()
    };
    let patient = Duration::from_secs(60);
    Sim::with(options, |settings| settings.client.read_timeout = patient).await
}

/// The cases of a fixture, by id where they have one.
fn cases(text: &str) -> BTreeMap<String, Vec<String>> {
    let records: Vec<Value> = json(text.as_bytes()).unwrap();
    let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in records {
        let id = match &record["id"] {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => String::new(),
        };
        let case = record["case"].as_str().unwrap().to_owned();
        cases.entry(id).or_default().push(case);
    }
    cases
}

/// The cases that were told to be unreadable, and how many records without an id.
fn unreadable<'a, K>(
    looked: &Looked<K>,
    cases: &'a BTreeMap<String, Vec<String>>,
) -> (BTreeSet<&'a str>, usize) {
    let ids: Vec<&String> = looked
        .unreadable
        .iter()
        .filter_map(|bad| bad.0.as_ref())
        .collect();
    let named = ids.iter().flat_map(|id| &cases[*id]).map(String::as_str);
    (named.collect(), looked.unreadable.len() - ids.len())
}

#[tokio::test]
async fn odd_events_are_told_or_named() {
    let sim = with_corpus().await;
    let events = sim.provider.events().unwrap();
    let calendar = feed(&*events, CALENDAR).await;
    let reach = full("2026-05-20", "2026-07-10");
    let looked: Looked<Event> = read(events.look(&call(), &calendar, None, reach))
        .await
        .unwrap();
    let cases = cases(include_str!("../../../../fixtures/infomaniak/events.json"));
    let expected = [
        "30 February as a date",
        "hour 25",
        "nothing but an id",
        "null everything",
        "start as a number",
        "start empty",
        "start null",
        "start that is no time",
        "year 12345",
    ];
    assert_eq!(unreadable(&looked, &cases), (BTreeSet::from(expected), 2));
    // what takes place is seen, but for what is no event here and what has another id or none
    let there = sim
        .cloud
        .pim()
        .instances(CALENDAR, "2026-05-20", "2026-07-10");
    let there = there.instances.iter().filter(|one| one.case.is_some());
    let seen = looked.ids();
    let unseen = there.filter(|one| !seen.contains(&one.id.to_string()));
    let unseen: BTreeSet<_> = unseen.map(|one| one.case.as_deref().unwrap()).collect();
    let expected = [
        "calendar of another",
        "id not a number",
        "id null",
        "no id",
        "type todo",
    ];
    assert_eq!(unseen, BTreeSet::from(expected));
}

#[tokio::test]
async fn odd_contacts_are_told_or_named() {
    let sim = with_corpus().await;
    let contacts = sim.provider.contacts().unwrap();
    let all = feed(&*contacts, BOOK).await;
    let ever = full("2026-01-01", "2026-01-02");
    let looked: Looked<Contact> = read(contacts.look(&call(), &all, None, ever))
        .await
        .unwrap();
    let cases = cases(include_str!(
        "../../../../fixtures/infomaniak/contacts.json"
    ));
    let expected = [
        "book missing",
        "book null",
        "book that is not there",
        "null everything",
    ];
    assert_eq!(unreadable(&looked, &cases), (BTreeSet::from(expected), 3));
    let seen = looked.ids();
    for (id, names) in cases.iter().filter(|(id, _)| !id.is_empty()) {
        let left_out = names
            .iter()
            .all(|name| name.starts_with("auto-collected") || expected.contains(&&**name));
        assert_eq!(seen.contains(id), !left_out, "{names:?}");
        let organisation =
            |name: &String| name.starts_with("organisation:") && name != "organisation: texts";
        if names.iter().any(organisation) {
            let organization = &looked.value(id).organization;
            assert_eq!(
                organization.first().map(String::as_str),
                Some("Muster Sàrl"),
                "{names:?}"
            );
        }
    }
}
